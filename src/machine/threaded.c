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

#define LIKELY(c)   __builtin_expect(!!(c), 1)
#define UNLIKELY(c) __builtin_expect(!!(c), 0)
#define PAGE_MASK   (~(uint64_t)(TG_PAGE_SIZE - 1))
#define BOX         UINT64_C(0xffffffff00000000)

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

	if (!hart_load(t->machine, addr, bytes, value, trap))
		return false;
	if (space && space_see(space, addr, SPACE_READ, &view))
		remember(t->reads, addr, view.bytes);
	return true;
}

static __attribute__((noinline)) bool slow_store(struct threaded *t, uint64_t addr, unsigned bytes,
						 uint64_t value, struct machine_trap *trap)
{
	struct machine *machine = t->machine;
	struct frame *frame;

	if (!hart_store(machine, addr, bytes, value, trap))
		return false;
	if (t->generation == machine->pool.generation && t->copies != machine->pool.copies) {
		/* New frames for the pages that were stored to, and no other change. */
		entry_of(t->reads, addr)->page = 1;
		entry_of(t->reads, addr + bytes - 1)->page = 1;
		t->copies = machine->pool.copies;
	}
	threaded_sync(t);
	if (space_own(machine->space, addr, &frame) == 0 && !frame->code_lines)
		remember(t->writes, addr, frame->bytes);
	return true;
}

/* ---- the host's floating point, where it must agree ---- */

static double as_double(uint64_t bits)
{
	double d;

	memcpy(&d, &bits, 8);
	return d;
}

static uint64_t double_bits(double d)
{
	uint64_t bits;

	memcpy(&bits, &d, 8);
	return bits;
}

static float as_single(uint64_t bits)
{
	uint32_t low = (uint32_t)bits;
	float f;

	memcpy(&f, &low, 4);
	return f;
}

static uint64_t single_bits(float f)
{
	uint32_t bits;

	memcpy(&bits, &f, 4);
	return BOX | bits;
}

static bool zero_d(uint64_t bits)
{
	return bits << 1 == 0;
}

static bool normal_d(uint64_t bits)
{
	return (bits >> 52 & 0x7ff) - 1 < 0x7fe;
}

/* Normal and not the least one, which may have been tiny before it was rounded. */
static bool safe_d(uint64_t bits)
{
	return normal_d(bits) && bits << 1 != UINT64_C(0x0010000000000000) << 1;
}

static bool nan_d(uint64_t bits)
{
	return bits << 1 > UINT64_C(0x7ff0000000000000) << 1;
}

/* The same for boxed singles. */
static bool boxed(uint64_t bits)
{
	return bits >= BOX;
}

static bool zero_s(uint64_t bits)
{
	return boxed(bits) && (uint32_t)bits << 1 == 0;
}

static bool normal_s(uint64_t bits)
{
	return boxed(bits) && (bits >> 23 & 0xff) - 1 < 0xfe;
}

static bool safe_s(uint64_t bits)
{
	return normal_s(bits) && (uint32_t)bits << 1 != 0x01000000;
}

static bool nan_s(uint64_t bits)
{
	return !boxed(bits) || (uint32_t)bits << 1 > 0xff000000;
}

/* ---- integers ---- */

static uint64_t sext32(uint64_t v)
{
	return (uint64_t)(int64_t)(int32_t)v;
}

static uint64_t high_unsigned(uint64_t a, uint64_t b)
{
	return (uint64_t)((unsigned __int128)a * b >> 64);
}

static uint64_t high_signed(uint64_t a, uint64_t b)
{
	return (uint64_t)((__int128)(int64_t)a * (int64_t)b >> 64);
}

static uint64_t high_mixed(uint64_t a, uint64_t b)
{
	return (uint64_t)(((__int128)(int64_t)a * (__int128)(unsigned __int128)b) >> 64);
}

static uint64_t divide(int64_t a, int64_t b)
{
	if (UNLIKELY(b == 0 || b == -1))
		return b == 0 ? UINT64_MAX : -(uint64_t)a;
	return (uint64_t)(a / b);
}

static uint64_t remainder_of(int64_t a, int64_t b)
{
	if (UNLIKELY(b == 0 || b == -1))
		return b == 0 ? (uint64_t)a : 0;
	return (uint64_t)(a % b);
}

static uint64_t rotate(uint64_t v, uint64_t n)
{
	return v >> (n & 63) | v << (-n & 63);
}

static uint64_t rotate_word(uint64_t v, uint64_t n)
{
	return sext32((uint32_t)v >> (n & 31) | (uint32_t)v << (-n & 31));
}

static uint64_t or_bytes(uint64_t v)
{
	uint64_t low = UINT64_C(0x0101010101010101);

	v |= v >> 4 & (low * 0x0f);
	v |= v >> 2 & (low * 0x03);
	v |= v >> 1;
	return (v & low) * 0xff;
}

/* ---- the loop ---- */

/* clang-format off */
#define ALU(name, value) \
	L_##name: { uint64_t a = x[op->op.rs1], b = x[op->op.rs2]; (void)a; (void)b; \
		    x[op->op.rd] = (value); } NEXT;
#define IMM ((uint64_t)(int64_t)op->op.imm)
#define NEXT do { op++; goto *op->op.body; } while (0)

/* Leaves by the exit behind op, or looks the target up and links it. */
#define LEAVE do { \
	struct exit *out_ = &op[1].exit; \
	budget -= out_->count; \
	if (LIKELY(out_->epoch == t->epoch)) { block = out_->to; goto enter; } \
	pc = block->pc + IMM; link = out_; goto lookup; } while (0)
#define BRANCH(name, condition) \
	L_##name: { uint64_t a = x[op->op.rs1], b = x[op->op.rs2]; (void)b; \
		    if (condition) { LEAVE; } \
		    op += 2; goto *op->op.body; }

/* Finds *p for an access of type; a page border in it never matches. */
#define LOOK(table, type, address) \
	uint64_t addr = (address); \
	struct tlb_entry *entry = &t->table[addr / TG_PAGE_SIZE % TLB_ENTRIES]; \
	type *p = (type *)(uintptr_t)(entry->host + addr); \
	bool hit = LIKELY(entry->page == ((addr + sizeof(type) - 1) & PAGE_MASK));
#define LOAD_TO(name, type, target, convert) \
	L_##name: { LOOK(reads, type, x[op->op.rs1] + IMM) uint64_t value; \
		    if (hit) { type v_; memcpy(&v_, p, sizeof(v_)); value = v_; } \
		    else if (!slow_load(t, addr, sizeof(type), &value, trap)) goto trapped; \
		    target[op->op.rd] = convert(value); } NEXT;
#define STORE(name, type, source) \
	L_##name: { LOOK(writes, type, x[op->op.rs1] + IMM) \
		    if (hit) { type v_ = (type)source[op->op.rs2]; memcpy(p, &v_, sizeof(v_)); NEXT; } \
		    if (!slow_store(t, addr, sizeof(type), source[op->op.rs2], trap)) goto trapped; \
		    if (UNLIKELY(t->stale)) goto leave_stale; } NEXT;
#define AS_IS(v) (v)
#define AS_S8(v) ((uint64_t)(int64_t)(int8_t)(v))
#define AS_S16(v) ((uint64_t)(int64_t)(int16_t)(v))
#define AS_BOXED(v) ((v) | BOX)

/* All of these write a page, or leave it to simple_step. */
#define AMO(name, type, stype, value) \
	L_##name: { LOOK(writes, type, x[op->op.rs1]) \
		    if (!hit || addr % sizeof(type)) goto slow; \
		    stype a = (stype)*p, b = (stype)x[op->op.rs2]; (void)a; (void)b; \
		    *p = (type)(value); x[op->op.rd] = (uint64_t)(int64_t)a; x[0] = 0; } NEXT;
#define AMOS(name, value) \
	AMO(name##_W, uint32_t, int32_t, value) AMO(name##_D, uint64_t, int64_t, value)
#define LR(name, type, stype) \
	L_##name: { LOOK(reads, type, x[op->op.rs1]) \
		    if (!hit || addr % sizeof(type)) goto slow; \
		    machine->reservation = (struct machine_reservation){addr, sizeof(type)}; \
		    x[op->op.rd] = (uint64_t)(int64_t)(stype)*p; x[0] = 0; } NEXT;
#define SC(name, type) \
	L_##name: { LOOK(writes, type, x[op->op.rs1]) \
		    if (!hit || addr % sizeof(type)) goto slow; \
		    bool match = machine->reservation.width == sizeof(type) && \
				 machine->reservation.addr == addr; \
		    machine->reservation = (struct machine_reservation){0}; \
		    if (match) *p = (type)x[op->op.rs2]; \
		    x[op->op.rd] = !match; x[0] = 0; } NEXT;

/* Does rounding to nearest, with nothing but the inexact flag to raise, which is up already? */
#define HOST_ROUNDS (((uint32_t)regs->fcsr & (uint32_t)op->op.imm) == SF_NX)
#define FRM_NEAREST ((regs->fcsr & (uint32_t)op->op.imm & 0xe0) == 0)
#define F1 f[op->op.rs1]
#define F2 f[op->op.rs2]
#define F3 f[op->op.rs3]
#define FLOAT2(name, K, from, to, inputs, zero_ok, expression) \
	L_##name: { uint64_t ua = F1, ub = F2, r_; if (!HOST_ROUNDS || !(inputs)) goto slow; \
		    { __typeof__(from(ua)) a = from(ua), b = from(ub); (void)b; r_ = to(expression); } \
		    if (!safe_##K(r_) && !(zero_##K(r_) && (zero_ok))) goto slow; \
		    f[op->op.rd] = r_; } NEXT;
#define PLAIN(K, u) (normal_##K(u) || zero_##K(u))
#define FLOATS(X, K, from, to, root) \
	FLOAT2(FADD_##X, K, from, to, PLAIN(K, ua) && PLAIN(K, ub), true, a + b) \
	FLOAT2(FSUB_##X, K, from, to, PLAIN(K, ua) && PLAIN(K, ub), true, a - b) \
	FLOAT2(FMUL_##X, K, from, to, PLAIN(K, ua) && PLAIN(K, ub), zero_##K(ua) || zero_##K(ub), a * b) \
	FLOAT2(FDIV_##X, K, from, to, PLAIN(K, ua) && normal_##K(ub), zero_##K(ua), a / b) \
	FLOAT2(FSQRT_##X, K, from, to, normal_##K(ua) && a_positive_##K(ua), false, root(a))
#define a_positive_d(u) ((int64_t)(u) >= 0)
#define a_positive_s(u) ((int32_t)(u) >= 0)
#define FUSED(name, K, from, to, function, product, addend) \
	L_##name: { uint64_t ua = F1, ub = F2, uc = F3, r_; \
		    if (!HOST_ROUNDS || !normal_##K(ua) || !normal_##K(ub) || !PLAIN(K, uc)) goto slow; \
		    r_ = to(function(product from(ua), from(ub), addend from(uc))); \
		    if (!safe_##K(r_)) goto slow; \
		    f[op->op.rd] = r_; } NEXT;
#define FUSEDS(X, K, from, to, function) \
	FUSED(FMADD_##X, K, from, to, function, +, +) FUSED(FMSUB_##X, K, from, to, function, +, -) \
	FUSED(FNMSUB_##X, K, from, to, function, -, +) FUSED(FNMADD_##X, K, from, to, function, -, -)
#define COMPARE(name, K, from, operator) \
	L_##name: { uint64_t ua = F1, ub = F2; if (nan_##K(ua) || nan_##K(ub)) goto slow; \
		    x[op->op.rd] = from(ua) operator from(ub); } NEXT;
#define INJECT(name, sign) \
	L_##name: { uint64_t ua = F1, ub = F2; (void)ub; \
		    f[op->op.rd] = (ua & INT64_MAX) | ((sign) & ~(uint64_t)INT64_MAX); } NEXT;

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
	uint64_t *x, *f, pc, budget;

	if (!machine)
		return bodies;
	t = machine->engine_state;
	regs = &machine->regs;
	x = regs->x;
	f = regs->f;
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

	BRANCH(BEQ, a == b)
	BRANCH(BNE, a != b)
	BRANCH(BLT, (int64_t)a < (int64_t)b)
	BRANCH(BGE, (int64_t)a >= (int64_t)b)
	BRANCH(BLTU, a < b)
	BRANCH(BGEU, a >= b)
	BRANCH(BEQZ, a == 0)
	BRANCH(BNEZ, a != 0)
	BRANCH(BLTZ, (int64_t)a < 0)
	BRANCH(BGEZ, (int64_t)a >= 0)

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
	ALU(MV, a)
	ALU(ADDI, a + IMM)
	ALU(SLTI, (int64_t)a < (int64_t)IMM)
	ALU(SLTIU, a < IMM)
	ALU(XORI, a ^ IMM)
	ALU(ORI, a | IMM)
	ALU(ANDI, a & IMM)
	ALU(SLLI, a << (IMM & 63))
	ALU(SRLI, a >> (IMM & 63))
	ALU(SRAI, (uint64_t)((int64_t)a >> (IMM & 63)))
	ALU(ADD, a + b)
	ALU(SUB, a - b)
	ALU(SLL, a << (b & 63))
	ALU(SLT, (int64_t)a < (int64_t)b)
	ALU(SLTU, a < b)
	ALU(XOR, a ^ b)
	ALU(SRL, a >> (b & 63))
	ALU(SRA, (uint64_t)((int64_t)a >> (b & 63)))
	ALU(OR, a | b)
	ALU(AND, a & b)
	ALU(ADDIW, sext32(a + IMM))
	ALU(SLLIW, sext32((uint32_t)a << (IMM & 31)))
	ALU(SRLIW, sext32((uint32_t)a >> (IMM & 31)))
	ALU(SRAIW, sext32((uint64_t)((int32_t)a >> (IMM & 31))))
	ALU(ADDW, sext32(a + b))
	ALU(SUBW, sext32(a - b))
	ALU(SLLW, sext32((uint32_t)a << (b & 31)))
	ALU(SRLW, sext32((uint32_t)a >> (b & 31)))
	ALU(SRAW, sext32((uint64_t)((int32_t)a >> (b & 31))))
	ALU(MUL, a * b)
	ALU(MULH, high_signed(a, b))
	ALU(MULHSU, high_mixed(a, b))
	ALU(MULHU, high_unsigned(a, b))
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

	LOAD_TO(LB, uint8_t, x, AS_S8)
	LOAD_TO(LH, uint16_t, x, AS_S16)
	LOAD_TO(LW, uint32_t, x, sext32)
	LOAD_TO(LD, uint64_t, x, AS_IS)
	LOAD_TO(LBU, uint8_t, x, AS_IS)
	LOAD_TO(LHU, uint16_t, x, AS_IS)
	LOAD_TO(LWU, uint32_t, x, AS_IS)
	LOAD_TO(FLW, uint32_t, f, AS_BOXED)
	LOAD_TO(FLD, uint64_t, f, AS_IS)
	STORE(SB, uint8_t, x)
	STORE(SH, uint16_t, x)
	STORE(SW, uint32_t, x)
	STORE(SD, uint64_t, x)
	STORE(FSW, uint32_t, f)
	STORE(FSD, uint64_t, f)

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
	f[op->op.rd] = (F1 & ~UINT64_C(0x80000000)) | (F2 & 0x80000000);
	NEXT;
	COMPARE(FEQ_D, d, as_double, ==)
	COMPARE(FLT_D, d, as_double, <)
	COMPARE(FLE_D, d, as_double, <=)
	COMPARE(FEQ_S, s, as_single, ==)
	COMPARE(FLT_S, s, as_single, <)
	COMPARE(FLE_S, s, as_single, <=)
L_FMIN_D:
	if (!normal_d(F1) || !normal_d(F2))
		goto slow;
	f[op->op.rd] = as_double(F1) < as_double(F2) ? F1 : F2;
	NEXT;
L_FMAX_D:
	if (!normal_d(F1) || !normal_d(F2))
		goto slow;
	f[op->op.rd] = as_double(F1) > as_double(F2) ? F1 : F2;
	NEXT;
L_FMV_X_D:
	x[op->op.rd] = F1;
	NEXT;
L_FMV_D_X:
	f[op->op.rd] = x[op->op.rs1];
	NEXT;
L_FMV_X_W:
	x[op->op.rd] = sext32(F1);
	NEXT;
L_FMV_W_X:
	f[op->op.rd] = x[op->op.rs1] | BOX;
	NEXT;

	/* From words to doubles is exact; otherwise the inexact flag must be up already. */
L_FCVT_D_W:
	if (!FRM_NEAREST)
		goto slow;
	f[op->op.rd] = double_bits((int32_t)x[op->op.rs1]);
	NEXT;
L_FCVT_D_WU:
	if (!FRM_NEAREST)
		goto slow;
	f[op->op.rd] = double_bits((uint32_t)x[op->op.rs1]);
	NEXT;
L_FCVT_D_L:
	if (!HOST_ROUNDS)
		goto slow;
	f[op->op.rd] = double_bits((double)(int64_t)x[op->op.rs1]);
	NEXT;
L_FCVT_S_W:
	if (!HOST_ROUNDS)
		goto slow;
	f[op->op.rd] = single_bits((float)(int32_t)x[op->op.rs1]);
	NEXT;
L_FCVT_S_L:
	if (!HOST_ROUNDS)
		goto slow;
	f[op->op.rd] = single_bits((float)(int64_t)x[op->op.rs1]);
	NEXT;
L_FCVT_D_S:
	if (!FRM_NEAREST || !PLAIN(s, F1))
		goto slow;
	f[op->op.rd] = double_bits(as_single(F1));
	NEXT;
L_FCVT_S_D: {
		uint64_t result;

		if (!HOST_ROUNDS || !PLAIN(d, F1))
			goto slow;
		result = single_bits((float)as_double(F1));
		if (!safe_s(result) && !zero_d(F1))
			goto slow;
		f[op->op.rd] = result;
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

void threaded_run(struct machine *machine, uint64_t until, struct machine_trap *trap)
{
	struct threaded *t = machine->engine_state;
	int rounding = fegetround();

	if (rounding != FE_TONEAREST)
		fesetround(FE_TONEAREST);
	threaded_sync(t);
	threaded_bury(t);
	loop(machine, until, trap);
	if (rounding != FE_TONEAREST)
		fesetround(rounding);
}
