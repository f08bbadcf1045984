/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * INTERCEPT_INJECT: calls that fail, or return a value, without reaching the kernel; strace's
 * grammar, SET:error=E:when=N or SET:retval=V, rules parted by `;`. Refuses to know hooks.
 */
#ifndef TOLLGATE_INTERCEPT_INJECT_H
#define TOLLGATE_INTERCEPT_INJECT_H

#include "intercept/intercept.h"

/* A name, with or without SYS_, or a number. */
bool inject_call_number(const char *word, size_t n, uint64_t *number);

/* Reads the rules; what cannot be read is said on standard error and returns false. */
bool inject_read(struct intercept *state);

/* True if this call is not to reach anyone: *result is what it returns. Counts the call. */
bool inject_apply(struct intercept *state, uint64_t nr, int64_t *result);

#endif
