/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: advanced */
#include "guest_fault.h"

#define RW (PROT_READ | PROT_WRITE)

TEST(munmap_of_the_middle_splits_the_area)
{
	char *p = map_pages(3, RW);

	OK(p);
	fault_catch();
	p[0] = p[2 * PAGE] = 4;
	EQ(sys(__NR_munmap, p + PAGE, PAGE), 0);
	EQ(p[0], 4);
	EQ(p[2 * PAGE], 4);
	EQ(fault_load(p + PAGE), FAULT_MAPERR);
	EQ(fault_load(p + 2 * PAGE - 1), FAULT_MAPERR);
	EQ(sys(__NR_munmap, p, 3 * PAGE), 0);
	EQ(fault_load(p), FAULT_MAPERR);
	EQ(fault_load(p + 2 * PAGE), FAULT_MAPERR);
}

TEST(munmap_spans_several_areas_and_holes)
{
	char *p = map_pages(5, RW);

	ORACLE(KERNEL);
	OK(p);
	EQ(sys(__NR_mprotect, p + PAGE, PAGE, PROT_READ), 0);
	EQ(sys(__NR_munmap, p + 2 * PAGE, PAGE), 0);
	EQ(sys(__NR_munmap, p, 5 * PAGE), 0);
	EQ(sys(__NR_mprotect, p, PAGE, PROT_READ), -ENOMEM);
	EQ(sys(__NR_mprotect, p + 4 * PAGE, PAGE, PROT_READ), -ENOMEM);
}

TEST(munmap_of_what_is_not_mapped_succeeds)
{
	char *p = map_pages(1, RW);

	OK(p);
	EQ(sys(__NR_munmap, p, PAGE), 0);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(munmap_rounds_the_length_up)
{
	char *p = map_pages(2, RW);

	OK(p);
	fault_catch();
	EQ(sys(__NR_munmap, p, 1), 0);
	EQ(fault_load(p + PAGE - 1), FAULT_MAPERR);
	EQ(fault_load(p + PAGE), 0);
	EQ(sys(__NR_munmap, p + PAGE, PAGE), 0);
}

TEST(munmap_checks_alignment_and_length)
{
	char *p = map_pages(1, RW);

	OK(p);
	EQ(sys(__NR_munmap, p + 1, PAGE), -EINVAL);
	EQ(sys(__NR_munmap, p, 0), -EINVAL);
	EQ(sys(__NR_munmap, p, -1L), -EINVAL);
	EQ(sys(__NR_munmap, 1L << 38, PAGE), -EINVAL);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(munmap_and_mmap_again_gives_zeroes)
{
	char *p = map_pages(2, RW);

	OK(p);
	memset(p, 1, 2 * PAGE);
	EQ(sys(__NR_munmap, p, 2 * PAGE), 0);
	EQ(sys(__NR_mmap, p, 2 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), p);
	EQ(p[0], 0);
	EQ(p[2 * PAGE - 1], 0);
	EQ(sys(__NR_munmap, p, 2 * PAGE), 0);
}
