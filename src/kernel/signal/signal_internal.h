/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the signal family's files share. */
#ifndef TOLLGATE_KERNEL_SIGNAL_INTERNAL_H
#define TOLLGATE_KERNEL_SIGNAL_INTERNAL_H

#include "kernel/signal/signal.h"

/* The action of sig (1..64). */
struct g_sigaction *signal_action(struct kernel *k, const struct process *p, uint32_t sig);
/* Takes the next signal of set that is t's (its own queue first) out of its queue. Returns its number, 0: none. */
uint32_t signal_take(struct kernel *k, struct thread *t, uint64_t set, struct g_siginfo *out);
/* Forgets pending signals of all queues of the process. */
void signal_flush(struct kernel *k, struct process *p, uint64_t which);
/* sigaltstack's rules, for the call and for rt_sigreturn. sp: the user's stack pointer. 0 or -errno. */
int signal_set_altstack(struct thread *t, const struct g_sigstack *stack, uint64_t sp);
bool signal_on_altstack(const struct thread *t, uint64_t sp);
void signal_get_altstack(const struct thread *t, uint64_t sp, struct g_sigstack *out);

/* The POSIX timer's side of its queued signal (posix_timer.c). */
void posix_timer_signal_taken(struct kernel *k, ref posix_timer, struct g_siginfo *info); /* fills in the overrun count */
void posix_timer_signal_queued(struct kernel *k, ref posix_timer);
void posix_timer_signal_dropped(struct kernel *k, ref posix_timer);
void posix_timers_exec(struct kernel *k, struct process *p); /* all are gone after exec */

#endif
