/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Virtual time as a function of retired instructions: conversions that the scheduler and the timers
 * share.
 */
#ifndef TOLLGATE_KERNEL_CLOCK_H
#define TOLLGATE_KERNEL_CLOCK_H

#include "kernel/wait.h"

/* Nanoseconds of so many instructions, rounded down; NEVER if that does not fit. */
uint64_t clock_ns_of(const struct kernel *k, uint64_t insns);
/* The least number of instructions that take at least so many nanoseconds; NEVER if that does not
 * fit. */
uint64_t clock_insns_for(const struct kernel *k, uint64_t ns);
/* The retired count at which virtual time reaches ns, idle skips so far included. May lie in the
 * past. */
uint64_t clock_count_at(const struct kernel *k, uint64_t ns);
uint64_t clock_retired(const struct kernel *k);
/* Instructions of a thread or of all threads of a process, up to now. */
uint64_t clock_thread_insns(const struct kernel *k, const struct thread *t);
uint64_t clock_process_insns(const struct kernel *k, const struct process *p);

#endif
