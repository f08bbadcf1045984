/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: read readv pread64 preadv preadv2 */
/* tier: basic */
#include "guest.h"

TEST(read_advances_the_offset_and_ends_with_zero)
{
	char b[16];
	int fd = make_file("/tmp/r", "hello world");

	EQ(fd, 3);
	EQ(sys(__NR_read, fd, b, 5), 5);
	EQ(memcmp(b, "hello", 5), 0);
	EQ(sys(__NR_read, fd, b, 16), 6);
	EQ(memcmp(b, " world", 6), 0);
	EQ(sys(__NR_read, fd, b, 16), 0);
	EQ(close_fd(fd), 0);
}

TEST(read_of_no_bytes_returns_zero_and_still_checks_the_descriptor)
{
	int fd = make_file("/tmp/r", "x");

	EQ(sys(__NR_read, fd, NULL, 0), 0);
	EQ(sys(__NR_read, 99, NULL, 0), -EBADF);
	EQ(close_fd(fd), 0);
}

TEST(read_into_a_bad_pointer_is_efault_and_moves_nothing)
{
	char c;
	int fd = make_file("/tmp/r", "x");

	EQ(sys(__NR_read, fd, BAD_POINTER, 1), -EFAULT);
	EQ(sys(__NR_read, fd, KERNEL_POINTER, 1), -EFAULT);
	EQ(sys(__NR_read, fd, &c, 1), 1);
	EQ(c, 'x');
	EQ(close_fd(fd), 0);
}

TEST(read_into_a_read_only_page_is_efault)
{
	char *p = map_pages(1, PROT_READ);
	int fd = make_file("/tmp/r", "x");

	EQ(sys(__NR_read, fd, p, 1), -EFAULT);
	EQ(close_fd(fd), 0);
	sys(__NR_munmap, p, PAGE);
}

TEST(read_that_runs_into_unmapped_memory_returns_what_fitted)
{
	char *p = map_pages(2, PROT_READ | PROT_WRITE);
	int fd = make_file("/tmp/r", "0123456789");

	ORACLE(KERNEL);
	EQ(sys(__NR_munmap, p + PAGE, PAGE), 0);
	EQ(sys(__NR_read, fd, p + PAGE - 4, 10), 4);
	EQ(memcmp(p + PAGE - 4, "0123", 4), 0);
	EQ(sys(__NR_lseek, fd, 0, SEEK_CUR), 4);
	EQ(close_fd(fd), 0);
	sys(__NR_munmap, p, PAGE);
}

TEST(read_of_a_write_only_descriptor_is_ebadf)
{
	char c;
	long fd = sys(__NR_openat, AT_FDCWD, "/tmp/r", O_WRONLY, 0);

	EQ(fd, 3);
	EQ(sys(__NR_read, fd, &c, 1), -EBADF);
	EQ(sys(__NR_pread64, fd, &c, 1, 0), -EBADF);
	EQ(close_fd(fd), 0);
}

TEST(read_of_a_directory_is_eisdir)
{
	char c;
	long fd = sys(__NR_openat, AT_FDCWD, "/tmp", O_RDONLY, 0);

	EQ(fd, 3);
	EQ(sys(__NR_read, fd, &c, 1), -EISDIR);
	EQ(close_fd(fd), 0);
}

TEST(read_of_empty_standard_input_is_end_of_file)
{
	char c;

	EQ(sys(__NR_read, 0, &c, 1), 0);
	EQ(sys(__NR_read, 0, &c, 1), 0);
}

TEST(read_of_more_bytes_than_the_address_space_is_efault)
{
	static char c; /* not on the stack, which may lie at the very end of the address space */
	int fd = make_file("/tmp/r", "x");

	ORACLE(KERNEL);
	EQ(sys(__NR_read, fd, &c, 1), 1);
	EQ(sys(__NR_read, fd, &c, 1UL << 40), -EFAULT);
	EQ(sys(__NR_read, fd, &c, -1L), -EFAULT);
	EQ(sys(__NR_read, fd, &c, 1UL << 20), 0);
	EQ(close_fd(fd), 0);
}

TEST(readv_fills_buffers_in_order_and_skips_empty_ones)
{
	char a[3] = "", b[4] = "";
	struct iovec v[] = { { a, 2 }, { NULL, 0 }, { b, 3 } };
	int fd = make_file("/tmp/r", "abcdef");

	EQ(sys(__NR_readv, fd, v, 3), 5);
	EQ(memcmp(a, "ab", 2), 0);
	EQ(memcmp(b, "cde", 3), 0);
	EQ(sys(__NR_readv, fd, v, 3), 1);
	EQ(a[0], 'f');
	EQ(sys(__NR_readv, fd, v, 0), 0);
	EQ(close_fd(fd), 0);
}

TEST(readv_checks_count_pointer_and_lengths)
{
	char a[2];
	struct iovec v[] = { { a, 1 }, { a, -1UL } };
	int fd = make_file("/tmp/r", "abc");

	EQ(sys(__NR_readv, fd, v, -1), -EINVAL);
	EQ(sys(__NR_readv, fd, v, 1025), -EINVAL);
	EQ(sys(__NR_readv, fd, v, 2), -EINVAL);
	EQ(sys(__NR_readv, fd, BAD_POINTER, 1), -EFAULT);
	EQ(sys(__NR_readv, 99, v, 1), -EBADF);
	EQ(close_fd(fd), 0);
}

TEST(readv_stops_at_the_first_bad_buffer_and_reports_what_it_read)
{
	char a[2];
	struct iovec v[] = { { a, 2 }, { BAD_POINTER, 2 } };
	int fd = make_file("/tmp/r", "abcd");

	ORACLE(KERNEL);
	EQ(sys(__NR_readv, fd, v, 2), 2);
	EQ(sys(__NR_lseek, fd, 0, SEEK_CUR), 2);
	EQ(close_fd(fd), 0);
}

TEST(pread_reads_at_the_offset_and_leaves_the_position)
{
	char b[4];
	int fd = make_file("/tmp/r", "abcdef");

	EQ(sys(__NR_pread64, fd, b, 3, 2), 3);
	EQ(memcmp(b, "cde", 3), 0);
	EQ(sys(__NR_lseek, fd, 0, SEEK_CUR), 0);
	EQ(sys(__NR_pread64, fd, b, 3, 6), 0);
	EQ(sys(__NR_pread64, fd, b, 3, 1L << 40), 0);
	EQ(sys(__NR_pread64, fd, b, 3, -1L), -EINVAL);
	EQ(close_fd(fd), 0);
}

TEST(pread_of_a_pipe_is_espipe)
{
	char c;
	struct iovec v = { &c, 1 };

	EQ(sys(__NR_pread64, 0, &c, 1, 0), -ESPIPE);
	EQ(sys(__NR_preadv, 0, &v, 1, 0, 0), -ESPIPE);
}

TEST(preadv_reads_at_the_offset)
{
	char a[2], b[2];
	struct iovec v[] = { { a, 2 }, { b, 2 } };
	int fd = make_file("/tmp/r", "abcdef");

	EQ(sys(__NR_preadv, fd, v, 2, 1, 0), 4);
	EQ(memcmp(a, "bc", 2), 0);
	EQ(memcmp(b, "de", 2), 0);
	EQ(sys(__NR_lseek, fd, 0, SEEK_CUR), 0);
	EQ(sys(__NR_preadv, fd, v, 2, -1L, -1L), -EINVAL);
	EQ(close_fd(fd), 0);
}

TEST(preadv2_with_offset_minus_one_uses_the_position)
{
	char a[2];
	struct iovec v[] = { { a, 2 } };
	int fd = make_file("/tmp/r", "abcdef");

	ORACLE(KERNEL);
	EQ(sys(__NR_preadv2, fd, v, 1, -1L, -1L, 0), 2);
	EQ(sys(__NR_lseek, fd, 0, SEEK_CUR), 2);
	EQ(sys(__NR_preadv2, fd, v, 1, 4, 0, 0), 2);
	EQ(memcmp(a, "ef", 2), 0);
	EQ(sys(__NR_lseek, fd, 0, SEEK_CUR), 2);
	EQ(sys(__NR_preadv2, fd, v, 1, 0, 0, 0x4000), -EOPNOTSUPP);
	EQ(close_fd(fd), 0);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/r", 0);
}
