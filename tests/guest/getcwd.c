/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: getcwd chdir fchdir */
/* tier: basic */
#include "guest.h"

TEST(getcwd_is_the_root_and_counts_the_terminator)
{
	char b[16];

	memset(b, '#', sizeof(b));
	EQ(sys(__NR_getcwd, b, sizeof(b)), 2);
	EQ(memcmp(b, "/\0#", 3), 0);
}

TEST(getcwd_errors)
{
	char b[16];

	EQ(sys(__NR_getcwd, b, 1), -ERANGE);
	EQ(sys(__NR_getcwd, b, 0), -ERANGE);
	EQ(sys(__NR_getcwd, BAD_POINTER, 16), -EFAULT);
}

TEST(chdir_changes_what_relative_paths_mean)
{
	char b[16];

	close_fd(make_file("/tmp/c", "x"));
	EQ(sys(__NR_chdir, "/tmp"), 0);
	EQ(sys(__NR_getcwd, b, sizeof(b)), 5);
	EQ(memcmp(b, "/tmp", 5), 0);
	EQ(sys(__NR_faccessat, AT_FDCWD, "c", F_OK), 0);
	EQ(sys(__NR_chdir, ".."), 0);
	EQ(sys(__NR_getcwd, b, sizeof(b)), 2);
}

TEST(chdir_errors)
{
	EQ(sys(__NR_chdir, "/tmp/none"), -ENOENT);
	EQ(sys(__NR_chdir, "/tmp/c"), -ENOTDIR);
	EQ(sys(__NR_chdir, BAD_POINTER), -EFAULT);
	EQ(sys(__NR_chdir, ""), -ENOENT);
}

TEST(fchdir_goes_to_an_open_directory)
{
	char b[16];
	long dir = sys(__NR_openat, AT_FDCWD, "/tmp", O_RDONLY, 0), file;

	EQ(sys(__NR_fchdir, dir), 0);
	EQ(sys(__NR_getcwd, b, sizeof(b)), 5);
	file = sys(__NR_openat, AT_FDCWD, "c", O_RDONLY, 0);
	EQ(file, 4);
	EQ(sys(__NR_fchdir, file), -ENOTDIR);
	EQ(sys(__NR_fchdir, 99), -EBADF);
	EQ(sys(__NR_chdir, "/"), 0);
	close_fd(dir);
	close_fd(file);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/c", 0);
}
