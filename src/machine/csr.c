/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The control registers that a user program sees: the floating-point ones and the three counters. */
#include "machine/hart.h"

enum {
	CSR_FFLAGS = 0x001,
	CSR_FRM = 0x002,
	CSR_FCSR = 0x003,
	CSR_CYCLE = 0xc00,
	CSR_TIME = 0xc01,
	CSR_INSTRET = 0xc02,
};

static bool csr_read(const struct machine *machine, uint32_t number, uint64_t *out)
{
	switch (number) {
	case CSR_FFLAGS:
		*out = machine->regs.fcsr & 0x1f;
		return true;
	case CSR_FRM:
		*out = machine->regs.fcsr >> 5 & 7;
		return true;
	case CSR_FCSR:
		*out = machine->regs.fcsr;
		return true;
	case CSR_CYCLE:
	case CSR_INSTRET:
		*out = machine->retired;
		return true;
	case CSR_TIME:
		*out = machine->time ? machine->time(machine->time_ctx, machine->retired)
				     : machine->retired;
		return true;
	default:
		return false;
	}
}

/* False for the read-only ones. */
static bool csr_write(struct machine *machine, uint32_t number, uint64_t value)
{
	uint32_t *fcsr = &machine->regs.fcsr;

	switch (number) {
	case CSR_FFLAGS:
		*fcsr = (*fcsr & ~0x1fu) | (value & 0x1f);
		return true;
	case CSR_FRM:
		*fcsr = (*fcsr & 0x1f) | (value & 7) << 5;
		return true;
	case CSR_FCSR:
		*fcsr = value & 0xff;
		return true;
	default:
		return false;
	}
}

bool csr_execute(struct machine *machine, const struct insn *insn)
{
	bool immediate = isa_uops[insn->uop].rs1 == UO_N;
	uint64_t operand = immediate ? insn->rs1 : machine->regs.x[insn->rs1];
	uint32_t number = (uint32_t)insn->imm;
	uint64_t old, value;
	bool writes = true;

	if (!csr_read(machine, number, &old))
		return false;
	switch (insn->uop) {
	case UOP_CSRRW:
	case UOP_CSRRWI:
		value = operand;
		break;
	case UOP_CSRRS:
	case UOP_CSRRSI:
		value = old | operand;
		writes = insn->rs1 != 0; /* the register number counts, not what is in it */
		break;
	default:
		value = old & ~operand;
		writes = insn->rs1 != 0;
	}
	if (writes && !csr_write(machine, number, value))
		return false;
	if (insn->rd != 0)
		machine->regs.x[insn->rd] = old;
	return true;
}
