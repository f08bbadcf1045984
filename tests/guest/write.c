/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: write writev pwrite64 pwritev pwritev2 */
/* tier: basic */
#include "guest.h"

static long file_size(int fd)
{
	struct stat st;

	return sys(__NR_fstat, fd, &st) ? -1 : st.st_size;
}

TEST(write_advances_and_extends)
{
	char b[8];
	int fd = make_file("/tmp/w", NULL);

	EQ(fd, 3);
	EQ(sys(__NR_write, fd, "abc", 3), 3);
	EQ(sys(__NR_write, fd, "de", 2), 2);
	EQ(file_size(fd), 5);
	EQ(sys(__NR_pread64, fd, b, 8, 0), 5);
	EQ(memcmp(b, "abcde", 5), 0);
	EQ(close_fd(fd), 0);
}

TEST(write_beyond_the_end_leaves_a_hole_of_zeroes)
{
	char b[8] = "xxxxxxx";
	int fd = make_file("/tmp/w", "ab");

	EQ(sys(__NR_lseek, fd, 5, SEEK_SET), 5);
	EQ(sys(__NR_write, fd, "f", 1), 1);
	EQ(sys(__NR_pread64, fd, b, 8, 0), 6);
	EQ(memcmp(b, "ab\0\0\0f", 6), 0);
	EQ(close_fd(fd), 0);
}

TEST(write_of_no_bytes_returns_zero_and_changes_nothing)
{
	int fd = make_file("/tmp/w", "ab");

	EQ(sys(__NR_lseek, fd, 100, SEEK_SET), 100);
	EQ(sys(__NR_write, fd, "x", 0), 0);
	EQ(file_size(fd), 2);
	EQ(sys(__NR_write, 99, "x", 0), -EBADF);
	EQ(close_fd(fd), 0);
}

TEST(write_from_a_bad_pointer_is_efault)
{
	int fd = make_file("/tmp/w", "ab");

	EQ(sys(__NR_write, fd, BAD_POINTER, 1), -EFAULT);
	EQ(file_size(fd), 2);
	EQ(sys(__NR_write, fd, "x", -1L), -EFAULT);
	EQ(close_fd(fd), 0);
}

TEST(write_that_runs_into_unmapped_memory_writes_what_is_there)
{
	char *p = map_pages(2, PROT_READ | PROT_WRITE);
	int fd = make_file("/tmp/w", NULL);

	ORACLE(KERNEL);
	EQ(sys(__NR_munmap, p + PAGE, PAGE), 0);
	EQ(sys(__NR_write, fd, p + PAGE - 4, 10), 4);
	EQ(file_size(fd), 4);
	EQ(close_fd(fd), 0);
	sys(__NR_munmap, p, PAGE);
}

TEST(write_to_a_read_only_descriptor_is_ebadf)
{
	long fd = sys(__NR_openat, AT_FDCWD, "/tmp/w", O_RDONLY, 0);

	EQ(sys(__NR_write, fd, "x", 1), -EBADF);
	EQ(sys(__NR_pwrite64, fd, "x", 1, 0), -EBADF);
	EQ(close_fd(fd), 0);
}

TEST(write_in_append_mode_goes_to_the_end)
{
	char b[8];
	long fd = make_file("/tmp/w", "ab"), app = sys(__NR_openat, AT_FDCWD, "/tmp/w", O_WRONLY | O_APPEND, 0);

	EQ(app, 4);
	EQ(sys(__NR_write, app, "c", 1), 1);
	EQ(sys(__NR_lseek, app, 0, SEEK_SET), 0);
	EQ(sys(__NR_write, app, "d", 1), 1);
	EQ(sys(__NR_lseek, app, 0, SEEK_CUR), 4);
	EQ(sys(__NR_pread64, fd, b, 8, 0), 4);
	EQ(memcmp(b, "abcd", 4), 0);
	EQ(sys(__NR_pwrite64, app, "e", 1, 0), 1);
	EQ(file_size(fd), 5);
	close_fd(app);
	close_fd(fd);
}

TEST(writev_gathers_in_order)
{
	char b[8];
	struct iovec v[] = { { "ab", 2 }, { NULL, 0 }, { "cde", 3 } };
	int fd = make_file("/tmp/w", NULL);

	EQ(sys(__NR_writev, fd, v, 3), 5);
	EQ(sys(__NR_pread64, fd, b, 8, 0), 5);
	EQ(memcmp(b, "abcde", 5), 0);
	EQ(sys(__NR_writev, fd, v, 0), 0);
	EQ(sys(__NR_writev, fd, v, 1025), -EINVAL);
	EQ(sys(__NR_writev, fd, BAD_POINTER, 1), -EFAULT);
	EQ(sys(__NR_writev, 99, v, 1), -EBADF);
	EQ(close_fd(fd), 0);
}

TEST(pwrite_writes_at_the_offset_and_leaves_the_position)
{
	char b[8];
	struct iovec v[] = { { "YZ", 2 } };
	int fd = make_file("/tmp/w", "abcdef");

	EQ(sys(__NR_pwrite64, fd, "X", 1, 2), 1);
	EQ(sys(__NR_pwritev, fd, v, 1, 4, 0), 2);
	EQ(sys(__NR_lseek, fd, 0, SEEK_CUR), 0);
	EQ(sys(__NR_pread64, fd, b, 8, 0), 6);
	EQ(memcmp(b, "abXdYZ", 6), 0);
	EQ(sys(__NR_pwrite64, fd, "X", 1, -1L), -EINVAL);
	EQ(close_fd(fd), 0);
}

TEST(pwritev2_with_offset_minus_one_uses_the_position)
{
	struct iovec v[] = { { "YZ", 2 } };
	int fd = make_file("/tmp/w", "abcdef");

	ORACLE(KERNEL);
	EQ(sys(__NR_pwritev2, fd, v, 1, -1L, -1L, 0), 2);
	EQ(sys(__NR_lseek, fd, 0, SEEK_CUR), 2);
	EQ(sys(__NR_pwritev2, fd, v, 1, -1L, -1L, 0x10), 2);
	EQ(file_size(fd), 8);
	EQ(sys(__NR_pwritev2, fd, v, 1, 0, 0, 0x4000), -EOPNOTSUPP);
	EQ(close_fd(fd), 0);
}

TEST(pwrite_to_a_pipe_is_espipe)
{
	EQ(sys(__NR_pwrite64, 1, "x", 1, 0), -ESPIPE);
}

TEST(write_to_dev_full_is_enospc)
{
	long fd = sys(__NR_openat, AT_FDCWD, "/dev/full", O_RDWR, 0);
	char c = 1;

	EQ(fd, 3);
	EQ(sys(__NR_write, fd, "x", 1), -ENOSPC);
	EQ(sys(__NR_read, fd, &c, 1), 1);
	EQ(c, 0);
	EQ(close_fd(fd), 0);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/w", 0);
}
