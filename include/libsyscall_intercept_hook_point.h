/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Every system call of a riscv64 Linux process, through functions of yours. Link a shared library
 * with -lsyscall_intercept, set the pointers in a constructor of it, and preload it:
 *     LD_PRELOAD=./hooks.so program
 * The manual is libsyscall_intercept(3).
 */
#ifndef LIBSYSCALL_INTERCEPT_HOOK_POINT_H
#define LIBSYSCALL_INTERCEPT_HOOK_POINT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Called instead of a system call, on the stack of the caller. 0: the call is taken care of, and
 * result[0] is what it returns in a0 (an error as -errno). result[1] goes to a1; both are preset to
 * the caller's a0 and a1. Anything else: the kernel gets the call, with all registers as they were.
 * System calls that the hook itself makes, through libc or not, are not offered to it again.
 * Never called for rt_sigreturn.
 */
extern int (*intercept_hook_point)(long syscall_number, long arg0, long arg1, long arg2, long arg3,
				   long arg4, long arg5, long *result);

/* Called after a call that the hook has left to the kernel; result is what the kernel returned. */
extern void (*intercept_hook_point_post_kernel)(long syscall_number, long arg0, long arg1, long arg2,
						long arg3, long arg4, long arg5, long result);

/*
 * Called after every creation of a thread or process by clone or clone3: in the new one, on its own
 * stack, and in the one that made it. Not for vfork and its like, where both share a stack and the
 * maker stands still until the child is gone.
 */
#ifndef SYSCALL_INTERCEPT_CLONE_ARGS
extern void (*intercept_hook_point_clone_child)(void);
extern void (*intercept_hook_point_clone_parent)(long pid);
#else
/* The same with the arguments of the call, in the order of Linux's generic clone. */
#define intercept_hook_point_clone_child  intercept_hook_point_clone_child_args
#define intercept_hook_point_clone_parent intercept_hook_point_clone_parent_args
extern void (*intercept_hook_point_clone_child)(unsigned long flags, void *child_stack, int *ptid,
						int *ctid, long newtls);
extern void (*intercept_hook_point_clone_parent)(unsigned long flags, void *child_stack, int *ptid,
						 int *ctid, long newtls, long pid);
#endif

/* Makes a system call that no hook sees. The result is raw: an error is -errno. */
#ifdef SYSCALL_INTERCEPT_LONG_RESULT
long syscall_no_intercept(long syscall_number, ...);
#else
struct wrapper_ret {
	int64_t a0;
	int64_t a1;
#ifdef __cplusplus
	operator long() const
	{
		return (long)a0;
	}
#endif
};
struct wrapper_ret syscall_no_intercept(long syscall_number, ...);
#endif

/* The error number in a raw result, or 0 if it is a value. */
int syscall_error_code(long result);

/* Non-zero if this process is one whose calls are intercepted: see INTERCEPT_HOOK_CMDLINE_FILTER. */
int syscall_hook_in_process_allowed(void);

/* What was found and done. size is set by the caller, so that fields may be added at the end. */
struct intercept_stats {
	size_t size;
	uint64_t objects;	/* files with code that were searched */
	uint64_t sites;		/* ecall instructions in them */
	uint64_t islands;	/* of those: patched with a jump to an island */
	uint64_t slots;		/* patched with a jump through gp */
	uint64_t filtered;	/* left alone because a filter says so */
	uint64_t unreached;	/* left alone because nothing reaches them */
	uint64_t mapped_bytes;	/* of thunks */
	uint64_t late_objects;	/* of the objects: loaded after the start */
};
/* Returns 0 and fills what *stats has room for, or -1 if size is too small for the first field. */
int intercept_stats(struct intercept_stats *stats);

#ifdef __cplusplus
}
#endif

#endif
