/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Small arithmetic of the threaded engine's bodies: the host's floats where they provably agree, and
 * integers by the compiler's builtins (simple.c does without, on purpose).
 */
#ifndef TOLLGATE_MACHINE_THREADED_MATH_H
#define TOLLGATE_MACHINE_THREADED_MATH_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define LIKELY(c)   __builtin_expect(!!(c), 1)
#define UNLIKELY(c) __builtin_expect(!!(c), 0)
#define BOX         UINT64_C(0xffffffff00000000)

/* ---- the host's floating point, where it must agree ---- */

static inline double as_double(uint64_t bits)
{
	double d;

	memcpy(&d, &bits, 8);
	return d;
}

static inline uint64_t double_bits(double d)
{
	uint64_t bits;

	memcpy(&bits, &d, 8);
	return bits;
}

static inline float as_single(uint64_t bits)
{
	uint32_t low = (uint32_t)bits;
	float f;

	memcpy(&f, &low, 4);
	return f;
}

static inline uint64_t single_bits(float f)
{
	uint32_t bits;

	memcpy(&bits, &f, 4);
	return BOX | bits;
}

static inline bool zero_d(uint64_t bits)
{
	return bits << 1 == 0;
}

/*
 * Finite, and larger than the least normal, which may have been tiny before it was rounded. Such a
 * result of rounding to nearest raises nothing but inexact, and no operand was infinite or a NaN.
 */
static inline bool safe_d(uint64_t bits)
{
	const uint64_t least = UINT64_C(0x0010000000000000) << 1;
	const uint64_t infinity = UINT64_C(0x7ff0000000000000) << 1;

	return (bits << 1) - (least + 1) < infinity - (least + 1);
}

static inline bool nan_d(uint64_t bits)
{
	return bits << 1 > UINT64_C(0x7ff0000000000000) << 1;
}

/* The same for boxed singles. */
static inline bool boxed(uint64_t bits)
{
	return bits >= BOX;
}

static inline bool zero_s(uint64_t bits)
{
	return boxed(bits) && (uint32_t)bits << 1 == 0;
}

static inline bool safe_s(uint64_t bits)
{
	return ((uint32_t)bits << 1) - 0x01000001 < 0xff000000 - 0x01000001;
}

static inline bool nan_s(uint64_t bits)
{
	return !boxed(bits) || (uint32_t)bits << 1 > 0xff000000;
}

/* ---- integers ---- */

static inline uint64_t sext32(uint64_t v)
{
	return (uint64_t)(int64_t)(int32_t)v;
}

static inline uint64_t high_unsigned(uint64_t a, uint64_t b)
{
	return (uint64_t)((unsigned __int128)a * b >> 64);
}

static inline uint64_t high_signed(uint64_t a, uint64_t b)
{
	return (uint64_t)((__int128)(int64_t)a * (int64_t)b >> 64);
}

static inline uint64_t high_mixed(uint64_t a, uint64_t b)
{
	return (uint64_t)(((__int128)(int64_t)a * (__int128)(unsigned __int128)b) >> 64);
}

static inline uint64_t divide(int64_t a, int64_t b)
{
	if (UNLIKELY(b == 0 || b == -1))
		return b == 0 ? UINT64_MAX : -(uint64_t)a;
	return (uint64_t)(a / b);
}

static inline uint64_t remainder_of(int64_t a, int64_t b)
{
	if (UNLIKELY(b == 0 || b == -1))
		return b == 0 ? (uint64_t)a : 0;
	return (uint64_t)(a % b);
}

static inline uint64_t rotate(uint64_t v, uint64_t n)
{
	return v >> (n & 63) | v << (-n & 63);
}

static inline uint64_t rotate_word(uint64_t v, uint64_t n)
{
	return sext32((uint32_t)v >> (n & 31) | (uint32_t)v << (-n & 31));
}

static inline uint64_t or_bytes(uint64_t v)
{
	uint64_t low = UINT64_C(0x0101010101010101);

	v |= v >> 4 & (low * 0x0f);
	v |= v >> 2 & (low * 0x03);
	v |= v >> 1;
	return (v & low) * 0xff;
}

#endif
