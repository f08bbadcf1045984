/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The log: a line per call, written whole, to a file that is opened for each, so that a program may
 * close what it likes. Refuses to know hooks.
 */
#ifndef TOLLGATE_INTERCEPT_LOG_H
#define TOLLGATE_INTERCEPT_LOG_H

#include "intercept/intercept.h"

/* Makes the path absolute, and empties the file if that is asked for. */
void log_open(struct intercept *state);

/* result NULL: the call does not come back, or is logged before it does. */
void log_call(const struct intercept *state, uint64_t site, uint64_t nr, const uint64_t args[6],
	      const uint64_t *result);

#endif
