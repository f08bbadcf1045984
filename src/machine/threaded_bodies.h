/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What the bodies of the threaded engine's loop are written with. Each uses the loop's own variables:
 * t, machine, regs, x, op, block, budget, pc, link and trap; each may leave by its labels enter,
 * lookup, slow, trapped and leave_stale.
 */
#ifndef TOLLGATE_MACHINE_THREADED_BODIES_H
#define TOLLGATE_MACHINE_THREADED_BODIES_H

/* clang-format off */
/* What an operation does, without going on; what pairs are made of has a name, ACT_. */
#define ACT(value) \
	{ uint64_t a = x[op->op.rs1], b = x[op->op.rs2]; (void)a; (void)b; x[op->op.rd] = (value); }
#define ALU(name, value) L_##name: ACT(value) NEXT;
#define BODY(name) L_##name: ACT_##name NEXT;
#define IMM ((uint64_t)(int64_t)op->op.imm)
#define NEXT do { op++; goto *op->op.body; } while (0)

/* Leaves by the exit behind op, or looks the target up and links it. */
#define LEAVE do { \
	struct exit *out_ = &op[1].exit; \
	budget -= out_->count; \
	if (LIKELY(out_->epoch == t->epoch)) { block = out_->to; goto enter; } \
	pc = block->pc + IMM; link = out_; goto lookup; } while (0)
#define ACT_BRANCH(condition) \
	{ uint64_t a = x[op->op.rs1], b = x[op->op.rs2]; (void)b; if (condition) { LEAVE; } } \
	op += 2; goto *op->op.body;

/* Finds *p for an access of type; a page border in it never matches. */
#define LOOK(table, type, address) \
	uint64_t addr = (address); \
	struct tlb_entry *entry = &t->table[addr / TG_PAGE_SIZE % TLB_ENTRIES]; \
	type *p = (type *)(uintptr_t)(entry->host + addr); \
	bool hit = LIKELY(entry->page == ((addr + sizeof(type) - 1) & PAGE_MASK));
#define ACT_LOAD(type, target, convert) \
	{ LOOK(reads, type, x[op->op.rs1] + IMM) uint64_t value; \
		    if (hit) { type v_; memcpy(&v_, p, sizeof(v_)); value = v_; } \
		    else if (!slow_load(t, addr, sizeof(type), &value, trap)) goto trapped; \
		    target[op->op.rd] = convert(value); }
#define LOAD_TO(name, type, target, convert) L_##name: ACT_LOAD(type, target, convert) NEXT;
#define ACT_STORE(type, source) \
	{ LOOK(writes, type, x[op->op.rs1] + IMM) \
	  if (hit) { type v_ = (type)source[op->op.rs2]; memcpy(p, &v_, sizeof(v_)); } \
	  else if (!slow_store(t, addr, sizeof(type), source[op->op.rs2], trap)) goto trapped; \
	  else if (UNLIKELY(t->stale)) goto leave_stale; }
#define STORE(name, type, source) L_##name: ACT_STORE(type, source) NEXT;
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
#define FREGS (x + 32) /* one pointer for both files */
#define F1 FREGS[op->op.rs1]
#define F2 FREGS[op->op.rs2]
#define F3 FREGS[op->op.rs3]
#define FLOAT2(name, K, from, to, inputs, zero_ok, expression) \
	L_##name: { uint64_t ua = F1, ub = F2, r_; if (!HOST_ROUNDS || !(inputs)) goto slow; \
		    { __typeof__(from(ua)) a = from(ua), b = from(ub); (void)b; r_ = to(expression); } \
		    if (UNLIKELY(!safe_##K(r_)) && !(zero_##K(r_) && (zero_ok))) goto slow; \
		    FREGS[op->op.rd] = r_; } NEXT;
#define FLOATS(X, K, from, to, root) \
	FLOAT2(FADD_##X, K, from, to, form_##K(ua & ub), true, a + b) \
	FLOAT2(FSUB_##X, K, from, to, form_##K(ua & ub), true, a - b) \
	FLOAT2(FMUL_##X, K, from, to, form_##K(ua & ub), zero_##K(ua) || zero_##K(ub), a * b) \
	FLOAT2(FDIV_##X, K, from, to, form_##K(ua & ub), zero_##K(ua), a / b) \
	FLOAT2(FSQRT_##X, K, from, to, form_##K(ua), true, root(a))
#define form_d(u) true
#define form_s(u) boxed(u)
#define FUSED(name, K, from, to, function, product, addend) \
	L_##name: { uint64_t ua = F1, ub = F2, uc = F3, r_; \
		    if (!HOST_ROUNDS || !form_##K(ua & ub & uc)) goto slow; \
		    r_ = to(function(product from(ua), from(ub), addend from(uc))); \
		    if (UNLIKELY(!safe_##K(r_))) goto slow; \
		    FREGS[op->op.rd] = r_; } NEXT;
#define FUSEDS(X, K, from, to, function) \
	FUSED(FMADD_##X, K, from, to, function, +, +) FUSED(FMSUB_##X, K, from, to, function, +, -) \
	FUSED(FNMSUB_##X, K, from, to, function, -, +) FUSED(FNMADD_##X, K, from, to, function, -, -)
#define COMPARE(name, K, from, operator) \
	L_##name: { uint64_t ua = F1, ub = F2; if (nan_##K(ua) || nan_##K(ub)) goto slow; \
		    x[op->op.rd] = from(ua) operator from(ub); } NEXT;
#define INJECT(name, sign) \
	L_##name: { uint64_t ua = F1, ub = F2; (void)ub; \
		    FREGS[op->op.rd] = (ua & INT64_MAX) | ((sign) & ~(uint64_t)INT64_MAX); } NEXT;

#define ACT_LD ACT_LOAD(uint64_t, x, AS_IS)
#define ACT_SD ACT_STORE(uint64_t, x)
#define ACT_XOR ACT(a ^ b)
#define ACT_ADD ACT(a + b)
#define ACT_ADDI ACT(a + IMM)
#define ACT_LW ACT_LOAD(uint32_t, x, sext32)
#define ACT_LH ACT_LOAD(uint16_t, x, AS_S16)
#define ACT_LBU ACT_LOAD(uint8_t, x, AS_IS)
#define ACT_LWU ACT_LOAD(uint32_t, x, AS_IS)
#define ACT_FLD ACT_LOAD(uint64_t, FREGS, AS_IS)
#define ACT_SLLI ACT(a << (IMM & 63))
#define ACT_SLTU ACT(a < b)
#define ACT_MUL ACT(a * b)
#define ACT_MULHU ACT(high_unsigned(a, b))
#define ACT_ADDIW ACT(sext32(a + IMM))
#define ACT_OR ACT(a | b)
#define ACT_AND ACT(a & b)
#define ACT_XORI ACT(a ^ IMM)
#define ACT_ADDW ACT(sext32(a + b))
#define ACT_SRLI ACT(a >> (IMM & 63))
#define ACT_MV ACT(a)
#define ACT_ANDI ACT(a & IMM)
#define ACT_BEQ ACT_BRANCH(a == b)
#define ACT_BNE ACT_BRANCH(a != b)
#define ACT_BLT ACT_BRANCH((int64_t)a < (int64_t)b)
#define ACT_BGE ACT_BRANCH((int64_t)a >= (int64_t)b)
#define ACT_BLTU ACT_BRANCH(a < b)
#define ACT_BGEU ACT_BRANCH(a >= b)
#define ACT_BEQZ ACT_BRANCH(a == 0)
#define ACT_BNEZ ACT_BRANCH(a != 0)
#define ACT_BLTZ ACT_BRANCH((int64_t)a < 0)
#define ACT_BGEZ ACT_BRANCH((int64_t)a >= 0)
/* clang-format on */

#endif
