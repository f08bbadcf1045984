/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* No program may list a directory:  LD_PRELOAD=./deny-getdents.so ls / */
#include <errno.h>
#include <sys/syscall.h>

#include <libsyscall_intercept_hook_point.h>

static int hook(long nr, long a0, long a1, long a2, long a3, long a4, long a5, long *result)
{
	if (nr != SYS_getdents64)
		return 1;
	*result = -EPERM;
	return 0;
}

__attribute__((constructor)) static void start(void)
{
	intercept_hook_point = hook;
}
