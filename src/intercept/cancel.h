/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Cancellation of threads. C libraries look at the pc that their signal has interrupted: within the
 * function that makes the call, the thread is cancelled, else the call is taken as done. The handler
 * is therefore shown the site when the call is being made for it elsewhere. Refuses to know threads.
 */
#ifndef TOLLGATE_INTERCEPT_CANCEL_H
#define TOLLGATE_INTERCEPT_CANCEL_H

#include "intercept/intercept.h"

/* True if this is an rt_sigaction that has been carried out here: *result is what it returns. */
bool cancel_sigaction(const uint64_t args[6], int64_t *result);

#endif
