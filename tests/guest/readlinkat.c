/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: advanced */
#include "guest.h"

TEST(readlinkat_gives_the_target_without_a_terminator)
{
	char b[32];

	memset(b, '#', sizeof(b));
	EQ(sys(__NR_symlinkat, "some/where", AT_FDCWD, "/tmp/l"), 0);
	EQ(sys(__NR_readlinkat, AT_FDCWD, "/tmp/l", b, sizeof(b)), 10);
	EQ(memcmp(b, "some/where#", 11), 0);
}

TEST(readlinkat_cuts_at_the_buffer)
{
	char b[8];

	memset(b, '#', sizeof(b));
	EQ(sys(__NR_readlinkat, AT_FDCWD, "/tmp/l", b, 4), 4);
	EQ(memcmp(b, "some#", 5), 0);
}

TEST(readlinkat_errors)
{
	char b[8];

	ORACLE(KERNEL);
	EQ(sys(__NR_readlinkat, AT_FDCWD, "/tmp/l", b, 0), -EINVAL);
	EQ(sys(__NR_readlinkat, AT_FDCWD, "/tmp/l", b, -1), -EINVAL);
	EQ(sys(__NR_readlinkat, AT_FDCWD, "/tmp", b, 8), -EINVAL);
	EQ(sys(__NR_readlinkat, AT_FDCWD, "/tmp/none", b, 8), -ENOENT);
	EQ(sys(__NR_readlinkat, AT_FDCWD, BAD_POINTER, b, 8), -EFAULT);
	EQ(sys(__NR_readlinkat, AT_FDCWD, "/tmp/l", BAD_POINTER, 8), -EFAULT);
	EQ(sys(__NR_readlinkat, 99, "l", b, 8), -EBADF);
	EQ(sys(__NR_readlinkat, AT_FDCWD, "", b, 8), -ENOENT);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/l", 0);
}

TEST(readlinkat_of_proc_self_exe_is_an_absolute_path_to_this_program)
{
	char b[256], head[4];
	long n = sys(__NR_readlinkat, AT_FDCWD, "/proc/self/exe", b, sizeof(b) - 1), fd;

	OK(n);
	b[n] = 0;
	EQ(b[0], '/');
	CHECK(n > 10);
	EQ(memcmp(b + n - 10, "readlinkat", 10), 0);
	fd = sys(__NR_openat, AT_FDCWD, "/proc/self/exe", O_RDONLY, 0);
	OK(fd);
	EQ(sys(__NR_read, fd, head, 4), 4);
	EQ(memcmp(head, "\177ELF", 4), 0);
	close_fd(fd);
}

TEST(readlinkat_of_proc_self_fd_names_the_file)
{
	char b[32];
	int fd = make_file("/tmp/named", "x");

	EQ(fd, 3);
	EQ(sys(__NR_readlinkat, AT_FDCWD, "/proc/self/fd/3", b, sizeof(b)), 10);
	EQ(memcmp(b, "/tmp/named", 10), 0);
	EQ(sys(__NR_readlinkat, AT_FDCWD, "/proc/self/fd/77", b, sizeof(b)), -ENOENT);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/named", 0);
}
