/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The soft float against MPFR, which computes exactly (or with a sticky bit) and is rounded here by its
 * integer functions, and against the host's own arithmetic in the four modes that it has.
 */
#include <fenv.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <mpfr.h>

#include "machine/softfloat.h"

enum { EXACT_BITS = 4400, ROUNDED_BITS = 200 };
enum op { ADD, SUB, MUL, DIV, SQRT, FMA, OPS };

static const uint64_t specials[2][24] = {
	[SF_S] = {0x00000000, 0x80000000, 0x00000001, 0x80000001, 0x007fffff, 0x807fffff, 0x00800000,
		  0x80800000, 0x00800001, 0x3f800000, 0xbf800000, 0x3f800001, 0x3f7fffff, 0x3fc00000,
		  0x7f7fffff, 0xff7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001, 0x4f000000,
		  0xdf000000, 0x5f7fffff, 0x33800000},
	[SF_D] = {0x0000000000000000, 0x8000000000000000, 0x0000000000000001, 0x8000000000000001,
		  0x000fffffffffffff, 0x800fffffffffffff, 0x0010000000000000, 0x8010000000000000,
		  0x0010000000000001, 0x3ff0000000000000, 0xbff0000000000000, 0x3ff0000000000001,
		  0x3fefffffffffffff, 0x3ff8000000000000, 0x7fefffffffffffff, 0xffefffffffffffff,
		  0x7ff0000000000000, 0xfff0000000000000, 0x7ff8000000000000, 0x7ff0000000000001,
		  0x41dfffffffc00000, 0xc1e0000000000000, 0x43e0000000000000, 0x3ca0000000000000},
};

static uint64_t random_state = 0x9e3779b97f4a7c15;

static uint64_t random64(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* Uniform bits, or close to 1, or sparse fractions, or near the ends of the exponent range. */
static uint64_t random_operand(enum sf_format format)
{
	unsigned fraction_bits = format == SF_S ? 23 : 52, exponent_bits = format == SF_S ? 8 : 11;
	uint64_t r = random64(), fraction = random64(), exponent = random64();
	uint64_t top = (UINT64_C(1) << exponent_bits) - 1;

	if (r & 1)
		fraction &= random64() & random64();
	if (r & 2)
		fraction = ~fraction;
	if ((r & 12) == 4)
		exponent = (top >> 1) + (exponent % 8) - 4;
	if ((r & 12) == 8)
		exponent = exponent % (top >> 4);
	if (r % 61 == 0)
		return specials[format][(r >> 20) % 24];
	return (r >> 63) << (fraction_bits + exponent_bits) | (exponent & top) << fraction_bits |
	       (fraction & ((UINT64_C(1) << fraction_bits) - 1));
}

static double value_of(enum sf_format format, uint64_t bits)
{
	double d;
	float f;
	uint32_t low = (uint32_t)bits;

	if (format == SF_S) {
		memcpy(&f, &low, 4);
		return (double)f;
	}
	memcpy(&d, &bits, 8);
	return d;
}

/* ---- MPFR as the reference ---- */

static bool is_special(enum sf_format format, uint64_t bits)
{
	return (bits & (format == SF_S ? 0x7f800000 : 0x7ff0000000000000)) ==
	       (format == SF_S ? 0x7f800000 : UINT64_C(0x7ff0000000000000));
}

static void round_to_integer(mpfr_t v, unsigned rm)
{
	switch (rm) {
	case SF_RNE:
		mpfr_rint(v, v, MPFR_RNDN);
		break;
	case SF_RTZ:
		mpfr_trunc(v, v);
		break;
	case SF_RDN:
		mpfr_floor(v, v);
		break;
	case SF_RUP:
		mpfr_ceil(v, v);
		break;
	default:
		mpfr_round(v, v);
	}
}

/* Rounds v, which is not zero, to the format; adds flags. */
static uint64_t reference_round(enum sf_format format, mpfr_t v, unsigned rm, uint32_t *flags)
{
	int bits = format == SF_S ? 24 : 53, least = format == SF_S ? -149 : -1074;
	int highest = format == SF_S ? 128 : 1024;
	long quantum = mpfr_get_exp(v) - bits;
	bool negative = mpfr_signbit(v), tiny;
	uint64_t sign = negative ? (format == SF_S ? UINT64_C(1) << 31 : UINT64_C(1) << 63) : 0;
	uint64_t inf = format == SF_S ? 0x7f800000 : UINT64_C(0x7ff0000000000000), fraction;
	mpfr_t r;

	mpfr_init2(r, mpfr_get_prec(v));
	mpfr_mul_2si(r, v, -quantum, MPFR_RNDN);
	round_to_integer(r, rm);
	mpfr_mul_2si(r, r, quantum, MPFR_RNDN);
	tiny = mpfr_get_exp(r) < least + bits; /* as if the exponent were not bounded below */
	if (quantum < least)
		quantum = least;
	mpfr_mul_2si(r, v, -quantum, MPFR_RNDN);
	round_to_integer(r, rm);
	mpfr_mul_2si(r, r, quantum, MPFR_RNDN);
	if (!mpfr_zero_p(r) && mpfr_get_exp(r) > highest) {
		bool to_inf = rm == SF_RNE || rm == SF_RMM || rm == (negative ? SF_RDN : SF_RUP);

		*flags |= SF_OF | SF_NX;
		mpfr_clear(r);
		return sign | (inf - !to_inf);
	}
	if (mpfr_cmp(r, v) != 0)
		*flags |= SF_NX | (tiny ? SF_UF : 0);
	if (format == SF_D) {
		double d = fabs(mpfr_get_d(r, MPFR_RNDZ));

		memcpy(&fraction, &d, 8);
	} else {
		float f = fabsf(mpfr_get_flt(r, MPFR_RNDZ));
		uint32_t w;

		memcpy(&w, &f, 4);
		fraction = w;
	}
	mpfr_clear(r);
	return sign | fraction;
}

/* Operands and result are finite and the result is not zero, or it is no case for this function. */
static bool reference(enum sf_format format, enum op op, const uint64_t in[3], unsigned rm,
		      uint64_t *out, uint32_t *flags)
{
	mpfr_t a, b, c, v;
	int inexact = 0;
	bool usable;

	for (unsigned i = 0; i < (op == FMA ? 3u : op == SQRT ? 1u : 2u); i++) {
		if (is_special(format, in[i]))
			return false;
	}
	mpfr_inits2(53, a, b, c, (mpfr_ptr)0);
	mpfr_init2(v, op == DIV || op == SQRT ? ROUNDED_BITS : EXACT_BITS);
	mpfr_set_d(a, value_of(format, in[0]), MPFR_RNDN);
	mpfr_set_d(b, value_of(format, in[1]), MPFR_RNDN);
	mpfr_set_d(c, value_of(format, in[2]), MPFR_RNDN);
	switch (op) {
	case ADD:
		mpfr_add(v, a, b, MPFR_RNDZ);
		break;
	case SUB:
		mpfr_sub(v, a, b, MPFR_RNDZ);
		break;
	case MUL:
		mpfr_mul(v, a, b, MPFR_RNDZ);
		break;
	case DIV:
		inexact = mpfr_div(v, a, b, MPFR_RNDZ);
		break;
	case SQRT:
		inexact = mpfr_sqrt(v, a, MPFR_RNDZ);
		break;
	default:
		mpfr_fma(v, a, b, c, MPFR_RNDZ);
	}
	usable = mpfr_number_p(v) && !mpfr_zero_p(v);
	if (usable && inexact) /* towards zero was cut: something smaller than any tie is missing */
		mpfr_signbit(v) ? mpfr_nextbelow(v) : mpfr_nextabove(v);
	if (usable)
		*out = reference_round(format, v, rm, flags);
	mpfr_clears(a, b, c, v, (mpfr_ptr)0);
	return usable;
}

static uint64_t ours(enum sf_format format, enum op op, const uint64_t in[3], unsigned rm,
		     uint32_t *flags)
{
	switch (op) {
	case ADD:
		return sf_add(format, in[0], in[1], rm, flags);
	case SUB:
		return sf_sub(format, in[0], in[1], rm, flags);
	case MUL:
		return sf_mul(format, in[0], in[1], rm, flags);
	case DIV:
		return sf_div(format, in[0], in[1], rm, flags);
	case SQRT:
		return sf_sqrt(format, in[0], rm, flags);
	default:
		return sf_fma(format, in[0], in[1], in[2], false, false, rm, flags);
	}
}

static void compare(enum sf_format format, enum op op, const uint64_t in[3], unsigned rm)
{
	uint32_t want_flags = 0, flags = 0;
	uint64_t want, got = ours(format, op, in, rm, &flags);

	if (!reference(format, op, in, rm, &want, &want_flags))
		return;
	if (got != want || flags != want_flags)
		fail_msg("format %d op %d rm %u %llx %llx %llx: got %llx/%x want %llx/%x", format, op, rm,
			 (unsigned long long)in[0], (unsigned long long)in[1],
			 (unsigned long long)in[2], (unsigned long long)got, flags,
			 (unsigned long long)want, want_flags);
}

static void arithmetic_equals_mpfr_on_special_operands_in_every_mode(void **state)
{
	for (int format = SF_S; format <= SF_D; format++) {
		for (unsigned i = 0; i < 24 * 24; i++) {
			uint64_t in[3] = {specials[format][i / 24], specials[format][i % 24], 0};

			for (unsigned rm = 0; rm < 5; rm++) {
				for (int op = ADD; op < FMA; op++)
					compare(format, op, in, rm);
				in[2] = random_operand(format);
				compare(format, FMA, in, rm);
				in[2] = specials[format][random64() % 24];
				compare(format, FMA, in, rm);
			}
		}
	}
}

static void arithmetic_equals_mpfr_on_random_operands(void **state)
{
	for (unsigned i = 0; i < 60000; i++) {
		for (int op = ADD; op < OPS; op++) {
			enum sf_format format = random64() & 1 ? SF_S : SF_D;
			uint64_t in[3] = {random_operand(format), random_operand(format),
					  random_operand(format)};

			compare(format, op, in, random64() % 5);
		}
	}
}

/* ---- the host's arithmetic ---- */

#ifdef __x86_64__ /* tininess after rounding, as RISC-V; other hosts may differ */
static uint64_t host_single(enum op op, const uint64_t in[3])
{
	volatile float v[3], r;
	uint32_t w;

	for (unsigned i = 0; i < 3; i++) {
		w = (uint32_t)in[i];
		memcpy((void *)&v[i], &w, 4);
	}
	feclearexcept(FE_ALL_EXCEPT);
	switch (op) {
	case ADD: r = v[0] + v[1]; break;
	case SUB: r = v[0] - v[1]; break;
	case MUL: r = v[0] * v[1]; break;
	case DIV: r = v[0] / v[1]; break;
	case SQRT: r = sqrtf(v[0]); break;
	default: r = fmaf(v[0], v[1], v[2]);
	}
	memcpy(&w, (const void *)&r, 4);
	return (w & 0x7fffffff) > 0x7f800000 ? SF_NAN_S : w;
}

static uint64_t host_double(enum op op, const uint64_t in[3])
{
	volatile double v[3], r;
	uint64_t w;

	memcpy((void *)v, in, 24);
	feclearexcept(FE_ALL_EXCEPT);
	switch (op) {
	case ADD: r = v[0] + v[1]; break;
	case SUB: r = v[0] - v[1]; break;
	case MUL: r = v[0] * v[1]; break;
	case DIV: r = v[0] / v[1]; break;
	case SQRT: r = sqrt(v[0]); break;
	default: r = fma(v[0], v[1], v[2]);
	}
	memcpy(&w, (const void *)&r, 8);
	return (w & INT64_MAX) > 0x7ff0000000000000 ? SF_NAN_D : w;
}

static uint32_t host_flags(void)
{
	int raised = fetestexcept(FE_ALL_EXCEPT);

	return (raised & FE_INEXACT ? SF_NX : 0) | (raised & FE_UNDERFLOW ? SF_UF : 0) |
	       (raised & FE_OVERFLOW ? SF_OF : 0) | (raised & FE_DIVBYZERO ? SF_DZ : 0) |
	       (raised & FE_INVALID ? SF_NV : 0);
}

static void compare_with_host(enum sf_format format, enum op op, const uint64_t in[3], unsigned rm)
{
	static const int modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD, FE_UPWARD};
	uint32_t flags = 0, want_flags;
	uint64_t want, got = ours(format, op, in, rm, &flags);

	fesetround(modes[rm]);
	want = format == SF_S ? host_single(op, in) : host_double(op, in);
	want_flags = host_flags();
	fesetround(FE_TONEAREST);
	if (op == FMA) /* libm's, where the host has no such instruction, may miss flags */
		want_flags = flags;
	if (got != want || flags != want_flags)
		fail_msg("format %d op %d rm %u %llx %llx %llx: got %llx/%x, host %llx/%x", format, op,
			 rm, (unsigned long long)in[0], (unsigned long long)in[1],
			 (unsigned long long)in[2], (unsigned long long)got, flags,
			 (unsigned long long)want, want_flags);
}

static void arithmetic_equals_the_host_with_all_flags(void **state)
{
	for (int format = SF_S; format <= SF_D; format++) {
		for (unsigned i = 0; i < 24 * 24 * 24; i++) {
			uint64_t in[3] = {specials[format][i % 24], specials[format][i / 24 % 24],
					  specials[format][i / 576]};

			for (unsigned rm = 0; rm < 4; rm++) {
				compare_with_host(format, FMA, in, rm);
				for (int op = ADD; i < 576 && op < FMA; op++)
					compare_with_host(format, op, in, rm);
			}
		}
		for (unsigned i = 0; i < 1500000; i++) {
			uint64_t in[3] = {random_operand(format), random_operand(format),
					  random_operand(format)};

			compare_with_host(format, i % OPS, in, random64() % 4);
		}
	}
}
#endif

/* ---- conversions ---- */

static void conversions_to_integers_equal_mpfr(void **state)
{
	mpfr_t v, low, high;

	mpfr_inits2(EXACT_BITS, v, low, high, (mpfr_ptr)0);
	for (unsigned i = 0; i < 400000; i++) {
		enum sf_format format = i & 1 ? SF_S : SF_D;
		bool is_signed = i & 2;
		unsigned bits = i & 4 ? 32 : 64, rm = i / 8 % 5;
		uint64_t a = i < 24 * 40 ? specials[format][i / 40] : random_operand(format), got, want;
		uint32_t flags = 0, want_flags = 0;

		if (i > 24 * 40 && i % 3) /* within the integers' range, mostly */
			a = sf_from_int(format, random64() >> random64() % 64, true, SF_RTZ, &flags) ^
			    (format == SF_S ? UINT64_C(1) << 31 : UINT64_C(1) << 63) * (i % 2);
		if (i > 24 * 40 && i % 3 == 2)
			a = sf_mul(format, a, format == SF_S ? 0x3e800000 : 0x3fd0000000000000, 1, &flags);
		if (is_special(format, a))
			continue;
		flags = 0;
		got = sf_to_int(format, a, is_signed, bits, rm, &flags);
		mpfr_set_d(v, value_of(format, a), MPFR_RNDN);
		mpfr_set_ui_2exp(high, 1, bits - is_signed, MPFR_RNDN);
		mpfr_neg(low, high, MPFR_RNDN);
		mpfr_sub_ui(high, high, 1, MPFR_RNDN);
		if (!is_signed)
			mpfr_set_zero(low, 1);
		round_to_integer(v, rm);
		if (mpfr_cmp(v, low) < 0 || mpfr_cmp(v, high) > 0) {
			want_flags = SF_NV;
			mpfr_set(v, mpfr_sgn(v) < 0 ? low : high, MPFR_RNDN);
		} else if (mpfr_cmp_d(v, value_of(format, a)) != 0) {
			want_flags = SF_NX;
		}
		want = is_signed ? (uint64_t)mpfr_get_sj(v, MPFR_RNDZ)
				 : (uint64_t)mpfr_get_uj(v, MPFR_RNDZ);
		if (bits == 32)
			want = (uint64_t)(int64_t)(int32_t)want;
		if (got != want || flags != want_flags)
			fail_msg("format %d %llx to %u bits signed %d rm %u: got %llx/%x want %llx/%x",
				 format, (unsigned long long)a, bits, is_signed, rm,
				 (unsigned long long)got, flags, (unsigned long long)want, want_flags);
	}
	mpfr_clears(v, low, high, (mpfr_ptr)0);
}

static void conversions_of_what_is_no_number_saturate(void **state)
{
	uint32_t flags = 0;

	assert_int_equal(sf_to_int(SF_D, SF_NAN_D, true, 64, 0, &flags), INT64_MAX);
	assert_int_equal(sf_to_int(SF_D, 0xffefffffffffffff, true, 64, 0, &flags), INT64_MIN);
	assert_int_equal(sf_to_int(SF_D, 0xfff8000000000000, true, 32, 0, &flags), INT32_MAX);
	assert_int_equal(sf_to_int(SF_D, 0xfff0000000000000, true, 32, 0, &flags),
			 (uint64_t)INT32_MIN);
	assert_int_equal(sf_to_int(SF_S, SF_NAN_S, false, 32, 0, &flags), UINT64_MAX);
	assert_int_equal(sf_to_int(SF_S, 0xff800000, false, 64, 0, &flags), 0);
	assert_int_equal(sf_to_int(SF_S, 0x7f800000, false, 64, 0, &flags), UINT64_MAX);
	assert_int_equal(flags, SF_NV);
}

static void conversions_from_integers_and_between_formats_equal_mpfr(void **state)
{
	mpfr_t v;

	mpfr_init2(v, EXACT_BITS);
	for (unsigned i = 0; i < 300000; i++) {
		enum sf_format format = i & 1 ? SF_S : SF_D;
		uint64_t value = random64() >> random64() % 64, got, want = 0;
		unsigned rm = i / 8 % 5;
		uint32_t flags = 0, want_flags = 0;

		if (i & 4) {
			value = random_operand(format);
			if (is_special(format, value))
				continue;
			got = sf_convert(format, !format, value, rm, &flags);
			mpfr_set_d(v, value_of(format, value), MPFR_RNDN);
			format = !format;
		} else {
			if (i & 2)
				value = -value;
			got = sf_from_int(format, value, i & 2, rm, &flags);
			if (i & 2)
				mpfr_set_sj(v, (int64_t)value, MPFR_RNDN);
			else
				mpfr_set_uj(v, value, MPFR_RNDN);
		}
		if (mpfr_zero_p(v))
			continue;
		want = reference_round(format, v, rm, &want_flags);
		if (got != want || flags != want_flags)
			fail_msg("case %u %llx rm %u: got %llx/%x want %llx/%x", i,
				 (unsigned long long)value, rm, (unsigned long long)got, flags,
				 (unsigned long long)want, want_flags);
	}
	mpfr_clear(v);
}

static void a_converted_nan_is_canonical_and_a_signalling_one_is_invalid(void **state)
{
	uint32_t flags = 0;

	assert_int_equal(sf_convert(SF_S, SF_D, 0xffc12345, 0, &flags), SF_NAN_D);
	assert_int_equal(flags, 0);
	assert_int_equal(sf_convert(SF_D, SF_S, 0x7ff0000000000001, 0, &flags), SF_NAN_S);
	assert_int_equal(flags, SF_NV);
}

/* ---- NaN rules, comparisons, classes ---- */

static void fma_of_infinity_and_zero_is_invalid_even_with_a_quiet_nan(void **state)
{
	uint32_t flags = 0;

	assert_int_equal(sf_fma(SF_D, 0x7ff0000000000000, 0, SF_NAN_D, false, false, 0, &flags),
			 SF_NAN_D);
	assert_int_equal(flags, SF_NV);
	flags = 0;
	sf_fma(SF_D, 0x3ff0000000000000, 0, SF_NAN_D, false, false, 0, &flags);
	assert_int_equal(flags, 0);
}

static void negated_fma_rounds_after_the_negation(void **state)
{
	/* -(1 * 1) - 2^-60 rounds down to just below -1 */
	uint32_t flags = 0;
	uint64_t one = 0x3ff0000000000000, small = 0x3c30000000000000;

	assert_int_equal(sf_fma(SF_D, one, one, small, true, true, SF_RDN, &flags),
			 0xbff0000000000001);
	assert_int_equal(sf_fma(SF_D, one, one, small, true, true, SF_RUP, &flags),
			 0xbff0000000000000);
	assert_int_equal(sf_fma(SF_D, one, one, one, true, false, SF_RDN, &flags),
			 0x8000000000000000);
}

static void min_and_max_prefer_numbers_and_order_the_zeros(void **state)
{
	uint32_t flags = 0;
	uint64_t minus_zero = UINT64_C(1) << 63, one = 0x3ff0000000000000;

	assert_int_equal(sf_min(SF_D, 0, minus_zero, &flags), minus_zero);
	assert_int_equal(sf_max(SF_D, minus_zero, 0, &flags), 0);
	assert_int_equal(sf_min(SF_D, SF_NAN_D, one, &flags), one);
	assert_int_equal(sf_max(SF_D, one, 0xfff8000000000001, &flags), one);
	assert_int_equal(sf_max(SF_D, 0xfff8000000000001, 0x7ff8000000000002, &flags), SF_NAN_D);
	assert_int_equal(flags, 0);
	assert_int_equal(sf_max(SF_D, one, 0x7ff0000000000001, &flags), one);
	assert_int_equal(flags, SF_NV);
}

static void comparisons_equal_the_hosts_and_only_feq_is_quiet(void **state)
{
	for (int format = SF_S; format <= SF_D; format++) {
		for (unsigned i = 0; i < 576; i++) {
			uint64_t a = specials[format][i / 24], b = specials[format][i % 24];
			double x = value_of(format, a), y = value_of(format, b);
			uint32_t eq = 0, lt = 0, le = 0;
			bool nan = isnan(x) || isnan(y);
			uint64_t signalling = format == SF_S ? 0x7f800001 : 0x7ff0000000000001;

			assert_int_equal(sf_eq(format, a, b, &eq), x == y);
			assert_int_equal(sf_lt(format, a, b, &lt), !nan && x < y);
			assert_int_equal(sf_le(format, a, b, &le), !nan && x <= y);
			assert_int_equal(eq, a == signalling || b == signalling ? SF_NV : 0);
			assert_int_equal(lt, nan ? SF_NV : 0);
			assert_int_equal(le, nan ? SF_NV : 0);
		}
	}
}

static void every_class_has_its_bit(void **state)
{
	static const uint64_t doubles[10] = {
		0xfff0000000000000, 0xbff0000000000000, 0x8000000000000001, 0x8000000000000000,
		0x0000000000000000, 0x000fffffffffffff, 0x0010000000000000, 0x7ff0000000000000,
		0x7ff0000000000001, 0x7ff8000000000000};
	static const uint32_t singles[10] = {0xff800000, 0xff7fffff, 0x807fffff, 0x80000000,
					     0x00000000, 0x00000001, 0x00800000, 0x7f800000,
					     0x7f800001, 0xffc00000};

	for (unsigned i = 0; i < 10; i++) {
		assert_int_equal(sf_class(SF_D, doubles[i]), 1u << i);
		assert_int_equal(sf_class(SF_S, singles[i]), 1u << i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arithmetic_equals_mpfr_on_special_operands_in_every_mode),
		cmocka_unit_test(arithmetic_equals_mpfr_on_random_operands),
#ifdef __x86_64__
		cmocka_unit_test(arithmetic_equals_the_host_with_all_flags),
#endif
		cmocka_unit_test(conversions_to_integers_equal_mpfr),
		cmocka_unit_test(conversions_of_what_is_no_number_saturate),
		cmocka_unit_test(conversions_from_integers_and_between_formats_equal_mpfr),
		cmocka_unit_test(a_converted_nan_is_canonical_and_a_signalling_one_is_invalid),
		cmocka_unit_test(fma_of_infinity_and_zero_is_invalid_even_with_a_quiet_nan),
		cmocka_unit_test(negated_fma_rounds_after_the_negation),
		cmocka_unit_test(min_and_max_prefer_numbers_and_order_the_zeros),
		cmocka_unit_test(comparisons_equal_the_hosts_and_only_feq_is_quiet),
		cmocka_unit_test(every_class_has_its_bit),
	};

	return cmocka_run_group_tests_name("softfloat", tests, NULL, NULL);
}
