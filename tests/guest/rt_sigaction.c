/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: basic */
#include "guest.h"

static void handler(int sig)
{
}

TEST(rt_sigaction_starts_as_default_for_every_signal)
{
	struct ksigaction old;

	for (int sig = 1; sig <= 64; sig++) {
		memset(&old, 0xff, sizeof(old));
		EQ(sys(__NR_rt_sigaction, sig, NULL, &old, 8), 0);
		EQ(old.handler, SIG_DFL);
		EQ(old.flags, 0);
		EQ(old.mask, 0);
	}
}

TEST(rt_sigaction_returns_what_was_set)
{
	struct ksigaction sa = { handler, SA_RESTART | SA_SIGINFO | SA_ONSTACK, SIGBIT(SIGHUP) }, old;

	EQ(sys(__NR_rt_sigaction, SIGUSR1, &sa, NULL, 8), 0);
	EQ(sys(__NR_rt_sigaction, SIGUSR1, NULL, &old, 8), 0);
	EQ(old.handler, handler);
	EQ(old.flags, SA_RESTART | SA_SIGINFO | SA_ONSTACK);
	EQ(old.mask, SIGBIT(SIGHUP));
	EQ(set_handler(SIGUSR1, SIG_DFL, 0, 0), 0);
}

TEST(rt_sigaction_takes_kill_and_stop_out_of_the_mask)
{
	struct ksigaction sa = { handler, 0, -1UL }, old;

	ORACLE(KERNEL);
	EQ(sys(__NR_rt_sigaction, SIGUSR1, &sa, NULL, 8), 0);
	EQ(sys(__NR_rt_sigaction, SIGUSR1, NULL, &old, 8), 0);
	EQ(old.mask, ~(SIGBIT(SIGKILL) | SIGBIT(SIGSTOP)));
	EQ(set_handler(SIGUSR1, SIG_DFL, 0, 0), 0);
}

TEST(rt_sigaction_of_kill_and_stop_can_be_read_and_not_set)
{
	struct ksigaction sa = { handler, 0, 0 }, old;

	EQ(sys(__NR_rt_sigaction, SIGKILL, &sa, NULL, 8), -EINVAL);
	EQ(sys(__NR_rt_sigaction, SIGSTOP, &sa, NULL, 8), -EINVAL);
	EQ(sys(__NR_rt_sigaction, SIGKILL, NULL, &old, 8), 0);
	EQ(sys(__NR_rt_sigaction, SIGSTOP, NULL, &old, 8), 0);
}

TEST(rt_sigaction_errors)
{
	struct ksigaction sa = { handler, 0, 0 };

	EQ(sys(__NR_rt_sigaction, 0, &sa, NULL, 8), -EINVAL);
	EQ(sys(__NR_rt_sigaction, 65, &sa, NULL, 8), -EINVAL);
	EQ(sys(__NR_rt_sigaction, -1, NULL, NULL, 8), -EINVAL);
	EQ(sys(__NR_rt_sigaction, SIGUSR1, &sa, NULL, 16), -EINVAL);
	EQ(sys(__NR_rt_sigaction, SIGUSR1, BAD_POINTER, NULL, 8), -EFAULT);
	EQ(sys(__NR_rt_sigaction, SIGUSR1, NULL, BAD_POINTER, 8), -EFAULT);
}

TEST(rt_sigaction_114_times_as_a_go_program_does)
{
	struct ksigaction sa = { handler, SA_SIGINFO | SA_ONSTACK | SA_RESTART, -1UL }, old;

	for (int sig = 1; sig <= 64; sig++) {
		EQ(sys(__NR_rt_sigaction, sig, NULL, &old, 8), 0);
		if (sig != SIGKILL && sig != SIGSTOP)
			EQ(sys(__NR_rt_sigaction, sig, &sa, NULL, 8), 0);
	}
}
