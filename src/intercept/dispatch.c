/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * One intercepted call, from the frame that entry.S has made to the exit that it takes. Everything is
 * on the stack or in the thread's own guard, so that a signal handler may come here at any moment.
 * Refuses to know patches.
 */
#include "intercept/cancel.h"
#include "intercept/clone.h"
#include "intercept/inject.h"
#include "intercept/late.h"
#include "intercept/log.h"

#include "abi/calls.h"
#include "intercept/text.h"

#define PUBLIC __attribute__((visibility("default")))

PUBLIC int (*intercept_hook_point)(long nr, long a0, long a1, long a2, long a3, long a4, long a5,
				   long *result);
PUBLIC void (*intercept_hook_point_post_kernel)(long nr, long a0, long a1, long a2, long a3, long a4,
						long a5, long result);

enum { EXIT, CALL_AND_COME_BACK };

/*
 * Where the hook that this thread is in keeps its mark, or 0. A hook that has been left by longjmp or
 * an exception leaves the guard behind: its mark is then above the stack, or overwritten.
 */
static __thread uint64_t guard __attribute__((tls_model("initial-exec")));

static bool in_hook(const struct frame *f)
{
	uint64_t mark = guard;

	return mark > (uint64_t)f && *(const volatile uint64_t *)mark == mark;
}

/* What is between these two is not offered to the hook again. */
#define GUARDED_BEGIN()                                                                            \
	volatile uint64_t mark = (uint64_t)&mark;                                                  \
	uint64_t outer = guard;                                                                    \
	guard = (uint64_t)&mark
#define GUARDED_END() (mark = 0, guard = outer)

static uint64_t handled(struct frame *f, int64_t r0, int64_t r1)
{
	f->a[0] = (uint64_t)r0;
	f->a[1] = (uint64_t)r1;
	f->exit += THUNK_DONE - THUNK_NATIVE;
	return EXIT;
}

static bool returns(uint64_t nr)
{
	return nr != G_NR_exit && nr != G_NR_exit_group && nr != G_NR_execve && nr != G_NR_execveat;
}

/* To the kernel. With something to do behind it, the call is made from the entry, else in the thunk. */
static __attribute__((noinline)) uint64_t forward(struct frame *f)
{
	uint64_t nr = f->a[7];
	bool creates = clone_is(nr), logs = intercept.config.log != NULL;
	bool more = logs || intercept_hook_point_post_kernel;

	if (creates)
		more = more || intercept_hook_point_clone_child || intercept_hook_point_clone_parent ||
		       intercept_hook_point_clone_child_args ||
		       intercept_hook_point_clone_parent_args;
	if (!more)
		return EXIT;
	f->a1 = f->a[1];
	f->clone[5] = f->a[0];
	if (!returns(nr) || (creates && !clone_prepare(f))) {
		GUARDED_BEGIN();
		if (logs)
			log_call(&intercept, f->site, nr, f->a, NULL);
		GUARDED_END();
		return EXIT;
	}
	return CALL_AND_COME_BACK;
}

/* A log, injection: what most hooks do without. True if the call is dealt with. */
static bool slow(struct frame *f)
{
	int64_t r0;
	bool done = false;
	GUARDED_BEGIN();

	if (inject_apply(&intercept, f->a[7], &r0)) {
		if (intercept.config.log)
			log_call(&intercept, f->site, f->a[7], f->a, (const uint64_t *)&r0);
		handled(f, r0, (int64_t)f->a[1]);
		done = true;
	}
	GUARDED_END();
	return done;
}

static void log_handled(const struct frame *f, const uint64_t args[6], uint64_t result)
{
	GUARDED_BEGIN();
	log_call(&intercept, f->site, f->a[7], args, &result);
	GUARDED_END();
}

/* rt_sigaction, mmap and munmap are watched in any case. */
static bool ourselves(struct frame *f)
{
	uint64_t nr = f->a[7];
	int64_t result;

	if (nr == G_NR_rt_sigaction ? !cancel_sigaction(f->a, &result) :
				      !late_call(nr, f->a, &result))
		return false;
	if (intercept.config.log && intercept.wanted[nr] == WANT_BOTH && f->class == CLASS_PROGRAM &&
	    !in_hook(f))
		log_handled(f, f->a, (uint64_t)result);
	handled(f, result, (int64_t)f->a[1]);
	return true;
}

static bool is_ours(uint64_t nr)
{
	return nr == G_NR_rt_sigaction || nr == G_NR_mmap || nr == G_NR_munmap;
}

/* Whatever is not the plain case: filters, the guard, logs, injection, calls that we watch. */
static __attribute__((noinline)) uint64_t dispatch_slowly(struct frame *f)
{
	int (*hook)(long, long, long, long, long, long, long, long *) = intercept_hook_point;
	const long *a = (const long *)f->a;
	uint64_t nr = f->a[7];
	long result[2];
	int left;

	if (f->class == CLASS_LOADER || (nr < NR_TABLE_SIZE && intercept.wanted[nr] == WANT_OURSELVES)) {
		ourselves(f);
		return EXIT;
	}
	if (guard && in_hook(f)) {
		if (is_ours(nr))
			ourselves(f);
		return EXIT;
	}
	if (intercept.slow && slow(f))
		return EXIT;
	if (hook) {
		GUARDED_BEGIN();
		result[0] = a[0];
		result[1] = a[1];
		left = hook(a[7], a[0], a[1], a[2], a[3], a[4], a[5], result);
		GUARDED_END();
		if (!left) {
			if (intercept.config.log)
				log_handled(f, f->a, (uint64_t)result[0]);
			return handled(f, result[0], result[1]);
		}
	}
	if (is_ours(nr) && ourselves(f))
		return EXIT;
	return forward(f);
}

/*
 * The plain case: a hook, nothing else, and a number that nobody watches. The frame itself is the
 * mark then, and holds the results, so that this function needs little of the stack.
 */
uint64_t intercept_dispatch(struct frame *f)
{
	int (*hook)(long, long, long, long, long, long, long, long *) = intercept_hook_point;
	const long *a = (const long *)f->a;
	uint64_t nr = f->a[7];

	if (__builtin_expect(f->class | intercept.slow | guard | !hook | (nr >= NR_TABLE_SIZE), 0) ||
	    __builtin_expect(intercept.wanted[nr] != WANT_HOOK, 0))
		return dispatch_slowly(f);
	f->mark = (uint64_t)&f->mark;
	guard = (uint64_t)&f->mark;
	f->result[0] = f->a[0];
	f->result[1] = f->a[1];
	if (!hook(a[7], a[0], a[1], a[2], a[3], a[4], a[5], (long *)f->result)) {
		guard = 0;
		f->mark = 0;
		f->a[0] = f->result[0];
		f->a[1] = f->result[1];
		f->exit += THUNK_DONE - THUNK_NATIVE;
		return EXIT;
	}
	guard = 0;
	f->mark = 0;
	if (__builtin_expect(intercept_hook_point_post_kernel != NULL, 0))
		return forward(f);
	return EXIT;
}

void intercept_after(struct frame *f)
{
	uint64_t args[6];
	GUARDED_BEGIN();

	memcpy(args, f->a, sizeof(args));
	args[0] = f->clone[5];
	args[1] = f->a1;
	if (intercept.config.log)
		log_call(&intercept, f->site, f->a[7], args, &f->result[0]);
	if (clone_is(f->a[7]))
		clone_hooks(f);
	/* In a new process nobody has made the call. */
	if (intercept_hook_point_post_kernel && !(clone_is(f->a[7]) && f->result[0] == 0))
		intercept_hook_point_post_kernel((long)f->a[7], (long)args[0], (long)args[1],
						 (long)args[2], (long)args[3], (long)args[4],
						 (long)args[5], (long)f->result[0]);
	GUARDED_END();
	handled(f, (int64_t)f->result[0], (int64_t)args[1]);
}
