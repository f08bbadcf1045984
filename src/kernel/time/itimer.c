/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* setitimer and getitimer: three timers a process, one on real time and two on its CPU time. */
#include "kernel/signal/signal.h"
#include "kernel/time/timer.h"
#include "kernel/wait.h"

struct itimer_row {
	uint32_t kind, clock;
	int32_t signal;
};

static const struct itimer_row itimers[] = {
	[G_ITIMER_REAL] = { TIMER_REAL, TIMER_MONOTONIC, G_SIGALRM },
	[G_ITIMER_VIRTUAL] = { TIMER_VIRTUAL, TIMER_CPU_PROCESS, G_SIGVTALRM },
	[G_ITIMER_PROF] = { TIMER_PROF, TIMER_CPU_PROCESS, G_SIGPROF },
};

static ref *slot_of(struct process *p, uint32_t which)
{
	return which == G_ITIMER_REAL ? &p->itimer_real : which == G_ITIMER_VIRTUAL ? &p->itimer_virtual : &p->itimer_prof;
}

static uint64_t now_of(struct kernel *k, uint32_t which)
{
	return which == G_ITIMER_REAL ? clock_now(k) : clock_process_ns(k, k->process);
}

static void get(struct kernel *k, uint32_t which, struct g_itimerval *out)
{
	const struct timer *timer = AT(k, timer, *slot_of(k->process, which));
	uint64_t now = now_of(k, which), left;

	*out = (struct g_itimerval){ 0 };
	if (!timer || timer->heap_index == 0)
		return;
	/* what is left is never shown as zero: that would mean disarmed */
	left = timer->deadline_ns > now + 1000 ? timer->deadline_ns - now : 1000;
	out->value = timeval_of(left);
	out->interval = timeval_of(timer->interval_ns);
}

int64_t sys_getitimer(struct kernel *k, const uint64_t a[6])
{
	struct g_itimerval current;

	if ((uint32_t)a[0] > G_ITIMER_PROF)
		return -G_EINVAL;
	get(k, (uint32_t)a[0], &current);
	return user_store(k, a[1], &current, sizeof current) != 0 ? -G_EFAULT : 0;
}

static bool timeval_good(const struct g_timeval *tv)
{
	return tv->sec >= 0 && (uint64_t)tv->usec < 1000000;
}

static uint64_t timeval_ns(const struct g_timeval *tv)
{
	struct g_timespec ts = { .sec = tv->sec, .nsec = tv->usec * 1000 };

	return timespec_ns(&ts);
}

int64_t sys_setitimer(struct kernel *k, const uint64_t a[6])
{
	uint32_t which = (uint32_t)a[0];
	struct g_itimerval fresh = { 0 }, old;
	uint64_t value;
	ref *slot;

	if (a[1]) {
		if (user_load(k, a[1], &fresh, sizeof fresh) != 0)
			return -G_EFAULT;
		if (!timeval_good(&fresh.value) || !timeval_good(&fresh.interval))
			return -G_EINVAL;
	}
	if (which > G_ITIMER_PROF)
		return -G_EINVAL;
	get(k, which, &old);
	slot = slot_of(k->process, which);
	value = timeval_ns(&fresh.value);
	if (value != 0) {
		if (*slot == 0)
			*slot = timer_new(k, itimers[which].kind, itimers[which].clock, k->current->process, k->current->process);
		if (*slot == 0 ||
		    timer_arm(k, *slot, deadline_after(now_of(k, which), value), timeval_ns(&fresh.interval)) != 0)
			return -G_ENOMEM;
	} else if (*slot != 0) {
		timer_disarm(k, *slot);
	}
	return a[2] && user_store(k, a[2], &old, sizeof old) != 0 ? -G_EFAULT : 0;
}

void itimer_expired(struct kernel *k, ref process, uint32_t kind, uint64_t expiries)
{
	struct process *p = AT(k, process, process);

	(void)expiries; /* a standard signal coalesces */
	for (uint32_t which = 0; p && which <= G_ITIMER_PROF; which++) {
		struct g_siginfo info = siginfo_of(itimers[which].signal, G_SI_KERNEL);

		if (itimers[which].kind == kind)
			signal_send_process(k, p, &info, 0);
	}
}
