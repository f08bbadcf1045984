/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Calls that come back twice. Prepares the frame so that the new thread or process finds a copy of it
 * on its own stack, and runs the hooks in both. Refuses to know logs.
 */
#ifndef TOLLGATE_INTERCEPT_CLONE_H
#define TOLLGATE_INTERCEPT_CLONE_H

#include "intercept/intercept.h"

/* The public pointers; the header for users has them by two names. */
extern void (*intercept_hook_point_clone_child)(void);
extern void (*intercept_hook_point_clone_parent)(long pid);
extern void (*intercept_hook_point_clone_child_args)(unsigned long flags, void *child_stack,
						     int *ptid, int *ctid, long newtls);
extern void (*intercept_hook_point_clone_parent_args)(unsigned long flags, void *child_stack,
						      int *ptid, int *ctid, long newtls, long pid);

bool clone_is(uint64_t nr);

/*
 * True: the call can be made with the frame on the stack. False: parent and child share the stack
 * (vfork), so nothing of ours may be on it.
 */
bool clone_prepare(struct frame *f);

/* Behind the call, in both. */
void clone_hooks(const struct frame *f);

#endif
