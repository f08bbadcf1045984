/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: rt_sigtimedwait rt_sigsuspend rt_sigpending */
#include "guest_thread.h"

static long self(int sig)
{
	return sys(__NR_tgkill, sys(__NR_getpid), sys(__NR_gettid), sig);
}

static volatile int handled;
static volatile long main_tid;

static void handler(int sig)
{
	handled = sig;
}

static void raise_soon(void *arg)
{
	settle();
	sys(__NR_tgkill, sys(__NR_getpid), main_tid, (long)arg);
}

TEST(rt_sigtimedwait_takes_a_pending_signal_and_its_info)
{
	unsigned long set = SIGBIT(SIGUSR1) | SIGBIT(SIGUSR2);
	siginfo_t info;

	set_mask(set);
	self(SIGUSR2);
	memset(&info, 0, sizeof(info));
	EQ(sys(__NR_rt_sigtimedwait, &set, &info, NULL, 8), SIGUSR2);
	EQ(info.si_signo, SIGUSR2);
	EQ(info.si_code, SI_TKILL);
	EQ(sys(__NR_rt_sigpending, &set, 8), 0);
	EQ(set, 0);
	set_mask(0);
}

TEST(rt_sigtimedwait_takes_the_lowest_number_first)
{
	unsigned long set = SIGBIT(SIGUSR1) | SIGBIT(40) | SIGBIT(SIGUSR2);

	set_mask(set);
	self(40);
	self(SIGUSR2);
	self(SIGUSR1);
	EQ(sys(__NR_rt_sigtimedwait, &set, NULL, NULL, 8), SIGUSR1);
	EQ(sys(__NR_rt_sigtimedwait, &set, NULL, NULL, 8), SIGUSR2);
	EQ(sys(__NR_rt_sigtimedwait, &set, NULL, NULL, 8), 40);
	set_mask(0);
}

TEST(rt_sigtimedwait_times_out_with_eagain)
{
	unsigned long set = SIGBIT(SIGUSR1);
	struct timespec t = { 0, 10000000 }, zero = { 0, 0 };
	long start = clock_ns(CLOCK_MONOTONIC);

	EQ(sys(__NR_rt_sigtimedwait, &set, NULL, &zero, 8), -EAGAIN);
	EQ(sys(__NR_rt_sigtimedwait, &set, NULL, &t, 8), -EAGAIN);
	CHECK(clock_ns(CLOCK_MONOTONIC) - start >= 10000000);
}

TEST(rt_sigtimedwait_waits_for_a_signal_sent_later)
{
	unsigned long set = SIGBIT(SIGUSR1);
	struct thread t;

	main_tid = sys(__NR_gettid);
	set_mask(set);
	thread_start(&t, raise_soon, (void *)SIGUSR1);
	EQ(sys(__NR_rt_sigtimedwait, &set, NULL, NULL, 8), SIGUSR1);
	thread_join(&t);
	set_mask(0);
}

TEST(rt_sigtimedwait_interrupted_by_another_signal_is_eintr)
{
	unsigned long set = SIGBIT(SIGUSR1);
	struct thread t;

	handled = 0;
	set_handler(SIGUSR2, handler, SA_RESTART, 0);
	thread_start(&t, raise_soon, (void *)SIGUSR2);
	EQ(sys(__NR_rt_sigtimedwait, &set, NULL, NULL, 8), -EINTR);
	EQ(handled, SIGUSR2);
	thread_join(&t);
}

TEST(rt_sigtimedwait_errors)
{
	unsigned long set = SIGBIT(SIGUSR1);
	struct timespec bad = { 0, 1000000000 };

	EQ(sys(__NR_rt_sigtimedwait, &set, NULL, NULL, 4), -EINVAL);
	EQ(sys(__NR_rt_sigtimedwait, BAD_POINTER, NULL, NULL, 8), -EFAULT);
	EQ(sys(__NR_rt_sigtimedwait, &set, NULL, &bad, 8), -EINVAL);
	EQ(sys(__NR_rt_sigtimedwait, &set, NULL, BAD_POINTER, 8), -EFAULT);
}

TEST(rt_sigsuspend_waits_with_another_mask_and_restores_the_old_one)
{
	unsigned long none = 0;

	handled = 0;
	set_handler(SIGUSR1, handler, 0, 0);
	set_mask(SIGBIT(SIGUSR1) | SIGBIT(SIGHUP));
	self(SIGUSR1);
	EQ(handled, 0);
	EQ(sys(__NR_rt_sigsuspend, &none, 8), -EINTR);
	EQ(handled, SIGUSR1);
	EQ(set_mask(0), SIGBIT(SIGUSR1) | SIGBIT(SIGHUP));
}

TEST(rt_sigsuspend_sleeps_until_a_signal_comes)
{
	unsigned long none = 0;
	struct thread t;

	handled = 0;
	set_mask(SIGBIT(SIGUSR1));
	thread_start(&t, raise_soon, (void *)SIGUSR1);
	EQ(sys(__NR_rt_sigsuspend, &none, 8), -EINTR);
	EQ(handled, SIGUSR1);
	set_mask(0);
	thread_join(&t);
	EQ(sys(__NR_rt_sigsuspend, &none, 4), -EINVAL);
	EQ(sys(__NR_rt_sigsuspend, BAD_POINTER, 8), -EFAULT);
}
