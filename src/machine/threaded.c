/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The threaded engine: pre-decoded operations that jump to each other's bodies. Fast where nothing
 * can go wrong; whatever is rare (a page not seen lately, a float that is not normal, a trap) goes to
 * simple_step, so that there is one truth about it. The count is kept as a budget, paid when a block
 * is left; a block that the budget does not cover runs as a copy with a stop in it.
 */
#include "machine/threaded.h"

#include <errno.h>
#include <fenv.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "machine/softfloat.h"
#include "machine/threaded_bodies.h"
#include "machine/threaded_math.h"

_Static_assert(offsetof(struct tg_regs, f) == offsetof(struct tg_regs, x) + 32 * sizeof(uint64_t),
	       "f follows x");

#define PAGE_MASK   (~(uint64_t)(TG_PAGE_SIZE - 1))

/* ---- memory that the tables do not know ---- */

static struct tlb_entry *entry_of(struct tlb_entry *table, uint64_t addr)
{
	return &table[addr / TG_PAGE_SIZE % TLB_ENTRIES];
}

static void remember(struct tlb_entry *table, uint64_t addr, const uint8_t *bytes)
{
	*entry_of(table, addr) = (struct tlb_entry){
		.page = addr & PAGE_MASK,
		.host = (uint64_t)(uintptr_t)bytes - (addr & PAGE_MASK),
	};
}

static __attribute__((noinline)) bool slow_load(struct threaded *t, uint64_t addr, unsigned bytes,
						uint64_t *value, struct machine_trap *trap)
{
	struct space *space = t->machine->space;
	struct page_view view;

	if (!space || addr % TG_PAGE_SIZE + bytes > TG_PAGE_SIZE ||
	    !space_see(space, addr, SPACE_READ, &view))
		return hart_load(t->machine, addr, bytes, value, trap);
	remember(t->reads, addr, view.bytes);
	*value = 0;
	memcpy(value, view.bytes + addr % TG_PAGE_SIZE, bytes);
	return true;
}

/* Takes notice of the new frames that a store to these bytes may have made. */
static void sync_after_store(struct threaded *t, uint64_t addr, unsigned bytes)
{
	const struct frame_pool *pool = &t->machine->pool;

	if (t->generation == pool->generation && t->copies != pool->copies) {
		entry_of(t->reads, addr)->page = 1;
		entry_of(t->reads, addr + bytes - 1)->page = 1;
		t->copies = pool->copies;
	}
	threaded_sync(t);
}

static __attribute__((noinline)) bool slow_store(struct threaded *t, uint64_t addr, unsigned bytes,
						 uint64_t value, struct machine_trap *trap)
{
	struct machine *machine = t->machine;
	unsigned at = addr % TG_PAGE_SIZE;
	struct frame *frame;

	if (!machine->space || at + bytes > TG_PAGE_SIZE ||
	    space_own(machine->space, addr, &frame) < 0) {
		if (!hart_store(machine, addr, bytes, value, trap))
			return false;
		sync_after_store(t, addr, bytes);
		return true;
	}
	memcpy(frame->bytes + at, &value, bytes);
	sync_after_store(t, addr, bytes);
	if (frame->code_lines)
		frame_written(&machine->pool, frame, at, bytes);
	else
		remember(t->writes, addr, frame->bytes);
	return true;
}

/* ---- the loop ---- */

/* clang-format off */
/* Runs until a trap; NULL for machine only tells the bodies' addresses. */
static const void *const *loop(struct machine *machine, uint64_t until,
			       struct machine_trap *trap)
{
	static const void *const bodies[TOP_COUNT] = {
#define OP(name) [TOP_##name] = &&L_##name,
#include "machine/threaded_ops.def"
#undef OP
	};
	struct threaded *t;
	struct tg_regs *regs;
	struct block *block;
	struct exit *link = NULL;
	union slot *op;
	uint64_t *x, pc, budget;

	if (!machine)
		return bodies;
	t = machine->engine_state;
	regs = &machine->regs;
	x = regs->x;
	pc = regs->pc;
	budget = until - machine->retired;

lookup:
	/* Between blocks: the only place where dropped ones may go and links may be made. */
	t->stale = false;
	if (budget == 0) {
		regs->pc = pc;
		machine->retired = until;
		return NULL;
	}
	if (UNLIKELY(t->grave_bytes > GRAVE_BYTES)) {
		threaded_bury(t);
		link = NULL;
	}
	block = threaded_block(t, pc);
	if (UNLIKELY(!block)) {
		link = NULL;
		regs->pc = pc;
		machine->retired = until - budget;
		if (!simple_step(machine, trap))
			return NULL;
		threaded_sync(t);
		budget--;
		pc = regs->pc;
		goto lookup;
	}
	if (link) {
		link->to = block;
		link->epoch = t->epoch;
		link = NULL;
	}
enter:
	if (UNLIKELY(budget < block->len))
		goto tail;
	op = block->ops;
	goto *op->op.body;

tail:
	if (budget > 0 && threaded_make_tail(t, block, budget)) {
		block = &t->tail;
		op = block->ops;
		goto *op->op.body;
	}
	pc = block->pc;
	while (budget > 0) {
		regs->pc = pc;
		machine->retired = until - budget;
		if (!simple_step(machine, trap))
			return NULL;
		budget--;
		pc = regs->pc;
	}
	threaded_sync(t);
	goto lookup;

L_STOP: {
		const struct place *place = &block->places[op - block->ops];

		pc = block->pc + (uint64_t)(int64_t)place->first_pc;
		budget -= place->first;
	}
	while (budget > 0) { /* part of what one operation does */
		regs->pc = pc;
		machine->retired = until - budget;
		if (!simple_step(machine, trap))
			return NULL;
		budget--;
		pc = regs->pc;
	}
	threaded_sync(t);
	goto lookup;

trapped: { /* by a memory access of op */
		const struct place *place = &block->places[op - block->ops];

		regs->pc = block->pc + (uint64_t)(int64_t)place->pc;
		machine->retired = until - (budget - place->count);
		return NULL;
	}

leave_stale: { /* op has been executed, what comes next, be it a hint, may have changed */
		const struct place *place = &block->places[op - block->ops];

		pc = block->pc + (uint64_t)(int64_t)place->pc + place->len;
		budget -= place->count + 1u;
		goto lookup;
	}

slow: /* an operation of one instruction whose body will not do */
L_SLOW: {
		const struct place *place = &block->places[op - block->ops];

		regs->pc = block->pc + (uint64_t)(int64_t)place->pc;
		machine->retired = until - (budget - place->count);
		if (!simple_step(machine, trap))
			return NULL;
		threaded_sync(t);
		if (UNLIKELY(t->stale))
			goto leave_stale;
		NEXT;
	}

L_EXIT:
L_J:
	LEAVE;
L_JALR: {
		uint64_t to = (x[op->op.rs1] + IMM) & ~UINT64_C(1);

		x[op->op.rd] = block->pc + (uint64_t)(int64_t)(int32_t)op[1].exit.epoch;
		pc = to;
		goto indirect;
	}
L_JR:
	pc = (x[op->op.rs1] + IMM) & ~UINT64_C(1);
indirect:
	budget -= op[1].exit.count;
	{
		const struct jump_entry *jump = &t->jumps[pc / 2 % JUMP_ENTRIES];

		if (LIKELY(jump->pc == pc)) {
			block = jump->block;
			goto enter;
		}
	}
	goto lookup;

L_FCSR: {
		struct insn insn = {.uop = op->op.rs2, .imm = op->op.imm, .rd = op->op.rd,
				    .rs1 = op->op.rs1};

		csr_execute(machine, &insn);
		NEXT;
	}

	L_BEQ: ACT_BEQ
	L_BNE: ACT_BNE
	L_BLT: ACT_BLT
	L_BGE: ACT_BGE
	L_BLTU: ACT_BLTU
	L_BGEU: ACT_BGEU
	L_BEQZ: ACT_BEQZ
	L_BNEZ: ACT_BNEZ
	L_BLTZ: ACT_BLTZ
	L_BGEZ: ACT_BGEZ

L_LINK:
	x[op->op.rd] = block->pc + IMM;
	NEXT;
L_ROTR: {
		uint64_t v = x[op->op.rs1], n = (uint64_t)op->op.imm, right = v >> n,
			 left = v << (64 - n);

		x[op->op.rs2] = right;
		x[op->op.rs3] = left;
		x[op->op.rd] = right | left;
		NEXT;
	}
L_ROTRW: {
		uint32_t v = (uint32_t)x[op->op.rs1], n = (uint32_t)op->op.imm;
		uint64_t right = v >> n, left = sext32(v << (32 - n));

		x[op->op.rs2] = right;
		x[op->op.rs3] = left;
		x[op->op.rd] = right | left;
		NEXT;
	}

	ALU(LUI, IMM)
	BODY(MV)
	BODY(ADDI)
	ALU(SLTI, (int64_t)a < (int64_t)IMM)
	ALU(SLTIU, a < IMM)
	BODY(XORI)
	ALU(ORI, a | IMM)
	BODY(ANDI)
	BODY(SLLI)
	BODY(SRLI)
	ALU(SRAI, (uint64_t)((int64_t)a >> (IMM & 63)))
	BODY(ADD)
	ALU(SUB, a - b)
	ALU(SLL, a << (b & 63))
	ALU(SLT, (int64_t)a < (int64_t)b)
	BODY(SLTU)
	BODY(XOR)
	ALU(SRL, a >> (b & 63))
	ALU(SRA, (uint64_t)((int64_t)a >> (b & 63)))
	BODY(OR)
	BODY(AND)
	BODY(ADDIW)
	ALU(SLLIW, sext32((uint32_t)a << (IMM & 31)))
	ALU(SRLIW, sext32((uint32_t)a >> (IMM & 31)))
	ALU(SRAIW, sext32((uint64_t)((int32_t)a >> (IMM & 31))))
	BODY(ADDW)
	ALU(SUBW, sext32(a - b))
	ALU(SLLW, sext32((uint32_t)a << (b & 31)))
	ALU(SRLW, sext32((uint32_t)a >> (b & 31)))
	ALU(SRAW, sext32((uint64_t)((int32_t)a >> (b & 31))))
	BODY(MUL)
	ALU(MULH, high_signed(a, b))
	ALU(MULHSU, high_mixed(a, b))
	BODY(MULHU)
	ALU(DIV, divide((int64_t)a, (int64_t)b))
	ALU(DIVU, UNLIKELY(b == 0) ? UINT64_MAX : a / b)
	ALU(REM, remainder_of((int64_t)a, (int64_t)b))
	ALU(REMU, UNLIKELY(b == 0) ? a : a % b)
	ALU(MULW, sext32(a * b))
	ALU(DIVW, sext32(divide((int32_t)a, (int32_t)b)))
	ALU(DIVUW, UNLIKELY((uint32_t)b == 0) ? UINT64_MAX : sext32((uint32_t)a / (uint32_t)b))
	ALU(REMW, sext32(remainder_of((int32_t)a, (int32_t)b)))
	ALU(REMUW, UNLIKELY((uint32_t)b == 0) ? sext32(a) : sext32((uint32_t)a % (uint32_t)b))
	ALU(ADD_UW, (uint32_t)a + b)
	ALU(SH1ADD, 2 * a + b)
	ALU(SH2ADD, 4 * a + b)
	ALU(SH3ADD, 8 * a + b)
	ALU(SH1ADD_UW, 2 * (uint64_t)(uint32_t)a + b)
	ALU(SH2ADD_UW, 4 * (uint64_t)(uint32_t)a + b)
	ALU(SH3ADD_UW, 8 * (uint64_t)(uint32_t)a + b)
	ALU(SLLI_UW, (uint64_t)(uint32_t)a << (IMM & 63))
	ALU(ANDN, a & ~b)
	ALU(ORN, a | ~b)
	ALU(XNOR, ~(a ^ b))
	ALU(MIN, (int64_t)a < (int64_t)b ? a : b)
	ALU(MINU, a < b ? a : b)
	ALU(MAX, (int64_t)a > (int64_t)b ? a : b)
	ALU(MAXU, a > b ? a : b)
	ALU(ROL, rotate(a, -b))
	ALU(ROR, rotate(a, b))
	ALU(ROLW, rotate_word(a, -b))
	ALU(RORW, rotate_word(a, b))
	ALU(RORI, rotate(a, IMM))
	ALU(RORIW, rotate_word(a, IMM))
	ALU(CLZ, a ? (uint64_t)__builtin_clzll(a) : 64)
	ALU(CTZ, a ? (uint64_t)__builtin_ctzll(a) : 64)
	ALU(CPOP, (uint64_t)__builtin_popcountll(a))
	ALU(CLZW, (uint32_t)a ? (uint64_t)__builtin_clz((uint32_t)a) : 32)
	ALU(CTZW, (uint32_t)a ? (uint64_t)__builtin_ctz((uint32_t)a) : 32)
	ALU(CPOPW, (uint64_t)__builtin_popcount((uint32_t)a))
	ALU(SEXT_B, AS_S8(a))
	ALU(SEXT_H, AS_S16(a))
	ALU(ZEXT_H, (uint16_t)a)
	ALU(ORC_B, or_bytes(a))
	ALU(REV8, __builtin_bswap64(a))
	ALU(BCLR, a & ~(UINT64_C(1) << (b & 63)))
	ALU(BEXT, a >> (b & 63) & 1)
	ALU(BINV, a ^ UINT64_C(1) << (b & 63))
	ALU(BSET, a | UINT64_C(1) << (b & 63))
	ALU(BCLRI, a & ~(UINT64_C(1) << (IMM & 63)))
	ALU(BEXTI, a >> (IMM & 63) & 1)
	ALU(BINVI, a ^ UINT64_C(1) << (IMM & 63))
	ALU(BSETI, a | UINT64_C(1) << (IMM & 63))

L_TOUCH: {
		uint64_t addr = x[op->op.rs1] + IMM, last = addr + op->op.rs2 - 1, value;

		if (UNLIKELY(entry_of(t->reads, addr)->page != (last & PAGE_MASK)) &&
		    !slow_load(t, addr, op->op.rs2, &value, trap))
			goto trapped;
		NEXT;
	}
	LOAD_TO(LB, uint8_t, x, AS_S8)
	BODY(LH)
	BODY(LW)
	BODY(LD)
	BODY(LBU)
	LOAD_TO(LHU, uint16_t, x, AS_IS)
	BODY(LWU)
	LOAD_TO(FLW, uint32_t, FREGS, AS_BOXED)
	BODY(FLD)
	STORE(SB, uint8_t, x)
	STORE(SH, uint16_t, x)
	STORE(SW, uint32_t, x)
	BODY(SD)
	STORE(FSW, uint32_t, FREGS)
	STORE(FSD, uint64_t, FREGS)

	LR(LR_W, uint32_t, int32_t)
	LR(LR_D, uint64_t, int64_t)
	SC(SC_W, uint32_t)
	SC(SC_D, uint64_t)
	AMOS(AMOSWAP, b)
	AMOS(AMOADD, (uint64_t)a + (uint64_t)b)
	AMOS(AMOXOR, a ^ b)
	AMOS(AMOAND, a & b)
	AMOS(AMOOR, a | b)
	AMOS(AMOMIN, a < b ? a : b)
	AMOS(AMOMAX, a > b ? a : b)
	AMO(AMOMINU_W, uint32_t, int32_t, (uint32_t)a < (uint32_t)b ? a : b)
	AMO(AMOMINU_D, uint64_t, int64_t, (uint64_t)a < (uint64_t)b ? a : b)
	AMO(AMOMAXU_W, uint32_t, int32_t, (uint32_t)a > (uint32_t)b ? a : b)
	AMO(AMOMAXU_D, uint64_t, int64_t, (uint64_t)a > (uint64_t)b ? a : b)

#define PAIR(one, two) L_##one##_##two: ACT_##one op++; ACT_##two NEXT;
#define PAIR_BRANCH(one, two) L_##one##_##two: ACT_##one op++; ACT_##two
#include "machine/threaded_pairs.def"
#undef PAIR_BRANCH
#undef PAIR

	FLOATS(D, d, as_double, double_bits, sqrt)
	FLOATS(S, s, as_single, single_bits, sqrtf)
	FUSEDS(D, d, as_double, double_bits, fma)
	FUSEDS(S, s, as_single, single_bits, fmaf)
	INJECT(FSGNJ_D, ub)
	INJECT(FSGNJN_D, ~ub)
	INJECT(FSGNJX_D, ua ^ ub)
L_FSGNJ_S:
	if (!boxed(F1) || !boxed(F2))
		goto slow;
	FREGS[op->op.rd] = (F1 & ~UINT64_C(0x80000000)) | (F2 & 0x80000000);
	NEXT;
	COMPARE(FEQ_D, d, as_double, ==)
	COMPARE(FLT_D, d, as_double, <)
	COMPARE(FLE_D, d, as_double, <=)
	COMPARE(FEQ_S, s, as_single, ==)
	COMPARE(FLT_S, s, as_single, <)
	COMPARE(FLE_S, s, as_single, <=)
L_FMIN_D:
	if (nan_d(F1) || nan_d(F2) || as_double(F1) == as_double(F2))
		goto slow;
	FREGS[op->op.rd] = as_double(F1) < as_double(F2) ? F1 : F2;
	NEXT;
L_FMAX_D:
	if (nan_d(F1) || nan_d(F2) || as_double(F1) == as_double(F2))
		goto slow;
	FREGS[op->op.rd] = as_double(F1) > as_double(F2) ? F1 : F2;
	NEXT;
L_FMV_X_D:
	x[op->op.rd] = F1;
	NEXT;
L_FMV_D_X:
	FREGS[op->op.rd] = x[op->op.rs1];
	NEXT;
L_FMV_X_W:
	x[op->op.rd] = sext32(F1);
	NEXT;
L_FMV_W_X:
	FREGS[op->op.rd] = x[op->op.rs1] | BOX;
	NEXT;

	/* From words to doubles is exact; otherwise the inexact flag must be up already. */
L_FCVT_D_W:
	if (!FRM_NEAREST)
		goto slow;
	FREGS[op->op.rd] = double_bits((int32_t)x[op->op.rs1]);
	NEXT;
L_FCVT_D_WU:
	if (!FRM_NEAREST)
		goto slow;
	FREGS[op->op.rd] = double_bits((uint32_t)x[op->op.rs1]);
	NEXT;
L_FCVT_D_L:
	if (!HOST_ROUNDS)
		goto slow;
	FREGS[op->op.rd] = double_bits((double)(int64_t)x[op->op.rs1]);
	NEXT;
L_FCVT_S_W:
	if (!HOST_ROUNDS)
		goto slow;
	FREGS[op->op.rd] = single_bits((float)(int32_t)x[op->op.rs1]);
	NEXT;
L_FCVT_S_L:
	if (!HOST_ROUNDS)
		goto slow;
	FREGS[op->op.rd] = single_bits((float)(int64_t)x[op->op.rs1]);
	NEXT;
L_FCVT_D_S:
	if (!FRM_NEAREST || nan_s(F1))
		goto slow;
	FREGS[op->op.rd] = double_bits(as_single(F1));
	NEXT;
L_FCVT_S_D: {
		uint64_t result;

		if (!HOST_ROUNDS)
			goto slow;
		result = single_bits((float)as_double(F1));
		if (!safe_s(result) && !zero_d(F1))
			goto slow;
		FREGS[op->op.rd] = result;
		NEXT;
	}
L_FCVT_W_D_RTZ: {
		double d = as_double(F1);

		if (!(regs->fcsr & SF_NX) || !(d > -2147483649.0 && d < 2147483648.0))
			goto slow;
		x[op->op.rd] = (uint64_t)(int64_t)(int32_t)d;
		NEXT;
	}
L_FCVT_L_D_RTZ: {
		double d = as_double(F1);

		if (!(regs->fcsr & SF_NX) || !(d >= -0x1p63 && d < 0x1p63))
			goto slow;
		x[op->op.rd] = (uint64_t)(int64_t)d;
		NEXT;
	}
}
/* clang-format on */

/* ---- the engine ---- */

int threaded_open(struct machine *machine)
{
	struct threaded *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->machine = machine;
	t->bodies = loop(NULL, 0, NULL);
	threaded_forget_pages(t);
	threaded_new_epoch(t);
	machine->engine_state = t;
	machine->pool.code_changed = threaded_code_changed;
	machine->pool.ctx = t;
	return 0;
}

void threaded_close(struct machine *machine)
{
	struct threaded *t = machine->engine_state;

	threaded_drop_all(t);
	threaded_bury(t);
	free(t);
}

/*
 * The host's floats must round to nearest and keep subnormals; a process that embeds the machine may
 * have set them otherwise. Returns whether they were, with the old setting in *old.
 */
static bool plain_floats(fenv_t *old)
{
#ifdef __SSE2__
	unsigned rounding_and_flush = 0x6000 | 0x8000 | 0x0040, mxcsr = __builtin_ia32_stmxcsr();

	if ((mxcsr & rounding_and_flush) == 0)
		return false;
#endif
	fegetenv(old);
	fesetenv(FE_DFL_ENV);
	return true;
}

void threaded_run(struct machine *machine, uint64_t until, struct machine_trap *trap)
{
	struct threaded *t = machine->engine_state;
	fenv_t env;
	bool changed = plain_floats(&env);

	threaded_sync(t);
	threaded_bury(t);
	loop(machine, until, trap);
	if (changed)
		fesetenv(&env);
}
