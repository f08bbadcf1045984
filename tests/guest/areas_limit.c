/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: mmap mprotect */
/* tier: basic */
#include "guest.h"

/* However many areas a program may have, the one too many is ENOMEM, and all can be given back. */
TEST(areas_beyond_the_limit_are_enomem)
{
	long base = sys(__NR_mmap, NULL, 140000 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0), r = 0, n;

	OK(base);
	for (n = 0; n < 70000 && r == 0; n++)
		r = sys(__NR_mprotect, base + 2 * n * PAGE, PAGE, PROT_READ);
	EQ(r, -ENOMEM);
	CHECK(n > 4000);
	EQ(sys(__NR_munmap, base, 140000 * PAGE), 0);
	r = (long)map_pages(1, PROT_READ);
	OK(r);
	EQ(sys(__NR_munmap, r, PAGE), 0);
}
