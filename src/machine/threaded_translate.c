/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * From instructions to operations: a superblock runs on through branches that are not taken and
 * through jumps forward in its page. What an operation row lacks, and an instruction that straddles
 * two pages, is left to simple_step.
 */
#include "machine/threaded.h"

#include <stdlib.h>
#include <string.h>

#include "machine/softfloat.h"

struct step {
	struct insn insn;
	int16_t pc; /* relative to the block */
};

struct translation {
	struct threaded *t;
	uint64_t pc;
	const struct frame *frame;
	struct step steps[BLOCK_INSNS];
	unsigned count;
	uint64_t lines;
	int32_t end; /* relative pc of what follows; ended: nothing does */
	bool ended;
	union slot slots[2 * BLOCK_INSNS + 4];
	struct place places[2 * BLOCK_INSNS + 4];
	uint8_t tops[2 * BLOCK_INSNS + 4]; /* enum threaded_op by slot; exits: SLOW, in no pair */
	unsigned used;
};

_Static_assert(UOP_COUNT <= 256 && TOP_COUNT <= 256, "both fit a byte");

static const uint8_t same_row[UOP_COUNT] = {
#define OP(name)
#define SAME(name) [UOP_##name] = TOP_##name,
#include "machine/threaded_ops.def"
#undef SAME
#undef OP
};

/* ---- gathering ---- */

/* The instruction at a place of the page, if it lies in it as a whole. */
static bool fetch(const struct frame *frame, unsigned at, struct insn *out)
{
	uint16_t low, high = 0;

	memcpy(&low, frame->bytes + at, 2);
	if (isa_length(low) == 4) {
		if (at + 4 > TG_PAGE_SIZE)
			return false;
		memcpy(&high, frame->bytes + at + 2, 2);
	}
	isa_decode((uint32_t)high << 16 | low, out);
	return true;
}

static void gather(struct translation *tr)
{
	unsigned base = tr->pc % TG_PAGE_SIZE, at = base;

	while (tr->count < BLOCK_INSNS && at < TG_PAGE_SIZE) {
		struct step *step = &tr->steps[tr->count];
		unsigned class;

		if (!fetch(tr->frame, at, &step->insn))
			break;
		step->pc = (int16_t)((int)at - (int)base);
		tr->count++;
		tr->lines |= UINT64_C(1) << at / FRAME_LINE;
		tr->lines |= UINT64_C(1) << (at + step->insn.len - 1) / FRAME_LINE;
		class = isa_uops[step->insn.uop].class;
		if (class == UC_TRAP || class == UC_NONE || step->insn.uop == UOP_JALR) {
			tr->ended = true;
			break;
		}
		if (step->insn.uop == UOP_JAL) {
			int64_t to = (int64_t)at + step->insn.imm;

			if (to <= at || to + 2 > TG_PAGE_SIZE) {
				tr->ended = true;
				break;
			}
			at = (unsigned)to;
			continue;
		}
		at += step->insn.len;
	}
	tr->end = (int32_t)at - (int32_t)base;
}

/* ---- emitting ---- */

/* An operation for steps [i, i + n), of which the last may trap. */
static void emit(struct translation *tr, unsigned top, unsigned i, unsigned n, int32_t imm,
		 unsigned rd, unsigned rs1, unsigned rs2, unsigned rs3)
{
	union slot *slot = &tr->slots[tr->used];

	tr->tops[tr->used] = (uint8_t)top;
	slot->op.body = tr->t->bodies[top];
	slot->op.imm = imm;
	slot->op.rd = (uint8_t)rd;
	slot->op.rs1 = (uint8_t)rs1;
	slot->op.rs2 = (uint8_t)rs2;
	slot->op.rs3 = (uint8_t)rs3;
	tr->places[tr->used++] = (struct place){
		.first_pc = i < tr->count ? tr->steps[i].pc : (int16_t)tr->end,
		.pc = n > 0 ? tr->steps[i + n - 1].pc : (int16_t)tr->end,
		.first = (uint8_t)i,
		.count = (uint8_t)(n > 0 ? i + n - 1 : i),
		.len = n > 0 ? tr->steps[i + n - 1].insn.len : 0,
	};
}

/* The link slot behind an operation that may leave after `count` instructions. */
static void emit_exit(struct translation *tr, unsigned count)
{
	memset(&tr->slots[tr->used], 0, sizeof(union slot));
	tr->tops[tr->used] = TOP_SLOW;
	tr->slots[tr->used].exit.count = count;
	tr->places[tr->used++] = (struct place){.no_stop = true};
}

static void emit_branch(struct translation *tr, unsigned i)
{
	const struct insn *insn = &tr->steps[i].insn;
	unsigned top = same_row[insn->uop], rs1 = insn->rs1;

	if (insn->rs2 == 0) {
		switch (insn->uop) {
		case UOP_BEQ: top = TOP_BEQZ; break;
		case UOP_BNE: top = TOP_BNEZ; break;
		case UOP_BLT: top = TOP_BLTZ; break;
		case UOP_BGE: top = TOP_BGEZ; break;
		}
	}
	emit(tr, top, i, 1, tr->steps[i].pc + insn->imm, 0, rs1, insn->rs2, 0);
	emit_exit(tr, i + 1);
}

static void emit_jump(struct translation *tr, unsigned i)
{
	const struct insn *insn = &tr->steps[i].insn;
	int32_t after = tr->steps[i].pc + insn->len;

	if (insn->uop == UOP_JALR) {
		emit(tr, insn->rd ? TOP_JALR : TOP_JR, i, 1, insn->imm, insn->rd, insn->rs1, 0, 0);
		emit_exit(tr, i + 1);
		tr->slots[tr->used - 1].exit.epoch = (uint32_t)after; /* never linked: the link's pc */
		return;
	}
	if (insn->rd != 0)
		emit(tr, TOP_LINK, i, 1, after, insn->rd, 0, 0, 0);
	if (tr->ended && i == tr->count - 1) {
		emit(tr, TOP_J, i, 1, tr->steps[i].pc + insn->imm, 0, 0, 0, 0);
		/* a LINK before it belongs to the same instruction: a slice cannot end between */
		tr->places[tr->used - 1].no_stop = insn->rd != 0;
		emit_exit(tr, i + 1);
	}
}

static bool fits(int64_t v)
{
	return v == (int32_t)v;
}

/* Does rd = rs1 rotated right come of these three? Both shifts, in either order, and their or. */
static bool emit_rotate(struct translation *tr, unsigned i)
{
	const struct insn *a = &tr->steps[i].insn, *b = a, *c;
	const struct insn *right, *left;
	unsigned bits;

	if (i + 3 > tr->count)
		return false;
	b = &tr->steps[i + 1].insn;
	c = &tr->steps[i + 2].insn;
	if (a->uop == UOP_SRLI || a->uop == UOP_SRLIW) {
		right = a;
		left = b;
	} else {
		right = b;
		left = a;
	}
	if (right->uop == UOP_SRLI && left->uop == UOP_SLLI)
		bits = 64;
	else if (right->uop == UOP_SRLIW && left->uop == UOP_SLLIW)
		bits = 32;
	else
		return false;
	if (left->rs1 != right->rs1 || (unsigned)(left->imm + right->imm) != bits ||
	    left->rd == right->rd || left->rd == 0 || right->rd == 0 || a->rd == b->rs1 ||
	    (c->uop != UOP_OR && c->uop != UOP_ADD && c->uop != UOP_XOR) || c->rd == 0)
		return false;
	if (bits == 32 && c->uop == UOP_ADD) /* the sum of two sign-extended words is not one */
		return false;
	if (!((c->rs1 == left->rd && c->rs2 == right->rd) ||
	      (c->rs1 == right->rd && c->rs2 == left->rd)))
		return false;
	emit(tr, bits == 64 ? TOP_ROTR : TOP_ROTRW, i, 3, right->imm, c->rd, a->rs1, right->rd,
	     left->rd);
	return true;
}

/* auipc and the load, or addi, that goes on from it. */
static unsigned emit_pc_relative(struct translation *tr, unsigned i)
{
	const struct insn *a = &tr->steps[i].insn, *b = NULL;
	int64_t base = (int64_t)tr->steps[i].pc + a->imm;

	if (!fits(base) || a->rd == 0) {
		emit(tr, TOP_SLOW, i, 1, 0, 0, 0, 0, 0);
		return 1;
	}
	if (i + 1 < tr->count)
		b = &tr->steps[i + 1].insn;
	if (b && b->uop == UOP_ADDI && b->rs1 == a->rd && b->rd == a->rd && fits(base + b->imm)) {
		emit(tr, TOP_LINK, i, 2, (int32_t)(base + b->imm), a->rd, 0, 0, 0);
		return 2;
	}
	emit(tr, TOP_LINK, i, 1, (int32_t)base, a->rd, 0, 0, 0);
	return 1;
}

/* The bits of fcsr that decide whether the host's arithmetic does for this rounding mode. */
static bool host_mask(const struct insn *insn, int32_t *mask)
{
	*mask = insn->rm == 7 ? 7 << 5 | SF_NX : SF_NX;
	return insn->rm == 7 || insn->rm == SF_RNE;
}

static void emit_float(struct translation *tr, unsigned i)
{
	const struct insn *insn = &tr->steps[i].insn;
	const struct uop_info *info = &isa_uops[insn->uop];
	unsigned top = same_row[insn->uop];
	int32_t mask = 0;

	if (info->flags & UF_RM) {
		bool host = host_mask(insn, &mask);

		if (insn->uop == UOP_FCVT_W_D && insn->rm == SF_RTZ)
			top = TOP_FCVT_W_D_RTZ;
		else if (insn->uop == UOP_FCVT_L_D && insn->rm == SF_RTZ)
			top = TOP_FCVT_L_D_RTZ;
		else if (!host)
			top = TOP_SLOW;
	}
	if (info->rd == UO_X && insn->rd == 0)
		top = TOP_SLOW;
	emit(tr, top, i, 1, mask, insn->rd, insn->rs1, insn->rs2, insn->rs3);
}

static unsigned emit_integer(struct translation *tr, unsigned i)
{
	const struct insn *insn = &tr->steps[i].insn;
	unsigned top = same_row[insn->uop];

	if (insn->uop == UOP_AUIPC)
		return emit_pc_relative(tr, i);
	if (insn->rd == 0)
		return 1; /* a hint */
	if (emit_rotate(tr, i))
		return 3;
	if (insn->uop == UOP_ADDI && insn->rs1 == 0)
		top = TOP_LUI;
	else if (insn->uop == UOP_ADDI && insn->imm == 0)
		top = TOP_MV;
	else if (insn->uop == UOP_ADD && insn->rs1 == 0) {
		emit(tr, TOP_MV, i, 1, 0, insn->rd, insn->rs2, 0, 0);
		return 1;
	}
	emit(tr, top, i, 1, insn->imm, insn->rd, insn->rs1, insn->rs2, 0);
	return 1;
}

/* Emits steps from i on; returns how many. */
static unsigned emit_some(struct translation *tr, unsigned i)
{
	const struct insn *insn = &tr->steps[i].insn;
	const struct uop_info *info = &isa_uops[insn->uop];

	switch (info->class) {
	case UC_ALU:
	case UC_MUL:
	case UC_DIV:
		return emit_integer(tr, i);
	case UC_LOAD:
		emit(tr, info->rd == UO_X && insn->rd == 0 ? TOP_TOUCH : same_row[insn->uop], i, 1,
		     insn->imm, insn->rd, insn->rs1, info->bytes, 0);
		break;
	case UC_STORE:
	case UC_LR:
	case UC_SC:
	case UC_AMO:
		emit(tr, same_row[insn->uop], i, 1, insn->imm, insn->rd, insn->rs1, insn->rs2, 0);
		break;
	case UC_BRANCH:
		emit_branch(tr, i);
		break;
	case UC_JUMP:
		emit_jump(tr, i);
		break;
	case UC_FP:
		emit_float(tr, i);
		break;
	case UC_CSR:
		emit(tr, insn->imm >= 1 && insn->imm <= 3 ? TOP_FCSR : TOP_SLOW, i, 1, insn->imm,
		     insn->rd, insn->rs1, insn->uop, 0);
		break;
	case UC_FENCE:
	case UC_FENCE_I:
		break; /* fetches are coherent as it is */
	default:
		emit(tr, TOP_SLOW, i, 1, 0, 0, 0, 0, 0);
	}
	return 1;
}

static unsigned pair_of(unsigned first, unsigned second)
{
	switch (first << 8 | second) {
#define PAIR(one, two)                                                                             \
	case TOP_##one << 8 | TOP_##two:                                                           \
		return TOP_##one##_##two;
#include "machine/threaded_pairs.def"
#undef PAIR
	default:
		return TOP_SLOW;
	}
}

/* Both slots stay as they are but for the first one's body: it does the second's work as well. */
static void join_pairs(struct translation *tr)
{
	for (unsigned i = 0; i + 1 < tr->used; i++) {
		unsigned pair = pair_of(tr->tops[i], tr->tops[i + 1]);

		if (pair == TOP_SLOW)
			continue;
		tr->slots[i].op.body = tr->t->bodies[pair];
		tr->places[++i].no_stop = true;
	}
}

struct block *threaded_translate(struct threaded *t, uint64_t pc, struct frame *frame)
{
	struct translation tr;
	struct block *block;
	size_t slots_bytes, places_bytes;

	tr.t = t;
	tr.pc = pc;
	tr.frame = frame;
	tr.count = 0;
	tr.lines = 0;
	tr.ended = false;
	tr.used = 0;
	gather(&tr);
	if (tr.count == 0)
		return NULL;
	for (unsigned i = 0; i < tr.count;)
		i += emit_some(&tr, i);
	if (!tr.ended) {
		emit(&tr, TOP_EXIT, tr.count, 0, tr.end, 0, 0, 0, 0);
		emit_exit(&tr, tr.count);
	}

	join_pairs(&tr);

	slots_bytes = tr.used * sizeof(union slot);
	places_bytes = tr.used * sizeof(struct place);
	block = malloc(sizeof(*block) + slots_bytes + places_bytes);
	if (!block)
		return NULL;
	block->pc = pc;
	block->frame = frame;
	block->len = (uint16_t)tr.count;
	block->slots = (uint16_t)tr.used;
	block->bytes = (uint32_t)(sizeof(*block) + slots_bytes + places_bytes);
	block->places = (struct place *)((uint8_t *)block->ops + slots_bytes);
	memcpy(block->ops, tr.slots, slots_bytes);
	memcpy(block->places, tr.places, places_bytes);
	frame->code_lines |= tr.lines;
	return block;
}
