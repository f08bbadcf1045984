/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Every engine against the truth on random programs: whole state at the end of slices of random
 * lengths, with stores into code by alias, mappings that change and forks in between. The first
 * argument is the number of programs, the second the seed of the first.
 */
#include <stdio.h>

#include "bare.h"

enum { OBJECT = 3, CODE_PAGES = 2, CODE_BYTES = CODE_PAGES * TG_PAGE_SIZE, SLICES = 60 };

#define ALIAS UINT64_C(0x80000)     /* the code's object again, writable */
#define READONLY UINT64_C(0x90000)
#define SHARED UINT64_C(0xa0000)    /* two mappings of one object */
#define SHARED_TOO UINT64_C(0xb0000)
#define FAR        (DATA + (UINT64_C(4) << 20)) /* may share a place with DATA in small tables */

static uint64_t seed;

static uint64_t next(void *ctx)
{
	uint64_t z = seed += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint64_t below(uint64_t n)
{
	return next(NULL) % n;
}

/* ---- programs ---- */

/* Mostly short distances, so that programs stay where there is code. */
static void tame(struct insn *insn)
{
	unsigned class = isa_uops[insn->uop].class;
	struct insn tamed = *insn;
	uint32_t word;

	if (class == UC_BRANCH || insn->uop == UOP_JAL)
		tamed.imm = (int32_t)below(128) * 2 - 100;
	else if (class == UC_LOAD || class == UC_STORE)
		tamed.imm = (int32_t)below(64) - (insn->len == 4 ? 16 : 0);
	if (isa_encode(&tamed, &word) > 0 && isa_decode(word, &tamed) && tamed.id == insn->id) {
		*insn = tamed;
		insn->raw = word;
	}
}

/* Sequences that an engine may take as one. */
static unsigned idiom(uint32_t words[3])
{
	unsigned a = 8 + (unsigned)below(4), b = 8 + (unsigned)below(4), c = 8 + (unsigned)below(4),
		 d = (unsigned)below(16);
	int32_t n = 1 + (int32_t)below(63), w = 1 + (int32_t)below(31);

	switch (below(5)) {
	case 0:
		words[0] = code(INSN_SLLI, a, b, 0, n);
		words[1] = code(INSN_SRLI, c, b, 0, below(8) ? 64 - n : n);
		words[2] = code(below(2) ? INSN_OR : INSN_XOR, d, a, c, 0);
		return 3;
	case 1:
		words[0] = code(INSN_SRLIW, a, b, 0, w);
		words[1] = code(INSN_SLLIW, c, b, 0, below(8) ? 32 - w : w);
		words[2] = code(below(2) ? INSN_OR : INSN_ADD, d, c, a, 0);
		return 3;
	case 2:
		words[0] = code(INSN_AUIPC, a, 0, 0, below(4) ? 0 : 0x10000);
		words[1] = code(below(2) ? INSN_ADDI : INSN_LD, below(4) ? a : d, a, 0, (int32_t)n);
		return 2;
	case 3:
		words[0] = code(INSN_LUI, a, 0, 0, 0x12345000);
		words[1] = code(below(2) ? INSN_ADDI : INSN_ADDIW, a, a, 0, n);
		return 2;
	default:
		words[0] = code(below(2) ? INSN_SLT : INSN_SLTU, a, b, c, 0);
		words[1] = code(below(2) ? INSN_BEQ : INSN_BNE, 0, a, 0, 8 + 4 * (int32_t)below(8));
		return 2;
	}
}

static void make_program(uint8_t bytes[CODE_BYTES])
{
	unsigned at = 0, common = (unsigned)below(3);

	while (at + 12 <= CODE_BYTES) {
		struct insn insn;
		uint32_t words[3];

		if (below(12) == 0) {
			unsigned n = idiom(words);

			memcpy(bytes + at, words, n * 4);
			at += n * 4;
			continue;
		}
		/* Some programs are mostly integers. */
		if (!isa_random(1 + (unsigned)below(common ? INSN_COUNT - 1 : INSN_REMUW), next, NULL,
				&insn))
			continue;
		if (isa_uops[insn.uop].class == UC_TRAP && below(8))
			continue;
		if (below(16))
			tame(&insn);
		memcpy(bytes + at, &insn.raw, insn.len);
		at += insn.len;
	}
	memset(bytes + at, 0, CODE_BYTES - at);
}

/* ---- two machines that must stay equal ---- */

static struct machine *both[2];
static const char *name;
static uint64_t program;

#define BOTH(call)                                                                                 \
	do {                                                                                       \
		for (unsigned k_ = 0; k_ < 2; k_++) {                                              \
			struct machine *m = both[k_];                                              \
			call;                                                                      \
		}                                                                                  \
	} while (0)

static uint64_t address(void)
{
	static const uint64_t bases[] = {DATA, DATA, DATA, DATA + PAGE, DATA + 4 * PAGE, ALIAS, ALIAS,
					 READONLY, SHARED, SHARED_TOO, CODE, 0, FAR, FAR};
	uint64_t base = bases[below(sizeof(bases) / sizeof(bases[0]))];

	if (below(4) == 0)
		return base + below(8) - 4;
	if (below(50) == 0)
		return base | UINT64_C(1) << (38 + below(26));
	return base + below(PAGE) / 8 * 8;
}

static uint64_t float_bits(void)
{
	static const uint64_t values[] = {0, UINT64_C(1) << 63, 0x3ff0000000000000, 0x7ff0000000000000,
					  0x7ff8000000000000, 0x7ff0000000000001, 0x0010000000000000,
					  0x000fffffffffffff, 0x7fefffffffffffff, 0xffffffff3f800000,
					  0xffffffff00800000, 0xffffffff7f7fffff, 0xffffffff7f800001};
	uint64_t r = next(NULL);

	switch (below(6)) {
	case 0:
		return values[below(sizeof(values) / sizeof(values[0]))];
	case 1:
		return r;
	case 2:
		return 0xffffffff00000000 | r;
	case 3: /* ordinary singles */
		return 0xffffffff00000000 | (r & 0x807fffff) | (0x70 + below(32)) << 23;
	default: /* ordinary doubles */
		return (r & 0x800fffffffffffff) | (0x3e0 + below(64)) << 52;
	}
}

static void new_registers(void)
{
	struct tg_regs regs;

	OPS->save(both[0], &regs);
	for (unsigned i = 1; i < 32; i++) {
		if (below(3) == 0)
			continue;
		regs.x[i] = below(4) ? address() : next(NULL) >> below(64);
		regs.f[i] = float_bits();
	}
	if (below(2))
		regs.fcsr = below(3) ? 1 : (uint32_t)below(256);
	regs.pc = CODE + below(CODE_BYTES);
	BOTH(OPS->restore(m, &regs));
}

static int hash_page(void *ctx, uint64_t addr, const uint8_t page[TG_PAGE_SIZE])
{
	uint64_t *hash = ctx, word;

	for (unsigned i = 0; i < TG_PAGE_SIZE; i += 8) {
		memcpy(&word, page + i, 8);
		*hash = (*hash ^ word ^ addr) * UINT64_C(0x100000001b3);
		*hash ^= *hash >> 29;
	}
	return 0;
}

static void compare(const struct machine_trap traps[2], uint32_t space, bool memory)
{
	struct tg_regs regs[2];
	struct machine_reservation held[2];
	uint64_t hash[2] = {0};

	for (unsigned k = 0; k < 2; k++) {
		OPS->save(both[k], &regs[k]);
		held[k] = machine_reservation(both[k]);
		if (memory)
			machine_visit_pages(both[k], space, hash_page, &hash[k]);
	}
	for (unsigned i = 0; i < 32; i++) {
		if (regs[0].x[i] != regs[1].x[i] || regs[0].f[i] != regs[1].f[i])
			fail_msg("%s, program %llu: x%u %llx, want %llx; f%u %llx, want %llx", name,
				 (unsigned long long)program, i, (unsigned long long)regs[1].x[i],
				 (unsigned long long)regs[0].x[i], i,
				 (unsigned long long)regs[1].f[i],
				 (unsigned long long)regs[0].f[i]);
	}
	if (regs[0].pc != regs[1].pc || OPS->retired(both[0]) != OPS->retired(both[1]) ||
	    regs[0].fcsr != regs[1].fcsr || traps[0].kind != traps[1].kind ||
	    traps[0].cause != traps[1].cause || traps[0].tval != traps[1].tval)
		fail_msg("%s, program %llu: pc %llx, want %llx; count %llu, want %llu; fcsr %x, want "
			 "%x; trap %u %u %llx, want %u %u %llx", name, (unsigned long long)program,
			 (unsigned long long)regs[1].pc, (unsigned long long)regs[0].pc,
			 (unsigned long long)OPS->retired(both[1]),
			 (unsigned long long)OPS->retired(both[0]), regs[1].fcsr, regs[0].fcsr,
			 traps[1].kind, traps[1].cause, (unsigned long long)traps[1].tval,
			 traps[0].kind, traps[0].cause, (unsigned long long)traps[0].tval);
	if (held[0].width != held[1].width || held[0].addr != held[1].addr)
		fail_msg("%s, program %llu: reservation differs", name, (unsigned long long)program);
	if (hash[0] != hash[1])
		fail_msg("%s, program %llu: memory differs", name, (unsigned long long)program);
}

/* Something that a kernel might do. Returns the space to go on in. */
static uint32_t meddle(uint32_t space, uint32_t *spaces)
{
	uint64_t addr = DATA + below(4) * PAGE, word = next(NULL);
	uint64_t where = CODE + below(CODE_BYTES) / 4 * 4;
	bool often = below(3);

	switch (below(12)) {
	case 0:
		BOTH(OPS->store(m, space, addr + 8, &word, 8));
		break;
	case 1:
		BOTH(OPS->discard(m, space, addr, PAGE));
		break;
	case 2:
		word = code(INSN_ADDI, (unsigned)below(32), (unsigned)below(32), 0, 1);
		BOTH(OPS->object_write(m, OBJECT, where - CODE, &word, 4));
		break;
	case 3:
		BOTH(OPS->protect(m, space, addr, PAGE, often ? RW : TG_PROT_READ));
		break;
	case 4:
		BOTH(OPS->map(m, space, CODE, CODE_BYTES, RX, OBJECT, 0, 0));
		break;
	case 5: /* private code: stores through the alias stop showing once it is written */
		BOTH(OPS->map(m, space, CODE, CODE_BYTES, RX | RW, OBJECT, 0, TG_MAP_PRIVATE));
		break;
	case 6:
		if (*spaces < 6) {
			BOTH(assert_int_equal(OPS->space_clone(m, space, *spaces + 1), 0));
			++*spaces;
			space = *spaces;
			BOTH(OPS->space_switch(m, space));
		}
		break;
	case 7:
		space = 1 + (uint32_t)below(*spaces);
		BOTH(OPS->space_switch(m, space));
		break;
	case 8:
		BOTH(OPS->unmap(m, space, SHARED_TOO, PAGE));
		break;
	case 9:
		BOTH(OPS->map(m, space, SHARED_TOO, PAGE, RW, OBJECT + 1, 0, 0));
		break;
	case 10:
		BOTH(OPS->protect(m, space, CODE, PAGE, often ? RX : TG_PROT_READ));
		break;
	default:
		BOTH(OPS->map(m, space, CODE + CODE_BYTES, PAGE, RX, OBJECT, 0, 0));
	}
	return space;
}

static void run_program(const char *engine)
{
	static uint8_t bytes[CODE_BYTES];
	uint32_t space = SPACE, spaces = 1;

	seed = program * 0x2545f4914f6cdd1d + 1;
	make_program(bytes);
	both[0] = bare_new(machine_engine_name(0));
	both[1] = bare_new(engine);
	BOTH(OPS->object_create(m, OBJECT, CODE_BYTES));
	BOTH(OPS->object_write(m, OBJECT, 0, bytes, CODE_BYTES));
	BOTH(OPS->object_create(m, OBJECT + 1, PAGE));
	BOTH(OPS->unmap(m, SPACE, CODE, 4 * PAGE));
	BOTH(OPS->map(m, SPACE, CODE, CODE_BYTES, RX, OBJECT, 0, 0));
	BOTH(OPS->map(m, SPACE, ALIAS, CODE_BYTES, RW, OBJECT, 0, 0));
	BOTH(OPS->map(m, SPACE, READONLY, PAGE, TG_PROT_READ, 0, 0, 0));
	BOTH(OPS->map(m, SPACE, FAR, PAGE, RW, 0, 0, 0));
	BOTH(OPS->map(m, SPACE, SHARED, PAGE, RW, OBJECT + 1, 0, 0));
	BOTH(OPS->map(m, SPACE, SHARED_TOO, PAGE, RW, OBJECT + 1, 0, 0));
	new_registers();
	for (unsigned i = 0; i < SLICES; i++) {
		uint64_t until = OPS->retired(both[0]) + (below(4) ? below(300) : below(4));
		struct machine_trap traps[2];

		machine_run(both[0], until, &traps[0]);
		machine_run(both[1], until, &traps[1]);
		compare(traps, space, i % 8 == 7 || i == SLICES - 1);
		if (traps[0].kind != MACHINE_SLICE_END) {
			/* On behind it mostly, as a kernel that has dealt with it would. */
			uint64_t pc = OPS->reg(both[0], TG_REG_PC) + 2 + 2 * below(2);

			if (pc - CODE < CODE_BYTES && below(3)) {
				uint64_t fresh = address();
				unsigned reg = 1 + (unsigned)below(31);

				BOTH(OPS->set_reg(m, TG_REG_PC, pc));
				BOTH(OPS->set_reg(m, reg, fresh));
			} else {
				new_registers();
			}
		}
		if (below(10) == 0)
			space = meddle(space, &spaces);
	}
	BOTH(machine_free(m));
}

static unsigned long programs = 6000, first = 1;

static void engines_agree_with_the_truth_on_random_programs(void **state)
{
	for (unsigned i = 1; (name = machine_engine_name(i)); i++) {
		for (program = first; program < first + programs; program++)
			run_program(name);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(engines_agree_with_the_truth_on_random_programs),
	};

	if (argc > 1)
		programs = strtoul(argv[1], NULL, 0);
	if (argc > 2)
		first = strtoul(argv[2], NULL, 0);
	return cmocka_run_group_tests_name("lockstep", tests, NULL, NULL);
}
