/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Memory of the program that may not be there: read by the kernel, so that a bad pointer is an error
 * and not a signal. Refuses to know what is read.
 */
#ifndef TOLLGATE_INTERCEPT_SAFE_H
#define TOLLGATE_INTERCEPT_SAFE_H

#include <stdint.h>

/* The form that abi_reader wants; context is not used. 0, or -EFAULT. */
int safe_load(void *context, uint64_t addr, void *dst, uint64_t n);

#endif
