/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Reading clocks and sleeping on them. All time is virtual: see wait.h. */
#include "kernel/time/clock_id.h"

#include "kernel/signal/signal.h"
#include "kernel/thread/thread.h"
#include "kernel/wait.h"

/* A CPU-time clock id of a thread or process: the record's own clock, or false when it does not exist. */
static bool cpu_clock(struct kernel *k, int32_t id, struct clock_source *out)
{
	uint32_t number = (uint32_t)~(id >> 3);
	struct process *p;

	if ((id & 3) == 3 || (id & 3) > G_CPUCLOCK_SCHED)
		return false;
	if (id & G_CPUCLOCK_PERTHREAD) {
		struct thread *t = number ? thread_by_tid(k, number) : k->current;

		if (!t || t->process != process_ref(k, k->process))
			return false;
		*out = (struct clock_source){ .kind = CLOCK_SOURCE_THREAD, .target = thread_ref(k, t) };
		return true;
	}
	p = number ? process_by_pid(k, number) : k->process;
	if (!p)
		return false;
	*out = (struct clock_source){ .kind = CLOCK_SOURCE_PROCESS, .target = process_ref(k, p) };
	return true;
}

int clock_source(struct kernel *k, int32_t id, struct clock_source *out)
{
	*out = (struct clock_source){ .kind = CLOCK_SOURCE_MONOTONIC };
	switch (id) {
	case G_CLOCK_REALTIME:
	case G_CLOCK_REALTIME_COARSE:
	case G_CLOCK_TAI: /* as on a system that was never told the offset: 0 */
		out->kind = CLOCK_SOURCE_REALTIME;
		return 0;
	case G_CLOCK_MONOTONIC:
	case G_CLOCK_MONOTONIC_RAW:
	case G_CLOCK_MONOTONIC_COARSE:
	case G_CLOCK_BOOTTIME:
		return 0;
	case G_CLOCK_PROCESS_CPUTIME_ID:
		*out = (struct clock_source){ .kind = CLOCK_SOURCE_PROCESS, .target = process_ref(k, k->process) };
		return 0;
	case G_CLOCK_THREAD_CPUTIME_ID:
		*out = (struct clock_source){ .kind = CLOCK_SOURCE_THREAD, .target = thread_ref(k, k->current) };
		return 0;
	default:
		return id < 0 && cpu_clock(k, id, out) ? 0 : -G_EINVAL;
	}
}

uint64_t clock_source_now(struct kernel *k, const struct clock_source *source)
{
	switch ((enum clock_source_kind)source->kind) {
	case CLOCK_SOURCE_MONOTONIC:
		return clock_now(k);
	case CLOCK_SOURCE_REALTIME:
		return clock_realtime(k);
	case CLOCK_SOURCE_THREAD:
		return clock_thread_ns(k, AT(k, thread, source->target));
	case CLOCK_SOURCE_PROCESS:
		return clock_process_ns(k, AT(k, process, source->target));
	}
	return 0;
}

/* Realtime minus this is monotonic. */
uint64_t clock_realtime_offset(struct kernel *k)
{
	return clock_realtime(k) - clock_now(k);
}

int64_t sys_clock_gettime(struct kernel *k, const uint64_t a[6])
{
	struct clock_source source;
	struct g_timespec now;

	if (clock_source(k, (int32_t)a[0], &source) != 0)
		return -G_EINVAL;
	now = timespec_of(clock_source_now(k, &source));
	return user_store(k, a[1], &now, sizeof now) != 0 ? -G_EFAULT : 0;
}

int64_t sys_clock_getres(struct kernel *k, const uint64_t a[6])
{
	int32_t id = (int32_t)a[0];
	struct clock_source source;
	/* the coarse clocks of a 250 Hz kernel */
	struct g_timespec res = timespec_of(id == G_CLOCK_REALTIME_COARSE || id == G_CLOCK_MONOTONIC_COARSE ? 4000000 : 1);

	if (clock_source(k, id, &source) != 0)
		return -G_EINVAL;
	return a[1] && user_store(k, a[1], &res, sizeof res) != 0 ? -G_EFAULT : 0;
}

int64_t sys_gettimeofday(struct kernel *k, const uint64_t a[6])
{
	struct g_timeval tv = timeval_of(clock_realtime(k));
	struct g_timezone utc = { 0 };

	if (a[0] && user_store(k, a[0], &tv, sizeof tv) != 0)
		return -G_EFAULT;
	return a[1] && user_store(k, a[1], &utc, sizeof utc) != 0 ? -G_EFAULT : 0;
}

/* Sleeps until the deadline in words[0]; an interrupted relative sleep tells what is left. */
static int64_t sleep_on(struct kernel *k, uint64_t remaining_addr)
{
	struct wait *wait = &k->current->wait;
	uint64_t now = clock_now(k);
	struct g_timespec left;

	if (now >= wait->words[0])
		return 0;
	if (!signal_pending(k, k->current))
		return wait_park(k, wait->words[0]);
	if (remaining_addr) {
		left = timespec_of(wait->words[0] - now);
		if (user_store(k, remaining_addr, &left, sizeof left) != 0)
			return -G_EFAULT;
	}
	return -G_EINTR;
}

int64_t sys_nanosleep(struct kernel *k, const uint64_t a[6])
{
	struct wait *wait = &k->current->wait;
	struct g_timespec request;

	if (!wait->resuming) {
		if (user_load(k, a[0], &request, sizeof request) != 0)
			return -G_EFAULT;
		if (!timespec_valid(&request))
			return -G_EINVAL;
		wait->words[0] = deadline_after(clock_now(k), timespec_ns(&request));
	}
	return sleep_on(k, a[1]);
}

int64_t sys_clock_nanosleep(struct kernel *k, const uint64_t a[6])
{
	int32_t id = (int32_t)a[0];
	bool absolute = ((int32_t)a[1] & G_TIMER_ABSTIME) != 0;
	struct wait *wait = &k->current->wait;
	struct clock_source source;
	struct g_timespec request;
	uint64_t ns, offset;

	if (wait->resuming)
		return sleep_on(k, absolute ? 0 : a[3]);
	if (clock_source(k, id, &source) != 0)
		return -G_EINVAL;
	if (id == G_CLOCK_MONOTONIC_RAW || id == G_CLOCK_MONOTONIC_COARSE || id == G_CLOCK_REALTIME_COARSE ||
	    source.kind == CLOCK_SOURCE_PROCESS || source.kind == CLOCK_SOURCE_THREAD)
		return -G_EOPNOTSUPP;
	if (user_load(k, a[2], &request, sizeof request) != 0)
		return -G_EFAULT;
	if (!timespec_valid(&request))
		return -G_EINVAL;
	ns = timespec_ns(&request);
	offset = source.kind == CLOCK_SOURCE_REALTIME ? clock_realtime_offset(k) : 0;
	if (!absolute)
		wait->words[0] = deadline_after(clock_now(k), ns);
	else
		wait->words[0] = ns > offset ? ns - offset : 0;
	return sleep_on(k, absolute ? 0 : a[3]);
}
