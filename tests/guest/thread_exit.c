/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: exit exit_group */
/* exit: 42 */
#include "guest_thread.h"

static volatile long alive;

static void leave(void *arg)
{
	alive = 1;
	sys(__NR_exit, 99);
}

TEST(exit_of_a_thread_ends_that_thread_only)
{
	struct thread t;

	thread_start(&t, leave, NULL);
	thread_join(&t);
	EQ(alive, 1);
}

static void end_all(void *arg)
{
	guest_line("ok ", "exit_group_from_another_thread_ends_all_with_its_code", NULL);
	sys(__NR_exit_group, 42);
}

TEST(exit_group_from_another_thread_ends_all_with_its_code)
{
	struct thread t;

	thread_start(&t, end_all, NULL);
	for (;;)
		sleep_ms(1000);
}
