/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: mmap */
/* runs: ours */
/* tier: basic */
/* exit: 124 */
/* tollgate: --memory-limit=33554432 */
#include "guest.h"

TEST(memory_touched_beyond_the_limit_stops_the_run)
{
	char *p = (char *)sys(__NR_mmap, NULL, 1L << 28, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	OK(p);
	guest_line("ok ", "memory_touched_beyond_the_limit_stops_the_run", NULL);
	for (long i = 0; i < 1L << 28; i += PAGE)
		p[i] = 1;
	CHECK(0);
}
