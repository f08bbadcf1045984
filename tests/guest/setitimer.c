/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: setitimer getitimer */
#include "guest.h"
#include <sys/time.h>

static volatile int n, code;

static void handler(int sig, siginfo_t *info, void *uc)
{
	n++;
	code = info->si_code;
}

static struct itimerval in_ms(long first, long every)
{
	return (struct itimerval){ { every / 1000, every % 1000 * 1000 }, { first / 1000, first % 1000 * 1000 } };
}

TEST(setitimer_real_fires_once_and_interrupts_a_sleep)
{
	struct itimerval it = in_ms(200, 0), now;
	struct timespec t = { 100, 0 };

	n = 0;
	set_handler(SIGALRM, handler, SA_SIGINFO, 0);
	EQ(sys(__NR_setitimer, ITIMER_REAL, &it, NULL), 0);
	EQ(sys(__NR_nanosleep, &t, NULL), -EINTR);
	EQ(n, 1);
	EQ(code, SI_KERNEL);
	EQ(sys(__NR_getitimer, ITIMER_REAL, &now), 0);
	EQ(now.it_value.tv_sec, 0);
	EQ(now.it_value.tv_usec, 0);
}

TEST(setitimer_real_repeats)
{
	struct itimerval it = in_ms(5, 5), off = in_ms(0, 0), old;
	struct timespec t = { 100, 0 };

	n = 0;
	EQ(sys(__NR_setitimer, ITIMER_REAL, &it, NULL), 0);
	for (int i = 0; i < 4; i++)
		EQ(sys(__NR_nanosleep, &t, NULL), -EINTR);
	EQ(sys(__NR_setitimer, ITIMER_REAL, &off, &old), 0);
	CHECK(n >= 4);
	EQ(old.it_interval.tv_usec, 5000);
	n = 0;
	sleep_ms(30);
	EQ(n, 0);
}

TEST(getitimer_tells_what_is_left)
{
	struct itimerval it = in_ms(100000, 7), now, off = in_ms(0, 0);

	EQ(sys(__NR_setitimer, ITIMER_REAL, &it, NULL), 0);
	EQ(sys(__NR_getitimer, ITIMER_REAL, &now), 0);
	CHECK(now.it_value.tv_sec > 90 && now.it_value.tv_sec <= 100);
	EQ(now.it_interval.tv_usec, 7000);
	EQ(sys(__NR_setitimer, ITIMER_REAL, &off, NULL), 0);
}

TEST(setitimer_prof_counts_the_work_of_the_process)
{
	struct itimerval it = in_ms(10, 10), off = in_ms(0, 0);
	long spun = 0;

	n = 0;
	set_handler(SIGPROF, handler, SA_SIGINFO | SA_RESTART, 0);
	EQ(sys(__NR_setitimer, ITIMER_PROF, &it, NULL), 0);
	sleep_ms(30);
	EQ(n, 0);
	while (n < 3 && spun < 3000000000)
		spun++;
	EQ(sys(__NR_setitimer, ITIMER_PROF, &off, NULL), 0);
	CHECK(n >= 3);
	EQ(code, SI_KERNEL);
}

TEST(setitimer_errors)
{
	struct itimerval bad = { { 0, 0 }, { 0, 1000000 } }, now;

	EQ(sys(__NR_setitimer, 3, &bad, NULL), -EINVAL);
	EQ(sys(__NR_setitimer, ITIMER_REAL, &bad, NULL), -EINVAL);
	EQ(sys(__NR_setitimer, ITIMER_REAL, BAD_POINTER, NULL), -EFAULT);
	EQ(sys(__NR_getitimer, 3, &now), -EINVAL);
	EQ(sys(__NR_getitimer, ITIMER_REAL, BAD_POINTER), -EFAULT);
}
