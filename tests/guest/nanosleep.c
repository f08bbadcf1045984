/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: nanosleep clock_nanosleep */
#include "guest_thread.h"

static struct timespec ms(long n)
{
	return (struct timespec){ n / 1000, n % 1000 * 1000000 };
}

TEST(nanosleep_lasts_at_least_as_long_as_asked)
{
	struct timespec t = ms(15);
	long start = clock_ns(CLOCK_MONOTONIC);

	EQ(sys(__NR_nanosleep, &t, NULL), 0);
	CHECK(clock_ns(CLOCK_MONOTONIC) - start >= 15000000);
	CHECK(clock_ns(CLOCK_MONOTONIC) - start < 5000000000);
}

TEST(nanosleep_of_nothing_returns_at_once)
{
	struct timespec t = { 0, 0 };

	EQ(sys(__NR_nanosleep, &t, NULL), 0);
}

TEST(nanosleep_errors)
{
	struct timespec bad = { 0, 1000000000 }, negative = { -1, 0 };

	ORACLE(KERNEL);
	EQ(sys(__NR_nanosleep, &bad, NULL), -EINVAL);
	EQ(sys(__NR_nanosleep, &negative, NULL), -EINVAL);
	EQ(sys(__NR_nanosleep, BAD_POINTER, NULL), -EFAULT);
	EQ(sys(__NR_nanosleep, NULL, NULL), -EFAULT);
}

TEST(clock_nanosleep_until_an_absolute_time)
{
	long until = clock_ns(CLOCK_MONOTONIC) + 10000000;
	struct timespec t = { until / 1000000000, until % 1000000000 };

	EQ(sys(__NR_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL), 0);
	CHECK(clock_ns(CLOCK_MONOTONIC) >= until);
	EQ(sys(__NR_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL), 0);
}

TEST(clock_nanosleep_on_every_clock_that_can)
{
	struct timespec t = ms(2);

	EQ(sys(__NR_clock_nanosleep, CLOCK_REALTIME, 0, &t, NULL), 0);
	EQ(sys(__NR_clock_nanosleep, CLOCK_MONOTONIC, 0, &t, NULL), 0);
	EQ(sys(__NR_clock_nanosleep, CLOCK_BOOTTIME, 0, &t, NULL), 0);
}

TEST(clock_nanosleep_errors)
{
	struct timespec t = ms(1), bad = { 0, -1 };

	EQ(sys(__NR_clock_nanosleep, 99, 0, &t, NULL), -EINVAL);
	EQ(sys(__NR_clock_nanosleep, CLOCK_MONOTONIC, 0, &bad, NULL), -EINVAL);
	EQ(sys(__NR_clock_nanosleep, CLOCK_MONOTONIC, 0, BAD_POINTER, NULL), -EFAULT);
	EQ(sys(__NR_clock_nanosleep, CLOCK_THREAD_CPUTIME_ID, 0, &t, NULL), -EOPNOTSUPP);
	EQ(sys(__NR_clock_nanosleep, CLOCK_MONOTONIC_RAW, 0, &t, NULL), -EOPNOTSUPP);
}

static void handler(int sig)
{
}

static long main_tid;

static void interrupt_soon(void *arg)
{
	settle();
	sys(__NR_tgkill, sys(__NR_getpid), main_tid, SIGUSR1);
}

TEST(nanosleep_interrupted_by_a_handler_is_eintr_with_what_is_left)
{
	struct timespec t = { 100, 0 }, rem = { -1, -1 };
	struct thread th;

	main_tid = sys(__NR_gettid);
	set_handler(SIGUSR1, handler, SA_RESTART, 0);
	thread_start(&th, interrupt_soon, NULL);
	EQ(sys(__NR_nanosleep, &t, &rem), -EINTR);
	thread_join(&th);
	CHECK(rem.tv_sec >= 90 && rem.tv_sec < 100);
	thread_start(&th, interrupt_soon, NULL);
	rem = (struct timespec){ 77, 77 };
	t.tv_sec += clock_ns(CLOCK_MONOTONIC) / 1000000000;
	EQ(sys(__NR_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &t, &rem), -EINTR);
	EQ(rem.tv_sec, 77);
	thread_join(&th);
}

static volatile int order[3], n;

static void sleeper(void *arg)
{
	long i = (long)arg;

	sleep_ms(60 - 20 * i);
	order[n++] = (int)i;
}

TEST(nanosleep_sleepers_wake_in_order_of_their_deadlines)
{
	static struct thread t[3];

	for (long i = 0; i < 3; i++)
		thread_start(&t[i], sleeper, (void *)i);
	for (int i = 0; i < 3; i++)
		thread_join(&t[i]);
	EQ(order[0], 2);
	EQ(order[1], 1);
	EQ(order[2], 0);
}
