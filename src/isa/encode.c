/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * From operands to a word. An operand fits when it comes back unchanged, so ranges, alignment,
 * implied registers and absent fields need no rules of their own.
 */
#include "isa/table.h"

#include <errno.h>

static bool operands_equal(const struct insn *a, const struct insn *b)
{
	return a->rd == b->rd && a->rs1 == b->rs1 && a->rs2 == b->rs2 && a->rs3 == b->rs3 &&
	       a->rm == b->rm && a->imm == b->imm;
}

int isa_encode(const struct insn *in, uint32_t *word)
{
	const struct insn_row *row;
	struct insn back;
	uint32_t made;

	if (in->id == INSN_INVALID || in->id >= INSN_COUNT)
		return -EINVAL;
	row = &isa_rows[in->id];
	made = isa_pack(row->format, in);
	/* A row may fix bits of an operand's field, as pause does with the immediate. */
	if ((made & row->mask) & ~row->match)
		return -EINVAL;
	made |= row->match;
	isa_unpack(row->format, made, &back);
	if (!operands_equal(in, &back) || !isa_constraint_holds(row->constraint, in))
		return -EINVAL;
	*word = made;
	return row->len;
}
