/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * IEEE 754-2019 binary32 and binary64 in integers alone, with RISC-V's choices: canonical NaN,
 * tininess detected after rounding, saturating conversions. Refuses to know registers and boxing.
 */
#ifndef TOLLGATE_MACHINE_SOFTFLOAT_H
#define TOLLGATE_MACHINE_SOFTFLOAT_H

#include <stdbool.h>
#include <stdint.h>

enum sf_format { SF_S, SF_D };

/* As the rm field has them. */
enum sf_round { SF_RNE, SF_RTZ, SF_RDN, SF_RUP, SF_RMM };

/* As fflags has them. Operations add to *flags. */
enum { SF_NX = 1, SF_UF = 2, SF_OF = 4, SF_DZ = 8, SF_NV = 16 };

#define SF_NAN_S UINT64_C(0x7fc00000)
#define SF_NAN_D UINT64_C(0x7ff8000000000000)

/* Values are raw bits; singles in the low half, the high half zero in results and ignored in operands. */
uint64_t sf_add(enum sf_format format, uint64_t a, uint64_t b, unsigned rm, uint32_t *flags);
uint64_t sf_sub(enum sf_format format, uint64_t a, uint64_t b, unsigned rm, uint32_t *flags);
uint64_t sf_mul(enum sf_format format, uint64_t a, uint64_t b, unsigned rm, uint32_t *flags);
uint64_t sf_div(enum sf_format format, uint64_t a, uint64_t b, unsigned rm, uint32_t *flags);
uint64_t sf_sqrt(enum sf_format format, uint64_t a, unsigned rm, uint32_t *flags);
/* (negate_product ? -(a * b) : a * b) + (negate_addend ? -c : c), rounded once. */
uint64_t sf_fma(enum sf_format format, uint64_t a, uint64_t b, uint64_t c, bool negate_product,
		bool negate_addend, unsigned rm, uint32_t *flags);

/* minimumNumber and maximumNumber. */
uint64_t sf_min(enum sf_format format, uint64_t a, uint64_t b, uint32_t *flags);
uint64_t sf_max(enum sf_format format, uint64_t a, uint64_t b, uint32_t *flags);
bool sf_eq(enum sf_format format, uint64_t a, uint64_t b, uint32_t *flags); /* quiet */
bool sf_lt(enum sf_format format, uint64_t a, uint64_t b, uint32_t *flags); /* signalling */
bool sf_le(enum sf_format format, uint64_t a, uint64_t b, uint32_t *flags);
/* fclass's ten bits. */
uint64_t sf_class(enum sf_format format, uint64_t a);

/* To an integer of 32 or 64 bits; 32-bit results sign-extended, unsigned ones too. */
uint64_t sf_to_int(enum sf_format format, uint64_t a, bool is_signed, unsigned bits, unsigned rm,
		   uint32_t *flags);
uint64_t sf_from_int(enum sf_format format, uint64_t value, bool is_signed, unsigned rm,
		     uint32_t *flags);
/* Between the formats. */
uint64_t sf_convert(enum sf_format from, enum sf_format to, uint64_t a, unsigned rm,
		    uint32_t *flags);

#endif
