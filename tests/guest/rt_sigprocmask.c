/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: rt_sigprocmask rt_sigpending */
/* tier: advanced */
#include "guest.h"

static unsigned long now(void)
{
	unsigned long m = 0;

	sys(__NR_rt_sigprocmask, SIG_BLOCK, NULL, &m, 8);
	return m;
}

TEST(rt_sigprocmask_blocks_unblocks_and_sets)
{
	unsigned long m = SIGBIT(SIGUSR1) | SIGBIT(SIGUSR2), old = 0;

	EQ(sys(__NR_rt_sigprocmask, SIG_SETMASK, &m, &old, 8), 0);
	EQ(old, 0);
	m = SIGBIT(SIGHUP);
	EQ(sys(__NR_rt_sigprocmask, SIG_BLOCK, &m, &old, 8), 0);
	EQ(old, SIGBIT(SIGUSR1) | SIGBIT(SIGUSR2));
	EQ(now(), SIGBIT(SIGUSR1) | SIGBIT(SIGUSR2) | SIGBIT(SIGHUP));
	m = SIGBIT(SIGUSR1);
	EQ(sys(__NR_rt_sigprocmask, SIG_UNBLOCK, &m, NULL, 8), 0);
	EQ(now(), SIGBIT(SIGUSR2) | SIGBIT(SIGHUP));
	m = 0;
	EQ(sys(__NR_rt_sigprocmask, SIG_SETMASK, &m, NULL, 8), 0);
	EQ(now(), 0);
}

TEST(rt_sigprocmask_never_blocks_kill_and_stop)
{
	unsigned long m = -1UL;

	ORACLE(KERNEL);
	EQ(sys(__NR_rt_sigprocmask, SIG_SETMASK, &m, NULL, 8), 0);
	EQ(now(), -1UL & ~SIGBIT(SIGKILL) & ~SIGBIT(SIGSTOP));
	m = 0;
	EQ(sys(__NR_rt_sigprocmask, SIG_SETMASK, &m, NULL, 8), 0);
}

TEST(rt_sigprocmask_errors)
{
	unsigned long m = 0;

	EQ(sys(__NR_rt_sigprocmask, SIG_BLOCK, &m, NULL, 4), -EINVAL);
	EQ(sys(__NR_rt_sigprocmask, SIG_BLOCK, &m, NULL, 16), -EINVAL);
	EQ(sys(__NR_rt_sigprocmask, 3, &m, NULL, 8), -EINVAL);
	EQ(sys(__NR_rt_sigprocmask, 3, NULL, NULL, 8), 0);
	EQ(sys(__NR_rt_sigprocmask, SIG_BLOCK, BAD_POINTER, NULL, 8), -EFAULT);
	EQ(sys(__NR_rt_sigprocmask, SIG_BLOCK, NULL, BAD_POINTER, 8), -EFAULT);
}

TEST(rt_sigpending_shows_what_is_blocked_and_raised)
{
	unsigned long m = 0;

	EQ(sys(__NR_rt_sigpending, &m, 8), 0);
	EQ(m, 0);
	set_handler(SIGUSR1, SIG_IGN, 0, 0);
	set_mask(SIGBIT(SIGUSR1) | SIGBIT(SIGUSR2));
	set_handler(SIGUSR2, SIG_DFL, 0, 0);
	EQ(sys(__NR_kill, sys(__NR_getpid), SIGUSR2), 0);
	EQ(sys(__NR_rt_sigpending, &m, 8), 0);
	EQ(m, SIGBIT(SIGUSR2));
	set_handler(SIGUSR2, SIG_IGN, 0, 0);
	EQ(sys(__NR_rt_sigpending, &m, 8), 0);
	EQ(m, 0);
	set_mask(0);
	EQ(sys(__NR_rt_sigpending, &m, 16), -EINVAL);
	EQ(sys(__NR_rt_sigpending, BAD_POINTER, 8), -EFAULT);
}
