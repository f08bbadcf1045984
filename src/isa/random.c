/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A random legal instruction of a row, for differential tests. Chance comes from the caller.
 */
#include "isa/table.h"

enum {
	RANDOM_TRIES = 256, /* the least likely row, sparse c.lui, fails about every second time */
};

/* Half of the words are uniform; the others mostly zeros or mostly ones, which makes x0, equal
 * registers and the ends of immediate ranges common. */
static uint32_t operand_bits(uint64_t (*next)(void *), void *ctx)
{
	uint64_t a = next(ctx), b = next(ctx);
	uint32_t few = (uint32_t)a & (uint32_t)(a >> 32) & (uint32_t)b;

	switch (b >> 62) {
	case 0:
		return few;
	case 1:
		return ~few;
	default:
		return (uint32_t)a;
	}
}

bool isa_random(unsigned id, uint64_t (*next)(void *), void *ctx, struct insn *out)
{
	const struct insn_row *row;

	if (id == INSN_INVALID || id >= INSN_COUNT)
		return false;
	row = &isa_rows[id];
	for (unsigned i = 0; i < RANDOM_TRIES; i++) {
		uint32_t word = (operand_bits(next, ctx) & ~row->mask) | row->match;
		struct insn insn;

		/* A narrower row may claim the word: not this row then. */
		if (isa_decode(word, &insn) && insn.id == id) {
			*out = insn;
			return true;
		}
	}
	return false;
}
