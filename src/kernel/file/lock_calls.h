/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* fcntl's record locks. Inside the file room. */
#ifndef TOLLGATE_KERNEL_LOCK_CALLS_H
#define TOLLGATE_KERNEL_LOCK_CALLS_H

#include "kernel/file/file.h"

/* F_GETLK, F_SETLK, F_SETLKW and their OFD forms. f is pinned when the command may wait. */
int64_t record_lock_call(struct kernel *k, struct file *f, uint32_t command, uint64_t addr);

#endif
