/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: basic */
#include "guest.h"

TEST(lseek_sets_adds_and_counts_from_the_end)
{
	int fd = make_file("/tmp/s", "0123456789");

	EQ(sys(__NR_lseek, fd, 4, SEEK_SET), 4);
	EQ(sys(__NR_lseek, fd, 3, SEEK_CUR), 7);
	EQ(sys(__NR_lseek, fd, -2L, SEEK_END), 8);
	EQ(sys(__NR_lseek, fd, 100, SEEK_END), 110);
	EQ(sys(__NR_lseek, fd, 0, SEEK_CUR), 110);
	close_fd(fd);
}

TEST(lseek_before_the_start_or_with_a_wild_whence_is_einval)
{
	int fd = make_file("/tmp/s", "0123456789");

	EQ(sys(__NR_lseek, fd, -1L, SEEK_SET), -EINVAL);
	EQ(sys(__NR_lseek, fd, -11L, SEEK_END), -EINVAL);
	EQ(sys(__NR_lseek, fd, 0, 5), -EINVAL);
	EQ(sys(__NR_lseek, fd, 0, SEEK_CUR), 0);
	close_fd(fd);
}

TEST(lseek_of_a_pipe_is_espipe)
{
	EQ(sys(__NR_lseek, 0, 0, SEEK_CUR), -ESPIPE);
	EQ(sys(__NR_lseek, 1, 0, SEEK_SET), -ESPIPE);
}

TEST(lseek_of_a_closed_descriptor_is_ebadf)
{
	EQ(sys(__NR_lseek, 77, 0, SEEK_SET), -EBADF);
}

TEST(lseek_data_and_hole_find_the_edges)
{
	int fd = make_file("/tmp/s", NULL);

	EQ(sys(__NR_pwrite64, fd, "x", 1, 4 * PAGE), 1);
	EQ(sys(__NR_lseek, fd, 0, SEEK_DATA), 4 * PAGE);
	EQ(sys(__NR_lseek, fd, 0, SEEK_HOLE), 0);
	EQ(sys(__NR_lseek, fd, 4 * PAGE, SEEK_HOLE), 4 * PAGE + 1);
	EQ(sys(__NR_lseek, fd, 4 * PAGE + 1, SEEK_DATA), -ENXIO);
	EQ(sys(__NR_lseek, fd, 4 * PAGE + 1, SEEK_HOLE), -ENXIO);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/s", 0);
}

TEST(lseek_position_is_shared_by_duplicates_only)
{
	int fd = make_file("/tmp/s", "0123456789"), other, copy = sys(__NR_dup, fd);

	other = sys(__NR_openat, AT_FDCWD, "/tmp/s", O_RDONLY);
	EQ(sys(__NR_lseek, fd, 4, SEEK_SET), 4);
	EQ(sys(__NR_lseek, copy, 0, SEEK_CUR), 4);
	EQ(sys(__NR_lseek, other, 0, SEEK_CUR), 0);
	close_fd(fd);
	close_fd(copy);
	close_fd(other);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/s", 0);
}
