/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What pipes, sockets and the other streams share: their numbers and how a pair of descriptors is handed out. */
#ifndef TOLLGATE_KERNEL_PIPE_H
#define TOLLGATE_KERNEL_PIPE_H

#include "kernel/file/file.h"

#define STREAM_DEVICE UINT64_C(0xe)     /* st_dev of pipes and sockets */
#define STREAM_FIRST_NUMBER UINT64_C(4096) /* above the fixed numbers of the standard streams */

struct streams {
	uint64_t next_number;
	uint64_t reserved;
};

uint64_t stream_number(struct kernel *k); /* a fresh inode number */
void stream_stat(struct g_stat *out, uint32_t mode, uint64_t number);
/* Installs two descriptions (their references are taken) and stores the descriptors at addr. 0, or -errno with nothing left behind. */
int64_t stream_install_pair(struct kernel *k, ref first, ref second, bool cloexec, uint64_t addr);

#endif
