/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: kill */
/* exit: 143 */
#include "guest_thread.h"

static void wait_long(void *arg)
{
	sleep_ms(1000000);
}

TEST(signal_with_the_default_action_kills_every_thread)
{
	struct thread t;

	thread_start(&t, wait_long, NULL);
	guest_line("ok ", "signal_with_the_default_action_kills_every_thread", NULL);
	sys(__NR_kill, sys(__NR_getpid), SIGTERM);
	CHECK(0);
}
