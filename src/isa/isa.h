/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What a RISC-V instruction is: RV64GC + Zicsr, Zifencei, Zba, Zbb, Zbs, Zihintpause. insn.def is
 * the one table of instructions, uop.def the one list of micro-ops; decode, encode and disassemble
 * are made from them. Refuses to know: memory, engines, Linux.
 * Source: RISC-V ISA manual, unprivileged, 20240411.
 */
#ifndef TOLLGATE_ISA_H
#define TOLLGATE_ISA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum insn_id {
	INSN_INVALID,
#define INSN(id, ...) INSN_##id,
#include "isa/insn.def"
#undef INSN
	INSN_COUNT
};

/* What an engine executes. A compressed row names what it expands to; operands come expanded. */
enum uop {
	UOP_ILLEGAL,
#define UOP(id, ...) UOP_##id,
#include "isa/uop.def"
#undef UOP
	UOP_COUNT
};

enum uop_class {
	UC_NONE,
	UC_ALU,
	UC_MUL,
	UC_DIV,
	UC_LOAD,
	UC_STORE,
	UC_BRANCH,
	UC_JUMP,
	UC_LR,
	UC_SC,
	UC_AMO,
	UC_FP,
	UC_CSR,
	UC_FENCE,
	UC_FENCE_I,
	UC_TRAP,
};

enum uop_operand { UO_N, UO_X, UO_F };

enum {
	UF_IMM = 1 << 0,    /* reads insn.imm */
	UF_PC = 1 << 1,     /* reads pc; jumps also need insn.len for the link */
	UF_W = 1 << 2,      /* the result is 32 bits, sign-extended */
	UF_RM = 1 << 3,     /* uses insn.rm: with rm = 7 and frm above 4, an illegal instruction */
	UF_FFLAGS = 1 << 4, /* may set fflags */
	UF_END = 1 << 5,    /* what comes next may not be the next instruction in memory */
};

/* One row of uop.def as data. */
struct uop_info {
	uint8_t class;             /* enum uop_class */
	uint8_t rd, rs1, rs2, rs3; /* enum uop_operand */
	uint8_t bytes;
	uint8_t flags;
};

extern const struct uop_info isa_uops[UOP_COUNT];

/*
 * A decoded instruction. Registers that the format lacks are 0. imm is sign-extended as the
 * instruction defines it: the byte offset of branches and jumps, the value added by lui/auipc
 * (already shifted left by 12), the shift amount, the CSR number (zero-extended) for Zicsr; csrr?i
 * keep their 5-bit immediate in rs1. fence keeps its fm, pred and succ fields in imm.
 * rm: the rounding-mode field of FP rows (0..4, 7 = dynamic); for AMO/LR/SC rows, bit 1 = aq,
 * bit 0 = rl; else 0.
 */
struct insn {
	uint32_t raw; /* 16-bit instructions: upper half 0 */
	int32_t imm;
	uint16_t id; /* enum insn_id */
	uint8_t uop; /* enum uop */
	uint8_t len; /* bytes: 2 or 4 */
	uint8_t rd, rs1, rs2, rs3;
	uint8_t rm;
};

/* Bytes of the instruction that starts with this halfword: 2 or 4 (longer encodings are reported as
 * 4 and decode as invalid). */
static inline unsigned isa_length(uint16_t first_halfword)
{
	return (first_halfword & 3) == 3 ? 4 : 2;
}

/*
 * Decodes the instruction in the low bits of word (a 16-bit one is taken from the low half, the
 * rest is ignored). Returns true and fills *out; false for an illegal encoding: then *out has id
 * INSN_INVALID, uop UOP_ILLEGAL, len and raw set.
 */
bool isa_decode(uint32_t word, struct insn *out);

/*
 * Makes the encoding of in->id from its operand fields (raw, uop, len are ignored). Returns 2 or 4
 * and sets *word, or -EINVAL when an operand does not fit the row's format or constraint.
 */
int isa_encode(const struct insn *in, uint32_t *word);

/*
 * Writes "mnemonic operands" as binutils' `objdump -d -M no-aliases,numeric` spells it (tab between
 * the two). pc resolves branch and jump targets. Returns the length that the full text has, as
 * snprintf does.
 */
int isa_disassemble(const struct insn *in, uint64_t pc, char *buf, size_t size);

/*
 * Draws a legal instruction of row id from next(ctx), a source of 64 random bits a call. Returns
 * false, with *out untouched, when id is no row or the source keeps giving what the row forbids.
 */
bool isa_random(unsigned id, uint64_t (*next)(void *), void *ctx, struct insn *out);

/* Static strings; "invalid" and "ILLEGAL" for what is no row. */
const char *isa_mnemonic(unsigned id);
const char *isa_uop_name(unsigned uop);

#endif
