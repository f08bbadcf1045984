/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Instructions as text, in the spelling of binutils without aliases and with numeric registers.
 * Operands are printed as the row's format says (format.def). Refuses to know symbols and the names
 * of privileged CSRs, which are printed as numbers.
 */
#include "isa/table.h"

#include <inttypes.h>
#include <stdio.h>

struct text {
	char *buf;
	size_t size, len; /* len counts what did not fit too */
};

static void put_char(struct text *t, char c)
{
	if (t->len + 1 < t->size)
		t->buf[t->len] = c;
	t->len++;
}

static void put_string(struct text *t, const char *s)
{
	while (*s)
		put_char(t, *s++);
}

/* A number in printf's conversion, at most 64 bits of it. */
#define put_number(t, conversion, value)                             \
	do {                                                         \
		char digits[32];                                     \
		snprintf(digits, sizeof(digits), conversion, value); \
		put_string(t, digits);                               \
	} while (0)

static void put_register(struct text *t, unsigned operand, unsigned number)
{
	put_char(t, operand == UO_F ? 'f' : 'x');
	put_number(t, "%u", number);
}

static void put_csr(struct text *t, unsigned csr)
{
	static const char *const low[] = {[1] = "fflags", [2] = "frm", [3] = "fcsr"};
	static const char *const counter[] = {"cycle", "time", "instret"};

	if (csr >= 1 && csr <= 3) {
		put_string(t, low[csr]);
	} else if (csr >= 0xc00 && csr <= 0xc02) {
		put_string(t, counter[csr - 0xc00]);
	} else if (csr >= 0xc03 && csr <= 0xc1f) {
		put_string(t, "hpmcounter");
		put_number(t, "%u", csr - 0xc00);
	} else {
		put_number(t, "0x%x", csr);
	}
}

static void put_fence_set(struct text *t, unsigned set)
{
	if (!(set & 15))
		put_string(t, "unknown");
	for (unsigned i = 0; i < 4; i++)
		if (set & 8 >> i)
			put_char(t, "iorw"[i]);
}

static const char *rounding_mode(unsigned rm)
{
	static const char *const names[] = {"rne", "rtz",     "rdn",     "rup",
					    "rmm", "unknown", "unknown", "dyn"};

	return names[rm & 7];
}

static void put_operand(struct text *t, char letter, const struct insn *in, uint64_t pc)
{
	const struct uop_info *uses = &isa_uops[isa_rows[in->id].uop];
	uint32_t imm = (uint32_t)in->imm;

	switch (letter) {
	case 'd':
		put_register(t, uses->rd, in->rd);
		break;
	case 's':
		put_register(t, uses->rs1, in->rs1);
		break;
	case 't':
		put_register(t, uses->rs2, in->rs2);
		break;
	case 'r':
		put_register(t, uses->rs3, in->rs3);
		break;
	case 'i':
		put_number(t, "%" PRId32, in->imm);
		break;
	case 'x':
		put_number(t, "0x%" PRIx32, imm);
		break;
	case 'u':
		put_number(t, "0x%" PRIx32, imm >> 12);
		break;
	case 'p':
		put_number(t, "0x%" PRIx64, pc + (uint64_t)(int64_t)in->imm);
		break;
	case 'c':
		put_csr(t, imm & 0xfff);
		break;
	case 'z':
		put_number(t, "%u", in->rs1);
		break;
	case 'm':
	case 'n':
		put_string(t, rounding_mode(in->rm));
		break;
	case 'P':
		put_fence_set(t, imm >> 4 & 15);
		break;
	case 'S':
		put_fence_set(t, imm & 15);
		break;
	default:
		put_char(t, letter);
	}
}

/* The mode that goes without saying: dynamic, or rne where the result is exact anyway. */
static bool silent(char letter, const struct insn *in)
{
	return (letter == 'm' && in->rm == 7) || (letter == 'n' && in->rm == 0);
}

static void put_invalid(struct text *t, const struct insn *in)
{
	if (in->len == 2 && in->raw == 0) {
		put_string(t, "c.unimp");
		return;
	}
	put_string(t, in->len == 2 ? ".2byte\t" : ".4byte\t");
	put_number(t, "0x%" PRIx32, in->raw);
}

static void put_insn(struct text *t, const struct insn *in, uint64_t pc)
{
	static const char *const order[] = {"", ".rl", ".aq", ".aqrl"};
	const struct insn_row *row = &isa_rows[in->id];
	const char *syntax = isa_syntax[row->format];

	put_string(t, isa_mnemonic(in->id));
	if (row->format == FMT_AMO || row->format == FMT_LR)
		put_string(t, order[in->rm & 3]);
	if (*syntax)
		put_char(t, '\t');
	for (; *syntax; syntax++) {
		if (*syntax == ',' && silent(syntax[1], in))
			break;
		put_operand(t, *syntax, in, pc);
	}
}

int isa_disassemble(const struct insn *in, uint64_t pc, char *buf, size_t size)
{
	struct text t = {buf, size, 0};

	if (in->id == INSN_INVALID || in->id >= INSN_COUNT)
		put_invalid(&t, in);
	else
		put_insn(&t, in, pc);
	if (size > 0)
		buf[t.len < size ? t.len : size - 1] = '\0';
	return (int)t.len;
}
