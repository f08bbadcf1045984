/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: sched_yield futex */
/* runs: ours */
/* The schedule is a function of the program: threads run in the order in which they became ready. */
#include "guest_thread.h"

static volatile char order[128];
static volatile int n;
static struct thread t[4];

static void yielder(void *arg)
{
	for (int i = 0; i < 5; i++) {
		order[n++] = (char)('a' + (long)arg);
		sys(__NR_sched_yield);
	}
}

TEST(sched_yield_rotates_in_order)
{
	n = 0;
	for (long i = 0; i < 4; i++)
		thread_start(&t[i], yielder, (void *)i);
	for (int i = 0; i < 4; i++)
		thread_join(&t[i]);
	EQ(n, 20);
	EQ(strncmp((char *)order, "abcdabcdabcdabcdabcd", 20), 0);
}

static volatile int word;

static void woken(void *arg)
{
	futex(&word, FUTEX_WAIT, 0, NULL, NULL, 0);
	order[n++] = (char)('a' + (long)arg);
}

TEST(futex_wake_does_not_switch_and_the_woken_run_in_order)
{
	n = 0;
	for (long i = 0; i < 4; i++)
		thread_start(&t[i], woken, (void *)i);
	settle();
	EQ(futex(&word, FUTEX_WAKE, 2, NULL, NULL, 0), 2);
	EQ(futex(&word, FUTEX_WAKE, 2, NULL, NULL, 0), 2);
	EQ(n, 0);
	for (int i = 0; i < 4; i++)
		thread_join(&t[i]);
	EQ(strncmp((char *)order, "abcd", 4), 0);
}

static void sleeper(void *arg)
{
	sleep_ms(10);
	order[n++] = (char)('a' + (long)arg);
}

TEST(timers_of_one_instant_expire_in_the_order_in_which_they_were_set)
{
	long until = clock_ns(CLOCK_MONOTONIC) + 50000000;
	struct timespec ts = { until / 1000000000, until % 1000000000 };

	n = 0;
	for (long i = 0; i < 4; i++)
		thread_start(&t[i], sleeper, (void *)i);
	for (int i = 0; i < 4; i++)
		thread_join(&t[i]);
	EQ(strncmp((char *)order, "abcd", 4), 0);
	EQ(sys(__NR_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL), 0);
	CHECK(clock_ns(CLOCK_MONOTONIC) >= until);
}

TEST(idle_time_is_skipped_to_the_next_deadline_and_not_beyond)
{
	long start = clock_ns(CLOCK_MONOTONIC), took;

	sleep_ms(3600 * 100);
	took = clock_ns(CLOCK_MONOTONIC) - start;
	CHECK(took >= 360000000000);
	CHECK(took < 360001000000);
}
