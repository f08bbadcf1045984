/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Seals of memory files. Inside the file room. */
#ifndef TOLLGATE_KERNEL_MEMFD_H
#define TOLLGATE_KERNEL_MEMFD_H

#include "kernel/file/file.h"

/* F_GET_SEALS, F_ADD_SEALS. */
int64_t memfd_seals(struct kernel *k, struct file *f, bool add, uint32_t seals);

#endif
