/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "guest_thread.h"

static volatile int turn, ended;

static void other(void *arg)
{
	for (int i = 0; i < 100; i++) {
		while (turn % 2 == 0)
			sys(__NR_sched_yield);
		turn++;
	}
	ended = 1;
}

TEST(sched_yield_lets_the_other_thread_run)
{
	struct thread t;

	thread_start(&t, other, NULL);
	for (int i = 0; i < 100; i++) {
		while (turn % 2 == 1)
			sys(__NR_sched_yield);
		turn++;
	}
	thread_join(&t);
	EQ(turn, 200);
	EQ(ended, 1);
}

TEST(sched_yield_alone_returns_zero)
{
	EQ(sys(__NR_sched_yield), 0);
}

static volatile int flag;

static void set_flag(void *arg)
{
	flag = 1;
}

TEST(spinning_without_any_call_lets_other_threads_run)
{
	struct thread t;
	long n = 0;

	thread_start(&t, set_flag, NULL);
	while (!flag)
		n++;
	thread_join(&t);
	CHECK(n >= 0);
}
