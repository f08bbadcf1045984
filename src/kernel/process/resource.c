/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Resource limits and usage. Refuses to enforce: each family asks for its limit where it applies. */
#include <string.h>

#include "kernel/memory/memory.h"
#include "kernel/thread/thread.h"
#include "kernel/wait.h"

/* pid 0 is the caller; a thread id names its process, as in Linux. */
static struct process *target(struct kernel *k, int32_t pid)
{
	struct thread *t;

	if (!pid)
		return k->process;
	t = pid > 0 ? thread_by_tid(k, (uint32_t)pid) : NULL;
	return t ? AT(k, process, t->process) : NULL;
}

/* new: NULL to leave the limit. No capability: a hard limit only falls. */
static int64_t limit_exchange(struct process *p, uint32_t resource, const struct g_rlimit *wanted, struct g_rlimit *old)
{
	struct g_rlimit *limit = &p->rlimits[resource];

	if (wanted) {
		if (wanted->cur > wanted->max)
			return -G_EINVAL;
		if (wanted->max > limit->max || (resource == G_RLIMIT_NOFILE && wanted->max > LIMIT_FDS))
			return -G_EPERM;
	}
	*old = *limit;
	if (wanted)
		*limit = *wanted;
	return 0;
}

int64_t sys_prlimit64(struct kernel *k, const uint64_t a[6])
{
	uint32_t resource = (uint32_t)a[1];
	struct g_rlimit wanted, old;
	struct process *p;
	int64_t result;

	if (a[2] && user_load(k, a[2], &wanted, sizeof(wanted)))
		return -G_EFAULT;
	p = target(k, (int32_t)a[0]);
	if (!p)
		return -G_ESRCH;
	if (resource >= G_RLIM_NLIMITS)
		return -G_EINVAL;
	result = limit_exchange(p, resource, a[2] ? &wanted : NULL, &old);
	if (!result && a[3] && user_store(k, a[3], &old, sizeof(old)))
		return -G_EFAULT;
	return result;
}

int64_t sys_getrlimit(struct kernel *k, const uint64_t a[6])
{
	uint32_t resource = (uint32_t)a[0];

	if (resource >= G_RLIM_NLIMITS)
		return -G_EINVAL;
	return user_store(k, a[1], &k->process->rlimits[resource], sizeof(struct g_rlimit)) ? -G_EFAULT : 0;
}

int64_t sys_setrlimit(struct kernel *k, const uint64_t a[6])
{
	uint32_t resource = (uint32_t)a[0];
	struct g_rlimit wanted, old;

	if (user_load(k, a[1], &wanted, sizeof(wanted)))
		return -G_EFAULT;
	if (resource >= G_RLIM_NLIMITS)
		return -G_EINVAL;
	return limit_exchange(k->process, resource, &wanted, &old);
}

/* Everything runs in user mode: a call's own time is not counted. */
int64_t sys_getrusage(struct kernel *k, const uint64_t a[6])
{
	int32_t who = (int32_t)a[0];
	const struct memory *mm = AT(k, memory, k->process->memory);
	struct g_rusage usage;

	memset(&usage, 0, sizeof(usage));
	switch (who) {
	case G_RUSAGE_SELF:
		usage.utime = timeval_of(clock_process_ns(k, k->process));
		break;
	case G_RUSAGE_THREAD:
		usage.utime = timeval_of(clock_thread_ns(k, k->current));
		break;
	case G_RUSAGE_CHILDREN:
		break;
	default:
		return -G_EINVAL;
	}
	if (who != G_RUSAGE_CHILDREN)
		usage.maxrss = (int64_t)(mm->charged_pages * (TG_PAGE_SIZE / 1024));
	return user_store(k, a[1], &usage, sizeof(usage)) ? -G_EFAULT : 0;
}
