/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "guest_thread.h"

static volatile uint32_t word, word2;
static volatile long order[16], results[16];
static volatile int ordered;

static struct timespec ms(long n)
{
	return (struct timespec){ n / 1000, n % 1000 * 1000000 };
}

static struct timespec from_now(int clock, long n)
{
	long t = clock_ns(clock) + n * 1000000;

	return (struct timespec){ t / 1000000000, t % 1000000000 };
}

TEST(futex_wait_returns_eagain_when_the_word_has_changed)
{
	word = 5;
	EQ(futex(&word, FUTEX_WAIT, 4, NULL, NULL, 0), -EAGAIN);
	EQ(futex(&word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 4, NULL, NULL, 0), -EAGAIN);
	EQ(word, 5);
}

TEST(futex_wait_compares_32_bits_only)
{
	static volatile uint32_t pair[2] __attribute__((aligned(8))) = { 7, 0xffffffff };
	struct timespec t = ms(1);

	EQ(futex(&pair[0], FUTEX_WAIT, 7, &t, NULL, 0), -ETIMEDOUT);
	EQ(sys(__NR_futex, &pair[0], FUTEX_WAIT, 0xabcd00000007, &t, NULL, 0), -ETIMEDOUT);
}

TEST(futex_wait_times_out_after_its_relative_time)
{
	struct timespec t = ms(20);
	long start = clock_ns(CLOCK_MONOTONIC), took;

	word = 1;
	EQ(futex(&word, FUTEX_WAIT, 1, &t, NULL, 0), -ETIMEDOUT);
	took = clock_ns(CLOCK_MONOTONIC) - start;
	CHECK(took >= 20000000);
	CHECK(took < 5000000000);
	EQ(word, 1);
}

TEST(futex_wait_bitset_times_out_at_an_absolute_time)
{
	struct timespec t = from_now(CLOCK_MONOTONIC, 20);
	long until = t.tv_sec * 1000000000L + t.tv_nsec;

	EQ(futex(&word, FUTEX_WAIT_BITSET, 1, &t, NULL, FUTEX_BITSET_MATCH_ANY), -ETIMEDOUT);
	CHECK(clock_ns(CLOCK_MONOTONIC) >= until);
	EQ(futex(&word, FUTEX_WAIT_BITSET, 1, &t, NULL, FUTEX_BITSET_MATCH_ANY), -ETIMEDOUT);
}

TEST(futex_wait_bitset_with_the_realtime_clock)
{
	struct timespec t = from_now(CLOCK_REALTIME, 20);
	long until = t.tv_sec * 1000000000L + t.tv_nsec;

	EQ(futex(&word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 1, &t, NULL, -1u), -ETIMEDOUT);
	CHECK(clock_ns(CLOCK_REALTIME) >= until);
}

TEST(futex_wait_errors)
{
	struct timespec bad = { 0, 1000000000 }, negative = { -1, 0 };

	EQ(futex((char *)&word + 1, FUTEX_WAIT, 1, NULL, NULL, 0), -EINVAL);
	EQ(futex((char *)&word + 2, FUTEX_WAKE, 1, NULL, NULL, 0), -EINVAL);
	EQ(futex(BAD_POINTER, FUTEX_WAIT, 1, NULL, NULL, 0), -EFAULT);
	EQ(futex(KERNEL_POINTER, FUTEX_WAIT, 1, NULL, NULL, 0), -EFAULT);
	EQ(futex(&word, FUTEX_WAIT, 1, &bad, NULL, 0), -EINVAL);
	EQ(futex(&word, FUTEX_WAIT, 1, &negative, NULL, 0), -EINVAL);
	EQ(futex(&word, FUTEX_WAIT, 1, BAD_POINTER, NULL, 0), -EFAULT);
	EQ(futex(&word, FUTEX_WAIT_BITSET, 1, NULL, NULL, 0), -EINVAL);
	EQ(futex(&word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0), -EINVAL);
}

TEST(futex_unknown_operation_is_enosys)
{
	EQ(futex(&word, 99, 0, NULL, NULL, 0), -ENOSYS);
	EQ(futex(&word, FUTEX_FD, 0, NULL, NULL, 0), -ENOSYS);
	EQ(futex(&word, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, NULL, NULL, 0), -ENOSYS);
}

TEST(futex_wake_with_nobody_waiting_is_zero)
{
	EQ(futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0), 0);
	EQ(futex(&word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 1), 0);
}

static void waiter(void *arg)
{
	long i = (long)arg;

	results[i] = futex(&word, FUTEX_WAIT, 0, NULL, NULL, 0);
	order[__atomic_fetch_add(&ordered, 1, __ATOMIC_SEQ_CST)] = i;
}

static struct thread threads[8];

static void start_waiters(int n, void (*fn)(void *))
{
	word = word2 = 0;
	ordered = 0;
	for (int i = 0; i < n; i++) {
		thread_start(&threads[i], fn, (void *)(long)i);
		settle();
	}
}

static void join_all(int n)
{
	for (int i = 0; i < n; i++)
		thread_join(&threads[i]);
}

TEST(futex_wake_wakes_the_oldest_first_and_at_most_its_count)
{
	start_waiters(5, waiter);
	EQ(ordered, 0);
	EQ(futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0), 1);
	settle();
	EQ(ordered, 1);
	EQ(order[0], 0);
	EQ(futex(&word, FUTEX_WAKE, 2, NULL, NULL, 0), 2);
	settle();
	EQ(ordered, 3);
	EQ(order[1] + order[2], 1 + 2); /* those two may run in any order where there are several harts */
	EQ(futex(&word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0), 2);
	join_all(5);
	EQ(ordered, 5);
	for (int i = 0; i < 5; i++)
		EQ(results[i], 0);
	EQ(word, 0);
}

TEST(futex_waiters_woken_together_run_in_the_order_in_which_they_came)
{
	ORACLE(OURS);
	start_waiters(5, waiter);
	EQ(futex(&word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0), 5);
	EQ(ordered, 0);
	join_all(5);
	for (int i = 0; i < 5; i++)
		EQ(order[i], i);
}

TEST(futex_wake_of_a_count_of_zero_wakes_one)
{
	start_waiters(2, waiter);
	EQ(futex(&word, FUTEX_WAKE, 0, NULL, NULL, 0), 1);
	EQ(futex(&word, FUTEX_WAKE, 5, NULL, NULL, 0), 1);
	join_all(2);
}

static void bit_waiter(void *arg)
{
	long i = (long)arg;

	results[i] = futex(&word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 1u << i);
	order[__atomic_fetch_add(&ordered, 1, __ATOMIC_SEQ_CST)] = i;
}

TEST(futex_wake_bitset_wakes_those_that_share_a_bit)
{
	start_waiters(4, bit_waiter);
	EQ(futex(&word, FUTEX_WAKE_BITSET, 10, NULL, NULL, 1u << 2), 1);
	settle();
	EQ(order[0], 2);
	EQ(futex(&word, FUTEX_WAKE_BITSET, 10, NULL, NULL, 1u << 2), 0);
	EQ(futex(&word, FUTEX_WAKE_BITSET, 10, NULL, NULL, 3), 2);
	EQ(futex(&word, FUTEX_WAKE, 10, NULL, NULL, 0), 1);
	join_all(4);
}

TEST(futex_requeue_wakes_some_and_moves_the_rest)
{
	start_waiters(4, waiter);
	EQ(futex(&word, FUTEX_REQUEUE, 1, (void *)2, &word2, 0), 3);
	settle();
	EQ(ordered, 1);
	EQ(order[0], 0);
	EQ(futex(&word, FUTEX_WAKE, 10, NULL, NULL, 0), 1);
	settle();
	EQ(order[1], 3);
	EQ(futex(&word2, FUTEX_WAKE, 10, NULL, NULL, 0), 2);
	join_all(4);
	EQ(order[2] + order[3], 1 + 2);
}

TEST(futex_cmp_requeue_compares_first)
{
	start_waiters(3, waiter);
	EQ(futex(&word, FUTEX_CMP_REQUEUE, 1, (void *)10, &word2, 99), -EAGAIN);
	EQ(ordered, 0);
	EQ(futex(&word, FUTEX_CMP_REQUEUE, 0, (void *)10, &word2, 0), 3);
	EQ(futex(&word, FUTEX_WAKE, 10, NULL, NULL, 0), 0);
	EQ(futex(&word2, FUTEX_WAKE, 10, NULL, NULL, 0), 3);
	join_all(3);
}

static void waiter_on_2(void *arg)
{
	results[(long)arg] = futex(&word2, FUTEX_WAIT, 0, NULL, NULL, 0);
	__atomic_fetch_add(&ordered, 1, __ATOMIC_SEQ_CST);
}

TEST(futex_wake_op_changes_the_second_word_and_wakes_both)
{
	start_waiters(1, waiter);
	thread_start(&threads[1], waiter_on_2, (void *)1L);
	settle();
	EQ(futex(&word, FUTEX_WAKE_OP, 1, (void *)1, &word2, FUTEX_OP(FUTEX_OP_ADD, 7, FUTEX_OP_CMP_EQ, 0)), 2);
	EQ(word2, 7);
	join_all(2);
	word2 = 0;
	EQ(futex(&word, FUTEX_WAKE_OP, 1, (void *)1, &word2, FUTEX_OP(FUTEX_OP_OR, 12, FUTEX_OP_CMP_GT, 5)), 0);
	EQ(word2, 12);
	EQ(futex(&word, FUTEX_WAKE_OP, 1, (void *)1, &word2, FUTEX_OP(FUTEX_OP_ANDN, 4, FUTEX_OP_CMP_EQ, 0)), 0);
	EQ(word2, 8);
	EQ(futex(&word, FUTEX_WAKE_OP, 1, (void *)1, &word2, FUTEX_OP(FUTEX_OP_XOR, 9, FUTEX_OP_CMP_EQ, 0)), 0);
	EQ(word2, 1);
	EQ(futex(&word, FUTEX_WAKE_OP, 1, (void *)1, &word2, FUTEX_OP(FUTEX_OP_SET, 42, FUTEX_OP_CMP_EQ, 0)), 0);
	EQ(word2, 42);
	EQ(futex(&word, FUTEX_WAKE_OP, 1, (void *)1, &word2,
		 (unsigned)FUTEX_OP((FUTEX_OP_SET | FUTEX_OP_OPARG_SHIFT), 5, FUTEX_OP_CMP_EQ, 0)), 0);
	EQ(word2, 32);
	EQ(futex(&word, FUTEX_WAKE_OP, 1, (void *)1, BAD_POINTER, 0), -EFAULT);
}

static void timed_waiter(void *arg)
{
	struct timespec t = ms(20);

	results[(long)arg] = futex(&word, FUTEX_WAIT, 0, &t, NULL, 0);
}

TEST(futex_wait_that_timed_out_is_no_longer_queued)
{
	start_waiters(1, timed_waiter);
	sleep_ms(60);
	EQ(results[0], -ETIMEDOUT);
	EQ(futex(&word, FUTEX_WAKE, 10, NULL, NULL, 0), 0);
	join_all(1);
}

TEST(futex_wait_that_failed_is_not_queued)
{
	word = 3;
	EQ(futex(&word, FUTEX_WAIT, 2, NULL, NULL, 0), -EAGAIN);
	EQ(futex(&word, FUTEX_WAKE, 10, NULL, NULL, 0), 0);
}

TEST(futex_neighbouring_words_are_different_futexes)
{
	static volatile uint32_t near[2] __attribute__((aligned(8)));

	start_waiters(1, waiter);
	EQ(futex(&near[1], FUTEX_WAKE, 10, NULL, NULL, 0), 0);
	EQ(futex((uint32_t *)&word + 1, FUTEX_WAKE, 10, NULL, NULL, 0), 0);
	EQ(futex(&word, FUTEX_WAKE, 10, NULL, NULL, 0), 1);
	join_all(1);
}

static volatile uint32_t *shared_a, *shared_b;

static void shared_waiter(void *arg)
{
	results[0] = futex(shared_a, FUTEX_WAIT, 0, NULL, NULL, 0);
}

TEST(futex_shared_words_are_the_same_through_two_mappings)
{
	int fd = (int)sys(__NR_memfd_create, "shared", 0);

	EQ(sys(__NR_ftruncate, fd, PAGE), 0);
	shared_a = (uint32_t *)sys(__NR_mmap, NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	shared_b = (uint32_t *)sys(__NR_mmap, NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	OK(shared_a);
	OK(shared_b);
	start_waiters(1, shared_waiter);
	EQ(futex(shared_b, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 10, NULL, NULL, 0), 0);
	EQ(futex(shared_b, FUTEX_WAKE, 10, NULL, NULL, 0), 1);
	join_all(1);
	EQ(results[0], 0);
	sys(__NR_munmap, shared_a, PAGE);
	sys(__NR_munmap, shared_b, PAGE);
	close_fd(fd);
}

static volatile int lock;

static void locker(void *arg)
{
	for (int i = 0; i < 300; i++) {
		int expected = 0;

		if (!__atomic_compare_exchange_n(&lock, &expected, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			while (__atomic_exchange_n(&lock, 2, __ATOMIC_ACQUIRE) != 0)
				futex(&lock, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 2, NULL, NULL, 0);
		results[15]++;
		if (__atomic_exchange_n(&lock, 0, __ATOMIC_RELEASE) == 2)
			futex(&lock, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0);
		if (i % 50 == 0)
			sys(__NR_sched_yield);
	}
}

TEST(futex_mutex_of_four_threads_loses_no_count)
{
	results[15] = 0;
	start_waiters(4, locker);
	join_all(4);
	EQ(results[15], 1200);
}
