/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Clock ids as calls name them, and what they read. */
#ifndef TOLLGATE_KERNEL_CLOCK_ID_H
#define TOLLGATE_KERNEL_CLOCK_ID_H

#include "kernel/kernel.h"

enum clock_source_kind { CLOCK_SOURCE_MONOTONIC, CLOCK_SOURCE_REALTIME, CLOCK_SOURCE_THREAD, CLOCK_SOURCE_PROCESS };

struct clock_source {
	uint32_t kind; /* enum clock_source_kind */
	uint32_t reserved;
	ref target;    /* CPU clocks: whose */
};

/* 0, or -G_EINVAL for a clock that does not exist (or a CPU clock of somebody who does not). */
int clock_source(struct kernel *k, int32_t id, struct clock_source *out);
uint64_t clock_source_now(struct kernel *k, const struct clock_source *source);
uint64_t clock_realtime_offset(struct kernel *k);

#endif
