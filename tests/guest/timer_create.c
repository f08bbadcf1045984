/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: timer_create timer_settime timer_gettime timer_getoverrun timer_delete */
#include "guest.h"

struct event { union sigval value; int signo, notify; int tid; char pad[44]; };

static volatile int n, code, timer_id, sent_value, most_overruns, overruns_asked, counted_timer;

static void handler(int sig, siginfo_t *info, void *uc)
{
	n++;
	code = info->si_code;
	timer_id = info->si_timerid;
	sent_value = info->si_value.sival_int;
	if (info->si_overrun > most_overruns) {
		most_overruns = info->si_overrun;
		overruns_asked = (int)sys(__NR_timer_getoverrun, counted_timer);
	}
}

static struct itimerspec in_ms(long first, long every)
{
	return (struct itimerspec){ { every / 1000, every % 1000 * 1000000 }, { first / 1000, first % 1000 * 1000000 } };
}

TEST(timer_sends_its_signal_with_its_value)
{
	struct event ev = { .signo = SIGUSR1, .notify = SIGEV_SIGNAL };
	struct itimerspec it = in_ms(200, 0);
	struct timespec t = { 100, 0 };
	int id = -1;

	n = 0;
	ev.value.sival_int = 4711;
	set_handler(SIGUSR1, handler, SA_SIGINFO, 0);
	EQ(sys(__NR_timer_create, CLOCK_MONOTONIC, &ev, &id), 0);
	EQ(sys(__NR_timer_settime, id, 0, &it, NULL), 0);
	EQ(sys(__NR_nanosleep, &t, NULL), -EINTR);
	EQ(n, 1);
	EQ(code, SI_TIMER);
	EQ(sent_value, 4711);
	EQ(sys(__NR_timer_delete, id), 0);
}

TEST(timer_without_an_event_sends_sigalrm_with_its_id)
{
	struct itimerspec it = in_ms(200, 0);
	struct timespec t = { 100, 0 };
	int id = -1;

	ORACLE(KERNEL);
	n = 0;
	set_handler(SIGALRM, handler, SA_SIGINFO, 0);
	EQ(sys(__NR_timer_create, CLOCK_REALTIME, NULL, &id), 0);
	EQ(sys(__NR_timer_settime, id, 0, &it, NULL), 0);
	EQ(sys(__NR_nanosleep, &t, NULL), -EINTR);
	EQ(n, 1);
	EQ(sent_value, id);
	EQ(sys(__NR_timer_delete, id), 0);
}

TEST(timer_to_a_thread_as_go_profiles)
{
	struct event ev = { .signo = SIGPROF, .notify = SIGEV_THREAD_ID };
	struct itimerspec it = in_ms(5, 5), off = in_ms(0, 0);
	long spun = 0;
	int id = -1;

	ORACLE(KERNEL);
	n = 0;
	ev.tid = (int)sys(__NR_gettid);
	set_handler(SIGPROF, handler, SA_SIGINFO | SA_RESTART, 0);
	EQ(sys(__NR_timer_create, CLOCK_THREAD_CPUTIME_ID, &ev, &id), 0);
	EQ(sys(__NR_timer_settime, id, 0, &it, NULL), 0);
	while (n < 3 && spun < 3000000000)
		spun++;
	EQ(sys(__NR_timer_settime, id, 0, &off, NULL), 0);
	CHECK(n >= 3);
	EQ(code, SI_TIMER);
	EQ(sys(__NR_timer_delete, id), 0);
}

TEST(timer_counts_overruns_while_its_signal_is_blocked)
{
	struct event ev = { .signo = SIGUSR1, .notify = SIGEV_SIGNAL };
	struct itimerspec it = in_ms(1, 1), off = in_ms(0, 0);
	int id = -1;

	n = most_overruns = 0;
	set_handler(SIGUSR1, handler, SA_SIGINFO, 0);
	set_mask(SIGBIT(SIGUSR1));
	EQ(sys(__NR_timer_create, CLOCK_MONOTONIC, &ev, &id), 0);
	counted_timer = id;
	EQ(sys(__NR_timer_settime, id, 0, &it, NULL), 0);
	sleep_ms(30);
	set_mask(0);
	EQ(sys(__NR_timer_settime, id, 0, &off, NULL), 0);
	CHECK(n >= 1);
	CHECK(most_overruns >= 10);
	EQ(overruns_asked, most_overruns);
	EQ(sys(__NR_timer_delete, id), 0);
}

TEST(timer_gettime_and_absolute_settime)
{
	struct event ev = { .notify = SIGEV_NONE };
	struct itimerspec it = in_ms(0, 0), now, old;
	int id = -1;

	EQ(sys(__NR_timer_create, CLOCK_MONOTONIC, &ev, &id), 0);
	EQ(sys(__NR_timer_gettime, id, &now), 0);
	EQ(now.it_value.tv_sec + now.it_value.tv_nsec, 0);
	it.it_value.tv_sec = clock_ns(CLOCK_MONOTONIC) / 1000000000 + 100;
	EQ(sys(__NR_timer_settime, id, TIMER_ABSTIME, &it, NULL), 0);
	EQ(sys(__NR_timer_gettime, id, &now), 0);
	CHECK(now.it_value.tv_sec >= 90 && now.it_value.tv_sec <= 100);
	it = in_ms(0, 0);
	EQ(sys(__NR_timer_settime, id, 0, &it, &old), 0);
	CHECK(old.it_value.tv_sec >= 90);
	EQ(sys(__NR_timer_delete, id), 0);
}

TEST(timer_errors)
{
	struct event ev = { .signo = 99, .notify = SIGEV_SIGNAL };
	struct itimerspec it = in_ms(5, 0);
	int id = -1;

	EQ(sys(__NR_timer_create, 99, NULL, &id), -EINVAL);
	EQ(sys(__NR_timer_create, CLOCK_MONOTONIC, &ev, &id), -EINVAL);
	EQ(sys(__NR_timer_create, CLOCK_MONOTONIC, NULL, BAD_POINTER), -EFAULT);
	EQ(sys(__NR_timer_delete, 12345), -EINVAL);
	EQ(sys(__NR_timer_settime, 12345, 0, &it, NULL), -EINVAL);
	EQ(sys(__NR_timer_gettime, 12345, &it), -EINVAL);
	EQ(sys(__NR_timer_getoverrun, 12345), -EINVAL);
	EQ(sys(__NR_timer_create, CLOCK_MONOTONIC, NULL, &id), 0);
	it.it_value.tv_nsec = 1000000000;
	EQ(sys(__NR_timer_settime, id, 0, &it, NULL), -EINVAL);
	EQ(sys(__NR_timer_settime, id, 0, NULL, NULL), -EINVAL);
	EQ(sys(__NR_timer_settime, id, 0, BAD_POINTER, NULL), -EFAULT);
	EQ(sys(__NR_timer_delete, id), 0);
	EQ(sys(__NR_timer_delete, id), -EINVAL);
}

TEST(timer_on_an_alarm_clock_without_a_device_to_wake_the_machine_is_eopnotsupp)
{
	int id;

	ORACLE(KERNEL);
	EQ(sys(__NR_timer_create, 8, NULL, &id), -EOPNOTSUPP);
	EQ(sys(__NR_timer_create, 9, NULL, &id), -EOPNOTSUPP);
}
