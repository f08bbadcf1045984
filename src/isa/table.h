/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * insn.def and format.def as data, for the files of this room and its tests. Refuses to know what
 * an instruction does.
 */
#ifndef TOLLGATE_ISA_TABLE_H
#define TOLLGATE_ISA_TABLE_H

#include "isa/isa.h"

enum insn_format {
#define FORMAT(name, ...) FMT_##name,
#include "isa/format.def"
#undef FORMAT
	FMT_COUNT
};

enum insn_constraint {
	CON_NONE,
	CON_RD_NZ,
	CON_RS1_NZ,
	CON_RS2_NZ,
	CON_IMM_NZ,
	CON_LUI, /* c.lui: imm not 0, and rd = sp is c.addi16sp */
	CON_RM,  /* rounding modes 5 and 6 are reserved */
};

struct insn_row {
	uint32_t match, mask;
	uint8_t format, constraint, uop, len;
};

/* By enum insn_id; the row of INSN_INVALID matches no word. */
extern const struct insn_row isa_rows[INSN_COUNT];

/* Operand letters of a format, see format.def. */
extern const char *const isa_syntax[FMT_COUNT];

/* Fills the operand fields of *out from a word of that format. */
void isa_unpack(unsigned format, uint32_t word, struct insn *out);

/* The operand fields placed in a word of that format; bits that do not fit are cut off. */
uint32_t isa_pack(unsigned format, const struct insn *in);

bool isa_constraint_holds(unsigned constraint, const struct insn *in);

#endif
