/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The composition root: one machine, one kernel, the outside world, and what is counted about a run. Nothing here prints or exits.
 */
#ifndef TOLLGATE_VM_VM_H
#define TOLLGATE_VM_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tollgate/kernel.h"

struct vm;

#define VM_CALL_NUMBERS 512 /* rows of syscall.def are below this */
#define VM_UNKNOWN_MAX 64   /* distinct unknown numbers that are kept; the rest is in unknown_more */
#define VM_DIGEST_TEXT (11 + 64 + 1) /* "tg1-sha256:" + hex + NUL */

struct vm_mount {
	const char *host;  /* host path of a directory or a regular file */
	const char *guest; /* absolute guest path */
};

struct vm_options {
	const char *engine; /* NULL: the fastest */
	struct tg_kernel_options kernel;
	const struct vm_mount *mounts; /* in order */
	size_t mount_count;
	bool want_vdso;
	bool want_hashes; /* program_sha256 and state_digest in the summary: they read every page */
	int stdin_fd; /* host descriptor, -1: empty */
	int stdout_fd, stderr_fd;
	/* Called about every `progress_insns` retired instructions (0: never); a non-zero result stops nothing, it is only told. */
	void (*progress)(void *ctx, uint64_t retired, uint64_t virtual_ns);
	void *progress_ctx;
	uint64_t progress_insns;
};

struct vm_unknown {
	uint64_t number, count;
};

struct vm_summary {
	uint32_t stop; /* enum tg_stop */
	int32_t status;
	uint64_t retired, cost, virtual_ns, peak_memory_bytes;
	uint64_t calls[VM_CALL_NUMBERS];   /* by number, also refused ones */
	uint64_t refused[VM_CALL_NUMBERS]; /* answered by a fixed error, no handler, or outside the tier */
	struct vm_unknown unknown[VM_UNKNOWN_MAX]; /* numbers that no row has, in order of first use */
	uint32_t unknown_count;
	uint64_t unknown_more;
	uint64_t threads, preemptions, signals, switches, entropy_bytes, faults;
	char program_sha256[65];
	char state_digest[VM_DIGEST_TEXT];
	const char *engine;
	int host_errno;      /* TG_STOP_HOST */
	const char *host_op; /* what failed */
};

/* Name of engine i, the truth first; NULL after the last. */
const char *vm_engine_name(unsigned i);
/* 0 and *out; -EINVAL (engine), -ENOMEM, or the error of a mount, whose index is then in *bad_mount (else SIZE_MAX). */
int vm_new(struct vm **out, const struct vm_options *options, size_t *bad_mount);
void vm_free(struct vm *vm);

/* Loads a program that is in the guest's tree. 0 or -errno with *why one line (static). */
int vm_load(struct vm *vm, const struct kernel_program *program, const char **why);
int vm_mount(struct vm *vm, const struct vm_mount *mount);

/* Runs to a stop. */
void vm_run(struct vm *vm);
/* Valid after vm_run; the hashes, if they were asked for, are taken at the first call. */
const struct vm_summary *vm_summary(struct vm *vm);
/* state_digest v1 of the state now. */
void vm_digest(struct vm *vm, char out[VM_DIGEST_TEXT]);
/* Lines that name each waiting thread. */
void vm_describe_waits(struct vm *vm, char *buf, size_t size);
/* Copies a guest file to a host path (created or replaced as a whole). 0 or -errno. */
int vm_copy_out(struct vm *vm, const char *guest, const char *host);

#endif
