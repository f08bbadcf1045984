/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "guest_thread.h"

struct waitv { uint64_t val, uaddr; uint32_t flags, reserved; };

static volatile uint32_t a, b;
static volatile long result;

static void wait_for_both(void *arg)
{
	struct waitv v[2] = { { 0, (uint64_t)&a, 2 | 128, 0 }, { 0, (uint64_t)&b, 2 | 128, 0 } };

	result = sys(__NR_futex_waitv, v, 2, 0, NULL, 0);
}

TEST(futex_waitv_tells_which_word_was_woken)
{
	struct thread t;

	ORACLE(KERNEL);
	result = -1;
	thread_start(&t, wait_for_both, NULL);
	settle();
	EQ(futex(&b, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0), 1);
	thread_join(&t);
	EQ(result, 1);
	EQ(futex(&a, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0), 0);
}

TEST(futex_waitv_of_a_changed_word_is_eagain)
{
	struct waitv v[2] = { { 0, (uint64_t)&a, 2 | 128, 0 }, { 9, (uint64_t)&b, 2 | 128, 0 } };

	ORACLE(KERNEL);
	EQ(sys(__NR_futex_waitv, v, 2, 0, NULL, 0), -EAGAIN);
	EQ(futex(&a, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0), 0);
}

TEST(futex_waitv_times_out)
{
	struct waitv v = { 0, (uint64_t)&a, 2 | 128, 0 };
	long t = clock_ns(CLOCK_MONOTONIC) + 10000000;
	struct timespec until = { t / 1000000000, t % 1000000000 };

	ORACLE(KERNEL);
	EQ(sys(__NR_futex_waitv, &v, 1, 0, &until, CLOCK_MONOTONIC), -ETIMEDOUT);
	CHECK(clock_ns(CLOCK_MONOTONIC) >= t);
}

TEST(futex_waitv_errors)
{
	struct waitv v = { 0, (uint64_t)&a, 2 | 128, 0 };

	ORACLE(KERNEL);
	EQ(sys(__NR_futex_waitv, &v, 0, 0, NULL, 0), -EINVAL);
	EQ(sys(__NR_futex_waitv, &v, 129, 0, NULL, 0), -EINVAL);
	EQ(sys(__NR_futex_waitv, &v, 1, 1, NULL, 0), -EINVAL);
	EQ(sys(__NR_futex_waitv, BAD_POINTER, 1, 0, NULL, 0), -EFAULT);
	v.flags = 0;
	EQ(sys(__NR_futex_waitv, &v, 1, 0, NULL, 0), -EINVAL);
	v.flags = 2;
	v.reserved = 1;
	EQ(sys(__NR_futex_waitv, &v, 1, 0, NULL, 0), -EINVAL);
}
