/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Every finite operand is unpacked to sign, exponent and a 64-bit significand whose top bit is set:
 * value = significand / 2^63 * 2^exponent. Operations give such a triple back, its lowest bit sticky
 * (or-ed with all that was shifted out), and round_pack alone rounds. Both formats leave at least 11
 * bits below their precision, so the sticky bit never is one that decides a tie by its own.
 */
#include "machine/softfloat.h"

enum kind { ZERO, FINITE, INFINITE, QUIET, SIGNALLING };

struct number {
	enum kind kind;
	bool sign;
	int32_t exponent;
	uint64_t significand;
};

struct wide {
	uint64_t high, low;
};

/* ---- formats ---- */

static unsigned precision(enum sf_format format)
{
	return format == SF_S ? 24 : 53;
}

static int32_t bias(enum sf_format format)
{
	return format == SF_S ? 127 : 1023;
}

static uint64_t sign_bit(enum sf_format format)
{
	return format == SF_S ? UINT64_C(1) << 31 : UINT64_C(1) << 63;
}

static uint64_t infinity(enum sf_format format)
{
	return format == SF_S ? UINT64_C(0x7f800000) : UINT64_C(0x7ff0000000000000);
}

static uint64_t canonical_nan(enum sf_format format)
{
	return format == SF_S ? SF_NAN_S : SF_NAN_D;
}

static uint64_t signed_bits(enum sf_format format, bool sign, uint64_t magnitude)
{
	return sign ? magnitude | sign_bit(format) : magnitude;
}

static unsigned leading_zeros(uint64_t v)
{
	unsigned n = 0;

	for (unsigned step = 32; step > 0; step /= 2) {
		if (v >> (64 - step) == 0) {
			v <<= step;
			n += step;
		}
	}
	return n; /* 63 for 0, which no caller asks */
}

static struct number unpack(enum sf_format format, uint64_t bits)
{
	unsigned fraction_bits = precision(format) - 1;
	uint64_t magnitude = bits & (sign_bit(format) - 1);
	uint64_t fraction = magnitude & ((UINT64_C(1) << fraction_bits) - 1);
	int32_t exponent = (int32_t)(magnitude >> fraction_bits);
	struct number n = {.kind = FINITE, .sign = (bits & sign_bit(format)) != 0};

	if (magnitude > infinity(format)) {
		n.kind = fraction >> (fraction_bits - 1) ? QUIET : SIGNALLING;
	} else if (magnitude == infinity(format)) {
		n.kind = INFINITE;
	} else if (magnitude == 0) {
		n.kind = ZERO;
	} else if (exponent == 0) {
		unsigned shift = leading_zeros(fraction);

		n.significand = fraction << shift;
		n.exponent = 1 - bias(format) + (63 - (int32_t)fraction_bits) - (int32_t)shift;
	} else {
		n.significand = (fraction | UINT64_C(1) << fraction_bits) << (63 - fraction_bits);
		n.exponent = exponent - bias(format);
	}
	return n;
}

/* ---- shifting and rounding ---- */

/* Right shift whose lowest result bit stays set if any bit was lost. */
static uint64_t shift_sticky(uint64_t v, unsigned n)
{
	if (n == 0)
		return v;
	if (n > 63)
		return v != 0;
	return v >> n | (v << (64 - n) != 0);
}

static struct wide wide_shift_sticky(struct wide v, unsigned n)
{
	if (n == 0)
		return v;
	if (n >= 64)
		return (struct wide){0, shift_sticky(v.high, n - 64) | (v.low != 0)};
	return (struct wide){v.high >> n, v.high << (64 - n) | shift_sticky(v.low, n)};
}

/* Is one added to the kept bits, when `lost` of `bits` bits goes? */
static bool rounds_up(unsigned rm, bool sign, bool odd, uint64_t lost, unsigned bits)
{
	uint64_t half = UINT64_C(1) << (bits - 1);

	switch (rm) {
	case SF_RNE:
		return lost > half || (lost == half && odd);
	case SF_RDN:
		return sign && lost != 0;
	case SF_RUP:
		return !sign && lost != 0;
	case SF_RMM:
		return lost >= half;
	default:
		return false;
	}
}

static uint64_t overflow(enum sf_format format, bool sign, unsigned rm, uint32_t *flags)
{
	bool to_infinity = rm == SF_RNE || rm == SF_RMM || (rm == SF_RDN && sign) ||
			   (rm == SF_RUP && !sign);

	*flags |= SF_OF | SF_NX;
	return signed_bits(format, sign, infinity(format) - !to_infinity);
}

/* The significand's top bit is set. */
static uint64_t round_pack(enum sf_format format, bool sign, int32_t exponent, uint64_t significand,
			   unsigned rm, uint32_t *flags)
{
	unsigned extra = 64 - precision(format);
	uint64_t mask = (UINT64_C(1) << extra) - 1, hidden = UINT64_C(1) << (precision(format) - 1);
	uint64_t kept = significand >> extra, lost = significand & mask;
	bool up = rounds_up(rm, sign, kept & 1, lost, extra);
	int32_t least = 1 - bias(format);
	bool tiny = false, subnormal = exponent < least;

	if (subnormal) {
		/* Tiny after rounding: as if the exponent had no lower bound, it would stay below. */
		tiny = !(exponent == least - 1 && kept + up == hidden << 1);
		significand = shift_sticky(significand, (unsigned)(least - exponent));
		kept = significand >> extra;
		lost = significand & mask;
		up = rounds_up(rm, sign, kept & 1, lost, extra);
	}
	kept += up;
	if (kept == hidden << 1) {
		kept >>= 1;
		exponent++;
	}
	if (exponent > bias(format))
		return overflow(format, sign, rm, flags);
	if (lost)
		*flags |= SF_NX | (tiny ? SF_UF : 0);
	if (subnormal) /* kept may have become the least normal: its bits say so by themselves */
		return signed_bits(format, sign, kept);
	return signed_bits(format, sign,
			   ((uint64_t)(exponent + bias(format)) << (precision(format) - 1)) +
				   (kept - hidden));
}

static uint64_t invalid(enum sf_format format, uint32_t *flags)
{
	*flags |= SF_NV;
	return canonical_nan(format);
}

static bool is_nan(struct number n)
{
	return n.kind >= QUIET;
}

/* The result when an operand is a NaN. */
static uint64_t nan_of(enum sf_format format, struct number a, struct number b, uint32_t *flags)
{
	if (a.kind == SIGNALLING || b.kind == SIGNALLING)
		*flags |= SF_NV;
	return canonical_nan(format);
}

/* ---- 128 bits ---- */

static struct wide multiply(uint64_t a, uint64_t b)
{
	uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
	uint64_t low = al * bl, mid1 = ah * bl, mid2 = al * bh;
	uint64_t mid = (low >> 32) + (uint32_t)mid1 + (uint32_t)mid2;

	return (struct wide){ah * bh + (mid1 >> 32) + (mid2 >> 32) + (mid >> 32),
			     mid << 32 | (uint32_t)low};
}

static struct wide wide_add(struct wide a, struct wide b)
{
	uint64_t low = a.low + b.low;

	return (struct wide){a.high + b.high + (low < a.low), low};
}

static struct wide wide_sub(struct wide a, struct wide b)
{
	return (struct wide){a.high - b.high - (a.low < b.low), a.low - b.low};
}

static bool wide_less(struct wide a, struct wide b)
{
	return a.high < b.high || (a.high == b.high && a.low < b.low);
}

/* ---- arithmetic ---- */

/* A finite or wide value that is not zero: value = v / 2^127 * 2^exponent, top bit anywhere. */
static uint64_t wide_round_pack(enum sf_format format, bool sign, int32_t exponent, struct wide v,
				unsigned rm, uint32_t *flags)
{
	unsigned shift;

	if (v.high == 0) {
		v = (struct wide){v.low, 0};
		exponent -= 64;
	}
	shift = leading_zeros(v.high);
	if (shift > 0)
		v = (struct wide){v.high << shift | v.low >> (64 - shift), v.low << shift};
	return round_pack(format, sign, exponent - (int32_t)shift, v.high | (v.low != 0), rm, flags);
}

/* x + y of two values that are not zero; top bits set, exponents at the top bit. */
static uint64_t sum(enum sf_format format, bool x_sign, int32_t x_exponent, struct wide x,
		    bool y_sign, int32_t y_exponent, struct wide y, unsigned rm, uint32_t *flags)
{
	struct wide v;

	if (x_exponent < y_exponent || (x_exponent == y_exponent && wide_less(x, y)))
		return sum(format, y_sign, y_exponent, y, x_sign, x_exponent, x, rm, flags);
	/* One place of room for the carry; the lowest bit of neither is in use. */
	x = wide_shift_sticky(x, 1);
	y = wide_shift_sticky(y, (unsigned)(x_exponent - y_exponent) + 1);
	v = x_sign == y_sign ? wide_add(x, y) : wide_sub(x, y);
	if (v.high == 0 && v.low == 0)
		return signed_bits(format, rm == SF_RDN, 0);
	return wide_round_pack(format, x_sign, x_exponent + 1, v, rm, flags);
}

static uint64_t zero_sum(enum sf_format format, bool x_sign, bool y_sign, unsigned rm)
{
	return signed_bits(format, x_sign == y_sign ? x_sign : rm == SF_RDN, 0);
}

uint64_t sf_add(enum sf_format format, uint64_t a, uint64_t b, unsigned rm, uint32_t *flags)
{
	struct number x = unpack(format, a), y = unpack(format, b);

	if (is_nan(x) || is_nan(y))
		return nan_of(format, x, y, flags);
	if (x.kind == INFINITE) {
		if (y.kind == INFINITE && x.sign != y.sign)
			return invalid(format, flags);
		return signed_bits(format, x.sign, infinity(format));
	}
	if (y.kind == INFINITE)
		return signed_bits(format, y.sign, infinity(format));
	if (x.kind == ZERO && y.kind == ZERO)
		return zero_sum(format, x.sign, y.sign, rm);
	if (x.kind == ZERO)
		return round_pack(format, y.sign, y.exponent, y.significand, rm, flags);
	if (y.kind == ZERO)
		return round_pack(format, x.sign, x.exponent, x.significand, rm, flags);
	return sum(format, x.sign, x.exponent, (struct wide){x.significand, 0}, y.sign, y.exponent,
		   (struct wide){y.significand, 0}, rm, flags);
}

uint64_t sf_sub(enum sf_format format, uint64_t a, uint64_t b, unsigned rm, uint32_t *flags)
{
	return sf_add(format, a, b ^ sign_bit(format), rm, flags);
}

uint64_t sf_mul(enum sf_format format, uint64_t a, uint64_t b, unsigned rm, uint32_t *flags)
{
	struct number x = unpack(format, a), y = unpack(format, b);
	bool sign = x.sign != y.sign;

	if (is_nan(x) || is_nan(y))
		return nan_of(format, x, y, flags);
	if (x.kind == INFINITE || y.kind == INFINITE) {
		if (x.kind == ZERO || y.kind == ZERO)
			return invalid(format, flags);
		return signed_bits(format, sign, infinity(format));
	}
	if (x.kind == ZERO || y.kind == ZERO)
		return signed_bits(format, sign, 0);
	return wide_round_pack(format, sign, x.exponent + y.exponent + 1,
			       multiply(x.significand, y.significand), rm, flags);
}

uint64_t sf_div(enum sf_format format, uint64_t a, uint64_t b, unsigned rm, uint32_t *flags)
{
	struct number x = unpack(format, a), y = unpack(format, b);
	bool sign = x.sign != y.sign;
	int32_t exponent = x.exponent - y.exponent;
	uint64_t rest = x.significand, quotient = 0;

	if (is_nan(x) || is_nan(y))
		return nan_of(format, x, y, flags);
	if (x.kind == y.kind && x.kind != FINITE)
		return invalid(format, flags); /* 0/0 or inf/inf */
	if (y.kind == ZERO && x.kind == FINITE)
		*flags |= SF_DZ;
	if (y.kind == ZERO || x.kind == INFINITE)
		return signed_bits(format, sign, infinity(format));
	if (x.kind == ZERO || y.kind == INFINITE)
		return signed_bits(format, sign, 0);

	/* Long division: the first of 64 quotient bits is always 1. */
	if (rest >= y.significand) {
		rest -= y.significand;
		quotient = 1;
	} else {
		exponent--;
	}
	for (unsigned i = (unsigned)quotient; i < 64; i++) {
		bool carry = rest >> 63;

		rest <<= 1;
		quotient <<= 1;
		if (carry || rest >= y.significand) {
			rest -= y.significand;
			quotient |= 1;
		}
	}
	return round_pack(format, sign, exponent, quotient | (rest != 0), rm, flags);
}

uint64_t sf_sqrt(enum sf_format format, uint64_t a, unsigned rm, uint32_t *flags)
{
	enum { ROOT_BITS = 60 };
	struct number x = unpack(format, a);
	struct wide radicand;
	uint64_t root = 0, rest = 0;
	bool odd = x.exponent & 1;

	if (is_nan(x))
		return nan_of(format, x, x, flags);
	if (x.kind == ZERO)
		return signed_bits(format, x.sign, 0);
	if (x.sign)
		return invalid(format, flags);
	if (x.kind == INFINITE)
		return infinity(format);

	/* An even exponent, two digits of radicand for each of the root, the first digit being 1. */
	radicand = (struct wide){odd ? x.significand : x.significand >> 1,
				 odd ? 0 : x.significand << 63};
	for (unsigned i = 0; i < ROOT_BITS; i++) {
		rest = rest << 2 | radicand.high >> 62;
		radicand = (struct wide){radicand.high << 2 | radicand.low >> 62, radicand.low << 2};
		root <<= 1;
		if (rest >= (root << 1 | 1)) {
			rest -= root << 1 | 1;
			root |= 1;
		}
	}
	return round_pack(format, false, (x.exponent - odd) / 2,
			  root << (64 - ROOT_BITS) | (rest != 0), rm, flags);
}

uint64_t sf_fma(enum sf_format format, uint64_t a, uint64_t b, uint64_t c, bool negate_product,
		bool negate_addend, unsigned rm, uint32_t *flags)
{
	struct number x = unpack(format, a), y = unpack(format, b), z = unpack(format, c);
	bool sign = (x.sign != y.sign) != negate_product;
	int32_t exponent = x.exponent + y.exponent + 1;
	struct wide product;

	z.sign = z.sign != negate_addend;
	/* Invalid even with a quiet NaN as addend. */
	if ((x.kind == INFINITE && y.kind == ZERO) || (x.kind == ZERO && y.kind == INFINITE))
		return invalid(format, flags);
	if (is_nan(x) || is_nan(y) || is_nan(z)) {
		nan_of(format, x, y, flags);
		return nan_of(format, z, z, flags);
	}
	if (x.kind == INFINITE || y.kind == INFINITE) {
		if (z.kind == INFINITE && z.sign != sign)
			return invalid(format, flags);
		return signed_bits(format, sign, infinity(format));
	}
	if (z.kind == INFINITE)
		return signed_bits(format, z.sign, infinity(format));
	if (x.kind == ZERO || y.kind == ZERO) {
		if (z.kind == ZERO)
			return zero_sum(format, sign, z.sign, rm);
		return round_pack(format, z.sign, z.exponent, z.significand, rm, flags);
	}
	product = multiply(x.significand, y.significand);
	if (product.high >> 63 == 0) {
		product = (struct wide){product.high << 1 | product.low >> 63, product.low << 1};
		exponent--;
	}
	if (z.kind == ZERO)
		return wide_round_pack(format, sign, exponent, product, rm, flags);
	return sum(format, sign, exponent, product, z.sign, z.exponent,
		   (struct wide){z.significand, 0}, rm, flags);
}

/* ---- comparisons ---- */

/* Bits as a number that orders as the values do, -0 just below +0. */
static int64_t order(enum sf_format format, uint64_t bits)
{
	int64_t magnitude = (int64_t)(bits & (sign_bit(format) - 1));

	return bits & sign_bit(format) ? -1 - magnitude : magnitude;
}

static uint64_t pick(enum sf_format format, uint64_t a, uint64_t b, bool larger, uint32_t *flags)
{
	struct number x = unpack(format, a), y = unpack(format, b);

	if (x.kind == SIGNALLING || y.kind == SIGNALLING)
		*flags |= SF_NV;
	if (is_nan(x) && is_nan(y))
		return canonical_nan(format);
	if (is_nan(x))
		return b;
	if (is_nan(y))
		return a;
	return (order(format, a) > order(format, b)) == larger ? a : b;
}

uint64_t sf_min(enum sf_format format, uint64_t a, uint64_t b, uint32_t *flags)
{
	return pick(format, a, b, false, flags);
}

uint64_t sf_max(enum sf_format format, uint64_t a, uint64_t b, uint32_t *flags)
{
	return pick(format, a, b, true, flags);
}

bool sf_eq(enum sf_format format, uint64_t a, uint64_t b, uint32_t *flags)
{
	struct number x = unpack(format, a), y = unpack(format, b);

	if (x.kind == SIGNALLING || y.kind == SIGNALLING)
		*flags |= SF_NV;
	if (is_nan(x) || is_nan(y))
		return false;
	return (x.kind == ZERO && y.kind == ZERO) || order(format, a) == order(format, b);
}

static bool below(enum sf_format format, uint64_t a, uint64_t b, bool or_equal, uint32_t *flags)
{
	struct number x = unpack(format, a), y = unpack(format, b);

	if (is_nan(x) || is_nan(y)) {
		*flags |= SF_NV;
		return false;
	}
	if (x.kind == ZERO && y.kind == ZERO)
		return or_equal;
	return or_equal ? order(format, a) <= order(format, b) : order(format, a) < order(format, b);
}

bool sf_lt(enum sf_format format, uint64_t a, uint64_t b, uint32_t *flags)
{
	return below(format, a, b, false, flags);
}

bool sf_le(enum sf_format format, uint64_t a, uint64_t b, uint32_t *flags)
{
	return below(format, a, b, true, flags);
}

uint64_t sf_class(enum sf_format format, uint64_t a)
{
	struct number x = unpack(format, a);

	switch (x.kind) {
	case ZERO:
		return x.sign ? 1 << 3 : 1 << 4;
	case INFINITE:
		return x.sign ? 1 << 0 : 1 << 7;
	case SIGNALLING:
		return 1 << 8;
	case QUIET:
		return 1 << 9;
	default:
		if (x.exponent < 1 - bias(format))
			return x.sign ? 1 << 2 : 1 << 5;
		return x.sign ? 1 << 1 : 1 << 6;
	}
}

/* ---- conversions ---- */

static uint64_t saturated(bool negative, bool is_signed, unsigned bits, uint32_t *flags)
{
	uint64_t highest = is_signed ? UINT64_MAX >> (65 - bits) : UINT64_MAX;

	*flags |= SF_NV;
	if (negative)
		return is_signed ? ~highest : 0;
	return highest; /* an unsigned word's is sign-extended: all ones, too */
}

uint64_t sf_to_int(enum sf_format format, uint64_t a, bool is_signed, unsigned bits, unsigned rm,
		   uint32_t *flags)
{
	struct number x = unpack(format, a);
	bool negative = x.sign && !is_nan(x);
	uint64_t whole = 0, fraction, most = bits == 64 ? UINT64_MAX : UINT32_MAX;

	if (x.kind == ZERO)
		return 0;
	if (x.kind != FINITE || x.exponent > 63)
		return saturated(negative, is_signed, bits, flags);
	if (x.exponent >= 0) {
		whole = x.significand >> (63 - x.exponent);
		fraction = x.exponent == 63 ? 0 : x.significand << (x.exponent + 1);
	} else {
		fraction = shift_sticky(x.significand, (unsigned)(-1 - x.exponent));
	}
	/* 64 bits of fraction as 63 and a sticky one: rounds_up wants to name their half. */
	if (rounds_up(rm, negative, whole & 1, fraction >> 1 | (fraction & 1), 63)) {
		if (++whole == 0)
			return saturated(negative, is_signed, bits, flags);
	}
	if (is_signed)
		most = (most >> 1) + negative;
	else if (negative)
		most = 0;
	if (whole > most)
		return saturated(negative, is_signed, bits, flags);
	if (fraction)
		*flags |= SF_NX;
	if (negative)
		whole = -whole;
	return bits == 32 ? (uint64_t)(int64_t)(int32_t)whole : whole;
}

uint64_t sf_from_int(enum sf_format format, uint64_t value, bool is_signed, unsigned rm,
		     uint32_t *flags)
{
	bool sign = is_signed && value >> 63;
	unsigned shift;

	if (sign)
		value = -value;
	if (value == 0)
		return 0;
	shift = leading_zeros(value);
	return round_pack(format, sign, 63 - (int32_t)shift, value << shift, rm, flags);
}

uint64_t sf_convert(enum sf_format from, enum sf_format to, uint64_t a, unsigned rm,
		    uint32_t *flags)
{
	struct number x = unpack(from, a);

	if (is_nan(x))
		return nan_of(to, x, x, flags);
	if (x.kind == INFINITE)
		return signed_bits(to, x.sign, infinity(to));
	if (x.kind == ZERO)
		return signed_bits(to, x.sign, 0);
	return round_pack(to, x.sign, x.exponent, x.significand, rm, flags);
}
