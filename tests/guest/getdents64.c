/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "guest.h"

struct entry { uint64_t ino; int64_t off; uint16_t reclen; uint8_t type; char name[]; };

static char b[8192] __attribute__((aligned(8)));

static const struct entry *find(long n, const char *name)
{
	for (long at = 0; at < n; at += ((struct entry *)(b + at))->reclen)
		if (!strcmp(((struct entry *)(b + at))->name, name))
			return (struct entry *)(b + at);
	return NULL;
}

static void make_tree(void)
{
	sys(__NR_mkdirat, AT_FDCWD, "/tmp/d", 0755);
	sys(__NR_mkdirat, AT_FDCWD, "/tmp/d/sub", 0755);
	close_fd(make_file("/tmp/d/file", "x"));
	sys(__NR_symlinkat, "file", AT_FDCWD, "/tmp/d/link");
}

TEST(getdents64_lists_every_entry_with_its_kind)
{
	const struct entry *e;
	struct stat st;
	long fd, n;

	make_tree();
	fd = sys(__NR_openat, AT_FDCWD, "/tmp/d", O_RDONLY | O_DIRECTORY, 0);
	n = sys(__NR_getdents64, fd, b, sizeof(b));
	CHECK(n > 0);
	CHECK(find(n, ".") && find(n, ".."));
	e = find(n, "sub");
	CHECK(e != NULL);
	EQ(e->type, 4);
	e = find(n, "link");
	CHECK(e != NULL);
	EQ(e->type, 10);
	e = find(n, "file");
	CHECK(e != NULL);
	EQ(e->type, 8);
	EQ(sys(__NR_newfstatat, AT_FDCWD, "/tmp/d/file", &st, 0), 0);
	EQ(e->ino, st.st_ino);
	EQ(e->reclen % 8, 0);
	EQ(sys(__NR_getdents64, fd, b, sizeof(b)), 0);
	close_fd(fd);
}

TEST(getdents64_in_small_steps_gives_each_entry_once)
{
	int count = 0;
	long fd = sys(__NR_openat, AT_FDCWD, "/tmp/d", O_RDONLY | O_DIRECTORY, 0), n;

	while ((n = sys(__NR_getdents64, fd, b, 32)) > 0)
		for (long at = 0; at < n; at += ((struct entry *)(b + at))->reclen)
			count++;
	EQ(n, 0);
	EQ(count, 5);
	EQ(sys(__NR_lseek, fd, 0, SEEK_SET), 0);
	CHECK(sys(__NR_getdents64, fd, b, sizeof(b)) > 0);
	close_fd(fd);
}

TEST(getdents64_order_is_bytewise)
{
	const struct entry *last = NULL;
	long fd, n;

	ORACLE(OURS);
	fd = sys(__NR_openat, AT_FDCWD, "/tmp/d", O_RDONLY | O_DIRECTORY, 0);
	n = sys(__NR_getdents64, fd, b, sizeof(b));
	for (long at = 0; at < n; at += ((struct entry *)(b + at))->reclen) {
		const struct entry *e = (struct entry *)(b + at);

		if (last)
			CHECK(strcmp(last->name, e->name) < 0);
		last = e;
	}
	close_fd(fd);
}

TEST(getdents64_errors)
{
	int file = make_file("/tmp/d/file", "x");
	long fd = sys(__NR_openat, AT_FDCWD, "/tmp/d", O_RDONLY | O_DIRECTORY, 0);

	EQ(sys(__NR_getdents64, file, b, sizeof(b)), -ENOTDIR);
	EQ(sys(__NR_getdents64, 99, b, sizeof(b)), -EBADF);
	EQ(sys(__NR_getdents64, fd, b, 8), -EINVAL);
	EQ(sys(__NR_getdents64, fd, BAD_POINTER, sizeof(b)), -EFAULT);
	close_fd(fd);
	close_fd(file);
}
