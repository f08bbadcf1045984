/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Guest error numbers, named G_E... so that the host's <errno.h> can never mix in; from errno.def.
 * Refuses to know: restart codes, which are the kernel's own and never leave it.
 */
#ifndef TOLLGATE_ABI_ERRORS_H
#define TOLLGATE_ABI_ERRORS_H

#include <stdint.h>

enum {
#define ERRNO(name, nr, text) G_##name = nr,
#include "abi/errno.def"
#undef ERRNO
	G_EWOULDBLOCK = G_EAGAIN,
	G_EDEADLOCK = G_EDEADLK,
	G_ENOTSUP = G_EOPNOTSUPP,
	G_MAX_ERRNO = 4095, /* a result in -4095..-1 is an error, anything else a value */
};

/* True if a raw result register holds an error. */
static inline int abi_is_error(uint64_t result)
{
	return result > (uint64_t)-(int64_t)(G_MAX_ERRNO + 1);
}

/* "ENOENT" for 2; NULL for a number without a name. */
const char *abi_errno_name(unsigned nr);
/* "No such file or directory" for 2; NULL for a number without a name. */
const char *abi_errno_text(unsigned nr);
/* The number behind a name, or 0. */
unsigned abi_errno_number(const char *name);

#endif
