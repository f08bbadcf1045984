/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Guest structures are written with fixed-width fields, named g_<what>, fields without the prefix
 * that Linux gives them (host headers make macros of several). Little endian, as riscv64 is.
 * Each states its size and each field its offset, as the 6.12 headers have them.
 */
#ifndef TOLLGATE_ABI_BASE_H
#define TOLLGATE_ABI_BASE_H

#include <stddef.h>
#include <stdint.h>

#define G_SIZE(type, bytes) _Static_assert(sizeof(struct g_##type) == (bytes), #type)
#define G_AT(type, field, at)                                                                      \
	_Static_assert(offsetof(struct g_##type, field) == (at), #type "." #field)

enum {
	G_PAGE_SIZE = 4096,
	G_PATH_MAX = 4096, /* with the closing zero */
	G_NAME_MAX = 255,
	G_ARG_MAX_STRLEN = 131072, /* one argument or environment string, with its zero */
};

struct g_iovec {
	uint64_t base;
	uint64_t len;
};
G_SIZE(iovec, 16);
G_AT(iovec, base, 0);
G_AT(iovec, len, 8);
enum { G_UIO_MAXIOV = 1024 };
#define G_MAX_RW_COUNT 0x7ffff000u /* one read or write moves at most this many bytes */

struct g_timespec {
	int64_t sec;
	int64_t nsec;
};
G_SIZE(timespec, 16);
G_AT(timespec, sec, 0);
G_AT(timespec, nsec, 8);

struct g_timeval {
	int64_t sec;
	int64_t usec;
};
G_SIZE(timeval, 16);
G_AT(timeval, sec, 0);
G_AT(timeval, usec, 8);

#endif
