/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The emulated Linux as a library of its own: what a machine gives it (struct tg_machine_ops), what the outside world gives it
 * (struct tg_host_ops), and how it is driven. The kernel never allocates from the host, never blocks and keeps no host pointer
 * in its state; everything it knows about the guest lives in one arena that the caller provides.
 *
 * Driving: the caller runs the hart until it traps or until its retired count reaches `until`, then calls tg_kernel_on_ecall,
 * tg_kernel_on_fault or tg_kernel_on_slice_end. Each returns either TG_RUN (run on until the new count; registers and space have
 * been switched through the ops) or why the run has stopped.
 */
#ifndef TOLLGATE_KERNEL_H
#define TOLLGATE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tollgate/machine_ops.h"

#define TG_SEMANTICS 1 /* changes whenever any count, digest or result may change */

enum tg_node_type { TG_NODE_NONE, TG_NODE_FILE, TG_NODE_DIRECTORY, TG_NODE_SYMLINK };

struct tg_node_stat {
	uint32_t type; /* enum tg_node_type */
	uint32_t executable; /* owner may execute it */
	uint64_t size;
};

enum tg_event_kind {
	TG_EVENT_CALL,     /* a call begins: nr, args, tid */
	TG_EVENT_RETURN,   /* it ends: nr, result, tid; refused when its tier is off or its row says so, unknown when no row is supported */
	TG_EVENT_SIGNAL,   /* a handler frame was pushed: signo in nr */
	TG_EVENT_SWITCH,   /* tid runs now */
	TG_EVENT_CLONE,    /* a new thread: result = its tid */
	TG_EVENT_EXIT,     /* thread tid ended: result = status */
	TG_EVENT_PREEMPT,  /* tid lost the hart at the end of a quantum */
	TG_EVENT_ENTROPY,  /* result bytes were drawn */
	TG_EVENT_FAULT,    /* nr = cause, args[0] = tval */
};

enum tg_outcome { TG_OUTCOME_DONE, TG_OUTCOME_REFUSED, TG_OUTCOME_UNKNOWN, TG_OUTCOME_NO_RETURN, TG_OUTCOME_WAIT };

struct tg_event {
	uint32_t kind;    /* enum tg_event_kind */
	uint32_t tid;
	uint64_t nr;
	uint64_t args[6];
	int64_t result;
	uint32_t outcome; /* enum tg_outcome */
	uint32_t resumed; /* TG_EVENT_RETURN after a wait */
	uint64_t retired;
};

/* The outside world. Outside files are named by mount number and path relative to it ("" is the mount itself); paths are made of
 * plain components: never "..", never a symlink that the host would follow. Contents must not change during a run. */
struct tg_host_ops {
	/* Writes to the standard streams (1, 2). Returns 0, or -errno: the run then stops with TG_STOP_HOST. */
	int (*output)(void *ctx, int stream, const void *buf, uint64_t n);
	/* Standard input. Returns bytes read, 0 at the end, -errno (the run stops), never a short count before the end of a pipe's
	 * available data unless n is reached. */
	int64_t (*input)(void *ctx, void *buf, uint64_t n);
	int (*stat)(void *ctx, uint32_t mount, const char *path, struct tg_node_stat *out); /* 0 or -errno */
	int64_t (*readlink)(void *ctx, uint32_t mount, const char *path, char *buf, uint64_t n);
	/* Name number `index` of a directory in bytewise order, NUL-terminated. Returns 0, -ENOENT after the last, -errno. */
	int (*readdir)(void *ctx, uint32_t mount, const char *path, uint64_t index, char *name, uint64_t n);
	/* The snapshot of a regular file: opens (0 and *size, *handle), reads, closes. */
	int (*content_open)(void *ctx, uint32_t mount, const char *path, uint64_t *size, uint64_t *handle);
	int64_t (*content_read)(void *ctx, uint64_t handle, uint64_t offset, void *buf, uint64_t n);
	void (*content_close)(void *ctx, uint64_t handle);
	void (*event)(void *ctx, const struct tg_event *event); /* may be NULL */
};

enum tg_tier { TG_TIER_BASIC = 1, TG_TIER_ADVANCED = 2, TG_TIER_FULL = 3 };

struct tg_kernel_options {
	size_t size;               /* sizeof(struct tg_kernel_options) of the caller */
	uint8_t entropy_seed[32];
	uint64_t clock_epoch_ns;   /* CLOCK_REALTIME at the start */
	uint32_t ns_per_insn_num;  /* virtual nanoseconds per retired instruction, as a ratio; 0/0: 1/1 */
	uint32_t ns_per_insn_den;
	uint64_t quantum;          /* instructions; 0: 100 000 */
	uint32_t cpus;             /* that the guest sees; 0: 1 */
	uint32_t tier;             /* enum tg_tier; 0: full */
	uint64_t insn_limit;       /* retired instructions; 0: unlimited */
	uint64_t memory_limit;     /* bytes; 0: 4 GiB */
	uint64_t virtual_limit_ns; /* idle time that only periodic timers may fill; 0: one hour */
};

enum tg_stop {
	TG_RUN,            /* not a stop: run on until `until` */
	TG_STOP_EXITED,    /* status = exit code 0..255 */
	TG_STOP_KILLED,    /* status = signal */
	TG_STOP_DEADLOCK,  /* every thread waits, nothing can wake one: tg_kernel_describe_waits names them */
	TG_STOP_IDLE,      /* only periodic timers for virtual_limit_ns */
	TG_STOP_REFUSED,   /* calls without an answer (ENOSYS) and nothing else for LIMIT_UNANSWERED_CALLS: status = the last number */
	TG_STOP_INSN_LIMIT,
	TG_STOP_MEMORY_LIMIT,
	TG_STOP_ARENA_LIMIT,
	TG_STOP_HOST,      /* status = errno of the host operation that failed */
};

struct tg_run {
	uint32_t stop;   /* enum tg_stop */
	int32_t status;
	uint64_t until;  /* TG_RUN: run the hart until its retired count is this (it may equal the count now: call on_slice_end) */
};

/* One mount of the outside world into the tree. */
struct kernel_mount {
	const char *guest_path; /* absolute */
	uint32_t mount;         /* host_ops number */
	uint32_t writable;      /* 0: EROFS-free copy-on-write in memory is still the default; 1 reserved */
};

struct kernel_program {
	const char *path;        /* absolute guest path of the program, must exist in the tree */
	const char *const *argv; /* NULL-terminated */
	const char *const *envp;
	const char *cwd;         /* absolute guest path; NULL: "/" */
	const char *execfn;      /* AT_EXECFN; NULL: path */
	uint32_t want_vdso;
	uint32_t stdin_given;    /* 0: standard input is empty */
};

#endif
