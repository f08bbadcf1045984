/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* exit: 7 */
/* tier: basic */
#include "guest.h"

/* The only thread's exit is the process's, and only 8 bits of the code are left. */
TEST(exit_of_the_only_thread_ends_the_process_with_its_code)
{
	guest_line("ok ", "exit_of_the_only_thread_ends_the_process_with_its_code", NULL);
	sys(__NR_exit, 0x1207);
	CHECK(0);
}
