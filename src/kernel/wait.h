/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Waiting, waking, and the scheduler's queues. One mechanism for every blocking call; nothing polls.
 *
 * How a call blocks: the handler finds that it cannot go on, calls wait_on() for each queue it depends on, and returns
 * wait_park(). The thread leaves the hart. When one of its queues is woken, its deadline passes or a signal can be delivered to it,
 * all its nodes and its timer are taken away and it joins the run queue's tail; when it is switched in, the same handler runs again
 * with k->current->wait.resuming = 1, wait.reason set, and its progress (wait.words, pins) intact. It then finishes, or parks again.
 *
 *     if (!wait->resuming)
 *             wait->words[0] = deadline;                   (first call: read the arguments, remember what must not change)
 *     if (ready)
 *             return result;
 *     if (now >= wait->words[0])
 *             return -G_ETIMEDOUT;
 *     if (signal_pending(k, k->current))
 *             return -K_ERESTARTSYS;
 *     wait_on(k, queue, G_POLLIN);
 *     return wait_park(k, wait->words[0]);
 */
#ifndef TOLLGATE_KERNEL_WAIT_H
#define TOLLGATE_KERNEL_WAIT_H

#include "kernel/kernel.h"

ref wait_queue_new(struct kernel *k);               /* 0: no memory */
void wait_queue_free(struct kernel *k, ref queue);  /* must have no nodes of threads; epoll items are told by epoll itself */

/* Adds the current thread to a queue. interest: G_POLL* bits, 0: every wake. 0 or -G_ENOMEM. */
int wait_on(struct kernel *k, ref queue, uint32_t interest);
/* A permanent node of an epoll item (kind WAIT_NODE_EPOLL) at the queue's tail; 0: no memory. And its end. */
ref wait_node_for_epoll(struct kernel *k, ref queue, ref item);
void wait_node_free(struct kernel *k, ref node);
/* Parks the current thread until a wake or deadline_ns (NEVER). Returns CALL_WAIT (or -G_ENOMEM/-G_EAGAIN if the timer heap is full). */
int64_t wait_park(struct kernel *k, uint64_t deadline_ns);
/* Wakes: threads whose interest meets events (each leaves all its queues), and tells epoll items. events 0: everybody. In arrival order. */
void wake_all(struct kernel *k, ref queue, uint32_t events);
/* Takes one parked thread out of all queues and makes it ready. */
void wake_thread(struct kernel *k, struct thread *t, uint32_t reason);
/* Is the thread parked? */
static inline int thread_waits(const struct thread *t)
{
	return t->state == THREAD_WAITING;
}

/* Pins: released by the dispatcher when the call ends, or when the thread dies in it. */
void wait_pin_file(struct kernel *k, ref file);   /* takes a reference */
void wait_pin_block(struct kernel *k, ref block); /* takes ownership */

/* Scheduler. */
void sched_ready(struct kernel *k, struct thread *t);   /* appends to the run queue */
void sched_yield_after_call(struct kernel *k);          /* the current thread goes to the tail when the call is over */
void sched_quantum_restart(struct kernel *k);

/* Virtual time. */
uint64_t clock_now(struct kernel *k);                                /* monotonic ns since the start */
uint64_t clock_realtime(struct kernel *k);                           /* epoch + monotonic */
uint64_t clock_thread_ns(struct kernel *k, const struct thread *t);  /* CPU time */
uint64_t clock_process_ns(struct kernel *k, const struct process *p);

/* Times as calls carry them. */
static inline bool timespec_valid(const struct g_timespec *t)
{
	return t->sec >= 0 && (uint64_t)t->nsec < 1000000000;
}
/* Nanoseconds of a valid timespec, clamped below NEVER as the kernel's ktime_t is. */
static inline uint64_t timespec_ns(const struct g_timespec *t)
{
	return (uint64_t)t->sec >= INT64_MAX / 1000000000 ? INT64_MAX : (uint64_t)t->sec * 1000000000 + (uint64_t)t->nsec;
}
static inline struct g_timespec timespec_of(uint64_t ns)
{
	return (struct g_timespec){ .sec = (int64_t)(ns / 1000000000), .nsec = (int64_t)(ns % 1000000000) };
}
static inline struct g_timeval timeval_of(uint64_t ns)
{
	return (struct g_timeval){ .sec = (int64_t)(ns / 1000000000), .usec = (int64_t)(ns % 1000000000 / 1000) };
}
static inline uint64_t deadline_after(uint64_t now_ns, uint64_t delay_ns)
{
	return delay_ns >= NEVER - now_ns ? NEVER : now_ns + delay_ns;
}

#endif
