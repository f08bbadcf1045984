/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* host: memlock */
/* covers: mincore mlock mlock2 munlock mlockall munlockall msync */
#include "guest.h"

TEST(mincore_writes_one_byte_a_page)
{
	unsigned char v[4] = { 0xaa, 0xaa, 0xaa, 0xaa };
	char *p = map_pages(3, PROT_READ | PROT_WRITE);

	ORACLE(KERNEL);
	memset(p, 1, 3 * PAGE);
	EQ(sys(__NR_mincore, p, 3 * PAGE, v), 0);
	EQ(v[0] & 1, 1);
	EQ(v[2] & 1, 1);
	EQ(v[3], 0xaa);
	EQ(sys(__NR_munmap, p + PAGE, PAGE), 0);
	EQ(sys(__NR_mincore, p, 3 * PAGE, v), -ENOMEM);
	EQ(sys(__NR_mincore, p + PAGE, PAGE, v), -ENOMEM);
	EQ(sys(__NR_mincore, p + 1, PAGE, v), -EINVAL);
	EQ(sys(__NR_mincore, p, PAGE, BAD_POINTER), -EFAULT);
	EQ(sys(__NR_munmap, p, 3 * PAGE), 0);
}

TEST(mincore_of_untouched_anonymous_memory_is_not_resident)
{
	unsigned char v[2] = { 0xff, 0xff };
	char *p = map_pages(2, PROT_READ | PROT_WRITE);

	p[0] = 1;
	EQ(sys(__NR_mincore, p, 2 * PAGE, v), 0);
	EQ(v[0] & 1, 1);
	EQ(v[1] & 1, 0);
	EQ(sys(__NR_munmap, p, 2 * PAGE), 0);
}

TEST(mlock_and_munlock_of_mapped_memory)
{
	char *p = map_pages(3, PROT_READ | PROT_WRITE);

	ORACLE(KERNEL);
	EQ(sys(__NR_mlock, p, 2 * PAGE), 0);
	EQ(sys(__NR_munlock, p, 2 * PAGE), 0);
	EQ(sys(__NR_mlock, p + 5, 10), 0);
	EQ(sys(__NR_munmap, p + PAGE, PAGE), 0);
	EQ(sys(__NR_mlock, p, 3 * PAGE), -ENOMEM);
	EQ(sys(__NR_munlock, p, 3 * PAGE), -ENOMEM);
	EQ(sys(__NR_munmap, p, 3 * PAGE), 0);
}

TEST(mlock2_flags)
{
	char *p = map_pages(1, PROT_READ | PROT_WRITE);

	ORACLE(KERNEL);
	EQ(sys(__NR_mlock2, p, PAGE, 0), 0);
	EQ(sys(__NR_mlock2, p, PAGE, 1), 0);
	EQ(sys(__NR_mlock2, p, PAGE, 2), -EINVAL);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(mlockall_flags)
{
	EQ(sys(__NR_mlockall, 0), -EINVAL);
	EQ(sys(__NR_mlockall, 8), -EINVAL);
	EQ(sys(__NR_mlockall, 4), -EINVAL);
	EQ(sys(__NR_mlockall, 1), 0);
	EQ(sys(__NR_munlockall), 0);
}

TEST(msync_of_mapped_memory)
{
	int fd = make_file("/tmp/m", "x");
	char *p = (char *)sys(__NR_mmap, NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	ORACLE(KERNEL);
	p[0] = 'y';
	EQ(sys(__NR_msync, p, PAGE, MS_SYNC), 0);
	EQ(sys(__NR_msync, p, PAGE, MS_ASYNC), 0);
	EQ(sys(__NR_msync, p, PAGE, MS_SYNC | MS_ASYNC), -EINVAL);
	EQ(sys(__NR_msync, p, PAGE, 0x80), -EINVAL);
	EQ(sys(__NR_msync, p + 1, PAGE, MS_SYNC), -EINVAL);
	EQ(sys(__NR_munmap, p, PAGE), 0);
	EQ(sys(__NR_msync, p, PAGE, MS_SYNC), -ENOMEM);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/m", 0);
}
