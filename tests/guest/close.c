/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: close close_range */
/* tier: basic */
#include "guest.h"

static long open_null(void)
{
	return sys(__NR_openat, AT_FDCWD, "/dev/null", O_RDONLY, 0);
}

TEST(close_of_a_descriptor_that_is_not_open_is_ebadf)
{
	EQ(close_fd(3), -EBADF);
	EQ(close_fd(-1), -EBADF);
	EQ(close_fd(1 << 20), -EBADF);
}

TEST(close_looks_at_32_bits_of_its_descriptor)
{
	EQ(open_null(), 3);
	EQ(close_fd(0x700000003L), 0);
	EQ(close_fd(3), -EBADF);
}

TEST(close_makes_every_use_of_it_ebadf_which_is_9)
{
	char c;

	EQ(open_null(), 3);
	EQ(close_fd(3), 0);
	EQ(sys(__NR_read, 3, &c, 1), -9);
	EQ(sys(__NR_write, 3, &c, 1), -9);
	EQ(sys(__NR_lseek, 3, 0, 0), -9);
	EQ(sys(__NR_fstat, 3, &c), -9);
	EQ(sys(__NR_dup, 3), -9);
	EQ(sys(__NR_fcntl, 3, F_GETFD), -9);
	EQ(sys(__NR_ioctl, 3, 0x5401, &c), -9);
}

TEST(close_of_one_duplicate_leaves_the_other)
{
	char c;

	EQ(open_null(), 3);
	EQ(sys(__NR_dup, 3), 4);
	EQ(close_fd(3), 0);
	EQ(sys(__NR_read, 4, &c, 1), 0);
	EQ(close_fd(4), 0);
}

TEST(close_range_closes_all_in_it)
{
	EQ(open_null(), 3);
	EQ(sys(__NR_dup3, 3, 10, 0), 10);
	EQ(sys(__NR_dup3, 3, 20, 0), 20);
	EQ(sys(__NR_close_range, 4, 15, 0), 0);
	EQ(sys(__NR_fcntl, 10, F_GETFD), -EBADF);
	EQ(sys(__NR_fcntl, 20, F_GETFD), 0);
	EQ(sys(__NR_fcntl, 3, F_GETFD), 0);
	EQ(sys(__NR_close_range, 3, -1, 0), 0);
	EQ(sys(__NR_fcntl, 20, F_GETFD), -EBADF);
}

TEST(close_range_can_set_cloexec_instead)
{
	EQ(open_null(), 3);
	EQ(sys(__NR_close_range, 3, 3, 4), 0);
	EQ(sys(__NR_fcntl, 3, F_GETFD), FD_CLOEXEC);
	EQ(close_fd(3), 0);
}

TEST(close_range_checks_its_arguments)
{
	EQ(sys(__NR_close_range, 5, 4, 0), -EINVAL);
	EQ(sys(__NR_close_range, 5, 6, 0x80), -EINVAL);
}
