/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The vdso: where it is in a process, and putting it there. The image is made at build time by vdso/gen.c. */
#ifndef TOLLGATE_KERNEL_VDSO_H
#define TOLLGATE_KERNEL_VDSO_H

#include "kernel/memory/memory.h"

/* The guest address of `li a7, 139; ecall`, where handlers return to. */
uint64_t vdso_sigreturn(struct kernel *k);
/* Maps the data page and the image below the other mappings and sets p->vdso. 0 or -G_ENOMEM. */
int vdso_map(struct kernel *k, struct process *p, struct memory *mm);

#endif
