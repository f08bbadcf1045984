/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: clock_gettime clock_getres gettimeofday times */
/* tier: basic */
#include "guest.h"
#include <sys/time.h>

TEST(clock_gettime_moves_while_a_program_only_looks_at_it)
{
	long start = clock_ns(CLOCK_MONOTONIC), i;

	for (i = 0; i < 100000000 && clock_ns(CLOCK_MONOTONIC) < start + 100000; i++)
		;
	CHECK(i < 100000000);
}

TEST(clock_gettime_never_goes_back)
{
	long last = 0;

	for (int i = 0; i < 2000; i++) {
		long now = clock_ns(CLOCK_MONOTONIC);

		CHECK(now >= last);
		last = now;
	}
}

TEST(clock_gettime_every_clock_writes_its_buffer)
{
	static const int clocks[] = { 0, 1, 2, 3, 4, 5, 6, 7 };

	for (size_t i = 0; i < array_len(clocks); i++) {
		struct timespec ts = { -1, -1 };

		EQ(sys(__NR_clock_gettime, clocks[i], &ts), 0);
		CHECK(ts.tv_sec >= 0);
		CHECK(ts.tv_nsec >= 0 && ts.tv_nsec < 1000000000);
	}
}

TEST(clock_gettime_errors)
{
	struct timespec ts;

	EQ(sys(__NR_clock_gettime, 99, &ts), -EINVAL);
	EQ(sys(__NR_clock_gettime, 10, &ts), -EINVAL);
	EQ(sys(__NR_clock_gettime, CLOCK_MONOTONIC, BAD_POINTER), -EFAULT);
	EQ(sys(__NR_clock_gettime, CLOCK_MONOTONIC, NULL), -EFAULT);
}

TEST(clock_gettime_cpu_time_counts_work)
{
	long a = clock_ns(CLOCK_THREAD_CPUTIME_ID), p = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	volatile long sum = 0;

	for (long i = 0; i < 300000; i++)
		sum += i;
	CHECK(clock_ns(CLOCK_THREAD_CPUTIME_ID) > a);
	CHECK(clock_ns(CLOCK_PROCESS_CPUTIME_ID) > p);
	EQ(sum, 300000L * 299999 / 2);
}

TEST(clock_gettime_boottime_is_not_behind_monotonic)
{
	long m = clock_ns(CLOCK_MONOTONIC);

	CHECK(clock_ns(CLOCK_BOOTTIME) >= m);
}

TEST(clock_getres_writes_a_resolution)
{
	struct timespec ts = { -1, -1 };

	ORACLE(KERNEL);
	EQ(sys(__NR_clock_getres, CLOCK_MONOTONIC, &ts), 0);
	EQ(ts.tv_sec, 0);
	CHECK(ts.tv_nsec > 0);
	EQ(sys(__NR_clock_getres, CLOCK_REALTIME, NULL), 0);
	EQ(sys(__NR_clock_getres, 99, &ts), -EINVAL);
	EQ(sys(__NR_clock_getres, CLOCK_REALTIME, BAD_POINTER), -EFAULT);
}

TEST(gettimeofday_agrees_with_the_realtime_clock)
{
	struct timeval tv = { -1, -1 };
	int tz[2] = { 9, 9 };
	long before = clock_ns(CLOCK_REALTIME) / 1000, mid;

	EQ(sys(__NR_gettimeofday, &tv, tz), 0);
	mid = tv.tv_sec * 1000000 + tv.tv_usec;
	CHECK(mid >= before);
	CHECK(mid <= clock_ns(CLOCK_REALTIME) / 1000);
	EQ(tz[0], 0);
	EQ(sys(__NR_gettimeofday, NULL, NULL), 0);
	EQ(sys(__NR_gettimeofday, BAD_POINTER, NULL), -EFAULT);
}

TEST(times_writes_four_counters)
{
	long t[5] = { -1, -1, -1, -1, 77 };

	OK(sys(__NR_times, t));
	for (int i = 0; i < 4; i++)
		CHECK(t[i] >= 0);
	EQ(t[4], 77);
	OK(sys(__NR_times, NULL));
}

TEST(rdtime_moves_and_rdinstret_counts)
{
	uint64_t a, b;

	__asm__ volatile("rdtime %0" : "=r"(a));
	for (int i = 0; i < 100000; i++)
		__asm__ volatile("rdtime %0" : "=r"(b));
	CHECK(b > a);
}

TEST(rdinstret_counts_each_instruction)
{
	uint64_t a, b;

	ORACLE(OURS);
	__asm__ volatile("rdinstret %0\n\tnop\n\tnop\n\trdinstret %1" : "=&r"(a), "=&r"(b));
	EQ(b - a, 3);
	__asm__ volatile("rdcycle %0\n\tnop\n\tnop\n\trdinstret %1" : "=&r"(a), "=&r"(b));
	EQ(b - a, 3);
}
