/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Known differences: where qemu 7.2 is wrong by the ISA manual. The random sequences stay clear of
 * these operands, and for each a sequence of its own expects what the manual says.
 */
#include "diff.h"

enum { OPERAND = 2, RESULT = 3 }; /* tools/run-diff looks there */

static const struct known {
	uint64_t operand, result;
	uint16_t id;
	const char *reason;
} known[] = {
	{UINT64_C(1) << 40, 32, INSN_CTZW,
	 "qemu counts on into the upper word when the lower one is 0"},
	{UINT64_C(1) << 63, 32, INSN_CTZW, "the same"},
};

unsigned known_count(void)
{
	return sizeof(known) / sizeof(known[0]);
}

void known_fill(struct sequence *s, unsigned index)
{
	s->block.x[OPERAND - 1] = known[index].operand;
	emit(s, known[index].id, RESULT, OPERAND, 0, 0);
}

void known_print(unsigned index)
{
	printf("%s %#llx %#llx %s\n", isa_mnemonic(known[index].id),
	       (unsigned long long)known[index].operand, (unsigned long long)known[index].result,
	       known[index].reason);
}

/* Keeps an instruction that is about to be emitted clear of what is known. */
bool known_avoid(struct sequence *s, const struct insn *insn)
{
	/* Sign-extended, the lower word is 0 only together with the upper. Registers that are kept
	 * hold no such value. */
	if (insn->id == INSN_CTZW && !(s->keep >> insn->rs1 & 1))
		return emit(s, INSN_ADDIW, insn->rs1, insn->rs1, 0, 0);
	return true;
}
