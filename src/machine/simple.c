/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The truth: one instruction at a time, decoded each time, one plain body for each micro-op. Other
 * engines are right when they agree with this file on all state.
 */
#include "machine/hart.h"

static uint64_t sext8(uint64_t v)
{
	return (uint64_t)(int64_t)(int8_t)v;
}

static uint64_t sext16(uint64_t v)
{
	return (uint64_t)(int64_t)(int16_t)v;
}

static uint64_t sext32(uint64_t v)
{
	return (uint64_t)(int64_t)(int32_t)v;
}

static uint64_t sra(uint64_t v, unsigned n)
{
	return (uint64_t)((int64_t)v >> n);
}

static uint64_t sraw(uint64_t v, unsigned n)
{
	return (uint64_t)(int64_t)((int32_t)v >> n);
}

static uint64_t ror(uint64_t v, unsigned n)
{
	return v >> (n & 63) | v << (-n & 63);
}

static uint64_t rorw(uint64_t v, unsigned n)
{
	uint32_t w = (uint32_t)v;

	return sext32(w >> (n & 31) | w << (-n & 31));
}

/* ---- the harder ones of M and Zbb ---- */

static uint64_t mulhu(uint64_t a, uint64_t b)
{
	uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
	uint64_t mid = ah * bl + (al * bl >> 32);
	uint64_t mid2 = al * bh + (uint32_t)mid;

	return ah * bh + (mid >> 32) + (mid2 >> 32);
}

static uint64_t mulhsu(uint64_t a, uint64_t b)
{
	return mulhu(a, b) - ((int64_t)a < 0 ? b : 0);
}

static uint64_t mulh(uint64_t a, uint64_t b)
{
	return mulhsu(a, b) - ((int64_t)b < 0 ? a : 0);
}

/* Division never traps: by zero and -2^63 / -1 have results of their own. */
static uint64_t div_signed(int64_t a, int64_t b)
{
	if (b == 0)
		return UINT64_MAX;
	return b == -1 ? -(uint64_t)a : (uint64_t)(a / b);
}

static uint64_t rem_signed(int64_t a, int64_t b)
{
	if (b == 0)
		return (uint64_t)a;
	return b == -1 ? 0 : (uint64_t)(a % b);
}

static uint64_t count_ones(uint64_t v)
{
	uint64_t n = 0;

	for (; v; v &= v - 1)
		n++;
	return n;
}

static uint64_t leading_zeros(uint64_t v, unsigned bits)
{
	uint64_t n = 0;

	while (n < bits && !(v >> (bits - 1 - n) & 1))
		n++;
	return n;
}

static uint64_t trailing_zeros(uint64_t v, unsigned bits)
{
	uint64_t n = 0;

	while (n < bits && !(v >> n & 1))
		n++;
	return n;
}

static uint64_t or_combine(uint64_t v)
{
	uint64_t out = 0;

	for (unsigned i = 0; i < 64; i += 8) {
		if (v >> i & 0xff)
			out |= UINT64_C(0xff) << i;
	}
	return out;
}

static uint64_t reverse_bytes(uint64_t v)
{
	uint64_t out = 0;

	for (unsigned i = 0; i < 64; i += 8)
		out = out << 8 | (v >> i & 0xff);
	return out;
}

/* ---- integer instructions ---- */

/* clang-format off */
static uint64_t integer(const struct insn *insn, uint64_t pc, uint64_t a, uint64_t b)
{
	uint64_t imm = (uint64_t)(int64_t)insn->imm;
	unsigned shift = (unsigned)insn->imm & 63;

	switch (insn->uop) {
	case UOP_LUI:       return imm;
	case UOP_AUIPC:     return pc + imm;
	case UOP_ADDI:      return a + imm;
	case UOP_SLTI:      return (int64_t)a < (int64_t)imm;
	case UOP_SLTIU:     return a < imm;
	case UOP_XORI:      return a ^ imm;
	case UOP_ORI:       return a | imm;
	case UOP_ANDI:      return a & imm;
	case UOP_SLLI:      return a << shift;
	case UOP_SRLI:      return a >> shift;
	case UOP_SRAI:      return sra(a, shift);
	case UOP_ADD:       return a + b;
	case UOP_SUB:       return a - b;
	case UOP_SLL:       return a << (b & 63);
	case UOP_SLT:       return (int64_t)a < (int64_t)b;
	case UOP_SLTU:      return a < b;
	case UOP_XOR:       return a ^ b;
	case UOP_SRL:       return a >> (b & 63);
	case UOP_SRA:       return sra(a, b & 63);
	case UOP_OR:        return a | b;
	case UOP_AND:       return a & b;
	case UOP_ADDIW:     return sext32(a + imm);
	case UOP_SLLIW:     return sext32(a << (shift & 31));
	case UOP_SRLIW:     return sext32((uint32_t)a >> (shift & 31));
	case UOP_SRAIW:     return sraw(a, shift & 31);
	case UOP_ADDW:      return sext32(a + b);
	case UOP_SUBW:      return sext32(a - b);
	case UOP_SLLW:      return sext32(a << (b & 31));
	case UOP_SRLW:      return sext32((uint32_t)a >> (b & 31));
	case UOP_SRAW:      return sraw(a, b & 31);

	case UOP_MUL:       return a * b;
	case UOP_MULH:      return mulh(a, b);
	case UOP_MULHSU:    return mulhsu(a, b);
	case UOP_MULHU:     return mulhu(a, b);
	case UOP_DIV:       return div_signed((int64_t)a, (int64_t)b);
	case UOP_DIVU:      return b == 0 ? UINT64_MAX : a / b;
	case UOP_REM:       return rem_signed((int64_t)a, (int64_t)b);
	case UOP_REMU:      return b == 0 ? a : a % b;
	case UOP_MULW:      return sext32(a * b);
	case UOP_DIVW:      return sext32(div_signed((int32_t)a, (int32_t)b));
	case UOP_DIVUW:     return (uint32_t)b == 0 ? UINT64_MAX : sext32((uint32_t)a / (uint32_t)b);
	case UOP_REMW:      return sext32(rem_signed((int32_t)a, (int32_t)b));
	case UOP_REMUW:     return (uint32_t)b == 0 ? sext32(a) : sext32((uint32_t)a % (uint32_t)b);

	case UOP_ADD_UW:    return (uint32_t)a + b;
	case UOP_SH1ADD:    return (a << 1) + b;
	case UOP_SH2ADD:    return (a << 2) + b;
	case UOP_SH3ADD:    return (a << 3) + b;
	case UOP_SH1ADD_UW: return ((uint64_t)(uint32_t)a << 1) + b;
	case UOP_SH2ADD_UW: return ((uint64_t)(uint32_t)a << 2) + b;
	case UOP_SH3ADD_UW: return ((uint64_t)(uint32_t)a << 3) + b;
	case UOP_SLLI_UW:   return (uint64_t)(uint32_t)a << shift;

	case UOP_ANDN:      return a & ~b;
	case UOP_ORN:       return a | ~b;
	case UOP_XNOR:      return ~(a ^ b);
	case UOP_MIN:       return (int64_t)a < (int64_t)b ? a : b;
	case UOP_MINU:      return a < b ? a : b;
	case UOP_MAX:       return (int64_t)a < (int64_t)b ? b : a;
	case UOP_MAXU:      return a < b ? b : a;
	case UOP_ROL:       return ror(a, -(unsigned)b);
	case UOP_ROR:       return ror(a, (unsigned)b);
	case UOP_ROLW:      return rorw(a, -(unsigned)b);
	case UOP_RORW:      return rorw(a, (unsigned)b);
	case UOP_RORI:      return ror(a, shift);
	case UOP_RORIW:     return rorw(a, shift);
	case UOP_CLZ:       return leading_zeros(a, 64);
	case UOP_CTZ:       return trailing_zeros(a, 64);
	case UOP_CPOP:      return count_ones(a);
	case UOP_SEXT_B:    return sext8(a);
	case UOP_SEXT_H:    return sext16(a);
	case UOP_ZEXT_H:    return (uint16_t)a;
	case UOP_ORC_B:     return or_combine(a);
	case UOP_REV8:      return reverse_bytes(a);
	case UOP_CLZW:      return leading_zeros((uint32_t)a, 32);
	case UOP_CTZW:      return trailing_zeros((uint32_t)a, 32);
	case UOP_CPOPW:     return count_ones((uint32_t)a);

	case UOP_BCLR:      return a & ~(UINT64_C(1) << (b & 63));
	case UOP_BEXT:      return a >> (b & 63) & 1;
	case UOP_BINV:      return a ^ UINT64_C(1) << (b & 63);
	case UOP_BSET:      return a | UINT64_C(1) << (b & 63);
	case UOP_BCLRI:     return a & ~(UINT64_C(1) << shift);
	case UOP_BEXTI:     return a >> shift & 1;
	case UOP_BINVI:     return a ^ UINT64_C(1) << shift;
	case UOP_BSETI:     return a | UINT64_C(1) << shift;
	default:            __builtin_unreachable(); /* uop.def's rows of these classes are all above */
	}
}

static bool taken(unsigned uop, uint64_t a, uint64_t b)
{
	switch (uop) {
	case UOP_BEQ:  return a == b;
	case UOP_BNE:  return a != b;
	case UOP_BLT:  return (int64_t)a < (int64_t)b;
	case UOP_BGE:  return (int64_t)a >= (int64_t)b;
	case UOP_BLTU: return a < b;
	default:       return a >= b;
	}
}

/* What an AMO stores. Words come sign-extended, which keeps both orders. */
static uint64_t amo(unsigned uop, uint64_t old, uint64_t b)
{
	switch (uop) {
	case UOP_AMOSWAP_W: case UOP_AMOSWAP_D: return b;
	case UOP_AMOADD_W:  case UOP_AMOADD_D:  return old + b;
	case UOP_AMOXOR_W:  case UOP_AMOXOR_D:  return old ^ b;
	case UOP_AMOAND_W:  case UOP_AMOAND_D:  return old & b;
	case UOP_AMOOR_W:   case UOP_AMOOR_D:   return old | b;
	case UOP_AMOMIN_W:  case UOP_AMOMIN_D:  return (int64_t)old < (int64_t)b ? old : b;
	case UOP_AMOMAX_W:  case UOP_AMOMAX_D:  return (int64_t)old < (int64_t)b ? b : old;
	case UOP_AMOMINU_W: case UOP_AMOMINU_D: return old < b ? old : b;
	default:            return old < b ? b : old;
	}
}
/* clang-format on */

/* ---- memory ---- */

static bool load(struct machine *machine, const struct insn *insn, struct machine_trap *trap)
{
	const struct uop_info *info = &isa_uops[insn->uop];
	uint64_t addr = machine->regs.x[insn->rs1] + (uint64_t)(int64_t)insn->imm, value;

	if (!hart_load(machine, addr, info->bytes, &value, trap))
		return false;
	switch (insn->uop) {
	case UOP_LB:
		value = sext8(value);
		break;
	case UOP_LH:
		value = sext16(value);
		break;
	case UOP_LW:
		value = sext32(value);
		break;
	case UOP_FLW:
		value |= UINT64_C(0xffffffff00000000); /* NaN-boxed */
		break;
	}
	if (info->rd == UO_F)
		machine->regs.f[insn->rd] = value;
	else
		machine->regs.x[insn->rd] = value;
	return true;
}

static bool store(struct machine *machine, const struct insn *insn, struct machine_trap *trap)
{
	const struct uop_info *info = &isa_uops[insn->uop];
	uint64_t addr = machine->regs.x[insn->rs1] + (uint64_t)(int64_t)insn->imm;

	return hart_store(machine, addr, info->bytes,
			  info->rs2 == UO_F ? machine->regs.f[insn->rs2]
					    : machine->regs.x[insn->rs2],
			  trap);
}

static bool load_reserved(struct machine *machine, const struct insn *insn,
			  struct machine_trap *trap)
{
	unsigned bytes = isa_uops[insn->uop].bytes;
	uint64_t addr = machine->regs.x[insn->rs1], value;

	if (addr % bytes != 0)
		return hart_fault(machine, trap, TG_CAUSE_LOAD_MISALIGNED, addr);
	if (!hart_load(machine, addr, bytes, &value, trap))
		return false;
	machine->reservation = (struct machine_reservation){addr, bytes};
	machine->regs.x[insn->rd] = bytes == 4 ? sext32(value) : value;
	return true;
}

/* Alignment first; then the reservation is gone either way; without a match nothing is touched. */
static bool store_conditional(struct machine *machine, const struct insn *insn,
			      struct machine_trap *trap)
{
	unsigned bytes = isa_uops[insn->uop].bytes;
	uint64_t addr = machine->regs.x[insn->rs1];
	struct machine_reservation held = machine->reservation;

	if (addr % bytes != 0)
		return hart_fault(machine, trap, TG_CAUSE_STORE_MISALIGNED, addr);
	machine->reservation = (struct machine_reservation){0};
	if (held.width != bytes || held.addr != addr) {
		machine->regs.x[insn->rd] = 1;
		return true;
	}
	if (!hart_store(machine, addr, bytes, machine->regs.x[insn->rs2], trap))
		return false;
	machine->regs.x[insn->rd] = 0;
	return true;
}

/* Needs a page that can be written, which can be read then: a fault is a store's, always. */
static bool atomic(struct machine *machine, const struct insn *insn, struct machine_trap *trap)
{
	unsigned bytes = isa_uops[insn->uop].bytes;
	uint64_t addr = machine->regs.x[insn->rs1], b = machine->regs.x[insn->rs2], old;
	struct machine_trap ignored;
	struct machine_reservation held = machine->reservation;

	if (addr % bytes != 0)
		return hart_fault(machine, trap, TG_CAUSE_STORE_MISALIGNED, addr);
	if (!hart_load(machine, addr, bytes, &old, &ignored))
		return hart_fault(machine, trap, TG_CAUSE_STORE_PAGE, addr);
	machine->reservation = held;
	if (bytes == 4) {
		old = sext32(old);
		b = sext32(b);
	}
	if (!hart_store(machine, addr, bytes, amo(insn->uop, old, b), trap))
		return false;
	machine->regs.x[insn->rd] = old;
	return true;
}

/* ---- one instruction ---- */

/* Everything but the pc and the count. *next is where to go on. */
static bool execute(struct machine *machine, const struct insn *insn, uint64_t *next,
		    struct machine_trap *trap)
{
	uint64_t *x = machine->regs.x, pc = machine->regs.pc;
	uint64_t a = x[insn->rs1], b = x[insn->rs2], imm = (uint64_t)(int64_t)insn->imm;

	switch (isa_uops[insn->uop].class) {
	case UC_ALU:
	case UC_MUL:
	case UC_DIV:
		x[insn->rd] = integer(insn, pc, a, b);
		return true;
	case UC_LOAD:
		return load(machine, insn, trap);
	case UC_STORE:
		return store(machine, insn, trap);
	case UC_BRANCH:
		if (taken(insn->uop, a, b))
			*next = pc + imm;
		return true;
	case UC_JUMP:
		x[insn->rd] = *next;
		*next = insn->uop == UOP_JAL ? pc + imm : (a + imm) & ~UINT64_C(1);
		return true;
	case UC_LR:
		return load_reserved(machine, insn, trap);
	case UC_SC:
		return store_conditional(machine, insn, trap);
	case UC_AMO:
		return atomic(machine, insn, trap);
	case UC_FENCE: /* one hart, memory in program order, fetches coherent: nothing to do */
	case UC_FENCE_I:
		return true;
	case UC_FP:
		if (fpu_execute(&machine->regs, insn))
			return true;
		break;
	case UC_CSR:
		if (csr_execute(machine, insn))
			return true;
		break;
	case UC_TRAP:
		if (insn->uop == UOP_EBREAK)
			return hart_fault(machine, trap, TG_CAUSE_BREAKPOINT, pc);
		machine->retired++; /* counted before its effect */
		machine->reservation = (struct machine_reservation){0};
		trap->kind = MACHINE_ECALL;
		return false;
	}
	return hart_fault(machine, trap, TG_CAUSE_ILLEGAL, insn->raw);
}

bool simple_step(struct machine *machine, struct machine_trap *trap)
{
	struct insn insn;
	uint64_t next;

	if (!hart_fetch(machine, &insn, trap))
		return false;
	next = machine->regs.pc + insn.len;
	if (!execute(machine, &insn, &next, trap))
		return false;
	machine->regs.x[0] = 0;
	machine->regs.pc = next;
	machine->retired++;
	return true;
}

void simple_run(struct machine *machine, uint64_t until, struct machine_trap *trap)
{
	while (machine->retired < until && simple_step(machine, trap))
		continue;
}
