/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Constants and layouts of threads: clone, futex, scheduling policies, barriers.
 * Refuses to know: how threads are scheduled.
 */
#ifndef TOLLGATE_ABI_THREAD_H
#define TOLLGATE_ABI_THREAD_H

#include "abi/base.h"

/* clone, clone3 (the 64-bit ones only there) */
enum {
	G_CSIGNAL = 0xff,
	G_CLONE_NEWTIME = 0x80,
	G_CLONE_VM = 0x100,
	G_CLONE_FS = 0x200,
	G_CLONE_FILES = 0x400,
	G_CLONE_SIGHAND = 0x800,
	G_CLONE_PIDFD = 0x1000,
	G_CLONE_PTRACE = 0x2000,
	G_CLONE_VFORK = 0x4000,
	G_CLONE_PARENT = 0x8000,
	G_CLONE_THREAD = 0x10000,
	G_CLONE_NEWNS = 0x20000,
	G_CLONE_SYSVSEM = 0x40000,
	G_CLONE_SETTLS = 0x80000,
	G_CLONE_PARENT_SETTID = 0x100000,
	G_CLONE_CHILD_CLEARTID = 0x200000,
	G_CLONE_DETACHED = 0x400000,
	G_CLONE_UNTRACED = 0x800000,
	G_CLONE_CHILD_SETTID = 0x1000000,
	G_CLONE_NEWCGROUP = 0x2000000,
	G_CLONE_NEWUTS = 0x4000000,
	G_CLONE_NEWIPC = 0x8000000,
	G_CLONE_NEWUSER = 0x10000000,
	G_CLONE_NEWPID = 0x20000000,
	G_CLONE_NEWNET = 0x40000000,
};
#define G_CLONE_IO            0x80000000u
#define G_CLONE_CLEAR_SIGHAND 0x100000000ull
#define G_CLONE_INTO_CGROUP   0x200000000ull

struct g_clone_args {
	uint64_t flags;
	uint64_t pidfd;
	uint64_t child_tid;
	uint64_t parent_tid;
	uint64_t exit_signal;
	uint64_t stack; /* the lowest address, unlike clone's */
	uint64_t stack_size;
	uint64_t tls;
	uint64_t set_tid; /* version 1 starts here, */
	uint64_t set_tid_size;
	uint64_t cgroup; /* version 2 here */
};
G_SIZE(clone_args, 88);
G_AT(clone_args, flags, 0);
G_AT(clone_args, pidfd, 8);
G_AT(clone_args, child_tid, 16);
G_AT(clone_args, parent_tid, 24);
G_AT(clone_args, exit_signal, 32);
G_AT(clone_args, stack, 40);
G_AT(clone_args, stack_size, 48);
G_AT(clone_args, tls, 56);
G_AT(clone_args, set_tid, 64);
G_AT(clone_args, set_tid_size, 72);
G_AT(clone_args, cgroup, 80);
enum { G_CLONE_ARGS_SIZE_VER0 = 64, G_CLONE_ARGS_SIZE_VER1 = 80, G_CLONE_ARGS_SIZE_VER2 = 88 };

/* futex */
enum {
	G_FUTEX_WAIT = 0,
	G_FUTEX_WAKE = 1,
	G_FUTEX_FD = 2,
	G_FUTEX_REQUEUE = 3,
	G_FUTEX_CMP_REQUEUE = 4,
	G_FUTEX_WAKE_OP = 5,
	G_FUTEX_LOCK_PI = 6,
	G_FUTEX_UNLOCK_PI = 7,
	G_FUTEX_TRYLOCK_PI = 8,
	G_FUTEX_WAIT_BITSET = 9,
	G_FUTEX_WAKE_BITSET = 10,
	G_FUTEX_WAIT_REQUEUE_PI = 11,
	G_FUTEX_CMP_REQUEUE_PI = 12,
	G_FUTEX_LOCK_PI2 = 13,
	G_FUTEX_PRIVATE_FLAG = 128,
	G_FUTEX_CLOCK_REALTIME = 256,
};
#define G_FUTEX_CMD_MASK (~(G_FUTEX_PRIVATE_FLAG | G_FUTEX_CLOCK_REALTIME))

enum {
	G_FUTEX_OWNER_DIED = 0x40000000,
	G_FUTEX_TID_MASK = 0x3fffffff,
};
#define G_FUTEX_WAITERS          0x80000000u
#define G_FUTEX_BITSET_MATCH_ANY 0xffffffffu

/* The word of FUTEX_WAKE_OP: op 31..28 (bit 31: shift the operand), cmp 27..24, oparg, cmparg. */
enum {
	G_FUTEX_OP_SET = 0,
	G_FUTEX_OP_ADD = 1,
	G_FUTEX_OP_OR = 2,
	G_FUTEX_OP_ANDN = 3,
	G_FUTEX_OP_XOR = 4,
	G_FUTEX_OP_OPARG_SHIFT = 8,
	G_FUTEX_OP_CMP_EQ = 0,
	G_FUTEX_OP_CMP_NE = 1,
	G_FUTEX_OP_CMP_LT = 2,
	G_FUTEX_OP_CMP_LE = 3,
	G_FUTEX_OP_CMP_GT = 4,
	G_FUTEX_OP_CMP_GE = 5,
};

enum {
	G_FUTEX2_SIZE_U8 = 0x0,
	G_FUTEX2_SIZE_U16 = 0x1,
	G_FUTEX2_SIZE_U32 = 0x2,
	G_FUTEX2_SIZE_U64 = 0x3,
	G_FUTEX2_NUMA = 0x4,
	G_FUTEX2_PRIVATE = 0x80,
	G_FUTEX2_SIZE_MASK = 0x3,
	G_FUTEX_WAITV_MAX = 0x80,
};

struct g_futex_waitv {
	uint64_t val;
	uint64_t uaddr;
	uint32_t flags;
	uint32_t reserved;
};
G_SIZE(futex_waitv, 24);
G_AT(futex_waitv, val, 0);
G_AT(futex_waitv, uaddr, 8);
G_AT(futex_waitv, flags, 16);
G_AT(futex_waitv, reserved, 20);

struct g_robust_list_head {
	uint64_t list; /* bit 0 of an entry's address: a priority-inheriting futex */
	int64_t futex_offset;
	uint64_t pending;
};
G_SIZE(robust_list_head, 24);
G_AT(robust_list_head, list, 0);
G_AT(robust_list_head, futex_offset, 8);
G_AT(robust_list_head, pending, 16);
enum { G_ROBUST_LIST_LIMIT = 2048 };

/* scheduling */
enum {
	G_SCHED_OTHER = 0,
	G_SCHED_FIFO = 0x1,
	G_SCHED_RR = 0x2,
	G_SCHED_BATCH = 0x3,
	G_SCHED_IDLE = 0x5,
	G_SCHED_DEADLINE = 0x6,
	G_SCHED_EXT = 0x7,
	G_SCHED_RESET_ON_FORK = 0x40000000,
	G_SCHED_FLAG_RESET_ON_FORK = 0x1,
	G_SCHED_FLAG_RECLAIM = 0x2,
	G_SCHED_FLAG_DL_OVERRUN = 0x4,
	G_SCHED_FLAG_KEEP_POLICY = 0x8,
	G_SCHED_FLAG_KEEP_PARAMS = 0x10,
	G_SCHED_FLAG_UTIL_CLAMP_MIN = 0x20,
	G_SCHED_FLAG_UTIL_CLAMP_MAX = 0x40,
};

struct g_sched_param {
	int32_t priority;
};
G_SIZE(sched_param, 4);

struct g_sched_attr {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime;
	uint64_t deadline;
	uint64_t period;
	uint32_t util_min;
	uint32_t util_max;
};
G_SIZE(sched_attr, 56);
G_AT(sched_attr, size, 0);
G_AT(sched_attr, policy, 4);
G_AT(sched_attr, flags, 8);
G_AT(sched_attr, nice, 16);
G_AT(sched_attr, priority, 20);
G_AT(sched_attr, runtime, 24);
G_AT(sched_attr, deadline, 32);
G_AT(sched_attr, period, 40);
G_AT(sched_attr, util_min, 48);
G_AT(sched_attr, util_max, 52);
enum { G_SCHED_ATTR_SIZE_VER0 = 48, G_SCHED_ATTR_SIZE_VER1 = 56 };

/* membarrier */
enum {
	G_MEMBARRIER_CMD_QUERY = 0x0,
	G_MEMBARRIER_CMD_GLOBAL = 0x1,
	G_MEMBARRIER_CMD_GLOBAL_EXPEDITED = 0x2,
	G_MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED = 0x4,
	G_MEMBARRIER_CMD_PRIVATE_EXPEDITED = 0x8,
	G_MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED = 0x10,
	G_MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE = 0x20,
	G_MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE = 0x40,
	G_MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ = 0x80,
	G_MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ = 0x100,
	G_MEMBARRIER_CMD_GET_REGISTRATIONS = 0x200,
	G_MEMBARRIER_CMD_FLAG_CPU = 0x1,
};

/* rseq */
struct g_rseq {
	uint32_t cpu_id_start;
	uint32_t cpu_id;
	uint64_t rseq_cs;
	uint32_t flags;
	uint32_t node_id;
	uint32_t mm_cid;
	uint32_t pad;
};
G_SIZE(rseq, 32);
G_AT(rseq, cpu_id, 4);
G_AT(rseq, rseq_cs, 8);
G_AT(rseq, flags, 16);
G_AT(rseq, node_id, 20);
G_AT(rseq, mm_cid, 24);

#endif
