/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: clone */
/* runs: ours */
/* tollgate: --quantum=2 */
#include "guest_thread.h"

static volatile long counter;

static void add(void *arg)
{
	for (int i = 0; i < 500; i++) {
		long old = counter;

		while (!__atomic_compare_exchange_n(&counter, &old, old + 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			;
	}
}

TEST(small_quantum_does_not_livelock_compare_and_swap)
{
	static struct thread t[4];

	for (int i = 0; i < 4; i++)
		CHECK(thread_start(&t[i], add, NULL) > 0);
	for (int i = 0; i < 4; i++)
		thread_join(&t[i]);
	EQ(counter, 2000);
}
