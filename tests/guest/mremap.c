/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: advanced */
#include "guest_fault.h"

#define RW (PROT_READ | PROT_WRITE)

TEST(mremap_shrinks_in_place_and_unmaps_the_tail)
{
	char *p = map_pages(4, RW);

	ORACLE(KERNEL);
	OK(p);
	fault_catch();
	p[0] = 1;
	EQ(sys(__NR_mremap, p, 4 * PAGE, PAGE, 0), p);
	EQ(p[0], 1);
	EQ(fault_load(p + PAGE), FAULT_MAPERR);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(mremap_grows_in_place_when_there_is_room)
{
	char *p = map_pages(8, RW);

	ORACLE(KERNEL);
	OK(p);
	p[0] = 6;
	EQ(sys(__NR_munmap, p + PAGE, 7 * PAGE), 0);
	EQ(sys(__NR_mremap, p, PAGE, 8 * PAGE, 0), p);
	EQ(p[0], 6);
	EQ(p[8 * PAGE - 1], 0);
	p[8 * PAGE - 1] = 1;
	EQ(sys(__NR_munmap, p, 8 * PAGE), 0);
}

TEST(mremap_without_maymove_is_enomem_when_there_is_no_room)
{
	char *p = map_pages(2, RW);

	OK(p);
	EQ(sys(__NR_mprotect, p + PAGE, PAGE, PROT_READ), 0);
	EQ(sys(__NR_mremap, p, PAGE, 2 * PAGE, 0), -ENOMEM);
	EQ(sys(__NR_munmap, p, 2 * PAGE), 0);
}

TEST(mremap_moves_the_content_and_never_returns_null)
{
	char *p = map_pages(3, RW), *q;

	OK(p);
	fault_catch();
	EQ(sys(__NR_mprotect, p + 2 * PAGE, PAGE, PROT_READ), 0);
	p[0] = 11;
	p[2 * PAGE - 1] = 12;
	q = (char *)sys(__NR_mremap, p, 2 * PAGE, 6 * PAGE, MREMAP_MAYMOVE);
	OK(q);
	CHECK(q != NULL);
	CHECK(q != p);
	EQ(q[0], 11);
	EQ(q[2 * PAGE - 1], 12);
	EQ(q[2 * PAGE], 0);
	EQ(fault_load(p), FAULT_MAPERR);
	EQ(sys(__NR_munmap, p, 3 * PAGE), 0);
	EQ(sys(__NR_munmap, q, 6 * PAGE), 0);
}

TEST(mremap_fixed_replaces_the_target)
{
	char *p = map_pages(2, RW), *q = map_pages(4, RW);

	OK(p);
	OK(q);
	fault_catch();
	p[0] = 1;
	memset(q, 2, 4 * PAGE);
	EQ(sys(__NR_mremap, p, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, q + PAGE), q + PAGE);
	EQ(q[0], 2);
	EQ(q[PAGE], 1);
	EQ(q[2 * PAGE], 0);
	EQ(q[3 * PAGE], 2);
	EQ(fault_load(p), FAULT_MAPERR);
	EQ(sys(__NR_munmap, q, 4 * PAGE), 0);
}

TEST(mremap_dontunmap_leaves_the_old_range_mapped_and_empty)
{
	char *p = map_pages(2, RW), *q;

	ORACLE(KERNEL);
	OK(p);
	p[0] = 33;
	q = (char *)sys(__NR_mremap, p, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);
	OK(q);
	CHECK(q != p);
	EQ(q[0], 33);
	EQ(p[0], 0);
	sys(__NR_munmap, p, 2 * PAGE);
	sys(__NR_munmap, q, 2 * PAGE);
}

TEST(mremap_checks_its_arguments)
{
	char *p = map_pages(4, RW);

	ORACLE(KERNEL);
	OK(p);
	EQ(sys(__NR_mremap, p + 1, PAGE, PAGE, 0), -EINVAL);
	EQ(sys(__NR_mremap, p, PAGE, 0, 0), -EINVAL);
	EQ(sys(__NR_mremap, p, PAGE, PAGE, 0x80), -EINVAL);
	EQ(sys(__NR_mremap, p, PAGE, PAGE, MREMAP_FIXED, p + 8 * PAGE), -EINVAL);
	EQ(sys(__NR_mremap, p, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p + PAGE), -EINVAL);
	EQ(sys(__NR_mremap, p, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p + 1), -EINVAL);
	EQ(sys(__NR_munmap, p, 4 * PAGE), 0);
}

TEST(mremap_of_what_is_not_mapped_is_efault)
{
	char *p = map_pages(2, RW);

	ORACLE(KERNEL);
	OK(p);
	EQ(sys(__NR_munmap, p, 2 * PAGE), 0);
	EQ(sys(__NR_mremap, p, PAGE, 2 * PAGE, MREMAP_MAYMOVE), -EFAULT);
}

TEST(mremap_of_two_areas_at_once_is_efault)
{
	char *p = map_pages(2, RW);

	ORACLE(KERNEL);
	OK(p);
	EQ(sys(__NR_mprotect, p + PAGE, PAGE, PROT_READ), 0);
	EQ(sys(__NR_mremap, p, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE), -EFAULT);
	EQ(sys(__NR_munmap, p, 2 * PAGE), 0);
}

TEST(mremap_of_a_private_mapping_from_length_zero_is_einval)
{
	char *p = map_pages(1, RW);

	ORACLE(KERNEL);
	OK(p);
	EQ(sys(__NR_mremap, p, 0, PAGE, MREMAP_MAYMOVE), -EINVAL);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(mremap_of_a_shared_file_keeps_it_shared)
{
	int fd = make_file("/tmp/r", "shared");
	char *p = (char *)sys(__NR_mmap, NULL, PAGE, RW, MAP_SHARED, fd, 0), *q, c = 0;

	OK(p);
	EQ(sys(__NR_pwrite64, fd, "tail", 4, PAGE), 4);
	q = (char *)sys(__NR_mremap, p, PAGE, 2 * PAGE, MREMAP_MAYMOVE);
	OK(q);
	EQ(q[PAGE], 't');
	q[0] = 'S';
	EQ(sys(__NR_pread64, fd, &c, 1, 0), 1);
	EQ(c, 'S');
	sys(__NR_munmap, q, 2 * PAGE);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/r", 0);
}
