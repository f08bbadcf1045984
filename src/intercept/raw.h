/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The system calls that the library makes for itself: inline, never through a C library, results raw
 * (-errno). Refuses to know who asks.
 */
#ifndef TOLLGATE_INTERCEPT_RAW_H
#define TOLLGATE_INTERCEPT_RAW_H

#include <stdint.h>

#include "abi/calls.h"

static inline long raw6(long nr, long a, long b, long c, long d, long e, long f)
{
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;
	register long a3 __asm__("a3") = d;
	register long a4 __asm__("a4") = e;
	register long a5 __asm__("a5") = f;
	register long a7 __asm__("a7") = nr;

	__asm__ volatile("ecall"
			 : "+r"(a0)
			 : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7)
			 : "memory");
	return a0;
}

#define RAW1(nr, a)	   raw6(G_NR_##nr, (long)(a), 0, 0, 0, 0, 0)
#define RAW2(nr, a, b)	   raw6(G_NR_##nr, (long)(a), (long)(b), 0, 0, 0, 0)
#define RAW3(nr, a, b, c)    raw6(G_NR_##nr, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define RAW4(nr, a, b, c, d) raw6(G_NR_##nr, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define RAW6(nr, a, b, c, d, e, f)                                                                 \
	raw6(G_NR_##nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

static inline int raw_failed(long result)
{
	return (unsigned long)result > -4096UL;
}

enum { RAW_PAGE = 4096 };

#endif
