/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Threads and processes as objects: creation, lookup, end. Who runs when is wait.h's; what they do is everybody else's.
 */
#ifndef TOLLGATE_KERNEL_THREAD_H
#define TOLLGATE_KERNEL_THREAD_H

#include "kernel/kernel.h"

struct thread *thread_by_tid(struct kernel *k, uint32_t tid);   /* live, or NULL */
struct process *process_by_pid(struct kernel *k, uint32_t pid);
ref thread_ref(struct kernel *k, const struct thread *t);
ref process_ref(struct kernel *k, const struct process *p);
/* A new thread of the process with nothing but an id; not ready. NULL: a limit was reached. */
struct thread *thread_new(struct kernel *k, struct process *p);
/* The first process (pid 100) with its first thread; used by kernel_exec, which
 * fills thread->regs. k->process and k->current are set from then on. 0 or -G_ENOMEM. */
int process_first(struct kernel *k);
/* Ends the current thread as exit(2): clear_child_tid, robust list, futex wake. The last one ends the process. */
void thread_exit(struct kernel *k, uint32_t code);
/* Ends the process of the current thread: exit_group(code) or death by signal. Stops the run when it is the first process. */
void process_exit(struct kernel *k, struct process *p, uint32_t code, uint32_t signal);

#endif
