/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: fstat newfstatat */
/* tier: advanced */
#include "guest.h"

TEST(fstat_tells_the_real_size_and_kind)
{
	struct stat st;
	int fd = make_file("/tmp/s", "0123456789");

	memset(&st, 0xff, sizeof(st));
	EQ(sys(__NR_fstat, fd, &st), 0);
	EQ(st.st_size, 10);
	EQ(st.st_mode, S_IFREG | 0644);
	EQ(st.st_nlink, 1);
	EQ(st.st_uid, 0);
	EQ(st.st_gid, 0);
	EQ(st.st_blksize, 4096);
	CHECK(st.st_blocks <= 8);
	CHECK(st.st_ino != 0);
	close_fd(fd);
}

TEST(fstat_layout_is_the_generic_one_of_128_bytes)
{
	unsigned char raw[136];
	int fd = make_file("/tmp/s", "0123456789");

	memset(raw, 0xee, sizeof(raw));
	EQ(sys(__NR_fstat, fd, raw), 0);
	EQ(*(uint32_t *)(raw + 16), S_IFREG | 0644);
	EQ(*(uint32_t *)(raw + 20), 1);
	EQ(*(int64_t *)(raw + 48), 10);
	EQ(*(int32_t *)(raw + 56), 4096);
	EQ(*(uint64_t *)(raw + 120), 0);
	EQ(raw[128], 0xee);
	close_fd(fd);
}

TEST(fstat_of_the_standard_descriptors_says_pipe)
{
	struct stat st;

	for (int fd = 0; fd < 2; fd++) {
		EQ(sys(__NR_fstat, fd, &st), 0);
		EQ(st.st_mode & S_IFMT, S_IFIFO);
		EQ(st.st_size, 0);
	}
}

TEST(fstat_of_a_device_tells_its_number)
{
	struct stat st;
	long fd = sys(__NR_openat, AT_FDCWD, "/dev/null", O_RDONLY, 0);

	EQ(sys(__NR_fstat, fd, &st), 0);
	EQ(st.st_mode & S_IFMT, S_IFCHR);
	EQ(st.st_rdev, 0x103);
	close_fd(fd);
}

TEST(fstat_errors)
{
	struct stat st;

	EQ(sys(__NR_fstat, 99, &st), -EBADF);
	EQ(sys(__NR_fstat, -1, &st), -EBADF);
	EQ(sys(__NR_fstat, 0, BAD_POINTER), -EFAULT);
}

TEST(newfstatat_by_path_and_by_directory)
{
	struct stat st;
	long dir = sys(__NR_openat, AT_FDCWD, "/tmp", O_RDONLY | O_DIRECTORY, 0);

	EQ(sys(__NR_newfstatat, AT_FDCWD, "/tmp/s", &st, 0), 0);
	EQ(st.st_size, 10);
	EQ(sys(__NR_newfstatat, dir, "s", &st, 0), 0);
	EQ(st.st_size, 10);
	EQ(sys(__NR_newfstatat, AT_FDCWD, "/tmp", &st, 0), 0);
	EQ(st.st_mode & S_IFMT, S_IFDIR);
	EQ(sys(__NR_newfstatat, AT_FDCWD, "/", &st, 0), 0);
	EQ(st.st_mode & S_IFMT, S_IFDIR);
	close_fd(dir);
}

TEST(newfstatat_of_an_empty_path_needs_the_flag)
{
	struct stat st;
	int fd = sys(__NR_openat, AT_FDCWD, "/tmp/s", O_RDONLY);

	EQ(sys(__NR_newfstatat, fd, "", &st, AT_EMPTY_PATH), 0);
	EQ(st.st_size, 10);
	EQ(sys(__NR_newfstatat, fd, "", &st, 0), -ENOENT);
	EQ(sys(__NR_newfstatat, AT_FDCWD, "", &st, AT_EMPTY_PATH), 0);
	EQ(st.st_mode & S_IFMT, S_IFDIR);
	close_fd(fd);
}

TEST(newfstatat_nofollow_sees_the_link)
{
	struct stat st;

	EQ(sys(__NR_symlinkat, "/tmp/s", AT_FDCWD, "/tmp/l"), 0);
	EQ(sys(__NR_newfstatat, AT_FDCWD, "/tmp/l", &st, 0), 0);
	EQ(st.st_mode & S_IFMT, S_IFREG);
	EQ(sys(__NR_newfstatat, AT_FDCWD, "/tmp/l", &st, AT_SYMLINK_NOFOLLOW), 0);
	EQ(st.st_mode, S_IFLNK | 0777);
	EQ(st.st_size, 6);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/l", 0);
}

TEST(newfstatat_errors)
{
	struct stat st;

	EQ(sys(__NR_newfstatat, AT_FDCWD, "/tmp/none", &st, 0), -ENOENT);
	EQ(sys(__NR_newfstatat, AT_FDCWD, "/tmp/s/x", &st, 0), -ENOTDIR);
	EQ(sys(__NR_newfstatat, 99, "s", &st, 0), -EBADF);
	EQ(sys(__NR_newfstatat, AT_FDCWD, BAD_POINTER, &st, 0), -EFAULT);
	EQ(sys(__NR_newfstatat, AT_FDCWD, "/tmp/s", BAD_POINTER, 0), -EFAULT);
	EQ(sys(__NR_newfstatat, AT_FDCWD, "/tmp/s", &st, 0x10000), -EINVAL);
}

TEST(fstat_two_names_of_one_file_have_one_inode)
{
	struct stat a, b;

	EQ(sys(__NR_linkat, AT_FDCWD, "/tmp/s", AT_FDCWD, "/tmp/h", 0), 0);
	EQ(sys(__NR_newfstatat, AT_FDCWD, "/tmp/s", &a, 0), 0);
	EQ(sys(__NR_newfstatat, AT_FDCWD, "/tmp/h", &b, 0), 0);
	EQ(a.st_ino, b.st_ino);
	EQ(a.st_dev, b.st_dev);
	EQ(b.st_nlink, 2);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/s", 0);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/h", 0);
}
