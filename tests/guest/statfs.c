/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: statfs fstatfs */
#include "guest.h"
#include <sys/statfs.h>

TEST(statfs_of_tmp_is_an_in_memory_file_system)
{
	struct statfs s;

	memset(&s, 0xff, sizeof(s));
	EQ(sizeof(s), 120);
	EQ(sys(__NR_statfs, "/tmp", &s), 0);
	EQ(s.f_type, 0x01021994);
	EQ(s.f_bsize, 4096);
	EQ(s.f_namelen, 255);
}

TEST(fstatfs_agrees)
{
	struct statfs a, b;
	long fd = sys(__NR_openat, AT_FDCWD, "/tmp", O_RDONLY, 0);

	EQ(sys(__NR_statfs, "/tmp", &a), 0);
	EQ(sys(__NR_fstatfs, fd, &b), 0);
	EQ(a.f_type, b.f_type);
	EQ(a.f_blocks, b.f_blocks);
	close_fd(fd);
}

TEST(statfs_of_proc)
{
	struct statfs s;

	EQ(sys(__NR_statfs, "/proc", &s), 0);
	EQ(s.f_type, 0x9fa0);
}

TEST(statfs_errors)
{
	struct statfs s;

	EQ(sys(__NR_statfs, "/tmp/none", &s), -ENOENT);
	EQ(sys(__NR_statfs, BAD_POINTER, &s), -EFAULT);
	EQ(sys(__NR_statfs, "/tmp", BAD_POINTER), -EFAULT);
	EQ(sys(__NR_fstatfs, 99, &s), -EBADF);
}
