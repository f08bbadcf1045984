/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* timer_create and its family. A timer has at most one signal queued; what expires meanwhile is its overrun. */
#include "kernel/time/clock_id.h"
#include "kernel/signal/signal_internal.h"
#include "kernel/thread/thread.h"
#include "kernel/time/timer.h"
#include "kernel/wait.h"

struct posix_timer {
	ref next, prev;       /* in process->posix_timers, by id */
	ref timer;            /* struct timer */
	ref process;
	uint64_t value;       /* sigev_value */
	int32_t id, signo;
	uint32_t notify;      /* G_SIGEV_* */
	uint32_t tid;         /* SIGEV_THREAD_ID, else 0 */
	uint32_t clock_kind;  /* enum clock_source_kind */
	uint32_t queued;      /* its signal is pending */
	uint32_t overrun;     /* expiries since the signal was queued */
	uint32_t last_overrun; /* of the signal delivered last: timer_getoverrun */
	ref target;           /* CPU clocks: whose */
};

static struct posix_timer *find(struct kernel *k, int32_t id, ref *out)
{
	for (ref r = k->process->posix_timers; r != 0;) {
		struct posix_timer *pt = AT(k, posix_timer, r);

		if (pt->id == id) {
			if (out)
				*out = r;
			return pt;
		}
		r = pt->next;
	}
	return NULL;
}

static int check_event(struct kernel *k, const struct g_sigevent *event)
{
	const struct thread *t;

	switch (event->notify) {
	case G_SIGEV_NONE:
		return 0;
	case G_SIGEV_SIGNAL | G_SIGEV_THREAD_ID:
		t = thread_by_tid(k, (uint32_t)event->tid);
		if (!t || t->process != k->current->process)
			return -G_EINVAL;
		break;
	case G_SIGEV_SIGNAL:
	case G_SIGEV_THREAD:
		break;
	default:
		return -G_EINVAL;
	}
	return event->signo >= 1 && event->signo <= G_NSIG ? 0 : -G_EINVAL;
}

static uint32_t timer_clock_of(uint32_t clock_kind)
{
	return clock_kind == CLOCK_SOURCE_THREAD    ? TIMER_CPU_THREAD
	       : clock_kind == CLOCK_SOURCE_PROCESS ? TIMER_CPU_PROCESS
	                                            : TIMER_MONOTONIC;
}

/* A timer's signal has its place in the queue from the start. CPU clocks' lists are searched at each boundary: they stay short. */
static bool too_many(struct kernel *k, const struct clock_source *source)
{
	uint32_t same = 0;

	if (k->process->queued_signals >= k->process->rlimits[G_RLIMIT_SIGPENDING].cur)
		return true;
	for (ref r = source->target ? k->process->posix_timers : 0; r != 0;) {
		const struct posix_timer *pt = AT(k, posix_timer, r);

		same += pt->clock_kind == (uint32_t)source->kind && pt->target == source->target;
		r = pt->next;
	}
	return same >= LIMIT_CPU_TIMERS;
}

static void append(struct kernel *k, ref r)
{
	ref *link = &k->process->posix_timers, last = 0;

	while (*link != 0) {
		last = *link;
		link = &AT(k, posix_timer, last)->next;
	}
	AT(k, posix_timer, r)->prev = last;
	*link = r;
}

static void destroy(struct kernel *k, struct process *p, ref r)
{
	struct posix_timer *pt = AT(k, posix_timer, r);

	if (pt->prev)
		AT(k, posix_timer, pt->prev)->next = pt->next;
	else
		p->posix_timers = pt->next;
	if (pt->next)
		AT(k, posix_timer, pt->next)->prev = pt->prev;
	timer_free(k, pt->timer);
	p->queued_signals--;
	arena_free(&k->arena, r);
}

int64_t sys_timer_create(struct kernel *k, const uint64_t a[6])
{
	struct g_sigevent event = { .signo = G_SIGALRM, .notify = G_SIGEV_SIGNAL };
	int32_t clock = (int32_t)a[0], id = (int32_t)k->process->next_timer_id;
	struct clock_source source;
	struct posix_timer *pt;
	ref r;

	if (clock == G_CLOCK_REALTIME_ALARM || clock == G_CLOCK_BOOTTIME_ALARM)
		return -G_EOPNOTSUPP; /* there is no device that could wake the machine */
	if (clock_source(k, clock, &source) != 0)
		return -G_EINVAL;
	if (clock == G_CLOCK_MONOTONIC_RAW || clock == G_CLOCK_MONOTONIC_COARSE || clock == G_CLOCK_REALTIME_COARSE)
		return -G_EOPNOTSUPP;
	if (a[1] && user_load(k, a[1], &event, sizeof event) != 0)
		return -G_EFAULT;
	if (!a[1])
		event.value = (uint64_t)id;
	if (check_event(k, &event) != 0)
		return -G_EINVAL;
	if (too_many(k, &source))
		return -G_EAGAIN;
	r = NEW(k, posix_timer);
	pt = AT(k, posix_timer, r);
	if (!pt)
		return -G_EAGAIN;
	*pt = (struct posix_timer){ .process = k->current->process, .value = event.value, .id = id, .signo = event.signo,
		                    .notify = (uint32_t)event.notify, .clock_kind = source.kind, .target = source.target };
	if (event.notify & G_SIGEV_THREAD_ID)
		pt->tid = (uint32_t)event.tid;
	pt->timer = timer_new(k, TIMER_POSIX, timer_clock_of(source.kind), r, source.target);
	if (pt->timer == 0) {
		arena_free(&k->arena, r);
		return -G_EAGAIN;
	}
	append(k, r);
	k->process->queued_signals++;
	if (user_store(k, a[2], &id, sizeof id) != 0) {
		destroy(k, k->process, r);
		return -G_EFAULT;
	}
	k->process->next_timer_id = (k->process->next_timer_id + 1) & INT32_MAX;
	return 0;
}

static uint64_t base_now(struct kernel *k, const struct posix_timer *pt)
{
	struct clock_source source = { .kind = pt->clock_kind, .target = pt->target };

	/* realtime timers are armed on the monotonic clock, whose distance never changes */
	if (source.kind == CLOCK_SOURCE_REALTIME)
		source.kind = CLOCK_SOURCE_MONOTONIC;
	if (source.kind == CLOCK_SOURCE_THREAD && !AT(k, thread, source.target))
		return 0;
	return clock_source_now(k, &source);
}

static void get(struct kernel *k, const struct posix_timer *pt, struct g_itimerspec *out)
{
	const struct timer *timer = AT(k, timer, pt->timer);
	uint64_t now = base_now(k, pt);

	*out = (struct g_itimerspec){ 0 };
	if (!timer || timer->heap_index == 0)
		return;
	out->interval = timespec_of(timer->interval_ns);
	out->value = timespec_of(timer->deadline_ns > now ? timer->deadline_ns - now : 1);
}

int64_t sys_timer_gettime(struct kernel *k, const uint64_t a[6])
{
	const struct posix_timer *pt = find(k, (int32_t)a[0], NULL);
	struct g_itimerspec current;

	if (!pt)
		return -G_EINVAL;
	get(k, pt, &current);
	return user_store(k, a[1], &current, sizeof current) != 0 ? -G_EFAULT : 0;
}

int64_t sys_timer_getoverrun(struct kernel *k, const uint64_t a[6])
{
	const struct posix_timer *pt = find(k, (int32_t)a[0], NULL);

	return pt ? (int64_t)pt->last_overrun : -G_EINVAL;
}

int64_t sys_timer_settime(struct kernel *k, const uint64_t a[6])
{
	struct posix_timer *pt;
	struct g_itimerspec fresh, old;
	uint64_t deadline, offset;

	if (!a[2])
		return -G_EINVAL;
	if (user_load(k, a[2], &fresh, sizeof fresh) != 0)
		return -G_EFAULT;
	if (!timespec_valid(&fresh.value) || !timespec_valid(&fresh.interval))
		return -G_EINVAL;
	pt = find(k, (int32_t)a[0], NULL);
	if (!pt)
		return -G_EINVAL;
	get(k, pt, &old);
	pt->overrun = 0;
	pt->last_overrun = 0;
	deadline = timespec_ns(&fresh.value);
	if (deadline == 0) {
		timer_disarm(k, pt->timer);
	} else {
		offset = pt->clock_kind == CLOCK_SOURCE_REALTIME ? clock_realtime_offset(k) : 0;
		if (!((int32_t)a[1] & G_TIMER_ABSTIME))
			deadline = deadline_after(base_now(k, pt), deadline);
		else
			deadline = deadline > offset ? deadline - offset : 0;
		if (timer_arm(k, pt->timer, deadline, timespec_ns(&fresh.interval)) != 0)
			return -G_EAGAIN;
	}
	return a[3] && user_store(k, a[3], &old, sizeof old) != 0 ? -G_EFAULT : 0;
}

int64_t sys_timer_delete(struct kernel *k, const uint64_t a[6])
{
	ref r;

	if (!find(k, (int32_t)a[0], &r))
		return -G_EINVAL;
	destroy(k, k->process, r);
	return 0;
}

static uint32_t add_overrun(uint32_t overrun, uint64_t more)
{
	return more > INT32_MAX - overrun ? INT32_MAX : overrun + (uint32_t)more;
}

void posix_timer_expired(struct kernel *k, ref posix_timer, uint64_t expiries)
{
	struct posix_timer *pt = AT(k, posix_timer, posix_timer);
	struct g_siginfo info;
	struct thread *t;

	if (!pt || pt->notify == G_SIGEV_NONE)
		return;
	if (pt->queued) {
		pt->overrun = add_overrun(pt->overrun, expiries);
		return;
	}
	info = siginfo_of(pt->signo, G_SI_TIMER);
	info.timer.id = pt->id;
	info.timer.value = pt->value;
	pt->overrun = add_overrun(0, expiries - 1);
	t = pt->tid ? thread_by_tid(k, pt->tid) : NULL;
	if (t)
		signal_send_thread(k, t, &info, posix_timer);
	else if (!pt->tid)
		signal_send_process(k, AT(k, process, pt->process), &info, posix_timer);
}

void posix_timer_signal_taken(struct kernel *k, ref posix_timer, struct g_siginfo *info)
{
	struct posix_timer *pt = AT(k, posix_timer, posix_timer);

	if (!pt)
		return;
	pt->queued = 0;
	pt->last_overrun = pt->overrun;
	pt->overrun = 0;
	info->timer.overrun = (int32_t)pt->last_overrun;
}

void posix_timer_signal_queued(struct kernel *k, ref posix_timer)
{
	AT(k, posix_timer, posix_timer)->queued = 1;
}

void posix_timer_signal_dropped(struct kernel *k, ref posix_timer)
{
	struct posix_timer *pt = AT(k, posix_timer, posix_timer);

	if (pt)
		pt->queued = 0;
}

void posix_timers_exec(struct kernel *k, struct process *p)
{
	while (p->posix_timers != 0)
		destroy(k, p, p->posix_timers);
}
