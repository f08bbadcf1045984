/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Between the dispatcher and the scheduler: how a call in progress is taken up again, and how
 * control goes back to the machine.
 */
#ifndef TOLLGATE_KERNEL_SCHED_H
#define TOLLGATE_KERNEL_SCHED_H

#include "kernel/wait.h"

/* Chooses who runs, expires what is due, delivers signals, until a thread can run or the run stops.
 * What every entry point returns. */
struct tg_run sched_leave(struct kernel *k);
/* The current thread is not the current one any more (it waits, or is gone): its instructions are
 * counted, its registers saved. */
void sched_release(struct kernel *k);
/* Takes a thread that will never run again out of the run queue. */
void sched_forget(struct kernel *k, struct thread *t);
/* Something other than waiting was done for the outside world (output, input): the idle limit
 * starts anew. */
void sched_progress(struct kernel *k);

/* dispatch.c: calls the handler of the current thread's call again after a wait. */
void dispatch_resume(struct kernel *k);
/* wait.c: what a call held goes. */
void wait_call_over(struct kernel *k, struct thread *t);

#endif
