/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: futex */
#include "guest_thread.h"

static volatile uint32_t word;
static volatile long results[4];
static struct thread t;

TEST(futex_lock_pi_takes_a_free_lock_by_writing_the_id)
{
	word = 0;
	EQ(futex(&word, FUTEX_LOCK_PI, 0, NULL, NULL, 0), 0);
	EQ(word, sys(__NR_gettid));
	EQ(futex(&word, FUTEX_LOCK_PI, 0, NULL, NULL, 0), -EDEADLK);
	EQ(futex(&word, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0), 0);
	EQ(word, 0);
}

TEST(futex_unlock_pi_of_what_one_does_not_own_is_eperm)
{
	word = 0;
	EQ(futex(&word, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0), -EPERM);
}

TEST(futex_lock_pi_of_a_dead_owner_is_esrch)
{
	word = 0x3ffffff0;
	EQ(futex(&word, FUTEX_LOCK_PI, 0, NULL, NULL, 0), -ESRCH);
}

static void locker(void *arg)
{
	results[0] = futex(&word, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
	results[1] = word;
	results[2] = futex(&word, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0);
}

TEST(futex_unlock_pi_hands_the_lock_to_the_waiter)
{
	word = 0;
	EQ(futex(&word, FUTEX_LOCK_PI, 0, NULL, NULL, 0), 0);
	thread_start(&t, locker, NULL);
	settle();
	EQ(word, sys(__NR_gettid) | 0x80000000u);
	EQ(futex(&word, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0), 0);
	thread_join(&t);
	EQ(results[0], 0);
	EQ(results[1] & 0x3fffffff, t.id);
	EQ(results[2], 0);
	EQ(word, 0);
}

static void try_locker(void *arg)
{
	long now = clock_ns(CLOCK_REALTIME) + 20000000;
	struct timespec until = { now / 1000000000, now % 1000000000 };

	results[0] = futex(&word, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0);
	results[1] = futex(&word, FUTEX_LOCK_PI, 0, &until, NULL, 0);
}

TEST(futex_trylock_pi_fails_and_lock_pi_times_out)
{
	word = 0;
	EQ(futex(&word, FUTEX_LOCK_PI, 0, NULL, NULL, 0), 0);
	thread_start(&t, try_locker, NULL);
	thread_join(&t);
	EQ(results[0], -EAGAIN);
	EQ(results[1], -ETIMEDOUT);
	EQ(futex(&word, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0), 0);
	EQ(word, 0);
}
