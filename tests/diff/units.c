/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A unit is what it takes to execute an instruction of a row to a defined end: an address before a
 * load, a target before a jump, a valid rounding mode after a write of fcsr. Branches go from unit
 * to unit. frm is valid between units, a reservation lives within one.
 */
#include "diff.h"

#include <string.h>

enum { TRIES = 64, MAX_DEPTH = 2 };

/* What no sequence holds: whole rows, and (id INSN_INVALID) uses of others. */
static const struct {
	uint16_t id;
	const char *reason;
} excluded[] = {
	{INSN_ECALL, "a system call: ends every sequence, tested by tests/guest"},
	{INSN_EBREAK, "always traps: tests/guest"},
	{INSN_C_EBREAK, "always traps: tests/guest"},
	{INSN_UNIMP, "always traps: tests/guest"},
	{INSN_INVALID, "misaligned lr, sc and amo: a fault"},
	{INSN_INVALID,
	 "sc at the address of an lr of the other width: qemu lets it succeed; tests/guest/lrsc.c"},
	{INSN_INVALID, "cycle, time, instret: they tell machines apart"},
	{INSN_INVALID, "a dynamic rounding mode that is not valid: illegal instruction"},
};

const char *unit_excluded(unsigned id)
{
	for (size_t i = 0; i < sizeof(excluded) / sizeof(excluded[0]); i++) {
		if (excluded[i].id == id && id != INSN_INVALID)
			return excluded[i].reason;
	}
	return NULL;
}

void unit_print_excluded(void)
{
	for (size_t i = 0; i < sizeof(excluded) / sizeof(excluded[0]); i++) {
		bool row = excluded[i].id != INSN_INVALID;

		printf("excluded: %s%s%s\n", row ? isa_mnemonic(excluded[i].id) : "",
		       row ? ": " : "", excluded[i].reason);
	}
}

static bool kept(const struct sequence *s, unsigned reg)
{
	return s->keep >> reg & 1;
}

/* An instruction of the row that leaves the kept registers alone. */
static bool draw(struct sequence *s, unsigned id, struct insn *insn)
{
	for (unsigned i = 0; i < TRIES; i++) {
		if (!isa_random(id, diff_random, &s->random, insn))
			return false;
		if (isa_uops[insn->uop].rd != UO_X || !kept(s, insn->rd))
			return true;
	}
	return false;
}

/* The same with rs1 as an address: one that can be set, or the keeper. */
static bool draw_based(struct sequence *s, unsigned id, struct insn *insn)
{
	for (unsigned i = 0; i < TRIES; i++) {
		if (!draw(s, id, insn))
			return false;
		if (insn->rs1 != 0 && (!kept(s, insn->rs1) || insn->rs1 == s->keeper))
			return true;
	}
	return false;
}

static bool plain(struct sequence *s, unsigned id)
{
	struct insn insn;

	return draw(s, id, &insn) && known_avoid(s, &insn) && emit_insn(s, &insn);
}

static bool access(struct sequence *s, unsigned id)
{
	unsigned bytes = isa_uops[isa_rows[id].uop].bytes;
	unsigned place = diff_below(s, WINDOW_BYTES - bytes + 1);
	int32_t high, low;
	struct insn insn;
	uint32_t word;

	if (diff_below(s, 2))
		place &= ~(bytes - 1);
	if (!draw_based(s, id, &insn))
		return false;
	if (insn.rs1 == s->keeper || diff_below(s, 3) == 0) {
		struct insn direct = insn;

		direct.rs1 = (uint8_t)s->keeper;
		direct.imm = (int32_t)place;
		if (isa_encode(&direct, &word) > 0)
			return emit_insn(s, &direct);
		if (insn.rs1 == s->keeper)
			return false;
	}
	if (insn.len == 4 && diff_below(s, 3) == 0) {
		split_offset((int64_t)(s->window + place - emit_pc(s)), &high, &low);
		insn.imm = low;
		return emit(s, INSN_AUIPC, insn.rs1, 0, 0, high) && emit_insn(s, &insn);
	}
	return emit_address(s, insn.rs1, s->window + place - (uint64_t)(int64_t)insn.imm) &&
	       emit_insn(s, &insn);
}

/* An aligned address in the window into reg; the keeper has the one it has. */
static bool aligned_address(struct sequence *s, unsigned reg, unsigned bytes, unsigned *place)
{
	*place = reg == s->keeper ? 0 : diff_below(s, WINDOW_BYTES / bytes) * bytes;
	return reg == s->keeper || emit_address(s, reg, s->window + *place);
}

static bool atomic(struct sequence *s, unsigned id)
{
	unsigned place;
	struct insn insn;

	return draw_based(s, id, &insn) &&
	       aligned_address(s, insn.rs1, isa_uops[insn.uop].bytes, &place) &&
	       emit_insn(s, &insn);
}

/* The row of that class and width. */
static unsigned partner(unsigned class, unsigned bytes)
{
	for (unsigned id = 1; id < INSN_COUNT; id++) {
		const struct uop_info *info = &isa_uops[isa_rows[id].uop];

		if (info->class == class && info->bytes == bytes)
			return id;
	}
	return INSN_INVALID;
}

/* lr, perhaps some arithmetic, sc at the same address; or one of the two ways in which sc fails
 * everywhere. */
static bool reserve(struct sequence *s, unsigned id)
{
	unsigned bytes = isa_uops[isa_rows[id].uop].bytes, place, kind = diff_below(s, 8), base;
	uint32_t keep = s->keep;
	struct insn load, store;
	bool ok;

	if (!draw_based(s, partner(UC_LR, bytes), &load) ||
	    !draw(s, partner(UC_SC, bytes), &store) || load.rd == load.rs1)
		return false;
	base = load.rs1;
	store.rs1 = (uint8_t)base;
	ok = aligned_address(s, base, bytes, &place);
	if (kind == 0 && isa_uops[isa_rows[id].uop].class == UC_SC) /* no reservation */
		return ok && emit_insn(s, &store);
	ok = ok && emit_insn(s, &load);
	s->keep |= UINT32_C(1) << base;
	for (unsigned n = diff_below(s, 3); n > 0 && ok; n--) {
		unsigned between = 1 + diff_below(s, INSN_COUNT - 1);

		if (isa_uops[isa_rows[between].uop].class == UC_ALU)
			ok = plain(s, between);
	}
	s->keep = keep;
	if (kind == 1 && base != s->keeper) /* another address */
		ok = ok && emit_address(s, base, s->window + (place ^ bytes));
	return ok && emit_insn(s, &store);
}

/* Between frm's write and its repair nothing reads it but control register instructions. */
static bool control(struct sequence *s, unsigned id)
{
	unsigned number = CSR_FFLAGS + diff_below(s, 3);
	struct insn insn;

	if (!draw(s, id, &insn))
		return false;
	insn.imm = (int32_t)number;
	if (!emit_insn(s, &insn))
		return false;
	if (number == CSR_FFLAGS)
		return true;
	if (diff_below(s, 2) && draw(s, INSN_CSRRS, &insn)) {
		insn.imm = CSR_FCSR;
		insn.rs1 = 0;
		if (!emit_insn(s, &insn))
			return false;
	}
	return emit(s, INSN_CSRRWI, 0, diff_below(s, 5), 0, CSR_FRM);
}

static bool some_units(struct sequence *s, unsigned n)
{
	while (n > 0) {
		if (unit_for_row(s, 1 + diff_below(s, INSN_COUNT - 1)))
			n--;
		else if (s->body_bytes + 64 > BODY_BYTES || s->mark_count + 16 > MARKS)
			return false;
	}
	return true;
}

/* What a jump passes over: units, or halfwords that need not be instructions. */
static bool skipped(struct sequence *s, bool certain)
{
	bool ok = true;

	s->shadows++;
	if (certain && diff_below(s, 4) == 0) {
		for (unsigned n = diff_below(s, 6); n > 0 && s->body_bytes + 2 <= BODY_BYTES; n--) {
			uint16_t half = (uint16_t)diff_random(&s->random);

			half = (half & 3) == 3 ? half ^ 2
					       : half; /* so that a listing finds its way back */
			memcpy(&s->body[s->body_bytes], &half, 2);
			s->body_bytes += 2;
		}
	} else {
		ok = some_units(s, diff_below(s, 4));
	}
	s->shadows--;
	return ok;
}

/* A loop of up to four rounds that ends in this row, where it can. */
static bool loop(struct sequence *s, struct insn *insn)
{
	uint32_t keep = s->keep;
	unsigned start, counter;
	bool ok;

	switch (insn->id) {
	case INSN_BLT:
	case INSN_BLTU:
		insn->rs1 = 0;
		counter = insn->rs2;
		break;
	case INSN_BNE:
	case INSN_C_BNEZ:
		insn->rs2 = 0;
		counter = insn->rs1;
		break;
	default:
		return false;
	}
	if (counter == 0 || kept(s, counter))
		return false;
	ok = emit(s, INSN_ADDI, counter, 0, 0, 1 + diff_below(s, 4));
	start = s->body_bytes;
	s->keep |= UINT32_C(1) << counter;
	ok = ok && some_units(s, 1 + diff_below(s, 3));
	s->keep = keep;
	ok = ok && emit(s, INSN_ADDI, counter, counter, 0, -1);
	insn->imm = (int32_t)(start - s->body_bytes);
	return ok && emit_insn(s, insn);
}

static bool branch(struct sequence *s, unsigned id)
{
	unsigned at = s->body_bytes;
	struct insn insn;
	uint32_t word;

	if (!draw(s, id, &insn))
		return false;
	if (diff_below(s, 4) == 0)
		return loop(s, &insn);
	if (insn.len == 4 && diff_below(s, 4) == 0)
		insn.rs2 = insn.rs1;
	insn.imm = (int32_t)insn.len;
	if (isa_encode(&insn, &word) < 0 || !emit_insn(s, &insn) || !skipped(s, false))
		return false;
	insn.imm = (int32_t)(s->body_bytes - at);
	return emit_patch(s, at, &insn);
}

static bool jump(struct sequence *s, unsigned id)
{
	unsigned at = s->body_bytes;
	struct insn insn;

	if (!draw(s, id, &insn))
		return false;
	insn.imm = (int32_t)insn.len;
	if (!emit_insn(s, &insn) || !skipped(s, true))
		return false;
	insn.imm = (int32_t)(s->body_bytes - at);
	return emit_patch(s, at, &insn);
}

/* The address of what follows the skipped part goes into rs1; its lowest bit is ignored by the
 * jump. */
static bool jump_register(struct sequence *s, unsigned id)
{
	struct insn insn, high = {.id = INSN_AUIPC}, low = {.id = INSN_ADDI};
	unsigned at = s->body_bytes, jump_at;
	bool shared;

	if (!draw_based(s, id, &insn) || insn.rs1 == s->keeper)
		return false;
	shared = insn.len == 4 && diff_below(s, 2);
	high.rd = low.rd = low.rs1 = insn.rs1;
	if (!emit_insn(s, &high) || (!shared && !emit_insn(s, &low)))
		return false;
	jump_at = s->body_bytes;
	if (!emit_insn(s, &insn) || !skipped(s, true))
		return false;
	if (shared) {
		split_offset(s->body_bytes - at, &high.imm, &insn.imm);
		insn.imm |= (int32_t)diff_below(s, 2);
		return emit_patch(s, at, &high) && emit_patch(s, jump_at, &insn);
	}
	split_offset((int64_t)(s->body_bytes - at) - insn.imm, &high.imm, &low.imm);
	low.imm |= (int32_t)diff_below(s, 2);
	return emit_patch(s, at, &high) && emit_patch(s, at + 4, &low);
}

static bool unit_of_class(struct sequence *s, unsigned id)
{
	unsigned class = isa_uops[isa_rows[id].uop].class;

	switch (class) {
	case UC_LOAD:
	case UC_STORE:
		return access(s, id);
	case UC_AMO:
		return atomic(s, id);
	case UC_LR:
	case UC_SC:
		return reserve(s, id);
	case UC_CSR:
		return control(s, id);
	case UC_BRANCH:
	case UC_JUMP:
		if (s->depth > MAX_DEPTH)
			return false;
		return class == UC_BRANCH            ? branch(s, id)
		       : isa_rows[id].uop == UOP_JAL ? jump(s, id)
						     : jump_register(s, id);
	default:
		return plain(s, id);
	}
}

/* All of the unit or nothing. */
bool unit_for_row(struct sequence *s, unsigned id)
{
	unsigned bytes = s->body_bytes, marks = s->mark_count;
	uint32_t keep = s->keep;
	unsigned shadows = s->shadows;
	bool ok;

	if (unit_excluded(id))
		return false;
	s->depth++;
	ok = unit_of_class(s, id);
	s->depth--;
	if (!ok) {
		s->body_bytes = bytes;
		s->mark_count = marks;
		s->keep = keep;
		s->shadows = shadows;
	}
	return ok;
}

/* 1 to SEQ_INSNS instructions; a unit that would lead beyond is taken back. */
void unit_fill(struct sequence *s)
{
	s->target = 1 + diff_below(s, SEQ_INSNS);
	while (s->mark_count < s->target) {
		unsigned marks = s->mark_count, bytes = s->body_bytes;

		if (unit_for_row(s, 1 + diff_below(s, INSN_COUNT - 1)) &&
		    s->mark_count > SEQ_INSNS) {
			s->mark_count = marks;
			s->body_bytes = bytes;
		}
	}
}
