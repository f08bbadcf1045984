/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The one heap of deadlines: waits, sleeps, timerfds, itimers, POSIX timers. Ordered by (deadline, sequence).
 */
#ifndef TOLLGATE_KERNEL_TIMER_H
#define TOLLGATE_KERNEL_TIMER_H

#include "kernel/kernel.h"

enum timer_kind {
	TIMER_WAIT,    /* owner: struct thread; ends its wait with WAKE_TIMEOUT */
	TIMER_FD,      /* owner: struct file of a timerfd */
	TIMER_REAL,    /* owner: struct process; SIGALRM of ITIMER_REAL */
	TIMER_VIRTUAL, /* owner: struct process; SIGVTALRM of ITIMER_VIRTUAL, on its CPU clock */
	TIMER_PROF,    /* owner: struct process; SIGPROF of ITIMER_PROF, on its CPU clock */
	TIMER_POSIX,   /* owner: the timer_create record */
};

enum timer_clock { TIMER_MONOTONIC, TIMER_CPU_THREAD, TIMER_CPU_PROCESS };

struct timer {
	uint64_t deadline_ns;  /* on its clock */
	uint64_t interval_ns;  /* 0: once */
	uint64_t sequence;     /* order of arming among equal deadlines */
	ref owner;
	ref target;            /* CPU clocks: the thread or process whose clock it is */
	ref cpu_next, cpu_prev; /* in the thread's or process's cpu_timers, for CPU clocks */
	uint32_t kind;         /* enum timer_kind */
	uint32_t clock;        /* enum timer_clock */
	uint32_t heap_index;   /* + 1; 0: not armed */
	uint32_t reserved;
};

ref timer_new(struct kernel *k, uint32_t kind, uint32_t clock, ref owner, ref target); /* 0: no memory */
void timer_free(struct kernel *k, ref timer);                             /* disarms first */
/* Arms or re-arms. A deadline in the past fires at the next boundary. 0 or -G_EAGAIN at LIMIT_TIMERS. */
int timer_arm(struct kernel *k, ref timer, uint64_t deadline_ns, uint64_t interval_ns);
void timer_disarm(struct kernel *k, ref timer);
/* The earliest deadline of the monotonic heap, or NEVER; *periodic_only is set when every armed timer is an interval timer. */
uint64_t timer_next(struct kernel *k, bool *periodic_only);
/* The earliest deadline among timers that were armed before this sequence number was given out. */
uint64_t timer_next_armed_before(struct kernel *k, uint64_t sequence);
/* Fires everything due at now, in order; called by the scheduler at boundaries. Kinds dispatch to:
 * wake_thread, timerfd_expired, itimer_expired, posix_timer_expired. */
void timer_expire(struct kernel *k, uint64_t now_ns);

/* Owners' sides: number of expiries is what has passed since the deadline for interval timers (at least 1);
 * the timer has been re-armed already. */
void timerfd_expired(struct kernel *k, ref file, uint64_t expiries);
void itimer_expired(struct kernel *k, ref process, uint32_t kind, uint64_t expiries);
void posix_timer_expired(struct kernel *k, ref posix_timer, uint64_t expiries);
/* CPU-clock timers: the smallest count of instructions until one of the current thread's or its process's fires; NEVER. And firing them. */
uint64_t cpu_timer_next(struct kernel *k);
uint64_t cpu_timer_count(struct kernel *k); /* the same as a retired count, which may lie in the past */
void cpu_timer_expire(struct kernel *k);
/* A thread or process ends: disarms the timers on its CPU clock (its cpu_timers). */
void cpu_timers_gone(struct kernel *k, ref *first);

#endif
