/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: basic */
#include "guest.h"

TEST(statx_fills_the_basic_fields)
{
	struct statx st;
	int fd = make_file("/tmp/x", "0123456789");

	memset(&st, 0xff, sizeof(st));
	EQ(sys(__NR_statx, AT_FDCWD, "/tmp/x", 0, 0x7ff, &st), 0);
	EQ(st.stx_mask & 0x7ff, 0x7ff);
	EQ(st.stx_size, 10);
	EQ(st.stx_mode, S_IFREG | 0644);
	EQ(st.stx_nlink, 1);
	EQ(st.stx_blksize, 4096);
	close_fd(fd);
}

TEST(statx_size_is_256_bytes)
{
	unsigned char raw[264];

	memset(raw, 0xee, sizeof(raw));
	EQ(sys(__NR_statx, AT_FDCWD, "/tmp/x", 0, 0x7ff, raw), 0);
	EQ(raw[256], 0xee);
	EQ(*(uint64_t *)(raw + 40), 10);
	EQ(*(uint64_t *)(raw + 248), 0);
}

TEST(statx_agrees_with_fstat)
{
	struct statx sx;
	struct stat st;
	int fd = sys(__NR_openat, AT_FDCWD, "/tmp/x", O_RDONLY);

	EQ(sys(__NR_statx, fd, "", AT_EMPTY_PATH, 0x7ff, &sx), 0);
	EQ(sys(__NR_fstat, fd, &st), 0);
	EQ(sx.stx_ino, st.st_ino);
	EQ(sx.stx_size, st.st_size);
	EQ(sx.stx_blocks, st.st_blocks);
	EQ(sx.stx_mtime.tv_sec, st.st_mtim.tv_sec);
	EQ(sx.stx_mtime.tv_nsec, st.st_mtim.tv_nsec);
	EQ((uint64_t)sx.stx_dev_major << 8 | sx.stx_dev_minor, st.st_dev);
	close_fd(fd);
}

TEST(statx_errors)
{
	struct statx st;

	EQ(sys(__NR_statx, AT_FDCWD, "/tmp/none", 0, 0x7ff, &st), -ENOENT);
	EQ(sys(__NR_statx, AT_FDCWD, "", 0, 0x7ff, &st), -ENOENT);
	EQ(sys(__NR_statx, 99, "x", 0, 0x7ff, &st), -EBADF);
	EQ(sys(__NR_statx, AT_FDCWD, BAD_POINTER, 0, 0x7ff, &st), -EFAULT);
	EQ(sys(__NR_statx, AT_FDCWD, "/tmp/x", 0, 0x7ff, BAD_POINTER), -EFAULT);
	EQ(sys(__NR_statx, AT_FDCWD, "/tmp/x/y", 0, 0x7ff, &st), -ENOTDIR);
}

TEST(statx_reserved_bits_are_einval)
{
	struct statx st;

	EQ(sys(__NR_statx, AT_FDCWD, "/tmp/x", 0, 0x80000000u, &st), -EINVAL);
	EQ(sys(__NR_statx, AT_FDCWD, "/tmp/x", 0x40000000, 0x7ff, &st), -EINVAL);
	EQ(sys(__NR_statx, AT_FDCWD, "/tmp/x", 0x6000, 0x7ff, &st), -EINVAL);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/x", 0);
}
