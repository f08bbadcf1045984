/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Inside exec: what loading leaves for the initial stack, and the parts of a process's memory that are not the program's. kernel_exec
 * itself is in kernel.h.
 */
#ifndef TOLLGATE_KERNEL_EXEC_H
#define TOLLGATE_KERNEL_EXEC_H

#include "kernel/memory/memory.h"

struct start {
	uint64_t entry;        /* of the program, for AT_ENTRY */
	uint64_t phdr, phnum;
	uint64_t base;         /* of the interpreter, or 0 */
	uint64_t vdso;         /* for AT_SYSINFO_EHDR; 0: not told */
	uint32_t exec_stack, reserved;
	const char *const *argv, *const *envp; /* NULL-terminated */
	const char *execfn;
};

/*
 * Maps the stack of p and fills it: strings, AT_RANDOM, argc, argv, envp, auxiliary vector. Sets p's blocks and bounds of them, and *sp.
 * 0, -G_E2BIG, -G_ENOMEM,
 * -G_EEXIST (the program is where the stack has to be).
 */
int stack_build(struct kernel *k, struct process *p, const struct start *start, uint64_t *sp);

#endif
