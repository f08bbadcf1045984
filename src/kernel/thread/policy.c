/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Scheduling policies, priorities and CPU sets: kept and shown as Linux does for an unprivileged
 * caller, without effect on the order in which threads run. Also sched_yield, which has one.
 */
#include "kernel/kernel.h"

#include <string.h>

#include "kernel/thread/thread.h"
#include "kernel/wait.h"

#define CPUSET_BYTES    8
#define NICE_MIN        (-20)
#define NICE_MAX        19
#define RT_PRIORITY_MAX 99
#define SLICE_NS        3000000 /* what sched_getattr shows */
#define RR_INTERVAL_NS  4000000 /* one tick of a 250 Hz kernel */

static struct thread *by_pid(struct kernel *k, uint64_t arg)
{
	int32_t pid = (int32_t)arg;

	if (pid == 0)
		return k->current;
	return pid > 0 ? thread_by_tid(k, (uint32_t)pid) : NULL;
}

int64_t sys_sched_yield(struct kernel *k, const uint64_t a[6])
{
	(void)a;
	sched_yield_after_call(k);
	return 0;
}

/* ---- CPU sets ---- */

static uint64_t cpus_possible(const struct kernel *k)
{
	return k->options.cpus >= 64 ? UINT64_MAX : (UINT64_C(1) << k->options.cpus) - 1;
}

int64_t sys_sched_setaffinity(struct kernel *k, const uint64_t a[6])
{
	uint32_t len = (uint32_t)a[1];
	uint64_t mask = 0;
	struct thread *t;

	if (user_load(k, a[2], &mask, len < CPUSET_BYTES ? len : CPUSET_BYTES))
		return -G_EFAULT;
	t = by_pid(k, a[0]);
	if (!t)
		return -G_ESRCH;
	mask &= cpus_possible(k);
	if (!mask)
		return -G_EINVAL;
	t->affinity = mask;
	return 0;
}

int64_t sys_sched_getaffinity(struct kernel *k, const uint64_t a[6])
{
	uint32_t len = (uint32_t)a[1];
	const struct thread *t;
	uint64_t mask;

	if (len < CPUSET_BYTES || len % CPUSET_BYTES)
		return -G_EINVAL;
	t = by_pid(k, a[0]);
	if (!t)
		return -G_ESRCH;
	mask = t->affinity ? t->affinity : cpus_possible(k);
	return user_store(k, a[2], &mask, sizeof(mask)) ? -G_EFAULT : CPUSET_BYTES;
}

/* ---- nice values ---- */

/* RLIMIT_NICE counts from 1 (nice 19) to 40 (nice -20). */
static bool may_lower_to(const struct kernel *k, int32_t nice)
{
	return 20 - (int64_t)nice <= (int64_t)(k->process->rlimits[G_RLIMIT_NICE].cur & INT64_MAX);
}

static int64_t set_nice(struct kernel *k, struct thread *t, int32_t nice)
{
	if (nice < t->nice && !may_lower_to(k, nice))
		return -G_EACCES;
	t->nice = nice;
	return 0;
}

/* All threads are of one user, one group and one process, so that PGRP and USER mean all of them,
 * if they name us at all. */
static bool names_us(const struct kernel *k, uint32_t which, uint32_t who)
{
	return which == G_PRIO_USER ? who == 0 : who == 0 || who == k->process->pgid;
}

int64_t sys_setpriority(struct kernel *k, const uint64_t a[6])
{
	int32_t nice = (int32_t)a[2];
	int64_t result = -G_ESRCH;
	struct thread *t;

	if ((uint32_t)a[0] > G_PRIO_USER)
		return -G_EINVAL;
	nice = nice < NICE_MIN ? NICE_MIN : nice > NICE_MAX ? NICE_MAX : nice;
	if ((uint32_t)a[0] == G_PRIO_PROCESS) {
		t = by_pid(k, a[1]);
		return t ? set_nice(k, t, nice) : -G_ESRCH;
	}
	if (!names_us(k, (uint32_t)a[0], (uint32_t)a[1]))
		return -G_ESRCH;
	for (ref r = k->process->threads.head; r; r = t->next) {
		int64_t err;

		t = AT(k, thread, r);
		err = set_nice(k, t, nice);
		result = err ? err : result == -G_ESRCH ? 0 : result;
	}
	return result;
}

int64_t sys_getpriority(struct kernel *k, const uint64_t a[6])
{
	const struct thread *t;
	int32_t least = NICE_MAX;

	if ((uint32_t)a[0] > G_PRIO_USER)
		return -G_EINVAL;
	if ((uint32_t)a[0] == G_PRIO_PROCESS) {
		t = by_pid(k, a[1]);
		return t ? 20 - t->nice : -G_ESRCH;
	}
	if (!names_us(k, (uint32_t)a[0], (uint32_t)a[1]))
		return -G_ESRCH;
	for (ref r = k->process->threads.head; r; r = t->next) {
		t = AT(k, thread, r);
		least = t->nice < least ? t->nice : least;
	}
	return 20 - least; /* raw results are 40..1, so that none looks like an error */
}

/* ---- policies ---- */

static uint32_t policy_of(const struct thread *t)
{
	return t->policy & ~(uint32_t)G_SCHED_RESET_ON_FORK;
}

static bool policy_is_fair(uint32_t policy)
{
	return policy == G_SCHED_OTHER || policy == G_SCHED_BATCH || policy == G_SCHED_IDLE;
}

static bool policy_is_rt(uint32_t policy)
{
	return policy == G_SCHED_FIFO || policy == G_SCHED_RR;
}

/* The rules of an unprivileged change, in Linux's order. */
static int64_t set_policy(struct kernel *k, struct thread *t, const struct g_sched_attr *attr,
			  bool set_nice_too)
{
	uint32_t policy = attr->policy;
	bool reset = attr->flags & G_SCHED_FLAG_RESET_ON_FORK;

	if (!policy_is_fair(policy) && !policy_is_rt(policy) && policy != G_SCHED_DEADLINE)
		return -G_EINVAL;
	if (attr->priority > RT_PRIORITY_MAX || policy_is_rt(policy) != (attr->priority != 0))
		return -G_EINVAL;
	if (policy == G_SCHED_DEADLINE &&
	    (!attr->deadline || !attr->runtime || attr->runtime > attr->deadline))
		return -G_EINVAL;
	if (!policy_is_fair(policy))
		return -G_EPERM;
	if (set_nice_too && attr->nice < t->nice && !may_lower_to(k, attr->nice))
		return -G_EPERM;
	if (policy_of(t) == G_SCHED_IDLE && policy != G_SCHED_IDLE && !may_lower_to(k, t->nice))
		return -G_EPERM;
	if ((t->policy & G_SCHED_RESET_ON_FORK) && !reset)
		return -G_EPERM;
	t->policy = policy | (reset ? G_SCHED_RESET_ON_FORK : 0);
	if (set_nice_too)
		t->nice = attr->nice;
	return 0;
}

/* sched_setscheduler and sched_setparam: negative policy: the one it has. */
static int64_t set_scheduler(struct kernel *k, uint64_t pid, int32_t policy, uint64_t param_addr)
{
	struct g_sched_attr attr = {0};
	struct g_sched_param param;
	struct thread *t;

	if (!param_addr || (int32_t)pid < 0)
		return -G_EINVAL;
	if (user_load(k, param_addr, &param, sizeof(param)))
		return -G_EFAULT;
	t = by_pid(k, pid);
	if (!t)
		return -G_ESRCH;
	attr.priority = (uint32_t)param.priority;
	attr.policy = policy < 0 ? t->policy : (uint32_t)policy;
	if (attr.policy & G_SCHED_RESET_ON_FORK)
		attr.flags = G_SCHED_FLAG_RESET_ON_FORK;
	attr.policy &= ~(uint32_t)G_SCHED_RESET_ON_FORK;
	return set_policy(k, t, &attr, false);
}

int64_t sys_sched_setscheduler(struct kernel *k, const uint64_t a[6])
{
	if ((int32_t)a[1] < 0)
		return -G_EINVAL;
	return set_scheduler(k, a[0], (int32_t)a[1], a[2]);
}

int64_t sys_sched_setparam(struct kernel *k, const uint64_t a[6])
{
	return set_scheduler(k, a[0], -1, a[1]);
}

int64_t sys_sched_getscheduler(struct kernel *k, const uint64_t a[6])
{
	const struct thread *t = by_pid(k, a[0]);

	if ((int32_t)a[0] < 0)
		return -G_EINVAL;
	return t ? (int64_t)t->policy : -G_ESRCH;
}

int64_t sys_sched_getparam(struct kernel *k, const uint64_t a[6])
{
	const struct g_sched_param param = {0};

	if (!a[1] || (int32_t)a[0] < 0)
		return -G_EINVAL;
	if (!by_pid(k, a[0]))
		return -G_ESRCH;
	return user_store(k, a[1], &param, sizeof(param)) ? -G_EFAULT : 0;
}

int64_t sys_sched_get_priority_max(struct kernel *k, const uint64_t a[6])
{
	uint32_t policy = (uint32_t)a[0];

	(void)k;
	if (policy_is_rt(policy))
		return RT_PRIORITY_MAX;
	return policy_is_fair(policy) || policy == G_SCHED_DEADLINE ? 0 : -G_EINVAL;
}

int64_t sys_sched_get_priority_min(struct kernel *k, const uint64_t a[6])
{
	uint32_t policy = (uint32_t)a[0];

	(void)k;
	if (policy_is_rt(policy))
		return 1;
	return policy_is_fair(policy) || policy == G_SCHED_DEADLINE ? 0 : -G_EINVAL;
}

int64_t sys_sched_rr_get_interval(struct kernel *k, const uint64_t a[6])
{
	const struct g_timespec interval = {.nsec = RR_INTERVAL_NS};

	if ((int32_t)a[0] < 0)
		return -G_EINVAL;
	if (!by_pid(k, a[0]))
		return -G_ESRCH;
	return user_store(k, a[1], &interval, sizeof(interval)) ? -G_EFAULT : 0;
}

/* ---- the attribute calls ---- */

static int64_t load_attr(struct kernel *k, uint64_t addr, struct g_sched_attr *attr)
{
	const uint32_t known = sizeof(*attr);
	uint32_t size;
	uint8_t byte;

	memset(attr, 0, sizeof(*attr));
	if (user_load(k, addr, &size, sizeof(size)))
		return -G_EFAULT;
	if (!size)
		size = G_SCHED_ATTR_SIZE_VER0;
	if (size < G_SCHED_ATTR_SIZE_VER0 || size > TG_PAGE_SIZE)
		goto too_big;
	for (uint32_t at = known; at < size; at++) {
		if (user_load(k, addr + at, &byte, 1))
			return -G_EFAULT;
		if (byte)
			goto too_big;
	}
	if (user_load(k, addr, attr, size < known ? size : known))
		return -G_EFAULT;
	if ((attr->flags & (G_SCHED_FLAG_UTIL_CLAMP_MIN | G_SCHED_FLAG_UTIL_CLAMP_MAX)) &&
	    size < G_SCHED_ATTR_SIZE_VER1)
		return -G_EINVAL;
	attr->nice = attr->nice < NICE_MIN   ? NICE_MIN
		     : attr->nice > NICE_MAX ? NICE_MAX
					     : attr->nice;
	return 0;
too_big:
	user_store(k, addr, &known, sizeof(known)); /* tells the caller what would do */
	return -G_E2BIG;
}

int64_t sys_sched_setattr(struct kernel *k, const uint64_t a[6])
{
	struct g_sched_attr attr;
	struct thread *t;
	int64_t err;
	bool nice;

	if (!a[1] || (int32_t)a[0] < 0 || (uint32_t)a[2])
		return -G_EINVAL;
	err = load_attr(k, a[1], &attr);
	if (err)
		return err;
	if ((int32_t)attr.policy < 0)
		return -G_EINVAL;
	t = by_pid(k, a[0]);
	if (!t)
		return -G_ESRCH;
	if (attr.flags & G_SCHED_FLAG_KEEP_POLICY) {
		attr.policy = policy_of(t);
		if (t->policy & G_SCHED_RESET_ON_FORK)
			attr.flags |= G_SCHED_FLAG_RESET_ON_FORK;
	}
	if (attr.flags & ~(uint64_t)(G_SCHED_FLAG_RESET_ON_FORK | G_SCHED_FLAG_RECLAIM |
				     G_SCHED_FLAG_DL_OVERRUN | G_SCHED_FLAG_KEEP_POLICY |
				     G_SCHED_FLAG_KEEP_PARAMS | G_SCHED_FLAG_UTIL_CLAMP_MIN |
				     G_SCHED_FLAG_UTIL_CLAMP_MAX))
		return -G_EINVAL;
	if (attr.flags & (G_SCHED_FLAG_UTIL_CLAMP_MIN | G_SCHED_FLAG_UTIL_CLAMP_MAX))
		return -G_EOPNOTSUPP;
	nice = !(attr.flags & G_SCHED_FLAG_KEEP_PARAMS) &&
	       (attr.policy == G_SCHED_OTHER || attr.policy == G_SCHED_BATCH);
	return set_policy(k, t, &attr, nice);
}

int64_t sys_sched_getattr(struct kernel *k, const uint64_t a[6])
{
	uint32_t size = (uint32_t)a[2];
	struct g_sched_attr attr = {.runtime = SLICE_NS};
	const struct thread *t;

	if (!a[1] || (int32_t)a[0] < 0 || size > TG_PAGE_SIZE || size < G_SCHED_ATTR_SIZE_VER0 ||
	    (uint32_t)a[3])
		return -G_EINVAL;
	t = by_pid(k, a[0]);
	if (!t)
		return -G_ESRCH;
	attr.size = size < sizeof(attr) ? size : sizeof(attr);
	attr.policy = policy_of(t);
	attr.flags = t->policy & G_SCHED_RESET_ON_FORK ? G_SCHED_FLAG_RESET_ON_FORK : 0;
	attr.nice = t->nice;
	return user_store(k, a[1], &attr, attr.size) ? -G_EFAULT : 0;
}
