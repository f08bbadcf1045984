/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: ftruncate truncate fallocate fsync fdatasync sync syncfs sync_file_range fadvise64 readahead */
#include "guest.h"

static long file_size(int fd)
{
	struct stat st;

	return sys(__NR_fstat, fd, &st) ? -1 : st.st_size;
}

TEST(ftruncate_cuts_and_extends_with_zeroes)
{
	char b[8];
	int fd = make_file("/tmp/t", "abcdef");

	EQ(sys(__NR_ftruncate, fd, 3), 0);
	EQ(file_size(fd), 3);
	EQ(sys(__NR_ftruncate, fd, 6), 0);
	EQ(sys(__NR_pread64, fd, b, 8, 0), 6);
	EQ(memcmp(b, "abc\0\0\0", 6), 0);
	close_fd(fd);
}

TEST(ftruncate_takes_the_bytes_from_a_mapping_too)
{
	int fd = make_file("/tmp/t", "abcdef");
	char *p = (char *)sys(__NR_mmap, NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);

	EQ(p[4], 'e');
	EQ(sys(__NR_ftruncate, fd, 3), 0);
	EQ(p[4], 0);
	EQ(p[2], 'c');
	sys(__NR_munmap, p, PAGE);
	close_fd(fd);
}

TEST(ftruncate_errors)
{
	int fd = make_file("/tmp/t", "abcdef"), ro = sys(__NR_openat, AT_FDCWD, "/tmp/t", O_RDONLY);

	EQ(sys(__NR_ftruncate, fd, -1L), -EINVAL);
	EQ(sys(__NR_ftruncate, ro, 1), -EINVAL);
	EQ(sys(__NR_ftruncate, 99, 1), -EBADF);
	EQ(sys(__NR_ftruncate, 0, 1), -EINVAL);
	close_fd(fd);
	close_fd(ro);
}

TEST(truncate_by_path)
{
	struct stat st;

	EQ(sys(__NR_truncate, "/tmp/t", 2), 0);
	EQ(sys(__NR_newfstatat, AT_FDCWD, "/tmp/t", &st, 0), 0);
	EQ(st.st_size, 2);
	EQ(sys(__NR_truncate, "/tmp/none", 2), -ENOENT);
	EQ(sys(__NR_truncate, "/tmp", 2), -EISDIR);
	EQ(sys(__NR_truncate, "/tmp/t", -1L), -EINVAL);
	EQ(sys(__NR_truncate, BAD_POINTER, 1), -EFAULT);
}

TEST(fallocate_extends_keeps_and_punches)
{
	char b[8];
	int fd = make_file("/tmp/t", "abcdef");

	EQ(sys(__NR_fallocate, fd, 0, 0, 10), 0);
	EQ(file_size(fd), 10);
	EQ(sys(__NR_fallocate, fd, 1, 0, 100000), 0);
	EQ(file_size(fd), 10);
	EQ(sys(__NR_fallocate, fd, 3, 1, 3), 0);
	EQ(sys(__NR_pread64, fd, b, 6, 0), 6);
	EQ(memcmp(b, "a\0\0\0ef", 6), 0);
	EQ(sys(__NR_fallocate, fd, 0, 0, 0), -EINVAL);
	EQ(sys(__NR_fallocate, fd, 0, -1L, 5), -EINVAL);
	EQ(sys(__NR_fallocate, 99, 0, 0, 5), -EBADF);
	EQ(sys(__NR_fallocate, 1, 0, 0, 5), -ESPIPE);
	close_fd(fd);
}

TEST(sync_calls_succeed_on_files_and_fail_on_pipes)
{
	int fd = make_file("/tmp/t", "abcdef");

	EQ(sys(__NR_fsync, fd), 0);
	EQ(sys(__NR_fdatasync, fd), 0);
	EQ(sys(__NR_syncfs, fd), 0);
	EQ(sys(__NR_sync), 0);
	EQ(sys(__NR_sync_file_range, fd, 0, 0, 0), 0);
	EQ(sys(__NR_sync_file_range, fd, 0, 0, 0x80), -EINVAL);
	EQ(sys(__NR_fsync, 0), -EINVAL);
	EQ(sys(__NR_fsync, 99), -EBADF);
	EQ(sys(__NR_fdatasync, 99), -EBADF);
	close_fd(fd);
}

TEST(fadvise64_and_readahead_are_hints)
{
	int fd = make_file("/tmp/t", "abcdef");

	EQ(sys(__NR_fadvise64, fd, 0, 0, 3), 0);
	EQ(sys(__NR_fadvise64, fd, 0, 0, 99), -EINVAL);
	EQ(sys(__NR_fadvise64, 0, 0, 0, 3), -ESPIPE);
	EQ(sys(__NR_fadvise64, 99, 0, 0, 3), -EBADF);
	EQ(sys(__NR_readahead, 99, 0, 0), -EBADF);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/t", 0);
}
