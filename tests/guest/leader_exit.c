/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: exit */
/* exit: 5 */
#include "guest_thread.h"

static volatile int never;

static void outlive(void *arg)
{
	settle();
	guest_line("ok ", "exit_of_the_first_thread_leaves_the_others_running", NULL);
	sys(__NR_exit, 5);
}

/* The last thread's code does not matter: the process ends with the code of its first thread. */
TEST(exit_of_the_first_thread_leaves_the_others_running)
{
	static struct thread t;

	thread_start(&t, outlive, NULL);
	sys(__NR_exit, 5);
	CHECK(never);
}
