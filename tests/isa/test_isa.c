/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The instruction table checked as data, and decode, encode and disassemble against it and against
 * each other. What binutils thinks of it all is check-binutils' business.
 */
#include "isa/table.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "test_random.h"

enum { PER_ROW = 500, RANDOM_WORDS = 2000000 };

static const char *name(unsigned id)
{
	return isa_mnemonic(id);
}

static unsigned population(uint32_t word)
{
	return (unsigned)__builtin_popcount(word);
}

/* What decode must find, in the plainest way: the first row that fits. */
static unsigned first_row(uint32_t word)
{
	struct insn insn;

	if ((word & 3) != 3)
		word &= 0xffff;
	for (unsigned id = 1; id < INSN_COUNT; id++) {
		const struct insn_row *row = &isa_rows[id];

		if ((word & row->mask) != row->match)
			continue;
		isa_unpack(row->format, word, &insn);
		if (isa_constraint_holds(row->constraint, &insn))
			return id;
	}
	return INSN_INVALID;
}

static void a_match_lies_within_its_mask_and_its_length(void **state)
{
	for (unsigned id = 1; id < INSN_COUNT; id++) {
		const struct insn_row *row = &isa_rows[id];

		if (row->match & ~row->mask)
			fail_msg("%s: match has bits outside mask", name(id));
		if (row->len == 2 && row->mask >> 16)
			fail_msg("%s: 16-bit row with a mask beyond the low half", name(id));
		if ((row->mask & 3) != 3 || (row->len == 4 && (row->mask & 0x7f) != 0x7f))
			fail_msg("%s: the major opcode is not fixed", name(id));
	}
}

static void an_earlier_row_that_overlaps_a_later_is_strictly_narrower(void **state)
{
	for (unsigned a = 1; a < INSN_COUNT; a++) {
		for (unsigned b = a + 1; b < INSN_COUNT; b++) {
			const struct insn_row *ra = &isa_rows[a], *rb = &isa_rows[b];

			if (ra->len != rb->len || ((ra->match ^ rb->match) & ra->mask & rb->mask))
				continue;
			if ((ra->mask & rb->mask) == rb->mask &&
			    population(ra->mask) > population(rb->mask))
				continue;
			if (ra->len == 2 && (ra->constraint || rb->constraint))
				continue; /* the next test asks the words */
			fail_msg("%s hides %s", name(a), name(b));
		}
	}
}

/* Constraints keep some rows apart whose masks overlap (c.jr and c.mv): so all words are asked. */
static void no_16_bit_word_fits_two_rows_unless_the_first_is_narrower(void **state)
{
	for (uint32_t w = 0; w < 0x10000; w++) {
		unsigned first = first_row(w);

		if ((w & 3) == 3 || !first)
			continue;
		for (unsigned id = first + 1; id < INSN_COUNT; id++) {
			const struct insn_row *row = &isa_rows[id];
			struct insn insn;

			if ((w & row->mask) != row->match)
				continue;
			isa_unpack(row->format, w, &insn);
			if (isa_constraint_holds(row->constraint, &insn) &&
			    (isa_rows[first].mask & row->mask) != row->mask)
				fail_msg("%04x is %s and %s", w, name(first), name(id));
		}
	}
}

static void every_micro_op_is_named_by_some_32_bit_row(void **state)
{
	bool named[UOP_COUNT] = {[UOP_ILLEGAL] = true};

	for (unsigned id = 1; id < INSN_COUNT; id++)
		if (isa_rows[id].len == 4)
			named[isa_rows[id].uop] = true;
	for (unsigned u = 0; u < UOP_COUNT; u++)
		if (!named[u])
			fail_msg("no 32-bit row has the micro-op %s", isa_uop_name(u));
}

static void mnemonics_are_unique(void **state)
{
	for (unsigned a = 1; a < INSN_COUNT; a++)
		for (unsigned b = a + 1; b < INSN_COUNT; b++)
			assert_string_not_equal(name(a), name(b));
}

/* Else an engine would read a field that the word does not have, or the word would say more. */
static void a_row_has_the_operands_that_its_micro_op_uses_and_no_others(void **state)
{
	uint64_t rng = 1;

	for (unsigned id = 1; id < INSN_COUNT; id++) {
		const struct uop_info *uop = &isa_uops[isa_rows[id].uop];
		struct insn any = {0};
		bool csr_immediate = isa_rows[id].format == FMT_CSRI;

		if (isa_rows[id].uop == UOP_FENCE || isa_rows[id].uop == UOP_FENCE_I)
			continue; /* keeps its ignored fields, so that encode gives the word back */
		for (unsigned i = 0; i < PER_ROW; i++) {
			struct insn insn;

			assert_true(isa_random(id, test_random, &rng, &insn));
			any.rd |= insn.rd;
			any.rs1 |= insn.rs1;
			any.rs2 |= insn.rs2;
			any.rs3 |= insn.rs3;
			any.imm |= insn.imm;
			any.rm |= insn.rm;
		}
		if ((uop->rd == UO_N && any.rd) || (uop->rs2 == UO_N && any.rs2) ||
		    (uop->rs3 == UO_N && any.rs3) || (uop->rs3 != UO_N && !any.rs3) ||
		    (uop->rs1 == UO_N && any.rs1 && !csr_immediate) ||
		    (!(uop->flags & UF_IMM) && any.imm))
			fail_msg("%s: format and micro-op disagree on operands", name(id));
		if (isa_rows[id].len == 4 && id != INSN_UNIMP &&
		    ((uop->rd != UO_N && !any.rd) || (uop->rs1 != UO_N && !any.rs1) ||
		     (uop->rs2 != UO_N && !any.rs2) || ((uop->flags & UF_IMM) && !any.imm)))
			fail_msg("%s: the format lacks an operand of the micro-op", name(id));
		if (!!(uop->flags & UF_RM) != (isa_rows[id].constraint == CON_RM))
			fail_msg("%s: rounding mode without its constraint, or the reverse",
				 name(id));
	}
}

static void random_instructions_come_back_from_encode_and_decode(void **state)
{
	uint64_t rng = 2;

	for (unsigned id = 1; id < INSN_COUNT; id++) {
		for (unsigned i = 0; i < PER_ROW; i++) {
			struct insn insn, back;
			uint32_t word = ~0u;

			assert_true(isa_random(id, test_random, &rng, &insn));
			assert_int_equal(insn.id, id);
			assert_int_equal(isa_encode(&insn, &word), insn.len);
			assert_int_equal(word, insn.raw);
			assert_true(isa_decode(word, &back));
			assert_int_equal(back.imm, insn.imm);
			assert_int_equal(back.id, id);
			assert_int_equal(back.uop, isa_rows[id].uop);
		}
	}
}

static void check_word(uint32_t word)
{
	struct insn insn;
	bool legal = isa_decode(word, &insn);
	uint32_t own = (word & 3) == 3 ? word : word & 0xffff, made = 0;

	if (insn.id != first_row(word) || legal != (insn.id != INSN_INVALID))
		fail_msg("%08x: decode says %s, the table %s", word, name(insn.id),
			 name(first_row(word)));
	assert_int_equal(insn.raw, own);
	assert_int_equal(insn.len, isa_length((uint16_t)word));
	if (!legal) {
		assert_int_equal(insn.uop, UOP_ILLEGAL);
		assert_int_equal(isa_encode(&insn, &made), -EINVAL);
		return;
	}
	if (isa_encode(&insn, &made) != insn.len || made != own)
		fail_msg("%08x: %s encodes to %08x", word, name(insn.id), made);
}

static void decode_finds_the_first_row_and_encode_goes_back_for_every_16_bit_word(void **state)
{
	for (uint32_t w = 0; w < 0x10000; w++)
		if ((w & 3) != 3)
			check_word(w | 0xa5a50000);
}

static void decode_finds_the_first_row_and_encode_goes_back_for_random_words(void **state)
{
	uint64_t rng = 3;

	for (unsigned i = 0; i < RANDOM_WORDS; i++)
		check_word((uint32_t)test_random(&rng) | 3);
}

static void encodings_longer_than_32_bits_are_illegal_and_4_long(void **state)
{
	uint64_t rng = 4;

	for (unsigned i = 0; i < 100000; i++) {
		struct insn insn;

		assert_false(isa_decode((uint32_t)test_random(&rng) | 0x1f, &insn));
		assert_int_equal(insn.len, 4);
	}
}

static void the_defined_illegal_words_and_privileged_instructions_are_illegal(void **state)
{
	/* 0, all ones, wfi, mret, sret, uret, dret, sfence.vma, c.lwsp x0, c.jr x0, c.addi4spn 0,
	 * c.lui 0, c.addi16sp 0, c.addiw x0, reserved funct3 4 of quadrant 0, fadd.s rm 5,
	 * fcvt.d.w rm 6, fadd.h, fadd.q, lr.w with rs2, slliw by 32, vadd.vv */
	static const uint32_t words[] = {0x00000000, 0xffffffff, 0x10500073, 0x30200073, 0x10200073,
					 0x00200073, 0x7b200073, 0x12000073, 0x4002,     0x8002,
					 0x0004,     0x6081,     0x6101,     0x2001,     0x8000,
					 0x00005053, 0xd2006053, 0x04000053, 0x06000053, 0x1015252f,
					 0x0205151b, 0x02000057};
	struct insn insn;

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (isa_decode(words[i], &insn))
			fail_msg("%08x is %s", words[i], name(insn.id));
}

static void hints_are_the_instructions_that_they_look_like(void **state)
{
	static const struct {
		uint16_t word, uop;
	} hints[] = {
		{0x0001, UOP_ADDI}, /* c.nop */
		{0x0005, UOP_ADDI}, /* c.nop 1 */
		{0x0081, UOP_ADDI}, /* c.addi x1,0 */
		{0x4005, UOP_ADDI}, /* c.li x0,1 */
		{0x6005, UOP_LUI},  /* c.lui x0,1 */
		{0x8006, UOP_ADD},  /* c.mv x0,x1 */
		{0x9006, UOP_ADD},  /* c.add x0,x1 */
		{0x0006, UOP_SLLI}, /* c.slli x0,1 */
		{0x0082, UOP_SLLI}, /* c.slli64 x1 */
		{0x8001, UOP_SRLI}, /* c.srli64 x8 */
		{0x8401, UOP_SRAI}, /* c.srai64 x8 */
	};
	struct insn insn;

	for (unsigned i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
		assert_true(isa_decode(hints[i].word, &insn));
		assert_int_equal(insn.uop, hints[i].uop);
		/* No effect: x0 is written, or a register gets its own value. */
		assert_true(insn.rd == 0 || (insn.rd == insn.rs1 && insn.imm == 0));
	}
}

static void fences_with_reserved_fields_are_fences(void **state)
{
	struct insn insn;

	for (uint32_t bits = 0; bits < 1u << 10; bits++) {
		uint32_t word = 0xf | bits << 22 | (bits & 31) << 7 | (bits >> 5) << 15;

		assert_true(isa_decode(word, &insn));
		assert_int_equal(insn.uop, UOP_FENCE);
		assert_true(isa_decode(word | 0x1000, &insn));
		assert_int_equal(insn.uop, UOP_FENCE_I);
	}
	assert_false(isa_decode(0x200f, &insn));
}

static void compressed_instructions_decode_to_the_expanded_operands(void **state)
{
	static const struct {
		uint16_t word;
		uint8_t uop, rd, rs1, rs2;
		int32_t imm;
	} cases[] = {
		{0x1ffc, UOP_ADDI, 15, 2, 0, 1020}, /* c.addi4spn a5,sp,1020 */
		{0x2188, UOP_FLD, 10, 11, 0, 0},    /* c.fld fa0,0(a1) */
		{0x41c8, UOP_LW, 10, 11, 0, 4},     /* c.lw a0,4(a1) */
		{0x7de8, UOP_LD, 10, 11, 0, 248},   /* c.ld a0,248(a1) */
		{0xa188, UOP_FSD, 0, 11, 10, 0},    /* c.fsd fa0,0(a1) */
		{0xddf8, UOP_SW, 0, 11, 14, 124},   /* c.sw a4,124(a1) */
		{0xe188, UOP_SD, 0, 11, 10, 0},     /* c.sd a0,0(a1) */
		{0x157d, UOP_ADDI, 10, 10, 0, -1},  /* c.addi a0,-1 */
		{0x2505, UOP_ADDIW, 10, 10, 0, 1},  /* c.addiw a0,1 */
		{0x5501, UOP_ADDI, 10, 0, 0, -32},  /* c.li a0,-32 */
		{0x7101, UOP_ADDI, 2, 2, 0, -512},  /* c.addi16sp sp,-512 */
		{0x757d, UOP_LUI, 10, 0, 0, -4096}, /* c.lui a0,0xfffff */
		{0x91fd, UOP_SRLI, 11, 11, 0, 63},  /* c.srli a1,63 */
		{0x8585, UOP_SRAI, 11, 11, 0, 1},   /* c.srai a1,1 */
		{0x99fd, UOP_ANDI, 11, 11, 0, -1},  /* c.andi a1,-1 */
		{0x8d0d, UOP_SUB, 10, 10, 11, 0},   /* c.sub a0,a1 */
		{0x8d2d, UOP_XOR, 10, 10, 11, 0},   /* c.xor a0,a1 */
		{0x8d4d, UOP_OR, 10, 10, 11, 0},    /* c.or a0,a1 */
		{0x8d6d, UOP_AND, 10, 10, 11, 0},   /* c.and a0,a1 */
		{0x9d0d, UOP_SUBW, 10, 10, 11, 0},  /* c.subw a0,a1 */
		{0x9d2d, UOP_ADDW, 10, 10, 11, 0},  /* c.addw a0,a1 */
		{0xb001, UOP_JAL, 0, 0, 0, -2048},  /* c.j .-2048 */
		{0xdd7d, UOP_BEQ, 0, 10, 0, -2},    /* c.beqz a0,.-2 */
		{0xed11, UOP_BNE, 0, 10, 0, 28},    /* c.bnez a0,.+28 */
		{0x157e, UOP_SLLI, 10, 10, 0, 63},  /* c.slli a0,63 */
		{0x3ffe, UOP_FLD, 31, 2, 0, 504},   /* c.fldsp ft11,504(sp) */
		{0x50fe, UOP_LW, 1, 2, 0, 252},     /* c.lwsp ra,252(sp) */
		{0x70fe, UOP_LD, 1, 2, 0, 504},     /* c.ldsp ra,504(sp) */
		{0x8082, UOP_JALR, 0, 1, 0, 0},     /* c.jr ra */
		{0x852e, UOP_ADD, 10, 0, 11, 0},    /* c.mv a0,a1 */
		{0x9002, UOP_EBREAK, 0, 0, 0, 0},   /* c.ebreak */
		{0x9582, UOP_JALR, 1, 11, 0, 0},    /* c.jalr a1 */
		{0x952e, UOP_ADD, 10, 10, 11, 0},   /* c.add a0,a1 */
		{0xbffe, UOP_FSD, 0, 2, 31, 504},   /* c.fsdsp ft11,504(sp) */
		{0xdffe, UOP_SW, 0, 2, 31, 252},    /* c.swsp t6,252(sp) */
		{0xe406, UOP_SD, 0, 2, 1, 8},       /* c.sdsp ra,8(sp) */
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct insn in;

		assert_true(isa_decode(cases[i].word, &in));
		if (in.uop != cases[i].uop || in.rd != cases[i].rd || in.rs1 != cases[i].rs1 ||
		    in.rs2 != cases[i].rs2 || in.imm != cases[i].imm || in.len != 2 || in.rm ||
		    in.rs3)
			fail_msg("%04x: %s rd %u rs1 %u rs2 %u imm %d", cases[i].word,
				 isa_uop_name(in.uop), in.rd, in.rs1, in.rs2, in.imm);
	}
}

static void immediates_are_as_the_header_says(void **state)
{
	struct insn insn;

	assert_true(isa_decode(0x80000537, &insn)); /* lui a0,0x80000 */
	assert_int_equal(insn.imm, INT32_MIN);
	assert_true(isa_decode(0xfff5d073, &insn)); /* csrrwi x0,0xfff,11 */
	assert_int_equal(insn.imm, 0xfff);
	assert_int_equal(insn.rs1, 11);
	assert_true(isa_decode(0x03f55513, &insn)); /* srli a0,a0,63 */
	assert_int_equal(insn.imm, 63);
	assert_true(isa_decode(0x1605a52f, &insn)); /* lr.w.aqrl a0,(a1) */
	assert_int_equal(insn.rm, 3);
	assert_true(isa_decode(0x0405a52f, &insn)); /* amoadd.w.aq */
	assert_int_equal(insn.rm, 2);
	assert_true(isa_decode(0x02b5f553, &insn)); /* fadd.d, dynamic */
	assert_int_equal(insn.rm, 7);
}

static void encode_refuses_an_operand_that_does_not_fit(void **state)
{
	static const struct insn bad[] = {
		{.id = INSN_ADDI, .imm = 2048},
		{.id = INSN_ADDI, .imm = -2049},
		{.id = INSN_ADD, .rd = 32},
		{.id = INSN_ADD, .imm = 1},
		{.id = INSN_ADD, .rs3 = 1},
		{.id = INSN_BEQ, .imm = 3},
		{.id = INSN_JAL, .imm = 1 << 20},
		{.id = INSN_LUI, .imm = 4095},
		{.id = INSN_SLLIW, .imm = 32},
		{.id = INSN_SLLI, .imm = 64},
		{.id = INSN_SLLI, .imm = -1},
		{.id = INSN_CSRRW, .imm = 4096},
		{.id = INSN_CSRRW, .imm = -1},
		{.id = INSN_FADD_D, .rm = 5},
		{.id = INSN_FADD_D, .rm = 6},
		{.id = INSN_FADD_D, .rm = 8},
		{.id = INSN_LR_W, .rs2 = 1},
		{.id = INSN_ECALL, .rd = 1},
		{.id = INSN_PAUSE, .imm = 0xff},
		{.id = INSN_PAUSE},
		{.id = INSN_C_ADDI, .rd = 1, .rs1 = 2},
		{.id = INSN_C_LI, .rd = 1, .rs1 = 1},
		{.id = INSN_C_LWSP, .rd = 0, .rs1 = 2},
		{.id = INSN_C_LWSP, .rd = 1, .rs1 = 3},
		{.id = INSN_C_LWSP, .rd = 1, .rs1 = 2, .imm = -4},
		{.id = INSN_C_LW, .rd = 7, .rs1 = 8},
		{.id = INSN_C_LW, .rd = 16, .rs1 = 8},
		{.id = INSN_C_LUI, .rd = 2, .imm = 4096},
		{.id = INSN_C_LUI, .rd = 1, .imm = 0},
		{.id = INSN_C_LUI, .rd = 1, .imm = 32 << 12},
		{.id = INSN_C_ADDI16SP, .rd = 2, .rs1 = 2, .imm = 8},
		{.id = INSN_C_JR, .rs1 = 0},
		{.id = INSN_C_JALR, .rd = 0, .rs1 = 1},
		{.id = INSN_C_MV, .rd = 1, .rs2 = 0},
		{.id = INSN_INVALID},
		{.id = INSN_COUNT},
		{.id = 0xffff},
	};

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint32_t word = 0x12345678;

		if (isa_encode(&bad[i], &word) != -EINVAL)
			fail_msg("case %u (%s) was encoded", i, name(bad[i].id));
		assert_int_equal(word, 0x12345678);
	}
}

static void encode_makes_what_the_manual_gives(void **state)
{
	uint32_t word;

	assert_int_equal(isa_encode(&(struct insn){.id = INSN_ECALL}, &word), 4);
	assert_int_equal(word, 0x00000073);
	assert_int_equal(isa_encode(&(struct insn){.id = INSN_JAL, .rd = 1, .imm = -4}, &word), 4);
	assert_int_equal(word, 0xffdff0ef);
	assert_int_equal(isa_encode(&(struct insn){.id = INSN_AUIPC, .rd = 5, .imm = -4096}, &word),
			 4);
	assert_int_equal(word, 0xfffff297);
	assert_int_equal(isa_encode(&(struct insn){.id = INSN_C_EBREAK}, &word), 2);
	assert_int_equal(word, 0x9002);
}

static const char *text_of(uint32_t word, char *buf, size_t size)
{
	struct insn insn;

	isa_decode(word, &insn);
	isa_disassemble(&insn, 0x1000, buf, size);
	return buf;
}

static void disassemble_spells_as_binutils_does(void **state)
{
	char buf[80];

	assert_string_equal(text_of(0xffdff0ef, buf, sizeof(buf)), "jal\tx1,0xffc");
	assert_string_equal(text_of(0x1605a52f, buf, sizeof(buf)), "lr.w.aqrl\tx10,(x11)");
	assert_string_equal(text_of(0x02b58553, buf, sizeof(buf)), "fadd.d\tf10,f11,f11,rne");
	assert_string_equal(text_of(0x02b5f553, buf, sizeof(buf)), "fadd.d\tf10,f11,f11");
	assert_string_equal(text_of(0x00301073, buf, sizeof(buf)), "csrrw\tx0,fcsr,x0");
	assert_string_equal(text_of(0x0330000f, buf, sizeof(buf)), "fence\trw,rw");
	assert_string_equal(text_of(0x0100000f, buf, sizeof(buf)), "pause");
	assert_string_equal(text_of(0x00000000, buf, sizeof(buf)), "c.unimp");
	assert_string_equal(text_of(0x10500073, buf, sizeof(buf)), ".4byte\t0x10500073");
	assert_string_equal(text_of(0x6101, buf, sizeof(buf)), ".2byte\t0x6101");
}

static void disassemble_returns_the_full_length_and_never_writes_beyond_size(void **state)
{
	uint64_t rng = 5;

	for (unsigned i = 0; i < 20000; i++) {
		char full[80], cut[80];
		struct insn insn;
		size_t size = test_random(&rng) % 40;
		int len;

		isa_random(1 + test_random(&rng) % (INSN_COUNT - 1), test_random, &rng, &insn);
		len = isa_disassemble(&insn, test_random(&rng), full, sizeof(full));
		assert_int_equal(len, strlen(full));
		memset(cut, 0x7e, sizeof(cut));
		isa_disassemble(&insn, 0, cut, 0);
		assert_int_equal(cut[0], 0x7e);
		assert_int_equal(isa_disassemble(&insn, 0, cut, size),
				 isa_disassemble(&insn, 0, full, sizeof(full)));
		assert_int_equal(cut[size], 0x7e);
		if (size > 0)
			assert_memory_equal(cut, full, strnlen(cut, size));
	}
}

static void disassemble_survives_any_struct(void **state)
{
	uint64_t rng = 6;

	for (unsigned i = 0; i < 200000; i++) {
		struct insn insn;
		unsigned char *bytes = (unsigned char *)&insn;
		char buf[80];

		for (size_t k = 0; k < sizeof(insn); k++)
			bytes[k] = (unsigned char)test_random(&rng);
		if (i & 1)
			insn.id %= INSN_COUNT;
		assert_in_range(isa_disassemble(&insn, 0, buf, sizeof(buf)), 1, sizeof(buf) - 1);
	}
}

static uint64_t always_ones(void *state)
{
	return ~0ull;
}

static void random_refuses_what_is_no_row(void **state)
{
	struct insn insn = {.raw = 42};

	assert_false(isa_random(INSN_INVALID, always_ones, NULL, &insn));
	assert_false(isa_random(INSN_COUNT, always_ones, NULL, &insn));
	assert_int_equal(insn.raw, 42);
}

static uint64_t always_zero(void *state)
{
	return 0;
}

static void random_gives_up_when_the_source_keeps_giving_what_is_forbidden(void **state)
{
	struct insn insn = {.raw = 42};

	assert_false(isa_random(INSN_C_LUI, always_zero, NULL, &insn));
	assert_int_equal(insn.raw, 42);
}

static void names_of_what_is_no_row_are_not_null(void **state)
{
	assert_string_equal(isa_mnemonic(0), "invalid");
	assert_string_equal(isa_mnemonic(INSN_COUNT), "invalid");
	assert_string_equal(isa_mnemonic(INSN_SH1ADD_UW), "sh1add.uw");
	assert_string_equal(isa_uop_name(0), "ILLEGAL");
	assert_string_equal(isa_uop_name(~0u), "ILLEGAL");
	assert_string_equal(isa_uop_name(UOP_FMADD_S), "FMADD_S");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_match_lies_within_its_mask_and_its_length),
		cmocka_unit_test(an_earlier_row_that_overlaps_a_later_is_strictly_narrower),
		cmocka_unit_test(no_16_bit_word_fits_two_rows_unless_the_first_is_narrower),
		cmocka_unit_test(every_micro_op_is_named_by_some_32_bit_row),
		cmocka_unit_test(mnemonics_are_unique),
		cmocka_unit_test(a_row_has_the_operands_that_its_micro_op_uses_and_no_others),
		cmocka_unit_test(random_instructions_come_back_from_encode_and_decode),
		cmocka_unit_test(
			decode_finds_the_first_row_and_encode_goes_back_for_every_16_bit_word),
		cmocka_unit_test(decode_finds_the_first_row_and_encode_goes_back_for_random_words),
		cmocka_unit_test(encodings_longer_than_32_bits_are_illegal_and_4_long),
		cmocka_unit_test(the_defined_illegal_words_and_privileged_instructions_are_illegal),
		cmocka_unit_test(hints_are_the_instructions_that_they_look_like),
		cmocka_unit_test(fences_with_reserved_fields_are_fences),
		cmocka_unit_test(compressed_instructions_decode_to_the_expanded_operands),
		cmocka_unit_test(immediates_are_as_the_header_says),
		cmocka_unit_test(encode_refuses_an_operand_that_does_not_fit),
		cmocka_unit_test(encode_makes_what_the_manual_gives),
		cmocka_unit_test(disassemble_spells_as_binutils_does),
		cmocka_unit_test(disassemble_returns_the_full_length_and_never_writes_beyond_size),
		cmocka_unit_test(disassemble_survives_any_struct),
		cmocka_unit_test(random_refuses_what_is_no_row),
		cmocka_unit_test(random_gives_up_when_the_source_keeps_giving_what_is_forbidden),
		cmocka_unit_test(names_of_what_is_no_row_are_not_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
