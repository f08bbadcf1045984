/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See safe.h. */
#include "intercept/safe.h"

#include "abi/base.h"
#include "abi/errors.h"
#include "intercept/raw.h"
#include "intercept/text.h"

/* A signal set at this address is read before the kernel finds that 99 is no way to use it. */
static int readable(uint64_t addr)
{
	return RAW4(rt_sigprocmask, 99, addr, 0, 8) != -G_EFAULT;
}

int safe_load(void *context, uint64_t addr, void *dst, uint64_t n)
{
	struct g_iovec local = { (uint64_t)dst, n }, remote = { addr, n };
	uint64_t page;
	long got;

	if (!n)
		return 0;
	if (addr + n < addr)
		return -G_EFAULT;
	got = RAW6(process_vm_readv, RAW1(getpid, 0), &local, 1, &remote, 1, 0);
	if (got == (long)n)
		return 0;
	if (got != -G_ENOSYS && got != -G_EPERM)
		return -G_EFAULT;
	for (page = addr & ~(uint64_t)(RAW_PAGE - 1); page < addr + n; page += RAW_PAGE)
		if (!readable(page))
			return -G_EFAULT;
	memcpy(dst, (const void *)addr, n);
	return 0;
}
