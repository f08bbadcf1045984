/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * clone and clone3 for threads. What makes a process, or a thread that shares less than everything,
 * is ENOSYS; combinations that Linux calls invalid are EINVAL first.
 */
#include "kernel/kernel.h"

#include <string.h>

#include "kernel/sched.h"
#include "kernel/thread/thread.h"

#define SHARED_BY_THREADS \
	(G_CLONE_VM | G_CLONE_FS | G_CLONE_FILES | G_CLONE_SIGHAND | G_CLONE_THREAD)
#define NAMESPACES                                                                        \
	((uint64_t)(G_CLONE_NEWNS | G_CLONE_NEWCGROUP | G_CLONE_NEWUTS | G_CLONE_NEWIPC | \
		    G_CLONE_NEWUSER | G_CLONE_NEWPID | G_CLONE_NEWNET | G_CLONE_NEWTIME))
#define SET_TID_MAX 32 /* levels of pid namespaces */

/* What both calls come down to. stack: the child's sp, 0: the parent's. */
struct request {
	uint64_t flags, stack, tls, parent_tid, child_tid;
};

static int check_flags(uint64_t flags)
{
	if ((flags & G_CLONE_FS) && (flags & (G_CLONE_NEWNS | G_CLONE_NEWUSER)))
		return -G_EINVAL;
	if ((flags & G_CLONE_THREAD) && !(flags & G_CLONE_SIGHAND))
		return -G_EINVAL;
	if ((flags & G_CLONE_SIGHAND) && !(flags & G_CLONE_VM))
		return -G_EINVAL;
	if ((flags & G_CLONE_THREAD) && (flags & (G_CLONE_NEWUSER | G_CLONE_NEWPID)))
		return -G_EINVAL;
	if ((flags & G_CLONE_PIDFD) && (flags & G_CLONE_DETACHED))
		return -G_EINVAL;
	if ((flags & SHARED_BY_THREADS) != SHARED_BY_THREADS)
		return -G_ENOSYS;
	return flags & (NAMESPACES | G_CLONE_PIDFD | G_CLONE_INTO_CGROUP) ? -G_ENOSYS : 0;
}

static int64_t clone_thread(struct kernel *k, const struct request *r)
{
	const struct thread *parent = k->current;
	int err = check_flags(r->flags);
	struct thread *t;
	uint32_t tid;

	if (err)
		return err;
	t = thread_new(k, k->process);
	if (!t)
		return -G_EAGAIN;
	tid = t->tid;
	k->machine->save(k->machine_ctx, &t->regs);
	t->regs.pc += 4;
	t->regs.x[TG_REG_A0] = 0;
	if (r->stack)
		t->regs.x[TG_REG_SP] = r->stack;
	if (r->flags & G_CLONE_SETTLS)
		t->regs.x[TG_REG_TP] = r->tls;
	t->sigmask = parent->sigmask;
	memcpy(t->name, parent->name, sizeof(t->name));
	t->affinity = parent->affinity;
	t->nice = parent->nice;
	t->policy = parent->policy & ~(uint32_t)G_SCHED_RESET_ON_FORK;
	if (parent->policy & G_SCHED_RESET_ON_FORK)
		t->nice = t->nice < 0 ? 0 : t->nice;
	if (r->flags & G_CLONE_CHILD_CLEARTID)
		t->clear_child_tid = r->child_tid;
	/* As on Linux, an id that cannot be stored is nobody's error. */
	if (r->flags & G_CLONE_PARENT_SETTID)
		user_store(k, r->parent_tid, &tid, sizeof(tid));
	if (r->flags & G_CLONE_CHILD_SETTID)
		user_store(k, r->child_tid, &tid, sizeof(tid));
	sched_ready(k, t);
	kernel_event(k,
		     &(struct tg_event){.kind = TG_EVENT_CLONE, .tid = parent->tid, .result = tid});
	return tid;
}

int64_t sys_clone(struct kernel *k, const uint64_t a[6])
{
	/* The low half only, and its low byte is the exit signal: of no use to a thread. */
	struct request r = {.flags = (uint32_t)a[0] & ~(uint64_t)G_CSIGNAL,
			    .stack = a[1],
			    .parent_tid = a[2],
			    .tls = a[3],
			    .child_tid = a[4]};

	/* A pidfd would be stored where the id goes. */
	if ((r.flags & G_CLONE_PIDFD) && (r.flags & G_CLONE_PARENT_SETTID))
		return -G_EINVAL;
	return clone_thread(k, &r);
}

/* Copies a versioned struct: what the caller knows beyond us must be zeros. 0, -G_E2BIG, -G_EFAULT.
 */
static int load_versioned(struct kernel *k, void *dst, uint64_t known, uint64_t addr, uint64_t size)
{
	uint8_t beyond[64];

	memset(dst, 0, known);
	for (uint64_t at = known; at < size; at += sizeof(beyond)) {
		uint64_t n = size - at < sizeof(beyond) ? size - at : sizeof(beyond);

		if (user_load(k, addr + at, beyond, n))
			return -G_EFAULT;
		for (uint64_t i = 0; i < n; i++)
			if (beyond[i])
				return -G_E2BIG;
	}
	return user_load(k, addr, dst, size < known ? size : known);
}

static int check_clone3(struct kernel *k, const struct g_clone_args *c, uint64_t size)
{
	int32_t tids[SET_TID_MAX];

	if (c->set_tid_size > SET_TID_MAX || !c->set_tid != !c->set_tid_size)
		return -G_EINVAL;
	if (c->exit_signal > G_NSIG)
		return -G_EINVAL;
	if ((c->flags & G_CLONE_INTO_CGROUP) &&
	    (c->cgroup > INT32_MAX || size < G_CLONE_ARGS_SIZE_VER2))
		return -G_EINVAL;
	if (c->set_tid && user_load(k, c->set_tid, tids, c->set_tid_size * sizeof(tids[0])))
		return -G_EFAULT;
	if (c->flags & ~(UINT32_MAX | G_CLONE_CLEAR_SIGHAND | G_CLONE_INTO_CGROUP))
		return -G_EINVAL;
	if (c->flags & (G_CLONE_DETACHED | (G_CSIGNAL & ~G_CLONE_NEWTIME)))
		return -G_EINVAL;
	if ((c->flags & G_CLONE_SIGHAND) && (c->flags & G_CLONE_CLEAR_SIGHAND))
		return -G_EINVAL;
	if ((c->flags & (G_CLONE_THREAD | G_CLONE_PARENT)) && c->exit_signal)
		return -G_EINVAL;
	if (!c->stack != !c->stack_size)
		return -G_EINVAL;
	if (c->stack > INT64_MAX || c->stack_size > INT64_MAX - c->stack)
		return -G_EINVAL;
	if ((c->flags & G_CLONE_PIDFD) && (c->flags & G_CLONE_PARENT_SETTID) &&
	    c->pidfd == c->parent_tid)
		return -G_EINVAL;
	return 0;
}

int64_t sys_clone3(struct kernel *k, const uint64_t a[6])
{
	struct g_clone_args c;
	struct request r;
	int err;

	if (a[1] > TG_PAGE_SIZE)
		return -G_E2BIG;
	if (a[1] < G_CLONE_ARGS_SIZE_VER0)
		return -G_EINVAL;
	err = load_versioned(k, &c, sizeof(c), a[0], a[1]);
	if (!err)
		err = check_clone3(k, &c, a[1]);
	if (err)
		return err;
	if (c.set_tid_size) {
		err = check_flags(c.flags);
		return err ? err : -G_EPERM; /* choosing an id takes a capability */
	}
	r = (struct request){.flags = c.flags,
			     .stack = c.stack + c.stack_size,
			     .tls = c.tls,
			     .parent_tid = c.parent_tid,
			     .child_tid = c.child_tid};
	return clone_thread(k, &r);
}
