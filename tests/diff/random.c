/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Chance, and integers and floats of the kinds that find mistakes. */
#include "diff.h"

#include <string.h>

uint64_t diff_random(void *state)
{
	uint64_t z = *(uint64_t *)state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

unsigned diff_below(struct sequence *s, unsigned n)
{
	return (unsigned)((diff_random(&s->random) >> 32) * n >> 32);
}

/* clang-format off */
/* Twelve classes. The last lies between two floats of either format, mostly exactly half way. */
uint64_t diff_integer(struct sequence *s, unsigned class)
{
	uint64_t r = diff_random(&s->random);

	switch (class) {
	case 0: return 0;
	case 1: return 1;
	case 2: return UINT64_MAX;
	case 3: return INT32_MAX + (r & 1);
	case 4: return (uint64_t)(int64_t)INT32_MIN - (r & 1);
	case 5: return UINT32_MAX + (r & 1);
	case 6: return (uint64_t)INT64_MAX - (r & 1);
	case 7: return (uint64_t)INT64_MIN + (r & 1);
	case 8: return (uint64_t)(int64_t)(int8_t)r;
	case 9: return (uint64_t)(int64_t)(int32_t)r;
	case 10: return r;
	default: {
		unsigned bits = r & 1 ? 24 : 53, shift = 1 + (unsigned)(r >> 8) % (63 - bits);
		uint64_t top = UINT64_C(1) << (bits - 1), value = r >> 1 & (top - 1);

		value = (value | top) << shift | UINT64_C(1) << (shift - 1);
		return (r >> 2 & 3) == 0 ? value + 1 : (r >> 4 & 1) ? -value : value;
	}
	}
}

/* Twelve classes of a format with so many bits of exponent and fraction, without a sign. */
static uint64_t float_bits(uint64_t r, unsigned exponent, unsigned fraction, unsigned class)
{
	uint64_t one = UINT64_C(1), infinity = ((one << exponent) - 1) << fraction;
	uint64_t quiet = one << (fraction - 1), rest = r & ((one << fraction) - 1);
	uint64_t bias = (one << (exponent - 1)) - 1;

	switch (class) {
	case 0: return 0;
	case 1: return 1; /* the smallest subnormal */
	case 2: return rest | 1;
	case 3: /* the smallest normals */
		return (one + (r >> 60 & 1)) << fraction | (r >> 61 & 1 ? rest : 0);
	case 4: return (bias - 32 + (r >> 58)) << fraction | rest;
	case 5: return bias << fraction; /* 1 */
	case 6: /* few bits: halves, exact results, the ends of the integers' ranges */
		r = r >> 59 & 1 ? r >> 60 : (r >> 60 & 1 ? 30 : 62) + (r >> 61 & 3);
		return (bias + r) << fraction | (rest & 1 ? 0 : rest & ~(quiet - 1));
	case 7: return infinity - 1 - (r >> 62 ? rest >> 4 : 0); /* the largest */
	case 8: return infinity;
	case 9: return infinity | quiet | rest;
	case 10: return infinity | (rest & (quiet - 1)) | 1; /* signalling */
	default: /* products leave the range */
		return (r >> 60 & 1 ? bias / 2 : bias * 3 / 2) << fraction | rest;
	}
}

/* clang-format on */
/*
 * A register as an operand of a double (wide) or a single. The last class of singles is not
 * NaN-boxed, of doubles a boxed single: each a NaN to the other.
 */
uint64_t diff_float(struct sequence *s, bool wide, unsigned class, unsigned sign)
{
	uint64_t r = diff_random(&s->random), single;
	uint32_t upper = UINT32_MAX;

	if (wide && class != FP_CLASSES - 1)
		return float_bits(r, 11, 52, class) | (uint64_t)sign << 63;
	if (class == FP_CLASSES - 1) {
		class = (unsigned)(r >> 32) % FP_CLASSES;
		if (!wide) /* nothing above, a box with a hole, anything */
			upper = r & 1   ? 0
				: r & 2 ? ~(UINT32_C(1) << (r >> 2) % 32)
					: (uint32_t)r >> 3;
	}
	single = float_bits(r, 8, 23, class) | (uint64_t)sign << 31;
	return (uint64_t)upper << 32 | single;
}

/* A number at the end of an integer's range, or a small one: 6 places by 12 distances. */
uint64_t diff_limit(bool wide, unsigned place, unsigned distance, unsigned sign)
{
	static const double places[6] = {0x1p31, 0x1p32, 0x1p63, 0x1p64, 0x1p0, 0x1p23};
	static const double distances[12] = {0, 0, 0, -1, -0.5, 0.5, -0.25, 1, -1.5, 1.5, 2, -2};
	double number = places[place] + distances[distance];
	float narrow = (float)number;
	uint64_t bits = 0;
	uint32_t single;

	/* Distances 1 and 2 are a unit in the last place each way; none leaves the positive
	 * numbers. */
	memcpy(&bits, &number, 8);
	memcpy(&single, &narrow, 4);
	if (wide)
		return bits - (distance == 1) + (distance == 2) + ((uint64_t)sign << 63);
	single = single - (distance == 1) + (distance == 2) + ((uint32_t)sign << 31);
	return UINT64_C(0xffffffff) << 32 | single;
}

/* A double at an end of what singles hold, or half way between two: 6 places by 12 distances. */
uint64_t diff_narrowed(unsigned place, unsigned distance, unsigned sign)
{
	static const double places[6] = {0x1.fffffep127, 0x1p-126,        0x1p-149,
					 0x1p-150,       0x1.fffffcp-127, 0x1.000002p0};
	static const int32_t half = INT32_C(1) << 28; /* of a single's last place */
	const int32_t distances[12] = {0,         1,        -1,           half,
				       half + 1,  half - 1, 1 - half,     -half,
				       -half - 1, half / 2, 2 * half - 1, 2 * half + 1};
	uint64_t bits;

	memcpy(&bits, &places[place], 8);
	return (bits + (uint64_t)(int64_t)distances[distance]) | (uint64_t)sign << 63;
}

static uint64_t any_float(struct sequence *s)
{
	uint64_t r = diff_random(&s->random);

	return diff_float(s, r & 1, (unsigned)(r >> 8) % FP_CLASSES, r >> 1 & 1);
}

/* A random state. keeper is chosen; registers often hold equal values, so that comparisons go both
 * ways. */
void diff_fill(struct sequence *s)
{
	struct block *b = &s->block;

	for (unsigned i = 0; i < 31; i++) {
		unsigned class = diff_below(s, 16);

		b->x[i] = class >= 14 && i ? b->x[diff_below(s, i)] : diff_integer(s, class % 12);
	}
	for (unsigned i = 0; i < 32; i++)
		b->f[i] = any_float(s);
	for (unsigned i = 0; i < WINDOW_BYTES; i += 8) {
		uint64_t v = diff_below(s, 2) ? any_float(s) : diff_integer(s, diff_below(s, 12));

		memcpy(&b->window[i], &v, 8);
	}
	b->fcsr = diff_below(s, 32);
	b->fcsr |= diff_below(s, 5) << 5;
	if (diff_below(s, 2)) /* where engines may use the host's arithmetic */
		b->fcsr = 1;
	b->x[s->keeper - 1] = s->window;
}
