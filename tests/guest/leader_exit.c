/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: exit tgkill */
/* exit: 5 */
#include "guest_thread.h"

static volatile int never;
static volatile long found, found_by_number, refused, delivered;

static void outlive(void *arg)
{
	settle();
	found = sys(__NR_tgkill, sys(__NR_getpid), sys(__NR_getpid), 0);
	found_by_number = sys(__NR_tkill, sys(__NR_getpid), SIGUSR1); /* its default would end the process */
	refused = sys(__NR_tgkill, sys(__NR_getpid), sys(__NR_getpid), 65);
	delivered = sys(__NR_kill, sys(__NR_getpid), 0);
	guest_line(found || found_by_number || refused != -EINVAL || delivered ? "not ok " : "ok ",
		   "first_thread_that_has_ended_can_still_be_named_by_signals", NULL);
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
