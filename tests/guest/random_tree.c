/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: openat mkdirat unlinkat renameat2 linkat symlinkat readlinkat newfstatat truncate getdents64 faccessat chdir getcwd */
/*
 * Random scripts of calls on a small tree, whose names meet all the time: loops, dangling links, dots, slashes at the end. What all
 * calls of a script answer goes into one hash; the hashes here are those of a real tmpfs. With GUEST_TELL=N in the environment,
 * script N is told line by line, for comparing two kernels.
 */
#include "guest.h"
#include <stdio.h>
#include <dirent.h>

#define BASE "/tmp/rt/1/2/3/4/5/6" /* deep enough that no dots lead out of it */
#define OPS 500

static uint64_t seed, hash;
static int told, fds[6];

static unsigned pick(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % n;
}

static void note(const void *p, size_t n)
{
	const unsigned char *c = p;

	while (n-- > 0)
		hash = (hash ^ *c++) * 0x100000001b3;
}

static void note_number(long v)
{
	note(&v, sizeof(v));
	if (told)
		printf(" %ld", v);
}

static void note_text(const char *s, size_t n)
{
	note(s, n);
	if (told)
		printf(" %.*s", (int)n, s);
}

static void some_path(char *p)
{
	static const char *const parts[] = { "a", "b", "c", "d", "e", ".", "..", "s1", "s2", "name-of-twenty-bytes" };
	unsigned n = 1 + pick(3);

	p[0] = 0;
	if (pick(8) == 0)
		strcpy(p, BASE "/");
	for (unsigned i = 0; i < n; i++) {
		strcat(p, parts[pick(pick(3) ? 5 : 10)]);
		if (i < n - 1 || pick(12) == 0)
			strcat(p, pick(15) ? "/" : "//");
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void note_names(int fd)
{
	static char names[128][32];
	char buf[2048];
	int n = 0;
	long r;

	sys(__NR_lseek, fd, 0, SEEK_SET);
	while ((r = sys(__NR_getdents64, fd, buf, sizeof(buf))) > 0)
		for (long at = 0; at < r && n < 128; at += ((struct dirent64 *)(buf + at))->d_reclen) {
			const struct dirent64 *d = (void *)(buf + at);

			snprintf(names[n++], 32, "%.24s:%d", d->d_name, d->d_type);
		}
	qsort(names, (size_t)n, sizeof(names[0]), by_name);
	for (int i = 0; i < n; i++)
		note_text(names[i], strlen(names[i]));
	note_number(r);
}

static void note_stat(long r, const struct stat *st)
{
	note_number(r);
	if (r != 0)
		return;
	note_number(st->st_mode);
	if (!S_ISDIR(st->st_mode)) {
		note_number(st->st_size);
		note_number((long)st->st_nlink);
	}
}

static long open_some(const char *p, int *fd)
{
	static const int flags[] = { O_RDONLY, O_RDWR, O_WRONLY, O_RDWR | O_CREAT, O_RDWR | O_CREAT | O_EXCL,
		O_RDWR | O_CREAT | O_TRUNC, O_RDONLY | O_DIRECTORY, O_RDONLY | O_NOFOLLOW, O_PATH, O_PATH | O_NOFOLLOW,
		O_RDWR | O_CREAT | O_APPEND, O_RDONLY | O_CREAT, O_RDWR | O_TRUNC, O_RDWR | O_CREAT | O_NOFOLLOW,
		O_PATH | O_DIRECTORY };

	if (*fd >= 0)
		close_fd(*fd);
	*fd = (int)sys(__NR_openat, AT_FDCWD, p, flags[pick(array_len(flags))], 0666);
	return *fd < 0 ? *fd : 0;
}

static void one_call(void)
{
	char p[200], q[200], b[512];
	unsigned op = pick(20);
	int *fd = &fds[pick(6)];
	struct stat st;
	long r = 0;

	some_path(p);
	some_path(q);
	if (told)
		printf("%u %s %s:", op, p, q);
	switch (op) {
	case 0: case 1: case 2: r = open_some(p, fd); break;
	case 3: r = sys(__NR_mkdirat, AT_FDCWD, p, 0777); break;
	case 4: r = sys(__NR_unlinkat, AT_FDCWD, p, AT_REMOVEDIR); break;
	case 5: r = sys(__NR_unlinkat, AT_FDCWD, p, 0); break;
	case 6: case 7: r = sys(__NR_renameat2, AT_FDCWD, p, AT_FDCWD, q, 0); break;
	case 8: r = sys(__NR_linkat, AT_FDCWD, p, AT_FDCWD, q, pick(2) ? AT_SYMLINK_FOLLOW : 0); break;
	case 9: r = sys(__NR_symlinkat, q, AT_FDCWD, pick(2) ? p : pick(2) ? "s1" : "s2"); break;
	case 10:
		r = sys(__NR_readlinkat, AT_FDCWD, p, b, sizeof(b));
		if (r > 0)
			note_text(b, (size_t)r);
		break;
	case 11: note_stat(sys(__NR_newfstatat, AT_FDCWD, p, &st, pick(2) ? AT_SYMLINK_NOFOLLOW : 0), &st); break;
	case 12: note_stat(sys(__NR_fstat, *fd, &st), &st); break;
	case 13: r = sys(__NR_truncate, p, pick(10000)); break;
	case 14:
		memset(b, 'a' + (int)pick(26), sizeof(b));
		r = sys(__NR_write, *fd, b, pick(512));
		break;
	case 15:
		r = sys(__NR_pread64, *fd, b, sizeof(b), pick(12000));
		if (r > 0)
			note(b, (size_t)r);
		break;
	case 16: note_names(*fd); break;
	case 17: r = sys(__NR_faccessat, AT_FDCWD, p, pick(8)); break;
	case 18: r = sys(__NR_fchmodat, AT_FDCWD, p, pick(2) ? 0644 : 0755); break;
	default:
		r = sys(__NR_chdir, pick(3) ? BASE : p);
		note_number(sys(__NR_getcwd, b, sizeof(b)));
		break;
	}
	note_number(r);
	if (told)
		printf("\n");
}

static void clear(const char *dir)
{
	char buf[2048], path[400];
	long fd = sys(__NR_openat, AT_FDCWD, dir, O_RDONLY | O_DIRECTORY), r;

	while ((r = sys(__NR_getdents64, fd, buf, sizeof(buf))) > 0)
		for (long at = 0; at < r; at += ((struct dirent64 *)(buf + at))->d_reclen) {
			const struct dirent64 *d = (void *)(buf + at);

			if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
				continue;
			snprintf(path, sizeof(path), "%.100s/%.255s", dir, d->d_name);
			if (d->d_type == DT_DIR)
				clear(path);
			sys(__NR_unlinkat, AT_FDCWD, path, d->d_type == DT_DIR ? AT_REMOVEDIR : 0);
		}
	close_fd((int)fd);
}

static uint64_t script(unsigned number)
{
	static const char *const dirs[] = { "/tmp/rt", "/tmp/rt/1", "/tmp/rt/1/2", "/tmp/rt/1/2/3", "/tmp/rt/1/2/3/4",
		"/tmp/rt/1/2/3/4/5", BASE };

	seed = number * 0x9e3779b97f4a7c15 + 1;
	hash = 0xcbf29ce484222325;
	umask(022);
	for (unsigned i = 0; i < array_len(dirs); i++)
		sys(__NR_mkdirat, AT_FDCWD, dirs[i], 0755);
	for (unsigned i = 0; i < array_len(fds); i++)
		fds[i] = -1;
	sys(__NR_chdir, BASE);
	for (unsigned i = 0; i < OPS; i++)
		one_call();
	for (unsigned i = 0; i < array_len(fds); i++)
		if (fds[i] >= 0)
			close_fd(fds[i]);
	sys(__NR_chdir, "/");
	clear("/tmp/rt");
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/rt", AT_REMOVEDIR);
	return hash;
}

TEST(random_scripts_of_tree_calls_are_answered_as_on_tmpfs)
{
	static const uint64_t want[] = {
		0xb80e147cb8f3c2a1, 0x32d54e684b6f9dc5, 0xff453f76098b6ed6, 0x3a475ee97d1821ac,
		0x4ee1d53b982c84e8, 0xf671c3b59e8fc97d, 0x7444987d551068f5, 0xaca4e212207bb559,
		0x9719eb542e7e0cd0, 0x3805b4aca2c766a9, 0xa64b8c0d26a91e68, 0xabf9260415e92b48,
		0xc88808e8fe7f9dae, 0x44602871fc90c29d, 0x7cf872fd41977660, 0x6af6a748592bf0f1,
	};
	const char *tell = getenv("GUEST_TELL");

	told = tell != NULL;
	for (unsigned i = 0; i < array_len(want); i++)
		if (!tell || (unsigned)atoi(tell) == i)
			EQ(script(i), want[i]);
	fflush(stdout); /* the harness ends without */
}
