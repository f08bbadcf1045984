/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: rt_sigqueueinfo prlimit64 */
/* How many real-time signals may wait. Our machine keeps a limit of its own and does not yet lower it by request. */
#include "guest.h"

struct limit { uint64_t cur, max; };

static volatile int signals;

static void count(int sig)
{
	signals++;
}

TEST(limit_of_queued_signals_is_eagain)
{
	struct limit old, low;
	siginfo_t info;
	long r = 0, n;

	memset(&info, 0, sizeof(info));
	info.si_code = SI_QUEUE;
	GUEST_ONLY(ORACLE_KERNEL);
	set_handler(40, count, 0, 0);
	set_mask(SIGBIT(40));
	EQ(sys(__NR_prlimit64, 0, 11, NULL, &old), 0);
	low = (struct limit){ 8, old.max };
	EQ(sys(__NR_prlimit64, 0, 11, &low, NULL), 0);
	for (n = 0; n < 100 && r == 0; n++)
		r = sys(__NR_rt_sigqueueinfo, sys(__NR_getpid), 40, &info);
	EQ(r, -EAGAIN);
	EQ(n, 9);
	EQ(sys(__NR_prlimit64, 0, 11, &old, NULL), 0);
	signals = 0;
	set_mask(0);
	EQ(signals, 8);
}

TEST(signal_queue_has_an_end_which_is_eagain)
{
	siginfo_t info;
	long r = 0, n;

	memset(&info, 0, sizeof(info));
	info.si_code = SI_QUEUE;
	set_handler(40, count, 0, 0);
	set_mask(SIGBIT(40));
	for (n = 0; n < 1000000 && r == 0; n++)
		r = sys(__NR_rt_sigqueueinfo, sys(__NR_getpid), 40, &info);
	EQ(r, -EAGAIN);
	signals = 0;
	set_mask(0);
	EQ(signals, n - 1);
}
