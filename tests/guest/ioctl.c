/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: basic */
#include "guest.h"
#include <sys/ioctl.h>

TEST(ioctl_tcgets_of_what_is_no_terminal_is_enotty)
{
	char b[256];
	int fd = make_file("/tmp/i", "abc");

	EQ(sys(__NR_ioctl, 0, 0x5401, b), -ENOTTY);
	EQ(sys(__NR_ioctl, 1, 0x5401, b), -ENOTTY);
	EQ(sys(__NR_ioctl, fd, 0x5401, b), -ENOTTY);
	EQ(sys(__NR_ioctl, 1, 0x5413, b), -ENOTTY);
	close_fd(fd);
}

TEST(ioctl_fionread_counts_what_can_be_read)
{
	int n = -1, fd = make_file("/tmp/i", "abc");

	EQ(sys(__NR_ioctl, fd, FIONREAD, &n), 0);
	EQ(n, 3);
	EQ(sys(__NR_lseek, fd, 2, SEEK_SET), 2);
	EQ(sys(__NR_ioctl, fd, FIONREAD, &n), 0);
	EQ(n, 1);
	EQ(sys(__NR_ioctl, 0, FIONREAD, &n), 0);
	EQ(n, 0);
	EQ(sys(__NR_ioctl, fd, FIONREAD, BAD_POINTER), -EFAULT);
	close_fd(fd);
}

TEST(ioctl_fionbio_and_fioclex_change_the_flags)
{
	int one = 1, zero = 0, fd = make_file("/tmp/i", "abc");

	EQ(sys(__NR_ioctl, fd, FIONBIO, &one), 0);
	EQ(sys(__NR_fcntl, fd, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
	EQ(sys(__NR_ioctl, fd, FIONBIO, &zero), 0);
	EQ(sys(__NR_fcntl, fd, F_GETFL) & O_NONBLOCK, 0);
	EQ(sys(__NR_ioctl, fd, FIOCLEX), 0);
	EQ(sys(__NR_fcntl, fd, F_GETFD), FD_CLOEXEC);
	EQ(sys(__NR_ioctl, fd, FIONCLEX), 0);
	EQ(sys(__NR_fcntl, fd, F_GETFD), 0);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/i", 0);
}

TEST(ioctl_errors)
{
	ORACLE(KERNEL);
	EQ(sys(__NR_ioctl, 99, 0x5401, NULL), -EBADF);
	EQ(sys(__NR_ioctl, 0, 0x12345678, NULL), -ENOTTY);
}
