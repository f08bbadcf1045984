/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See clone.h. */
#include "intercept/clone.h"

#include "abi/calls.h"
#include "abi/errors.h"
#include "abi/thread.h"
#include "intercept/safe.h"
#include "intercept/text.h"

#define PUBLIC __attribute__((visibility("default")))

PUBLIC void (*intercept_hook_point_clone_child)(void);
PUBLIC void (*intercept_hook_point_clone_parent)(long pid);
PUBLIC void (*intercept_hook_point_clone_child_args)(unsigned long flags, void *child_stack,
						     int *ptid, int *ctid, long newtls);
PUBLIC void (*intercept_hook_point_clone_parent_args)(unsigned long flags, void *child_stack,
						      int *ptid, int *ctid, long newtls, long pid);

enum { CLONE_FLAGS, CLONE_STACK, CLONE_PTID, CLONE_CTID, CLONE_TLS, CLONE_A0 };

bool clone_is(uint64_t nr)
{
	return nr == G_NR_clone || nr == G_NR_clone3;
}

static bool shares_stack(uint64_t flags, uint64_t stack)
{
	return (flags & G_CLONE_VM) && !stack;
}

static bool prepare_clone(struct frame *f)
{
	uint64_t stack = f->a[1];

	f->clone[CLONE_FLAGS] = f->a[0];
	f->clone[CLONE_STACK] = stack;
	f->clone[CLONE_PTID] = f->a[2];
	f->clone[CLONE_TLS] = f->a[3];
	f->clone[CLONE_CTID] = f->a[4];
	if (shares_stack(f->a[0], stack))
		return false;
	if (!stack)
		return true;
	f->a[1] = stack - FRAME_SIZE;
	memcpy((void *)f->a[1], f, FRAME_SIZE);
	return true;
}

/*
 * Flags, pointers and stack as clone has them. The stack of the copy is made smaller by a frame; the
 * copy itself lies below that frame, on the new stack, where nobody is before the kernel has read it.
 */
static bool prepare_clone3(struct frame *f)
{
	struct g_clone_args args = { 0 };
	uint64_t size = f->a[1], top, copy;

	if (size < G_CLONE_ARGS_SIZE_VER0 || size > sizeof(args) ||
	    safe_load(NULL, f->a[0], &args, size) != 0)
		return true; /* the kernel says what is wrong with it, and there is no child */
	f->clone[CLONE_FLAGS] = args.flags;
	f->clone[CLONE_STACK] = args.stack;
	f->clone[CLONE_PTID] = args.parent_tid;
	f->clone[CLONE_CTID] = args.child_tid;
	f->clone[CLONE_TLS] = args.tls;
	if (shares_stack(args.flags, args.stack))
		return false;
	if (!args.stack || args.stack_size < 2 * FRAME_SIZE + sizeof(args))
		return !args.stack; /* too small a stack for us: without hooks */
	top = args.stack + args.stack_size;
	args.stack_size -= FRAME_SIZE;
	copy = (top - FRAME_SIZE - sizeof(args)) & ~(uint64_t)15;
	memcpy((void *)copy, &args, sizeof(args));
	memcpy((void *)(top - FRAME_SIZE), f, FRAME_SIZE);
	f->a[0] = copy;
	return true;
}

bool clone_prepare(struct frame *f)
{
	f->clone[CLONE_A0] = f->a[0];
	return f->a[7] == G_NR_clone ? prepare_clone(f) : prepare_clone3(f);
}

void clone_hooks(const struct frame *f)
{
	int64_t pid = (int64_t)f->result[0];
	const uint64_t *c = f->clone;
	int *ptid = (int *)c[CLONE_PTID], *ctid = (int *)c[CLONE_CTID];

	if (pid < 0)
		return;
	if (pid == 0) {
		if (intercept_hook_point_clone_child_args)
			intercept_hook_point_clone_child_args(c[CLONE_FLAGS], (void *)c[CLONE_STACK],
							      ptid, ctid, (long)c[CLONE_TLS]);
		if (intercept_hook_point_clone_child)
			intercept_hook_point_clone_child();
		return;
	}
	if (intercept_hook_point_clone_parent_args)
		intercept_hook_point_clone_parent_args(c[CLONE_FLAGS], (void *)c[CLONE_STACK], ptid,
						       ctid, (long)c[CLONE_TLS], pid);
	if (intercept_hook_point_clone_parent)
		intercept_hook_point_clone_parent(pid);
}
