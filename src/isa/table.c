/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The .def files as arrays, and the two directions of format.def. Refuses to know which word is
 * which instruction (decode.c).
 */
#include "isa/table.h"

const struct insn_row isa_rows[INSN_COUNT] = {
	[INSN_INVALID] = {.match = 1, .mask = 0, .uop = UOP_ILLEGAL},
#define INSN(id, mnemonic, match, mask, format, constraint, uop) \
	[INSN_##id] = {                                          \
		match, mask, FMT_##format, CON_##constraint, UOP_##uop, ((match)&3) == 3 ? 4 : 2},
#include "isa/insn.def"
#undef INSN
};

static const char *const mnemonics[INSN_COUNT] = {
	[INSN_INVALID] = "invalid",
#define INSN(id, mnemonic, ...) [INSN_##id] = mnemonic,
#include "isa/insn.def"
#undef INSN
};

const struct uop_info isa_uops[UOP_COUNT] = {
	[UOP_ILLEGAL] = {.class = UC_NONE, .flags = UF_END},
#define UOP(id, class, rd, rs1, rs2, rs3, bytes, flags) \
	[UOP_##id] = {UC_##class, UO_##rd, UO_##rs1, UO_##rs2, UO_##rs3, bytes, flags},
#include "isa/uop.def"
#undef UOP
};

static const char *const uop_names[UOP_COUNT] = {
	[UOP_ILLEGAL] = "ILLEGAL",
#define UOP(id, ...) [UOP_##id] = #id,
#include "isa/uop.def"
#undef UOP
};

const char *const isa_syntax[FMT_COUNT] = {
#define FORMAT(name, syntax, ...) [FMT_##name] = syntax,
#include "isa/format.def"
#undef FORMAT
};

_Static_assert(UOP_COUNT <= 256, "struct insn keeps the micro-op in a byte");

const char *isa_mnemonic(unsigned id)
{
	return mnemonics[id < INSN_COUNT ? id : INSN_INVALID];
}

const char *isa_uop_name(unsigned uop)
{
	return uop_names[uop < UOP_COUNT ? uop : UOP_ILLEGAL];
}

static inline uint32_t bits(uint32_t word, unsigned from, unsigned width)
{
	return word >> from & ((1u << width) - 1);
}

static inline int32_t sign_extend(uint32_t value, unsigned width)
{
	uint32_t sign = width ? 1u << (width - 1) : 0;

	return (int32_t)((value ^ sign) - sign);
}

/* Register and rm places: what to read from the word, and what to put there. */
#define GET_N(w)    0
#define GET_ZERO(w) 0
#define GET_RA(w)   1
#define GET_SP(w)   2
#define GET_R2(w)   bits(w, 2, 5)
#define GET_R7(w)   bits(w, 7, 5)
#define GET_R15(w)  bits(w, 15, 5)
#define GET_R20(w)  bits(w, 20, 5)
#define GET_R27(w)  bits(w, 27, 5)
#define GET_Q2(w)   (8 + bits(w, 2, 3))
#define GET_Q7(w)   (8 + bits(w, 7, 3))
#define GET_M12(w)  bits(w, 12, 3)
#define GET_AQRL(w) bits(w, 25, 2)

#define PUT_N(v)    0
#define PUT_ZERO(v) 0
#define PUT_RA(v)   0
#define PUT_SP(v)   0
#define PUT_R2(v)   bits(v, 0, 5) << 2
#define PUT_R7(v)   bits(v, 0, 5) << 7
#define PUT_R15(v)  bits(v, 0, 5) << 15
#define PUT_R20(v)  bits(v, 0, 5) << 20
#define PUT_R27(v)  bits(v, 0, 5) << 27
#define PUT_Q2(v)   bits(v, 0, 3) << 2
#define PUT_Q7(v)   bits(v, 0, 3) << 7
#define PUT_M12(v)  bits(v, 0, 3) << 12
#define PUT_AQRL(v) bits(v, 0, 2) << 25

void isa_unpack(unsigned format, uint32_t word, struct insn *out)
{
	switch (format) {
#define SEG(from, width, to) | bits(word, from, width) << (to)
#define FORMAT(name, syntax, rd_, rs1_, rs2_, rs3_, rm_, immbits, segments) \
	case FMT_##name:                                                    \
		out->rd = GET_##rd_(word);                                  \
		out->rs1 = GET_##rs1_(word);                                \
		out->rs2 = GET_##rs2_(word);                                \
		out->rs3 = GET_##rs3_(word);                                \
		out->rm = GET_##rm_(word);                                  \
		out->imm = sign_extend(0 segments, immbits);                \
		break;
#include "isa/format.def"
#undef FORMAT
#undef SEG
	}
}

uint32_t isa_pack(unsigned format, const struct insn *in)
{
	uint32_t imm = (uint32_t)in->imm;

	switch (format) {
#define SEG(from, width, to) | bits(imm, to, width) << (from)
#define FORMAT(name, syntax, rd_, rs1_, rs2_, rs3_, rm_, immbits, segments)                  \
	case FMT_##name:                                                                     \
		return (PUT_##rd_(in->rd)) | (PUT_##rs1_(in->rs1)) | (PUT_##rs2_(in->rs2)) | \
		       (PUT_##rs3_(in->rs3)) | (PUT_##rm_(in->rm)) | (0 segments);
#include "isa/format.def"
#undef FORMAT
#undef SEG
	}
	return 0;
}

bool isa_constraint_holds(unsigned constraint, const struct insn *in)
{
	switch (constraint) {
	case CON_RD_NZ:
		return in->rd != 0;
	case CON_RS1_NZ:
		return in->rs1 != 0;
	case CON_RS2_NZ:
		return in->rs2 != 0;
	case CON_IMM_NZ:
		return in->imm != 0;
	case CON_LUI:
		return in->imm != 0 && in->rd != 2;
	case CON_RM:
		return in->rm != 5 && in->rm != 6;
	}
	return true;
}
