/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: rt_sigaction */
/* exit: 139 */
/* tier: basic */
#include "guest_fault.h"

TEST(fault_whose_signal_is_blocked_kills_the_process)
{
	fault_catch();
	set_mask(SIGBIT(SIGSEGV));
	guest_line("ok ", "fault_whose_signal_is_blocked_kills_the_process", NULL);
	fault_load(NULL);
	CHECK(0);
}
