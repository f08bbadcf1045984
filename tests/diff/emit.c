/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Writes instructions into a sequence's body. Refuses to know why. */
#include "diff.h"

#include <string.h>

uint64_t emit_pc(const struct sequence *s)
{
	return s->pc + s->body_bytes;
}

bool emit_patch(struct sequence *s, unsigned at, const struct insn *insn)
{
	uint32_t word;
	int len = isa_encode(insn, &word);

	if (len < 0 || at + (unsigned)len > BODY_BYTES)
		return false;
	memcpy(&s->body[at], &word, (size_t)len);
	return true;
}

bool emit_insn(struct sequence *s, const struct insn *insn)
{
	if (s->mark_count == MARKS || !emit_patch(s, s->body_bytes, insn))
		return false;
	s->marks[s->mark_count++] =
		(struct mark){(uint16_t)s->body_bytes, insn->id, s->shadows > 0};
	s->body_bytes += isa_rows[insn->id].len;
	return true;
}

bool emit(struct sequence *s, unsigned id, unsigned rd, unsigned rs1, unsigned rs2, int64_t imm)
{
	struct insn insn = {.id = (uint16_t)id,
			    .rd = (uint8_t)rd,
			    .rs1 = (uint8_t)rs1,
			    .rs2 = (uint8_t)rs2,
			    .imm = (int32_t)imm};

	return emit_insn(s, &insn);
}

/* offset = high + low, as auipc and the instruction behind it share it. */
void split_offset(int64_t offset, int32_t *high, int32_t *low)
{
	*high = (int32_t)((offset + 0x800) & ~INT64_C(0xfff));
	*low = (int32_t)(offset - *high);
}

bool emit_address(struct sequence *s, unsigned reg, uint64_t value)
{
	int32_t high, low;

	split_offset((int64_t)(value - emit_pc(s)), &high, &low);
	return emit(s, INSN_AUIPC, reg, 0, 0, high) && emit(s, INSN_ADDI, reg, reg, 0, low);
}
