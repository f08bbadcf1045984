/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: basic */
/* The program break: its result is always the break itself, never an errno. */
#include "guest.h"

TEST(brk_of_zero_returns_the_break_and_moves_nothing)
{
	long now = sys(__NR_brk, 0);

	CHECK(now > 0);
	EQ(sys(__NR_brk, 0), now);
}

TEST(brk_grows_by_any_number_of_bytes_and_the_new_memory_is_zero)
{
	long start = sys(__NR_brk, 0), page;
	char *p;

	EQ(sys(__NR_brk, start + 3 * PAGE + 5), start + 3 * PAGE + 5);
	page = (start + PAGE - 1) & -PAGE;
	p = (char *)page;
	for (long i = 0; i < (long)(2 * PAGE); i++)
		EQ(p[i], 0);
	memset(p, 0xaa, 2 * PAGE);
	EQ(sys(__NR_brk, 0), start + 3 * PAGE + 5);
	EQ(sys(__NR_brk, start), start);
}

TEST(brk_shrinks_and_what_grows_again_is_zero_again)
{
	long start = sys(__NR_brk, 0), page = (start + PAGE - 1) & -PAGE;
	char *p = (char *)page;

	EQ(sys(__NR_brk, page + 2 * PAGE), page + 2 * PAGE);
	p[0] = p[PAGE] = 7;
	EQ(sys(__NR_brk, page), page);
	EQ(sys(__NR_brk, page + 2 * PAGE), page + 2 * PAGE);
	EQ(p[0], 0);
	EQ(p[PAGE], 0);
	EQ(sys(__NR_brk, start), start);
}

TEST(brk_below_the_heap_returns_the_unchanged_break)
{
	long start = sys(__NR_brk, 0);

	EQ(sys(__NR_brk, 4096), start);
	EQ(sys(__NR_brk, 1), start);
}

TEST(brk_beyond_the_address_space_returns_the_unchanged_break)
{
	long start = sys(__NR_brk, 0);

	EQ(sys(__NR_brk, 1L << 45), start);
	EQ(sys(__NR_brk, -1L), start);
}

TEST(brk_does_not_grow_into_a_mapping)
{
	long start = sys(__NR_brk, 0), page = (start + PAGE - 1) & -PAGE;
	long wall = sys(__NR_mmap, page + 16 * PAGE, PAGE, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	EQ(wall, page + 16 * PAGE);
	EQ(sys(__NR_brk, page + 64 * PAGE), start);
	EQ(sys(__NR_brk, page + 8 * PAGE), page + 8 * PAGE);
	EQ(sys(__NR_brk, start), start);
	EQ(sys(__NR_munmap, wall, PAGE), 0);
}

TEST(brk_cannot_shrink_over_memory_that_was_unmapped)
{
	long start = sys(__NR_brk, 0), page = (start + PAGE - 1) & -PAGE;

	ORACLE(KERNEL);
	EQ(sys(__NR_brk, page + 4 * PAGE), page + 4 * PAGE);
	EQ(sys(__NR_mprotect, page, PAGE, PROT_READ), 0);
	EQ(sys(__NR_munmap, page, 4 * PAGE), 0);
	EQ(sys(__NR_brk, start), page + 4 * PAGE);
	EQ(sys(__NR_brk, page + 5 * PAGE), page + 5 * PAGE);
}
