/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Inside the file room: checks and copies that its calls share. */
#ifndef TOLLGATE_KERNEL_IO_H
#define TOLLGATE_KERNEL_IO_H

#include "kernel/file/file.h"

/* As access_ok(): the whole range lies in the half that user addresses are in. */
static inline bool user_range(uint64_t addr, uint64_t n)
{
	return n <= TG_ADDRESS_END && addr <= TG_ADDRESS_END - n;
}

/* Copies a path in: 0, -G_EFAULT, -G_ENAMETOOLONG. buf: LIMIT_PATH bytes. */
int path_in(struct kernel *k, uint64_t addr, char *buf);
/* A write that would pass RLIMIT_FSIZE or the largest file: cuts *n, or -G_EFBIG (with SIGXFSZ). */
int limit_write(struct kernel *k, uint64_t offset, uint64_t *n);
/* A signal without further facts to the current thread. */
void send_own_signal(struct kernel *k, int32_t signo);

#endif
