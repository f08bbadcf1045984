/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The systematic part: each FP row, in each rounding mode that it has, static and dynamic, on each
 * pair of operand classes; a third operand goes round. CASES cells a sequence, flags read and set
 * after each. Conversions have one operand: there the second class, from the middle on, picks a
 * limit of the result's range and the first a distance from it. The rows are insn.def's; what an
 * operand is comes from uop.def and from the format bits of the encoding.
 */
#include "diff.h"

enum { CASES = 10, FIRST_FLAGS = 2, FIRST_X = 12 };

static bool is_fp(unsigned id)
{
	return isa_uops[isa_rows[id].uop].class == UC_FP;
}

static unsigned modes(unsigned id)
{
	return isa_uops[isa_rows[id].uop].flags & UF_RM ? FP_MODES : 1;
}

unsigned matrix_cells(void)
{
	unsigned n = 0;

	for (unsigned id = 1; id < INSN_COUNT; id++)
		n += is_fp(id) ? modes(id) * FP_CLASSES * FP_CLASSES : 0;
	return n;
}

unsigned matrix_sequences(void)
{
	return (matrix_cells() + CASES - 1) / CASES;
}

struct cell matrix_cell(unsigned index)
{
	for (unsigned id = 1; id < INSN_COUNT; id++) {
		unsigned n = is_fp(id) ? modes(id) * FP_CLASSES * FP_CLASSES : 0;

		if (index < n)
			return (struct cell){(uint16_t)id,
					     (uint8_t)(index / (FP_CLASSES * FP_CLASSES)),
					     index / FP_CLASSES % FP_CLASSES, index % FP_CLASSES};
		index -= n;
	}
	return (struct cell){0};
}

static bool between_formats(const struct insn_row *row)
{
	return (row->match >> 27 & 31) == 8 && (row->match & 0x7f) == 0x53;
}

/* Bits 26..25, or for conversions between the two formats those of the rs2 field. */
static bool reads_doubles(const struct insn_row *row)
{
	return row->match >> (between_formats(row) ? 20 : 25) & 1;
}

/* Operands into registers 3n.. (float) or FIRST_X + n; the result goes over one of them. */
static struct insn operands(struct sequence *s, struct cell cell, unsigned n, unsigned variant)
{
	const struct insn_row *row = &isa_rows[cell.row];
	const struct uop_info *info = &isa_uops[row->uop];
	bool wide = reads_doubles(row);
	struct insn insn = {.id = cell.row};
	unsigned third;

	s->block.x[FIRST_X + n - 1] = diff_integer(s, cell.a);
	s->block.f[3 * n] = diff_float(s, wide, cell.a, variant & 1);
	if (cell.b >= FP_CLASSES / 2 && info->rs2 == UO_N && info->flags & UF_RM) {
		unsigned place = cell.b - FP_CLASSES / 2u;

		if (info->rd == UO_X)
			s->block.f[3 * n] = diff_limit(wide, place, cell.a, variant & 1);
		else if (wide && between_formats(row))
			s->block.f[3 * n] = diff_narrowed(place, cell.a, variant & 1);
	}
	s->block.f[3 * n + 1] = diff_float(s, wide, cell.b, variant >> 1 & 1);
	third = diff_below(s, 2 * FP_CLASSES);
	s->block.f[3 * n + 2] = diff_float(s, wide, third % FP_CLASSES, third / FP_CLASSES);
	if (cell.b == cell.a && diff_below(s, 2)) /* differences that cancel */
		s->block.f[3 * n + 1] = s->block.f[3 * n] ^ (uint64_t)((variant ^ variant >> 1) & 1)
								    << (wide ? 63 : 31);
	insn.rs1 = (uint8_t)(info->rs1 == UO_X ? FIRST_X + n : 3 * n);
	insn.rs2 = (uint8_t)(info->rs2 == UO_F ? 3 * n + 1 : 0);
	insn.rs3 = (uint8_t)(info->rs3 == UO_F ? 3 * n + 2 : 0);
	insn.rd = (uint8_t)(info->rd == UO_X ? FIRST_X + n : 3 * n + diff_below(s, 3));
	if (modes(cell.row) == FP_MODES)
		insn.rm = cell.mode < 5 ? cell.mode : 7;
	return insn;
}

/* variant: the signs of the two operands and the flags before, see FP_VARIANTS; -1: any. */
void matrix_fill(struct sequence *s, unsigned index, int variant, uint8_t *covered)
{
	for (unsigned n = 0; n < CASES; n++) {
		unsigned number = index * CASES + n,
			 v = variant < 0 ? diff_below(s, FP_VARIANTS) : (unsigned)variant;
		struct cell cell;
		struct insn insn;

		if (number >= matrix_cells())
			break;
		cell = matrix_cell(number);
		insn = operands(s, cell, n, v);
		if (cell.mode >= 5)
			emit(s, INSN_CSRRWI, 0, cell.mode - 5u, 0, CSR_FRM);
		emit(s, INSN_CSRRWI, n ? FIRST_FLAGS + n - 1 : 0, v >> 2, 0, CSR_FFLAGS);
		if (emit_insn(s, &insn) && covered)
			covered[number] |= (uint8_t)(1u << v);
	}
	emit(s, INSN_CSRRS, FIRST_FLAGS + CASES - 1, 0, 0, CSR_FFLAGS);
}
