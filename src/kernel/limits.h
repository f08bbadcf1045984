/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The kernel's own limits, in one place. Reaching one is an errno that the guest sees, never an assertion.
 */
#ifndef TOLLGATE_KERNEL_LIMITS_H
#define TOLLGATE_KERNEL_LIMITS_H

#define LIMIT_ARENA_BYTES (UINT64_C(1) << 32)   /* reserved, committed as it grows; beyond: stop arena-limit or ENOMEM */
#define LIMIT_THREADS 16384                     /* live, all processes: EAGAIN */
#define LIMIT_AREAS 16384                       /* per space: ENOMEM */
#define LIMIT_MMAP_MIN_ADDR 65536               /* vm.mmap_min_addr: EPERM below it */
#define LIMIT_STACK_GAP (UINT64_C(256) << 12)   /* kept free below a growing stack */
#define LIMIT_STACK_BYTES (UINT64_C(8) << 20)   /* soft RLIMIT_STACK at the start */
#define LIMIT_LOCKED_BYTES (UINT64_C(8) << 20)  /* RLIMIT_MEMLOCK at the start */
#define LIMIT_FDS 65536                         /* hard RLIMIT_NOFILE: EMFILE */
#define LIMIT_FDS_SOFT 1024                     /* soft RLIMIT_NOFILE at the start */
#define LIMIT_TIMERS 65536                      /* in the heap: EAGAIN or ENOMEM */
#define LIMIT_TIMER_REST 16                     /* instructions an interval timer rests after an expiry, for each armed timer */
#define LIMIT_CPU_TIMERS 16                     /* of timer_create on one CPU clock: EAGAIN */
#define LIMIT_PENDING_SIGNALS 8192              /* RLIMIT_SIGPENDING at the start: queued signals and timers of a process: EAGAIN */
#define LIMIT_INODES (1u << 20)                 /* ENOSPC */
#define LIMIT_LOCKS 8192                        /* record locks of a file: ENOLCK */
#define LIMIT_PATH 4096                         /* PATH_MAX with the NUL: ENAMETOOLONG */
#define LIMIT_NAME 255                          /* NAME_MAX: ENAMETOOLONG */
#define LIMIT_SYMLINKS 40                       /* ELOOP */
#define LIMIT_PIPE_BYTES 65536                  /* capacity of a pipe at the start */
#define LIMIT_PIPE_BYTES_MAX 1048576            /* F_SETPIPE_SZ: EPERM beyond */
#define LIMIT_IOVECS 1024                       /* EINVAL */
#define LIMIT_EPOLL_DEPTH 5                     /* nested epoll: ELOOP */
#define LIMIT_ARG_BYTES (128u << 10)            /* one argument or environment string: E2BIG */
#define LIMIT_ARGS_TOTAL (2u << 20)             /* all of them: E2BIG */
#define LIMIT_SEGMENTS 64                       /* loadable segments of a program: ENOEXEC */
#define LIMIT_FILE_BYTES (UINT64_C(1) << 43)    /* EFBIG */
#define LIMIT_IDLE_SKIPS 8                      /* so many jumps of idle time are never called idling, however long they are */
#define LIMIT_UNANSWERED_CALLS 1000000 /* calls in a row that are ENOSYS: stop refused */
#define LIMIT_RESERVATION_EXTENSION 64          /* instructions that a slice may run on while a reservation is held */

#endif
