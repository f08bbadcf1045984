/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* F and D on the register file: rounding modes, NaN-boxing, flags. The numbers are softfloat.c's. */
#include "machine/hart.h"
#include "machine/softfloat.h"

#define BOX UINT64_C(0xffffffff00000000)

/* A register as a single: what is not boxed is a NaN. */
static uint64_t single(uint64_t raw)
{
	return raw >= BOX ? raw & ~BOX : SF_NAN_S;
}

static uint64_t sext32(uint64_t v)
{
	return (uint64_t)(int64_t)(int32_t)v;
}

static uint64_t sign_inject(unsigned uop, uint64_t a, uint64_t b, uint64_t sign)
{
	switch (uop) {
	case UOP_FSGNJN_S:
	case UOP_FSGNJN_D:
		b = ~b;
		break;
	case UOP_FSGNJX_S:
	case UOP_FSGNJX_D:
		b ^= a;
		break;
	}
	return (a & ~sign) | (b & sign);
}

/* The rows that F and D have in common, by their D names. */
static bool common(enum sf_format format, unsigned uop, const uint64_t v[3], uint64_t x, unsigned rm,
		   uint64_t *out, uint32_t *flags)
{
	uint64_t a = v[0], b = v[1], c = v[2];

	switch (uop) {
	case UOP_FMADD_D: *out = sf_fma(format, a, b, c, false, false, rm, flags); break;
	case UOP_FMSUB_D: *out = sf_fma(format, a, b, c, false, true, rm, flags); break;
	case UOP_FNMSUB_D: *out = sf_fma(format, a, b, c, true, false, rm, flags); break;
	case UOP_FNMADD_D: *out = sf_fma(format, a, b, c, true, true, rm, flags); break;
	case UOP_FADD_D: *out = sf_add(format, a, b, rm, flags); break;
	case UOP_FSUB_D: *out = sf_sub(format, a, b, rm, flags); break;
	case UOP_FMUL_D: *out = sf_mul(format, a, b, rm, flags); break;
	case UOP_FDIV_D: *out = sf_div(format, a, b, rm, flags); break;
	case UOP_FSQRT_D: *out = sf_sqrt(format, a, rm, flags); break;
	case UOP_FSGNJ_D:
	case UOP_FSGNJN_D:
	case UOP_FSGNJX_D:
		*out = sign_inject(uop, a, b, UINT64_C(1) << (format == SF_S ? 31 : 63));
		break;
	case UOP_FMIN_D: *out = sf_min(format, a, b, flags); break;
	case UOP_FMAX_D: *out = sf_max(format, a, b, flags); break;
	case UOP_FEQ_D: *out = sf_eq(format, a, b, flags); break;
	case UOP_FLT_D: *out = sf_lt(format, a, b, flags); break;
	case UOP_FLE_D: *out = sf_le(format, a, b, flags); break;
	case UOP_FCLASS_D: *out = sf_class(format, a); break;
	case UOP_FCVT_W_D: *out = sf_to_int(format, a, true, 32, rm, flags); break;
	case UOP_FCVT_WU_D: *out = sf_to_int(format, a, false, 32, rm, flags); break;
	case UOP_FCVT_L_D: *out = sf_to_int(format, a, true, 64, rm, flags); break;
	case UOP_FCVT_LU_D: *out = sf_to_int(format, a, false, 64, rm, flags); break;
	case UOP_FCVT_D_W: *out = sf_from_int(format, sext32(x), true, rm, flags); break;
	case UOP_FCVT_D_WU: *out = sf_from_int(format, (uint32_t)x, false, rm, flags); break;
	case UOP_FCVT_D_L: *out = sf_from_int(format, x, true, rm, flags); break;
	case UOP_FCVT_D_LU: *out = sf_from_int(format, x, false, rm, flags); break;
	default: return false;
	}
	return true;
}

/* uop.def's F rows as the D rows that differ from them by the format alone. */
static unsigned as_double(unsigned uop)
{
	switch (uop) {
#define SAME(name) case UOP_##name##_S: return UOP_##name##_D;
	SAME(FMADD) SAME(FMSUB) SAME(FNMSUB) SAME(FNMADD) SAME(FADD) SAME(FSUB) SAME(FMUL)
	SAME(FDIV) SAME(FSQRT) SAME(FSGNJ) SAME(FSGNJN) SAME(FSGNJX) SAME(FMIN) SAME(FMAX)
	SAME(FEQ) SAME(FLT) SAME(FLE) SAME(FCLASS) SAME(FCVT_W) SAME(FCVT_WU) SAME(FCVT_L)
	SAME(FCVT_LU)
#undef SAME
	case UOP_FCVT_S_W: return UOP_FCVT_D_W;
	case UOP_FCVT_S_WU: return UOP_FCVT_D_WU;
	case UOP_FCVT_S_L: return UOP_FCVT_D_L;
	case UOP_FCVT_S_LU: return UOP_FCVT_D_LU;
	default: return UOP_ILLEGAL;
	}
}

bool fpu_execute(struct tg_regs *regs, const struct insn *insn)
{
	const struct uop_info *info = &isa_uops[insn->uop];
	unsigned rm = insn->rm == 7 ? regs->fcsr >> 5 & 7 : insn->rm, twin = as_double(insn->uop);
	uint64_t v[3] = {regs->f[insn->rs1], regs->f[insn->rs2], regs->f[insn->rs3]};
	uint64_t x = regs->x[insn->rs1], out = 0;
	uint32_t flags = 0;

	if (info->flags & UF_RM && rm > SF_RMM)
		return false;
	switch (insn->uop) {
	case UOP_FMV_X_W: out = sext32(v[0]); break;
	case UOP_FMV_X_D: out = v[0]; break;
	case UOP_FMV_W_X: out = x | BOX; break;
	case UOP_FMV_D_X: out = x; break;
	case UOP_FCVT_S_D: out = sf_convert(SF_D, SF_S, v[0], rm, &flags) | BOX; break;
	case UOP_FCVT_D_S: out = sf_convert(SF_S, SF_D, single(v[0]), rm, &flags); break;
	default:
		if (twin == UOP_ILLEGAL) {
			if (!common(SF_D, insn->uop, v, x, rm, &out, &flags))
				return false;
			break;
		}
		for (unsigned i = 0; i < 3; i++)
			v[i] = single(v[i]);
		if (!common(SF_S, twin, v, x, rm, &out, &flags))
			return false;
		if (info->rd == UO_F)
			out |= BOX;
	}
	regs->fcsr |= flags;
	if (info->rd == UO_F)
		regs->f[insn->rd] = out;
	else if (insn->rd != 0)
		regs->x[insn->rd] = out;
	return true;
}
