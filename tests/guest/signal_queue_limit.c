/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: rt_sigqueueinfo prlimit64 kill timer_create */
/* How many signals may wait, and what is lost beyond: RLIMIT_SIGPENDING counts real-time signals and timers. */
#include "guest.h"

struct limit { uint64_t cur, max; };

static volatile int signals, last_code;
static struct limit old;

static void count(int sig, siginfo_t *info, void *context)
{
	signals++;
	last_code = info->si_code;
}

/* So many may wait from now on; signal 40 is blocked. */
static void limit_to(uint64_t n)
{
	struct limit low;

	sys(__NR_prlimit64, 0, 11, NULL, &old);
	low = (struct limit){ n, old.max };
	sys(__NR_prlimit64, 0, 11, &low, NULL);
	set_handler(40, count, SA_SIGINFO, 0);
	set_handler(SIGUSR1, count, SA_SIGINFO, 0);
	set_mask(SIGBIT(40) | SIGBIT(SIGUSR1));
	signals = 0;
	last_code = 77;
}

static void limit_back(void)
{
	sys(__NR_prlimit64, 0, 11, &old, NULL);
	set_mask(0);
}

static long queue_one(int sig)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_code = SI_QUEUE;
	return sys(__NR_rt_sigqueueinfo, sys(__NR_getpid), sig, &info);
}

TEST(limit_of_queued_signals_is_eagain)
{
	long r = 0, n;

	GUEST_ONLY(ORACLE_KERNEL | ORACLE_OURS);
	limit_to(8);
	for (n = 0; n < 100 && r == 0; n++)
		r = queue_one(40);
	EQ(r, -EAGAIN);
	EQ(n, 9);
	limit_back();
	EQ(signals, 8);
}

TEST(kill_beyond_the_limit_is_pending_once_and_says_nothing_about_its_sender)
{
	GUEST_ONLY(ORACLE_KERNEL | ORACLE_OURS);
	limit_to(0);
	for (int i = 0; i < 3; i++)
		EQ(sys(__NR_kill, sys(__NR_getpid), 40), 0);
	EQ(sys(__NR_tkill, sys(__NR_gettid), 40), -EAGAIN);
	limit_back();
	EQ(signals, 1);
	EQ(last_code, SI_USER);
}

TEST(standard_signals_are_never_refused_but_a_queued_one_loses_its_words)
{
	GUEST_ONLY(ORACLE_KERNEL | ORACLE_OURS);
	limit_to(0);
	EQ(queue_one(SIGUSR1), 0);
	limit_back();
	EQ(signals, 1);
	EQ(last_code, SI_USER);
}

TEST(timers_count_as_queued_signals_from_their_creation_on)
{
	int id;

	GUEST_ONLY(ORACLE_KERNEL | ORACLE_OURS);
	limit_to(1);
	EQ(sys(__NR_timer_create, CLOCK_MONOTONIC, NULL, &id), 0);
	EQ(sys(__NR_timer_create, CLOCK_MONOTONIC, NULL, &id), -EAGAIN);
	EQ(queue_one(40), -EAGAIN);
	EQ(sys(__NR_timer_delete, id), 0);
	EQ(queue_one(40), 0);
	EQ(sys(__NR_timer_create, CLOCK_MONOTONIC, NULL, &id), -EAGAIN);
	limit_back();
	EQ(signals, 1);
	limit_to(1);
	EQ(queue_one(40), 0);
	limit_back();
	EQ(signals, 1);
}

TEST(signal_queue_has_an_end_which_is_eagain)
{
	long r = 0, n;

	limit_to(1000000);
	for (n = 0; n < 1000000 && r == 0; n++)
		r = queue_one(40);
	EQ(r, -EAGAIN);
	limit_back();
	EQ(signals, n - 1);
}

static void arm(int id, long ns)
{
	struct itimerspec once = { { 0, 0 }, { 0, ns } };

	sys(__NR_timer_settime, id, 0, &once, NULL);
}

TEST(timers_that_share_a_standard_signal_send_one_each)
{
	struct sigevent event;
	int a, b;

	GUEST_ONLY(ORACLE_KERNEL | ORACLE_OURS);
	limit_to(100);
	memset(&event, 0, sizeof(event));
	event.sigev_notify = SIGEV_SIGNAL;
	event.sigev_signo = SIGUSR1;
	EQ(sys(__NR_timer_create, CLOCK_MONOTONIC, &event, &a), 0);
	EQ(sys(__NR_timer_create, CLOCK_MONOTONIC, &event, &b), 0);
	arm(a, 1000000);
	arm(b, 1000000);
	settle();
	EQ(sys(__NR_kill, sys(__NR_getpid), SIGUSR1), 0);
	limit_back();
	EQ(signals, 2);
	EQ(last_code, SI_TIMER);
	EQ(sys(__NR_timer_delete, a), 0);
	EQ(sys(__NR_timer_delete, b), 0);
}
