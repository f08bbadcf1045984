/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The records of kernel state, all in the arena: fixed-width fields, refs instead of pointers, no padding (tests/kernel/check-padding),
 * no statistics, no host handles. A family's own records are in its header (file.h, tree.h, timer.h, futex.h ...).
 */
#ifndef TOLLGATE_KERNEL_STATE_H
#define TOLLGATE_KERNEL_STATE_H

#include <stdint.h>

#include "tollgate/kernel.h"

#include "abi/abi.h"
#include "kernel/arena.h"
#include "kernel/limits.h"

#define NEVER UINT64_MAX /* no deadline */

/* A list of arena records; records hold next and prev refs of their own. */
struct list {
	ref head, tail;
};

/* What can be waited for: the nodes of waiting threads and of epoll items, in arrival order. A record of its
 * own, since nodes name it by ref. */
struct wait_queue {
	struct list nodes; /* struct wait_node */
};

enum wait_node_kind { WAIT_NODE_THREAD, WAIT_NODE_EPOLL };

struct wait_node {
	ref queue;          /* struct wait_queue */
	ref next, prev;     /* in the queue */
	ref owner;          /* struct thread, or the epoll item */
	ref owner_next;     /* the thread's next node */
	uint32_t kind;      /* enum wait_node_kind */
	uint32_t interest;  /* readiness events (G_POLL*) that wake it; 0: all */
};

enum wake_reason { WAKE_NONE, WAKE_EVENT, WAKE_TIMEOUT, WAKE_SIGNAL };

/*
 * The WAIT record. A handler that must wait stores its progress here and returns CALL_WAIT; when the thread is woken and switched
 * in, the same handler is called again with the same arguments and wait.resuming = 1 (see wait.h). `words` belong to the handler.
 */
struct wait {
	uint64_t deadline_ns;  /* absolute, virtual monotonic; NEVER */
	ref timer;             /* struct timer of the deadline, while parked */
	ref nodes;             /* first of the thread's wait_nodes, while parked */
	ref pin_file;          /* struct file that the call holds, released when it ends */
	ref pin_block;         /* plain arena block, freed when the call ends */
	uint64_t words[6];
	uint32_t resuming;     /* the handler is being called again */
	uint32_t reason;       /* enum wake_reason of the last wake */
};

enum thread_state { THREAD_READY, THREAD_RUNNING, THREAD_WAITING, THREAD_DEAD };

struct signal_queue {
	uint64_t pending;   /* bit signo - 1 */
	struct list infos;  /* struct signal_info, in order of arrival */
};

struct signal_info {
	ref next, prev;
	ref timer;             /* struct posix timer that sent it (overrun, coalescing), or 0 */
	struct g_siginfo info; /* what the handler sees */
};

struct thread {
	uint32_t tid;
	uint32_t state;            /* enum thread_state */
	ref process;
	ref next, prev;            /* in process->threads, by tid */
	ref tid_next;              /* in its bucket of the tid_table */
	ref run_next, run_prev;    /* in the run queue */
	struct tg_regs regs;       /* while not running; pc at the ecall while a call waits */
	uint64_t retired;          /* instructions of this thread, without the slice that runs now */
	uint64_t call_a0;          /* a0 as the call found it, for restarts */
	uint64_t args[6];          /* of the call in progress */
	uint32_t call_nr;
	uint32_t in_call;
	struct wait wait;
	/* signals */
	uint64_t sigmask;
	uint64_t saved_sigmask;    /* to be restored after a call that changed it for its time (ppoll, sigsuspend) */
	uint32_t restore_sigmask;
	uint32_t altstack_flags;
	uint64_t altstack_sp, altstack_size;
	struct signal_queue signals;
	uint64_t sigwait_set;      /* of sigtimedwait: wakes although blocked */
	/* thread */
	uint64_t clear_child_tid;
	uint64_t robust_list;
	uint64_t robust_list_len;
	ref futex_waiter;          /* first of its struct futex_waiter, while in futex queues */
	ref cpu_timers;            /* first timer on this thread's CPU clock */
	uint8_t name[16];
	uint64_t affinity;         /* sched_setaffinity; 0: every CPU */
	uint32_t policy;           /* sched_setscheduler: G_SCHED_*, perhaps with RESET_ON_FORK */
	int32_t nice;
};

struct sighand {
	uint32_t users, reserved;
	struct g_sigaction actions[64];
};

/* Address space: areas and brk (memory.h). */
struct fs_info {
	uint32_t users, umask;
	ref root, cwd; /* struct inode */
};

struct process {
	uint32_t pid, ppid, pgid, sid;
	ref next, prev;            /* in root->processes, by pid */
	ref parent;
	struct list threads;       /* struct thread, by tid */
	uint32_t thread_count;
	uint32_t space;            /* machine space id */
	ref memory;                /* struct memory (memory.h) */
	ref files;                 /* struct fd_table (file.h) */
	ref fs;                    /* struct fs_info */
	ref sighand;
	struct signal_queue signals; /* process-directed */
	uint64_t retired;          /* of all its threads, without the slice that runs now */
	ref itimer_real;           /* struct timer */
	ref itimer_virtual, itimer_prof; /* struct timer on the process's CPU clock */
	ref posix_timers;          /* first struct posix_timer of timer_create, by id */
	ref cpu_timers;            /* first timer on this process's CPU clock */
	ref exe;                   /* struct inode of the program */
	ref cmdline;               /* block: argv strings with NULs */
	ref environ;               /* block */
	ref auxv;                  /* block: as on the stack */
	uint64_t start_code, end_code, start_data, end_data, start_stack, vdso, arg_start, arg_end, env_start, env_end;
	struct g_rlimit rlimits[16];
	uint32_t exiting, exit_code, exit_signal, dumpable;
	uint32_t no_new_privs, next_timer_id, child_subreaper, thp_disable;
	uint64_t timer_slack;
	uint32_t fatal_signal;     /* a signal that ends the whole process was sent: its next delivery point ends it */
	uint32_t queued_signals;   /* records in all its signal queues, and one for each timer of timer_create: RLIMIT_SIGPENDING */
	uint64_t membarrier;       /* registrations: G_MEMBARRIER_CMD_REGISTER_* */
	uint32_t pdeath_signal, keep_caps;
	int64_t oom_score_adj;     /* as /proc/PID/oom_score_adj was written */
	uint64_t persona;          /* personality(2): G_PER_LINUX, perhaps with G_ADDR_NO_RANDOMIZE */
};

/* The root record: the arena's first block. Families hang their own records here. */
struct root {
	struct list processes;
	struct list run_queue;   /* struct thread by run_next */
	ref current;             /* struct thread, 0 when nobody can run */
	uint64_t idle_ns;        /* skipped because nobody could run */
	uint64_t idle_since_ns;  /* virtual time since which hardly anything but waiting has been done */
	uint64_t idle_base_ns;   /* idle_ns at that time */
	uint64_t idle_skips;     /* since that time */
	uint64_t switched_at;    /* retired count when current was switched in */
	uint64_t quantum_end;    /* 0 while one thread can run: so that --quantum leaves no trace in its digest */
	uint32_t next_tid, next_space, next_object, thread_count;
	uint64_t next_sequence;  /* of timers */
	ref timers;              /* time/timer heap */
	ref futexes;
	ref tree;                /* the file tree */
	ref entropy;
	ref memory_accounts;     /* charged bytes */
	ref streams;             /* standard input and other stream state */
	uint64_t unanswered;     /* calls in a row that had no answer but ENOSYS */
	uint64_t wake_round;     /* counts wakes: an epoll that several ways lead to hears of each once */
	ref tids;                /* struct tid_table */
	uint64_t reserved;
};

#endif
