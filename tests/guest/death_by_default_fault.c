/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: rt_sigaction */
/* exit: 139 */
/* tier: basic */
#include "guest_fault.h"

TEST(fault_with_the_default_action_kills_the_process)
{
	fault_catch();
	set_handler(SIGSEGV, SIG_DFL, 0, 0);
	guest_line("ok ", "fault_with_the_default_action_kills_the_process", NULL);
	fault_load(NULL);
	CHECK(0);
}
