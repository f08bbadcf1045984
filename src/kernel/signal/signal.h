/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Signals: sending, pending sets, delivery onto the guest's stack, and what a signal does to calls and processes.
 */
#ifndef TOLLGATE_KERNEL_SIGNAL_H
#define TOLLGATE_KERNEL_SIGNAL_H

#include <string.h>

#include "kernel/kernel.h"

/* Zeros but for these two: an initializer would leave what its union's member does not reach to the host's stack. */
static inline struct g_siginfo siginfo_of(int32_t sig, int32_t code)
{
	struct g_siginfo info;

	memset(&info, 0, sizeof info);
	info.signo = sig;
	info.code = code;
	return info;
}

/* Sends to one thread or to the process (lowest tid that does not block it). Wakes an interruptible wait. Ignored signals vanish here.
 * 0, or -G_EAGAIN when a real-time signal finds the queue full. timer: the POSIX timer it comes from, or 0. */
int signal_send_thread(struct kernel *k, struct thread *t, const struct g_siginfo *info, ref timer);
int signal_send_process(struct kernel *k, struct process *p, const struct g_siginfo *info, ref timer);
/* A fault of the current thread: forced (blocked or ignored kills the process). */
void signal_force(struct kernel *k, const struct g_siginfo *info);
/* Would a signal be delivered (handler or default action) to this thread now? */
bool signal_pending(struct kernel *k, const struct thread *t);
/*
 * Before the current thread returns to user code (its registers are in the machine): pushes frames for all deliverable signals, applies
 * default actions, and settles a call's restart. result: of the call that ends now, with in_call = true; ignored otherwise. May end the
 * thread or stop the run.
 */
void signal_deliver(struct kernel *k, bool in_call, int64_t result);
/* Frees queues when a thread or process ends; resets handlers at exec. */
void signal_thread_gone(struct kernel *k, struct thread *t);
void signal_exec(struct kernel *k, struct process *p);
/* Changes the mask of the current thread for the time of a call (ppoll, pselect6, epoll_pwait, sigsuspend); restored by signal_deliver. */
void signal_set_temporary_mask(struct kernel *k, uint64_t mask);
void signal_set_mask(struct kernel *k, struct thread *t, uint64_t mask); /* SIGKILL and SIGSTOP stay unblocked */

#endif
