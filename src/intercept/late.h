/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Code that is mapped and unmapped while the program runs. Refuses to know who asks: ld.so or others.
 */
#ifndef TOLLGATE_INTERCEPT_LATE_H
#define TOLLGATE_INTERCEPT_LATE_H

#include "intercept/intercept.h"

/* True if the call is one that has been made here: *result is what it returns. */
bool late_call(uint64_t nr, const uint64_t args[6], int64_t *result);

/* In setup.c: sweeps, plans and patches one new mapping of a file. */
void late_patch(uint64_t start, uint64_t size, int fd, uint64_t offset, uint8_t prot);

#endif
