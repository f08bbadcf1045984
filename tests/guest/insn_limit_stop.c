/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: exit_group */
/* runs: ours */
/* tier: basic */
/* exit: 124 */
/* tollgate: --insn-limit=1000000 */
#include "guest.h"

TEST(instructions_beyond_the_limit_stop_the_run)
{
	volatile long n = 0;

	guest_line("ok ", "instructions_beyond_the_limit_stop_the_run", NULL);
	for (;;)
		n++;
}
