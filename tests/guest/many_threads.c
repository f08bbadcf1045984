/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: clone */
/* runs: ours */
#include "guest_thread.h"

static volatile int never;

static void park(void *arg)
{
	futex(&never, FUTEX_WAIT, 0, NULL, NULL, 0);
}

TEST(threads_without_end_are_eagain_and_the_rest_goes_on)
{
	static char stacks[20000][128] __attribute__((aligned(16)));
	long r = 1, n;

	for (n = 0; n < 20000 && r > 0; n++)
		r = guest_clone(THREAD_FLAGS, stacks[n] + 128, NULL, NULL, NULL, park, NULL);
	EQ(r, -EAGAIN);
	CHECK(n > 100);
	settle();
	EQ(futex(&never, FUTEX_WAKE, INT_MAX, NULL, NULL, 0), n - 1);
	settle();
	CHECK(guest_clone(THREAD_FLAGS, stacks[0] + 128, NULL, NULL, NULL, park, NULL) > 0);
	settle();
}
