/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: dup dup3 */
/* tier: basic */
#include "guest.h"

TEST(dup_takes_the_lowest_free_descriptor_and_clears_cloexec)
{
	long fd = sys(__NR_openat, AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC, 0);

	EQ(sys(__NR_dup, fd), 4);
	EQ(sys(__NR_fcntl, 4, F_GETFD), 0);
	EQ(sys(__NR_fcntl, 3, F_GETFD), FD_CLOEXEC);
	EQ(sys(__NR_dup, 99), -EBADF);
	close_fd(3);
	close_fd(4);
}

TEST(dup3_replaces_the_target)
{
	int a = make_file("/tmp/d1", "1"), b = make_file("/tmp/d2", "2");
	char c;

	EQ(sys(__NR_dup3, a, b, 0), b);
	EQ(sys(__NR_read, b, &c, 1), 1);
	EQ(c, '1');
	EQ(sys(__NR_dup3, a, 50, O_CLOEXEC), 50);
	EQ(sys(__NR_fcntl, 50, F_GETFD), FD_CLOEXEC);
	EQ(sys(__NR_close_range, 3, 60, 0), 0);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/d1", 0);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/d2", 0);
}

TEST(dup3_errors)
{
	EQ(sys(__NR_dup3, 0, 0, 0), -EINVAL);
	EQ(sys(__NR_dup3, 99, 5, 0), -EBADF);
	EQ(sys(__NR_dup3, 99, 99, 0), -EINVAL);
	EQ(sys(__NR_dup3, 0, 5, 0x1), -EINVAL);
	EQ(sys(__NR_dup3, 0, -1, 0), -EBADF);
	EQ(sys(__NR_dup3, 0, 1 << 30, 0), -EBADF);
}

TEST(dup_shares_status_flags)
{
	int fd = make_file("/tmp/d1", "1"), copy = sys(__NR_dup, fd);

	EQ(sys(__NR_fcntl, fd, F_SETFL, O_NONBLOCK), 0);
	EQ(sys(__NR_fcntl, copy, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
	close_fd(fd);
	close_fd(copy);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/d1", 0);
}
