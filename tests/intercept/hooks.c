/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The hooks of the tests: what they do is chosen by HOOK in the environment, forwarding all else. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef WITH_ARGS
#define SYSCALL_INTERCEPT_CLONE_ARGS
#endif
#include "libsyscall_intercept_hook_point.h"

static int null_hook(long nr, long a, long b, long c, long d, long e, long f, long *result)
{
	return 1;
}

/* getppid returns 4711 and leaves a mark in a1; a call of libc's in a hook must not come back here. */
static int answer_hook(long nr, long a, long b, long c, long d, long e, long f, long *result)
{
	char *p;

	if (nr != SYS_getppid)
		return 1;
	p = malloc(100000);
	snprintf(p, 100000, "%f %d", 1.5, getppid() == 4711);
	result[0] = strcmp(p, "1.500000 0") == 0 ? 4711 : -1;
	result[1] = 815;
	free(p);
	return 0;
}

/* Clobbers every register that a function may, and forwards or answers by turns. */
static int dirty_hook(long nr, long a, long b, long c, long d, long e, long f, long *result)
{
	__asm__ volatile("li t0, -1\n li t1, -1\n li t2, -1\n li t3, -1\n li t4, -1\n li t5, -1\n li t6, -1\n"
			 "fmv.d.x ft0, t0\n fmv.d.x ft1, t0\n fmv.d.x ft2, t0\n fmv.d.x ft3, t0\n"
			 "fmv.d.x ft4, t0\n fmv.d.x ft5, t0\n fmv.d.x ft6, t0\n fmv.d.x ft7, t0\n"
			 "fmv.d.x ft8, t0\n fmv.d.x ft9, t0\n fmv.d.x ft10, t0\n fmv.d.x ft11, t0\n"
			 "fmv.d.x fa0, t0\n fmv.d.x fa1, t0\n fmv.d.x fa2, t0\n fmv.d.x fa3, t0\n"
			 "fmv.d.x fa4, t0\n fmv.d.x fa5, t0\n fmv.d.x fa6, t0\n fmv.d.x fa7, t0\n"
			 "li t0, 0x7f\n fscsr t0\n" ::
				 : "t0", "t1", "t2", "t3", "t4", "t5", "t6", "ft0", "ft1", "ft2", "ft3", "ft4",
				   "ft5", "ft6", "ft7", "ft8", "ft9", "ft10", "ft11", "fa0", "fa1", "fa2", "fa3",
				   "fa4", "fa5", "fa6", "fa7");
	if (nr != SYS_getppid || (a & 1))
		return 1;
	result[0] = -815;
	return 0;
}

static void post(long nr, long a, long b, long c, long d, long e, long f, long result)
{
	if (nr == SYS_getpgid && a == 0 && result == getpgid(0))
		write(2, "post\n", 5);
}

#ifdef WITH_ARGS
static void child(unsigned long flags, void *stack, int *ptid, int *ctid, long tls)
{
	char line[80]; /* not stdio: its lock may be another thread's, before fork has returned */

	write(2, line, snprintf(line, sizeof(line), "child of clone %s\n",
				flags & 0x10000 ? stack && ptid && tls ? "thread" : "bad" : "process"));
}
static void parent(unsigned long flags, void *stack, int *ptid, int *ctid, long tls, long pid)
{
	char line[80];

	write(2, line, snprintf(line, sizeof(line), "parent of clone %s %d\n",
				flags & 0x10000 ? stack && ptid && tls ? "thread" : "bad" : "process", pid > 0));
}
#else
static void child(void)
{
	write(2, "child\n", 6);
}
static void parent(long pid)
{
	write(2, pid > 0 ? "parent\n" : "bad\n", pid > 0 ? 7 : 4);
}
#endif

__attribute__((constructor)) static void init(void)
{
	const char *what = getenv("HOOK");

	if (!what || strcmp(what, "null") == 0)
		intercept_hook_point = null_hook;
	else if (strcmp(what, "answer") == 0)
		intercept_hook_point = answer_hook;
	else if (strcmp(what, "dirty") == 0)
		intercept_hook_point = dirty_hook;
	else if (strcmp(what, "post") == 0)
		intercept_hook_point_post_kernel = post;
	else if (strcmp(what, "dirty-post") == 0)
		intercept_hook_point = dirty_hook, intercept_hook_point_post_kernel = post;
	else if (strcmp(what, "clone") == 0)
		intercept_hook_point_clone_child = child, intercept_hook_point_clone_parent = parent;
}
