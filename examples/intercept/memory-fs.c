/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A directory that is only here: /memory, with one file. Its descriptors are real ones of memfd_create
 * (the file) and of / (the directory), so that everything else that can be done to them just works:
 *     LD_PRELOAD=./memory-fs.so cat /memory/hello
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <libsyscall_intercept_hook_point.h>

static const char text[] = "hello from the hook\n";
static uint64_t is_directory; /* bit per descriptor below 64 */
static uint64_t is_listed;

#define CALL(...) syscall_no_intercept(__VA_ARGS__).a0

static long open_here(const char *path)
{
	long fd;

	if (strcmp(path, "/memory") == 0 || strcmp(path, "/memory/") == 0) {
		fd = CALL(SYS_openat, (long)AT_FDCWD, "/", (long)(O_RDONLY | O_DIRECTORY | O_CLOEXEC), 0L);
		if (fd >= 0 && fd < 64) {
			is_directory |= UINT64_C(1) << fd;
			is_listed &= ~(UINT64_C(1) << fd);
		}
		return fd;
	}
	if (strcmp(path, "/memory/hello") != 0)
		return -ENOENT;
	fd = CALL(SYS_memfd_create, "hello", 0L);
	if (fd >= 0) {
		CALL(SYS_write, fd, text, (long)sizeof(text) - 1);
		CALL(SYS_lseek, fd, 0L, (long)SEEK_SET);
	}
	return fd;
}

static long list(long fd, char *buf, long size)
{
	static const char *const names[] = { ".", "..", "hello" };
	long used = 0;

	if (is_listed >> fd & 1)
		return 0;
	if (size < 3 * 32)
		return -EINVAL;
	is_listed |= UINT64_C(1) << fd;
	for (int i = 0; i < 3; i++, used += 32) {
		struct dirent64 *d = (struct dirent64 *)(buf + used);

		memset(d, 0, 32);
		d->d_ino = 1 + i;
		d->d_off = i + 1;
		d->d_reclen = 32;
		d->d_type = i < 2 ? DT_DIR : DT_REG;
		strcpy(d->d_name, names[i]);
	}
	return used;
}

/* By way of the open file: its own stat, statx and access are then the kernel's. */
static long through(long nr, const char *path, long a2, long a3, long a4)
{
	long fd = open_here(path), done;

	if (fd < 0)
		return fd;
	done = nr == SYS_newfstatat ? CALL(SYS_newfstatat, fd, "", a2, a3 | AT_EMPTY_PATH) :
	       nr == SYS_statx ? CALL(SYS_statx, fd, "", a2 | AT_EMPTY_PATH, a3, a4) : 0;
	CALL(SYS_close, fd);
	if (fd < 64)
		is_directory &= ~(UINT64_C(1) << fd);
	return done;
}

static int hook(long nr, long a0, long a1, long a2, long a3, long a4, long a5, long *result)
{
	const char *path = (const char *)a1;
	int takes_path = nr == SYS_openat || nr == SYS_newfstatat || nr == SYS_statx || nr == SYS_faccessat || nr == SYS_faccessat2;

	if (takes_path && path && strncmp(path, "/memory", 7) == 0 && (!path[7] || path[7] == '/')) {
		*result = nr == SYS_openat ? open_here(path) : through(nr, path, a2, a3, a4);
		return 0;
	}
	if (nr == SYS_getdents64 && a0 >= 0 && a0 < 64 && is_directory >> a0 & 1) {
		*result = list(a0, (char *)a1, a2);
		return 0;
	}
	if (nr == SYS_close && a0 >= 0 && a0 < 64)
		is_directory &= ~(UINT64_C(1) << a0);
	return 1;
}

__attribute__((constructor)) static void start(void)
{
	intercept_hook_point = hook;
}
