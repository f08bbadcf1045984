/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Threads and processes as objects: the first one, lookup, the end of one. How a new thread is
 * asked for is clone.c's.
 */
#include "kernel/thread/thread.h"

#include <string.h>

#include "kernel/file/file.h"
#include "kernel/thread/futex.h"
#include "kernel/memory/memory.h"
#include "kernel/sched.h"
#include "kernel/signal/signal.h"
#include "kernel/time/timer.h"

#define FIRST_UMASK         022
#define DEFAULT_TIMER_SLACK 50000
#define MSGQUEUE_BYTES      819200

ref thread_ref(struct kernel *k, const struct thread *t)
{
	return arena_ref(&k->arena, t);
}

ref process_ref(struct kernel *k, const struct process *p)
{
	return arena_ref(&k->arena, p);
}

struct process *process_by_pid(struct kernel *k, uint32_t pid)
{
	for (ref r = k->root->processes.head; r;) {
		struct process *p = AT(k, process, r);

		if (p->pid == pid)
			return p;
		r = p->next;
	}
	return NULL;
}

/* ---- by tid ---- */

#define TID_BUCKETS 1024

/* root->tids. Ids are given out in order: their low bits spread them evenly. */
struct tid_table {
	ref heads[TID_BUCKETS]; /* struct thread by tid_next */
};

static ref *bucket_of(struct kernel *k, uint32_t tid)
{
	return &AT(k, tid_table, k->root->tids)->heads[tid % TID_BUCKETS];
}

struct thread *thread_by_tid(struct kernel *k, uint32_t tid)
{
	struct thread *t = AT(k, thread, *bucket_of(k, tid));

	while (t && t->tid != tid)
		t = AT(k, thread, t->tid_next);
	return t;
}

static void tid_insert(struct kernel *k, struct thread *t)
{
	ref *head = bucket_of(k, t->tid);

	t->tid_next = *head;
	*head = thread_ref(k, t);
}

static void tid_remove(struct kernel *k, struct thread *t)
{
	ref self = thread_ref(k, t), *link = bucket_of(k, t->tid);

	while (*link != self)
		link = &AT(k, thread, *link)->tid_next;
	*link = t->tid_next;
}

struct thread *thread_new(struct kernel *k, struct process *p)
{
	ref r;
	struct thread *t;

	if (k->root->thread_count >= LIMIT_THREADS || k->root->next_tid >= G_FUTEX_TID_MASK)
		return NULL;
	r = NEW(k, thread);
	t = AT(k, thread, r);
	if (!t)
		return NULL;
	t->tid = k->root->next_tid++;
	t->process = process_ref(k, p);
	LIST_APPEND(k, &p->threads, r, thread, next, prev);
	tid_insert(k, t);
	p->thread_count++;
	k->root->thread_count++;
	return t;
}

static void default_limits(struct process *p)
{
	static const struct {
		uint32_t resource;
		uint64_t cur, max;
	} rows[] = {
		{G_RLIMIT_STACK, LIMIT_STACK_BYTES, G_RLIM_INFINITY},
		{G_RLIMIT_CORE, 0, G_RLIM_INFINITY},
		{G_RLIMIT_NPROC, LIMIT_THREADS, LIMIT_THREADS},
		{G_RLIMIT_NOFILE, LIMIT_FDS_SOFT, LIMIT_FDS},
		{G_RLIMIT_MEMLOCK, LIMIT_LOCKED_BYTES, LIMIT_LOCKED_BYTES},
		{G_RLIMIT_SIGPENDING, LIMIT_PENDING_SIGNALS, LIMIT_PENDING_SIGNALS},
		{G_RLIMIT_MSGQUEUE, MSGQUEUE_BYTES, MSGQUEUE_BYTES},
		{G_RLIMIT_NICE, 0, 0},
		{G_RLIMIT_RTPRIO, 0, 0},
	};

	for (unsigned i = 0; i < G_RLIM_NLIMITS; i++)
		p->rlimits[i] = (struct g_rlimit){.cur = G_RLIM_INFINITY, .max = G_RLIM_INFINITY};
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		p->rlimits[rows[i].resource] =
			(struct g_rlimit){.cur = rows[i].cur, .max = rows[i].max};
}

int process_first(struct kernel *k)
{
	ref r = NEW(k, process);
	struct process *p = AT(k, process, r);
	struct memory *mm;
	struct fs_info *fs;
	struct thread *t;
	int err;

	k->root->tids = NEW(k, tid_table);
	if (!p || !k->root->tids)
		return -G_ENOMEM;
	p->pid = p->pgid = p->sid = k->root->next_tid;
	p->dumpable = 1;
	p->timer_slack = DEFAULT_TIMER_SLACK;
	default_limits(p);
	LIST_APPEND(k, &k->root->processes, r, process, next, prev);
	k->process = p;
	p->sighand = NEW(k, sighand);
	p->fs = NEW(k, fs_info);
	fs = AT(k, fs_info, p->fs);
	t = p->sighand && fs ? thread_new(k, p) : NULL;
	if (!t)
		return -G_ENOMEM;
	AT(k, sighand, p->sighand)->users = 1;
	fs->users = 1;
	fs->umask = FIRST_UMASK;
	err = memory_new(k, &p->memory);
	if (!err)
		err = fd_table_new(k, &p->files);
	if (err)
		return err;
	mm = AT(k, memory, p->memory);
	p->space = mm->space;
	sched_ready(k, t);
	k->current = t; /* for the loading of the program; kernel_start switches it in */
	return 0;
}

/* CLONE_CHILD_CLEARTID: what pthread_join and its kin wait for. With nobody left in the space,
 * nobody could. */
static void clear_child_tid(struct kernel *k, struct thread *t)
{
	const uint32_t zero = 0;

	if (t->clear_child_tid && k->process->thread_count > 1) {
		if (!user_store(k, t->clear_child_tid, &zero, sizeof(zero)))
			futex_wake_address(k, t->clear_child_tid, 1);
	}
	t->clear_child_tid = 0;
}

void thread_exit(struct kernel *k, uint32_t code)
{
	struct thread *t = k->current;
	struct process *p = k->process;
	ref self = k->root->current;

	if (p->thread_count == 1) {
		process_exit(k, p, code, 0);
		return;
	}
	futex_thread_exit(k, t);
	clear_child_tid(k, t);
	kernel_event(k, &(struct tg_event){
				.kind = TG_EVENT_EXIT, .tid = t->tid, .result = (int64_t)code});
	wait_call_over(k, t);
	cpu_timers_gone(k, &t->cpu_timers);
	t->in_call = 0;
	t->state = THREAD_DEAD;
	sched_release(k);
	LIST_REMOVE(k, &p->threads, self, thread, next, prev);
	tid_remove(k, t);
	p->thread_count--;
	k->root->thread_count--;
	signal_thread_gone(k, t); /* the process's pending signals may be another's now */
	arena_free(&k->arena, self);
}

/*
 * There is one process: its end is the end of the run, and its state stays as it is, so that it can
 * be looked at. In a space that nobody shares, what Linux does for the others (robust lists,
 * cleared ids) has no witness.
 */
void process_exit(struct kernel *k, struct process *p, uint32_t code, uint32_t signal)
{
	p->exiting = 1;
	p->exit_code = code & 0xff;
	p->exit_signal = signal;
	kernel_event(k, &(struct tg_event){.kind = TG_EVENT_EXIT,
					   .tid = k->current ? k->current->tid : p->pid,
					   .result = signal ? 128 + (int64_t)signal
							    : (int64_t)p->exit_code});
	if (signal)
		kernel_stop(k, TG_STOP_KILLED, (int32_t)signal);
	else
		kernel_stop(k, TG_STOP_EXITED, (int32_t)p->exit_code);
}

/* ---- calls ---- */

int64_t sys_exit(struct kernel *k, const uint64_t a[6])
{
	thread_exit(k, (uint32_t)a[0] & 0xff);
	return CALL_NO_RETURN;
}

int64_t sys_exit_group(struct kernel *k, const uint64_t a[6])
{
	process_exit(k, k->process, (uint32_t)a[0], 0);
	return CALL_NO_RETURN;
}

int64_t sys_gettid(struct kernel *k, const uint64_t a[6])
{
	(void)a;
	return k->current->tid;
}

int64_t sys_getpid(struct kernel *k, const uint64_t a[6])
{
	(void)a;
	return k->process->pid;
}

int64_t sys_set_tid_address(struct kernel *k, const uint64_t a[6])
{
	k->current->clear_child_tid = a[0];
	return k->current->tid;
}

int64_t sys_set_robust_list(struct kernel *k, const uint64_t a[6])
{
	if (a[1] != sizeof(struct g_robust_list_head))
		return -G_EINVAL;
	k->current->robust_list = a[0];
	k->current->robust_list_len = a[1];
	return 0;
}

int64_t sys_get_robust_list(struct kernel *k, const uint64_t a[6])
{
	const uint64_t len = sizeof(struct g_robust_list_head);
	const struct thread *t = (int32_t)a[0] ? thread_by_tid(k, (uint32_t)a[0]) : k->current;

	if (!t)
		return -G_ESRCH;
	if (user_store(k, a[2], &len, sizeof(len)))
		return -G_EFAULT;
	return user_store(k, a[1], &t->robust_list, sizeof(t->robust_list)) ? -G_EFAULT : 0;
}
