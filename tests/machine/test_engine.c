/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What every engine must do, told in single instructions: faults, counts, LR/SC, CSRs, floats. */
#include "bare.h"

static const char *engine; /* set before each group */
static struct machine *machine;

static uint64_t fake_time(void *ctx, uint64_t retired)
{
	return retired * 3 + 1000;
}

static int setup(void **state)
{
	machine = bare_new(engine);
	return 0;
}

static int teardown(void **state)
{
	machine_free(machine);
	return 0;
}

static uint64_t x(unsigned index)
{
	return OPS->reg(machine, index);
}

static void set_x(unsigned index, uint64_t value)
{
	OPS->set_reg(machine, index, value);
}

static uint64_t pc(void)
{
	return OPS->reg(machine, TG_REG_PC);
}

#define PUT(...)                                                                                   \
	put(machine, CODE, (const uint32_t[]){__VA_ARGS__},                                        \
	    sizeof((const uint32_t[]){__VA_ARGS__}) / 4)

static void expect_fault(uint32_t cause, uint64_t tval, uint64_t at)
{
	uint64_t retired = OPS->retired(machine);
	struct machine_trap trap = run(machine, 1);

	assert_int_equal(trap.kind, MACHINE_FAULT);
	assert_int_equal(trap.cause, cause);
	assert_int_equal(trap.tval, tval);
	assert_int_equal(pc(), at);
	assert_int_equal(OPS->retired(machine), retired);
}

static void a_slice_ends_exactly_at_its_bound(void **state)
{
	PUT(code(INSN_ADDI, 5, 5, 0, 1), code(INSN_JAL, 0, 0, 0, -4));
	for (unsigned n = 0; n < 40; n++) {
		struct machine_trap trap = run(machine, n);

		assert_int_equal(trap.kind, MACHINE_SLICE_END);
		assert_int_equal(OPS->retired(machine), n * (n + 1) / 2);
		assert_int_equal(x(5), (OPS->retired(machine) + 1) / 2);
	}
}

static void a_bound_in_the_past_runs_nothing(void **state)
{
	struct machine_trap trap;

	PUT(code(INSN_ADDI, 5, 5, 0, 1), code(INSN_ADDI, 5, 5, 0, 1));
	run(machine, 2);
	machine_run(machine, 1, &trap);
	assert_int_equal(trap.kind, MACHINE_SLICE_END);
	assert_int_equal(OPS->retired(machine), 2);
}

static void an_ecall_is_counted_and_pc_stays_at_it(void **state)
{
	struct machine_trap trap;

	PUT(code(INSN_ADDI, 5, 0, 0, 1), code(INSN_ECALL, 0, 0, 0, 0));
	trap = run(machine, 100);
	assert_int_equal(trap.kind, MACHINE_ECALL);
	assert_int_equal(OPS->retired(machine), 2);
	assert_int_equal(pc(), CODE + 4);
	trap = run(machine, 1); /* a restarted call counts again */
	assert_int_equal(trap.kind, MACHINE_ECALL);
	assert_int_equal(OPS->retired(machine), 3);
}

static void an_ebreak_is_not_counted(void **state)
{
	PUT(code(INSN_EBREAK, 0, 0, 0, 0));
	expect_fault(TG_CAUSE_BREAKPOINT, CODE, CODE);
}

static void illegal_instructions_show_their_bits(void **state)
{
	PUT(0xffffffff);
	expect_fault(TG_CAUSE_ILLEGAL, 0xffffffff, CODE);
	PUT(0x12340000);
	expect_fault(TG_CAUSE_ILLEGAL, 0, CODE); /* 16 bits */
	PUT(0x10500073);                         /* wfi */
	expect_fault(TG_CAUSE_ILLEGAL, 0x10500073, CODE);
	PUT(0xc0001073); /* unimp: writes a counter */
	expect_fault(TG_CAUSE_ILLEGAL, 0xc0001073, CODE);
}

static void hints_and_fences_count(void **state)
{
	PUT(0x0100000f /* pause */, code(INSN_FENCE, 0, 0, 0, 0xff),
	    code(INSN_FENCE_I, 0, 0, 0, 0), code(INSN_LUI, 0, 0, 0, 0x1000));
	assert_int_equal(run(machine, 4).kind, MACHINE_SLICE_END);
	assert_int_equal(pc(), CODE + 16);
	assert_int_equal(x(0), 0);
}

static void wild_addresses_fault_with_all_64_bits(void **state)
{
	static const uint64_t wild[] = {0, 8, TG_ADDRESS_END, UINT64_C(1) << 63,
					UINT64_MAX - 7, DATA | UINT64_C(1) << 39,
					DATA | UINT64_C(1) << 63};

	PUT(code(INSN_LD, 5, 6, 0, 0), code(INSN_SD, 0, 6, 5, 0));
	for (unsigned i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
		set_x(6, wild[i]);
		set_x(5, 77);
		set_x(TG_REG_PC, CODE);
		expect_fault(TG_CAUSE_LOAD_PAGE, wild[i], CODE);
		assert_int_equal(x(5), 77);
		set_x(TG_REG_PC, CODE + 4);
		expect_fault(TG_CAUSE_STORE_PAGE, wild[i], CODE + 4);
		set_x(TG_REG_PC, wild[i]);
		expect_fault(TG_CAUSE_FETCH_PAGE, wild[i] & ~UINT64_C(1), wild[i] & ~UINT64_C(1));
	}
}

static void a_straddling_access_names_the_page_that_fails(void **state)
{
	uint64_t end = DATA + 4 * PAGE;

	PUT(code(INSN_LD, 5, 6, 0, 0), code(INSN_SD, 0, 6, 7, 0));
	poke(machine, end - 8, 0x1111111111111111);
	set_x(6, end - 3);
	set_x(7, UINT64_MAX);
	expect_fault(TG_CAUSE_LOAD_PAGE, end, CODE);
	set_x(TG_REG_PC, CODE + 4);
	expect_fault(TG_CAUSE_STORE_PAGE, end, CODE + 4);
	assert_int_equal(peek(machine, end - 8), 0x1111111111111111); /* no partial effect */
	set_x(6, DATA - 3);
	expect_fault(TG_CAUSE_STORE_PAGE, DATA - 3, CODE + 4);
	set_x(TG_REG_PC, CODE);
	expect_fault(TG_CAUSE_LOAD_PAGE, DATA - 3, CODE);
}

static void a_straddling_access_within_mappings_works(void **state)
{
	PUT(code(INSN_SD, 0, 6, 7, 0), code(INSN_LD, 5, 6, 0, 0));
	set_x(6, DATA + PAGE - 5);
	set_x(7, 0x8877665544332211);
	run(machine, 2);
	assert_int_equal(x(5), 0x8877665544332211);
	assert_int_equal(peek(machine, DATA + PAGE), 0x887766);
}

static void a_straddling_fetch_names_the_second_page(void **state)
{
	uint64_t at = CODE + 4 * PAGE - 2;
	uint16_t low = (uint16_t)code(INSN_ADDI, 5, 5, 0, 1);
	uint32_t word = code(INSN_ADDI, 5, 5, 0, 1);

	OPS->store(machine, SPACE, at, &low, 2);
	set_x(TG_REG_PC, at);
	expect_fault(TG_CAUSE_FETCH_PAGE, at + 2, at);
	assert_int_equal(OPS->map(machine, SPACE, at + 2, PAGE, RX | RW, 0, 0, 0), 0);
	OPS->store(machine, SPACE, at, &word, 4);
	run(machine, 1);
	assert_int_equal(x(5), 1);
	assert_int_equal(pc(), at + 4);
}

static void data_pages_do_not_execute(void **state)
{
	set_x(TG_REG_PC, DATA);
	expect_fault(TG_CAUSE_FETCH_PAGE, DATA, DATA);
}

static void an_odd_pc_loses_its_lowest_bit(void **state)
{
	PUT(code(INSN_ADDI, 5, 5, 0, 1));
	set_x(TG_REG_PC, CODE + 1);
	run(machine, 1);
	assert_int_equal(pc(), CODE + 4);
}

static void a_used_up_touch_budget_stops_the_store(void **state)
{
	OPS->map(machine, SPACE, 0x100000, 2 * PAGE, RW, 0, 0, TG_MAP_ON_TOUCH);
	OPS->set_touch_budget(machine, 1);
	PUT(code(INSN_SD, 0, 6, 7, 0));
	set_x(6, 0x100000 + PAGE - 4);
	set_x(7, UINT64_MAX);
	expect_fault(TG_CAUSE_MEMORY_LIMIT, 0x101000, CODE);
	OPS->set_touch_budget(machine, 2);
	run(machine, 1);
	assert_int_equal(peek(machine, 0x100000 + PAGE - 8), 0xffffffff00000000);
}

/* ---- jumps ---- */

static void jalr_reads_its_base_before_it_links(void **state)
{
	PUT(code(INSN_JALR, 5, 5, 0, 5));
	set_x(5, CODE + 12);
	run(machine, 1);
	assert_int_equal(pc(), CODE + 16);
	assert_int_equal(x(5), CODE + 4);
}

static void a_compressed_jalr_links_two_bytes_on(void **state)
{
	PUT(code(INSN_C_JALR, 1, 5, 0, 0));
	set_x(5, CODE + 100);
	run(machine, 1);
	assert_int_equal(pc(), CODE + 100);
	assert_int_equal(x(1), CODE + 2);
}

/* ---- LR and SC ---- */

static void sc_succeeds_after_lr_and_own_stores(void **state)
{
	PUT(code(INSN_LR_D, 5, 6, 0, 0), code(INSN_SD, 0, 6, 7, 0), code(INSN_SC_D, 8, 6, 9, 0),
	    code(INSN_SC_D, 10, 6, 9, 0));
	set_x(6, DATA);
	set_x(7, 1);
	set_x(9, 2);
	run(machine, 2);
	assert_true(OPS->reserved(machine));
	run(machine, 1);
	assert_int_equal(x(8), 0);
	assert_int_equal(peek(machine, DATA), 2);
	assert_false(OPS->reserved(machine));
	run(machine, 1);
	assert_int_equal(x(10), 1);
	assert_int_equal(OPS->retired(machine), 4); /* a failing one counts */
}

static void sc_of_another_width_or_address_fails_and_touches_nothing(void **state)
{
	PUT(code(INSN_LR_W, 5, 6, 0, 0), code(INSN_SC_D, 8, 6, 9, 0), code(INSN_LR_D, 5, 6, 0, 0),
	    code(INSN_SC_W, 10, 6, 9, 0), code(INSN_LR_W, 5, 6, 0, 0),
	    code(INSN_SC_W, 11, 7, 9, 0), code(INSN_SC_W, 12, 6, 9, 0));
	set_x(6, DATA);
	set_x(7, 0x123450000); /* not even mapped */
	set_x(9, 5);
	assert_int_equal(run(machine, 7).kind, MACHINE_SLICE_END);
	assert_int_equal(x(8), 1);
	assert_int_equal(x(10), 1);
	assert_int_equal(x(11), 1);
	assert_int_equal(x(12), 1); /* the mismatch has cleared it */
	assert_int_equal(peek(machine, DATA), 0);
}

static void misaligned_lr_sc_and_amo_fault_before_all_else(void **state)
{
	PUT(code(INSN_LR_W, 5, 6, 0, 0), code(INSN_SC_W, 5, 6, 7, 0),
	    code(INSN_AMOADD_D, 5, 6, 7, 0));
	set_x(6, DATA + 2);
	expect_fault(TG_CAUSE_LOAD_MISALIGNED, DATA + 2, CODE);
	set_x(TG_REG_PC, CODE + 4);
	expect_fault(TG_CAUSE_STORE_MISALIGNED, DATA + 2, CODE + 4);
	set_x(TG_REG_PC, CODE + 8);
	set_x(6, 3); /* unmapped, too: alignment first */
	expect_fault(TG_CAUSE_STORE_MISALIGNED, 3, CODE + 8);
}

static void traps_and_switches_lose_the_reservation(void **state)
{
	struct tg_regs regs;

	PUT(code(INSN_LR_D, 5, 6, 0, 0), code(INSN_ECALL, 0, 0, 0, 0), code(INSN_LD, 5, 0, 0, 0),
	    code(INSN_SC_D, 8, 6, 9, 0));
	set_x(6, DATA);
	run(machine, 1);
	assert_int_equal(machine_reservation(machine).addr, DATA);
	assert_int_equal(machine_reservation(machine).width, 8);
	run(machine, 1);
	assert_false(OPS->reserved(machine));
	set_x(TG_REG_PC, CODE);
	run(machine, 1);
	OPS->save(machine, &regs);
	assert_true(OPS->reserved(machine));
	OPS->restore(machine, &regs);
	assert_false(OPS->reserved(machine));
	set_x(TG_REG_PC, CODE);
	run(machine, 1);
	set_x(TG_REG_PC, CODE + 8);
	run(machine, 1); /* a load that faults */
	assert_false(OPS->reserved(machine));
	set_x(TG_REG_PC, CODE);
	run(machine, 1);
	assert_true(OPS->reserved(machine)); /* the end of a slice is no trap */
	set_x(TG_REG_PC, CODE + 12);
	run(machine, 1);
	assert_int_equal(x(8), 0);
}

static void sc_to_a_page_that_became_readonly_is_a_store_fault(void **state)
{
	PUT(code(INSN_LR_D, 5, 6, 0, 0), code(INSN_SC_D, 8, 6, 9, 0));
	set_x(6, DATA);
	run(machine, 1);
	OPS->protect(machine, SPACE, DATA, PAGE, TG_PROT_READ);
	expect_fault(TG_CAUSE_STORE_PAGE, DATA, CODE + 4);
	assert_false(OPS->reserved(machine));
}

static void an_amo_needs_a_writable_page(void **state)
{
	PUT(code(INSN_AMOADD_W, 5, 6, 7, 0));
	OPS->protect(machine, SPACE, DATA, PAGE, TG_PROT_READ);
	set_x(6, DATA);
	expect_fault(TG_CAUSE_STORE_PAGE, DATA, CODE);
	set_x(6, 0);
	expect_fault(TG_CAUSE_STORE_PAGE, 0, CODE);
}

static void an_amo_returns_the_old_value_sign_extended(void **state)
{
	PUT(code(INSN_AMOADD_W, 6, 6, 7, 0), code(INSN_AMOMAXU_W, 5, 8, 7, 0),
	    code(INSN_AMOSWAP_D, 0, 8, 7, 0));
	poke(machine, DATA, 0xffffffff80000000);
	set_x(6, DATA);
	set_x(7, 0xabcdef0180000001);
	set_x(8, DATA);
	run(machine, 1);
	assert_int_equal(x(6), 0xffffffff80000000);
	assert_int_equal(peek(machine, DATA), 0xffffffff00000001);
	run(machine, 1);
	assert_int_equal(x(5), 1);
	assert_int_equal(peek(machine, DATA), 0xffffffff80000001);
	run(machine, 1);
	assert_int_equal(peek(machine, DATA), 0xabcdef0180000001);
	assert_int_equal(x(0), 0);
}

/* ---- CSRs and floats ---- */

enum { FFLAGS = 1, FRM = 2, FCSR = 3, CYCLE = 0xc00, TIME = 0xc01, INSTRET = 0xc02 };

static void counters_show_the_count_before_the_instruction(void **state)
{
	PUT(code(INSN_ADDI, 0, 0, 0, 0), code(INSN_CSRRS, 5, 0, 0, CYCLE),
	    code(INSN_CSRRS, 6, 0, 0, INSTRET), code(INSN_CSRRS, 7, 0, 0, TIME));
	run(machine, 4);
	assert_int_equal(x(5), 1);
	assert_int_equal(x(6), 2);
	assert_int_equal(x(7), 3);
}

static void time_is_what_the_owner_says(void **state)
{
	struct machine *other;
	uint32_t word = code(INSN_CSRRS, 7, 0, 0, TIME);

	assert_int_equal(machine_new(&other, &(struct machine_config){.engine = engine,
								      .time = fake_time}), 0);
	OPS->space_create(other, SPACE);
	OPS->space_switch(other, SPACE);
	OPS->map(other, SPACE, CODE, PAGE, RX, 0, 0, 0);
	OPS->protect(other, SPACE, CODE, PAGE, RW);
	put(other, CODE, &word, 1);
	put(other, CODE + 4, &word, 1);
	OPS->protect(other, SPACE, CODE, PAGE, RX);
	OPS->set_reg(other, TG_REG_PC, CODE);
	run(other, 2);
	assert_int_equal(OPS->reg(other, 7), 1003);
	machine_free(other);
}

static void counters_cannot_be_written(void **state)
{
	uint32_t word = code(INSN_CSRRW, 5, 6, 0, INSTRET);

	PUT(word);
	expect_fault(TG_CAUSE_ILLEGAL, word, CODE);
	word = code(INSN_CSRRS, 5, 6, 0, INSTRET); /* x6 is 0, yet it is named */
	PUT(word);
	expect_fault(TG_CAUSE_ILLEGAL, word, CODE);
	word = code(INSN_CSRRCI, 5, 1, 0, INSTRET);
	PUT(word);
	expect_fault(TG_CAUSE_ILLEGAL, word, CODE);
	PUT(code(INSN_CSRRCI, 5, 0, 0, INSTRET));
	assert_int_equal(run(machine, 1).kind, MACHINE_SLICE_END);
}

static void other_csrs_are_illegal(void **state)
{
	static const uint16_t numbers[] = {0, 4, 8, 0x100, 0x300, 0xc03, 0xc20, 0xc80, 0xfff};

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		uint32_t word = code(INSN_CSRRS, 5, 0, 0, numbers[i]);

		PUT(word);
		set_x(TG_REG_PC, CODE);
		expect_fault(TG_CAUSE_ILLEGAL, word, CODE);
	}
}

static void fcsr_is_fflags_and_frm(void **state)
{
	PUT(code(INSN_CSRRW, 0, 6, 0, FCSR), code(INSN_CSRRWI, 5, 3, 0, FRM),
	    code(INSN_CSRRSI, 7, 1, 0, FFLAGS), code(INSN_CSRRC, 8, 6, 0, FCSR),
	    code(INSN_CSRRS, 9, 0, 0, FCSR));
	set_x(6, 0xfffffffffffff5e);
	run(machine, 5);
	assert_int_equal(x(5), 2);
	assert_int_equal(x(7), 0x1e);
	assert_int_equal(x(8), 0x7f);
	assert_int_equal(x(9), 0x21);
}

static uint32_t fp(unsigned id, unsigned rd, unsigned rs1, unsigned rs2, unsigned rm)
{
	struct insn insn = {.id = (uint16_t)id, .rd = (uint8_t)rd, .rs1 = (uint8_t)rs1,
			    .rs2 = (uint8_t)rs2, .rm = (uint8_t)rm};
	uint32_t word = 0;

	assert_true(isa_encode(&insn, &word) > 0);
	return word;
}

static void a_reserved_dynamic_rounding_mode_is_illegal(void **state)
{
	uint32_t words[] = {fp(INSN_FADD_D, 1, 2, 3, 7), fp(INSN_FCVT_D_W, 1, 5, 0, 7),
			    fp(INSN_FADD_D, 1, 2, 3, 0)};
	struct tg_regs regs;

	put(machine, CODE, words, 3);
	for (uint32_t frm = 5; frm < 8; frm++) {
		OPS->save(machine, &regs);
		regs.pc = CODE;
		regs.fcsr = frm << 5;
		OPS->restore(machine, &regs);
		expect_fault(TG_CAUSE_ILLEGAL, words[0], CODE);
		set_x(TG_REG_PC, CODE + 4);
		expect_fault(TG_CAUSE_ILLEGAL, words[1], CODE + 4);
		set_x(TG_REG_PC, CODE + 8);
		assert_int_equal(run(machine, 1).kind, MACHINE_SLICE_END);
	}
}

static void singles_are_boxed_and_what_is_not_is_a_nan(void **state)
{
	uint32_t words[] = {code(INSN_FLW, 1, 6, 0, 0), fp(INSN_FADD_S, 2, 1, 1, 0),
			    fp(INSN_FADD_S, 3, 4, 1, 0), fp(INSN_FSGNJ_S, 5, 4, 4, 0),
			    fp(INSN_FMV_X_W, 7, 4, 0, 0)};
	struct tg_regs regs;

	put(machine, CODE, words, 5);
	OPS->save(machine, &regs);
	regs.f[4] = 0x3f80000080000001; /* not boxed */
	OPS->restore(machine, &regs);
	poke(machine, DATA, 0x3f800000);
	set_x(6, DATA);
	run(machine, 5);
	OPS->save(machine, &regs);
	assert_int_equal(regs.f[1], 0xffffffff3f800000);
	assert_int_equal(regs.f[2], 0xffffffff40000000);
	assert_int_equal(regs.f[3], 0xffffffff7fc00000);
	assert_int_equal(regs.f[5], 0xffffffff7fc00000);
	assert_int_equal(regs.x[7], 0xffffffff80000001); /* moves take the bits as they are */
	assert_int_equal(regs.fcsr, 0);
}

static void flags_stick(void **state)
{
	uint32_t words[] = {fp(INSN_FDIV_D, 1, 2, 3, 0), fp(INSN_FDIV_D, 1, 2, 4, 0)};
	struct tg_regs regs;

	put(machine, CODE, words, 2);
	OPS->save(machine, &regs);
	regs.f[2] = 0x3ff0000000000000;
	regs.f[4] = 0x4008000000000000;
	OPS->restore(machine, &regs);
	run(machine, 2);
	OPS->save(machine, &regs);
	assert_int_equal(regs.f[1], 0x3fd5555555555555);
	assert_int_equal(regs.fcsr, 8 | 1);
}

/* ---- code that changes ---- */

static void a_store_into_the_next_instruction_takes_effect(void **state)
{
	PUT(code(INSN_SW, 0, 6, 7, 0), code(INSN_ADDI, 5, 0, 0, 1), code(INSN_JAL, 0, 0, 0, -8));
	set_x(6, CODE + 4);
	for (int i = 2; i < 50; i++) {
		set_x(7, code(INSN_ADDI, 5, 0, 0, i));
		run(machine, 3);
		assert_int_equal(x(5), i);
	}
}

static void a_store_through_an_alias_takes_effect(void **state)
{
	uint32_t words[] = {code(INSN_SW, 0, 6, 7, 0), code(INSN_ADDI, 5, 0, 0, 1),
			    code(INSN_JAL, 0, 0, 0, -8)};

	OPS->object_create(machine, 3, PAGE);
	OPS->object_write(machine, 3, 0, words, sizeof(words));
	OPS->map(machine, SPACE, 0x100000, PAGE, RX, 3, 0, 0);
	OPS->map(machine, SPACE, 0x200000, PAGE, RW, 3, 0, 0);
	set_x(TG_REG_PC, 0x100000);
	set_x(6, 0x200004);
	for (int i = 2; i < 50; i++) {
		set_x(7, code(INSN_ADDI, 5, 0, 0, i));
		run(machine, 3);
		assert_int_equal(x(5), i);
	}
	words[1] = code(INSN_ADDI, 5, 0, 0, 99);
	set_x(6, DATA);
	OPS->object_write(machine, 3, 0, words, sizeof(words)); /* the kernel's stores, too */
	run(machine, 3);
	assert_int_equal(x(5), 99);
}

static void a_new_mapping_of_code_takes_effect(void **state)
{
	PUT(code(INSN_ADDI, 5, 0, 0, 1), code(INSN_JAL, 0, 0, 0, -4));
	run(machine, 100);
	OPS->map(machine, SPACE, CODE, PAGE, RX | RW, 0, 0, 0);
	set_x(TG_REG_PC, CODE);
	expect_fault(TG_CAUSE_ILLEGAL, 0, CODE);
	PUT(code(INSN_ADDI, 5, 0, 0, 7), code(INSN_JAL, 0, 0, 0, -4));
	run(machine, 1);
	assert_int_equal(x(5), 7);
	OPS->protect(machine, SPACE, CODE, PAGE, RW);
	set_x(TG_REG_PC, CODE);
	expect_fault(TG_CAUSE_FETCH_PAGE, CODE, CODE);
}

static void a_clone_that_writes_its_code_does_not_change_the_others(void **state)
{
	uint32_t word = code(INSN_ADDI, 5, 0, 0, 2);

	PUT(code(INSN_ADDI, 5, 0, 0, 1), code(INSN_JAL, 0, 0, 0, -4));
	run(machine, 10);
	OPS->space_clone(machine, SPACE, 2);
	OPS->store(machine, 2, CODE, &word, 4);
	OPS->space_switch(machine, 2);
	run(machine, 2);
	assert_int_equal(x(5), 2);
	OPS->space_switch(machine, SPACE);
	run(machine, 2);
	assert_int_equal(x(5), 1);
	OPS->space_drop(machine, 2);
	run(machine, 2);
	assert_int_equal(x(5), 1);
}

static void loads_see_what_the_kernel_and_other_mappings_store(void **state)
{
	PUT(code(INSN_LD, 5, 6, 0, 0), code(INSN_SD, 0, 7, 8, 0), code(INSN_LD, 9, 6, 0, 0),
	    code(INSN_JAL, 0, 0, 0, -12));
	OPS->object_create(machine, 3, PAGE);
	OPS->map(machine, SPACE, 0x100000, PAGE, RW, 3, 0, 0);
	OPS->map(machine, SPACE, 0x200000, PAGE, RW, 3, 0, 0);
	set_x(6, 0x100000);
	set_x(7, 0x200000);
	for (uint64_t i = 1; i < 20; i++) { /* the first load is of a page without a frame */
		set_x(8, i);
		run(machine, 4);
		assert_int_equal(x(5), i - 1);
		assert_int_equal(x(9), i);
	}
	poke(machine, 0x200000, 1234);
	run(machine, 4);
	assert_int_equal(x(5), 1234);
}

static void a_load_sees_the_first_store_to_a_page(void **state)
{
	PUT(code(INSN_LD, 5, 6, 0, 0), code(INSN_SD, 0, 6, 7, 0), code(INSN_LD, 8, 6, 0, 0));
	set_x(6, DATA);
	set_x(7, 42);
	run(machine, 3);
	assert_int_equal(x(5), 0);
	assert_int_equal(x(8), 42);
}

static void a_load_sees_the_first_store_after_a_fork(void **state)
{
	PUT(code(INSN_LD, 5, 6, 0, 0), code(INSN_SD, 0, 6, 7, 0), code(INSN_LD, 8, 6, 0, 0));
	poke(machine, DATA, 1);
	OPS->space_clone(machine, SPACE, 2);
	set_x(6, DATA);
	set_x(7, 42);
	run(machine, 3);
	assert_int_equal(x(5), 1);
	assert_int_equal(x(8), 42);
	OPS->space_switch(machine, 2);
	assert_int_equal(OPS->load(machine, 2, DATA, &(uint64_t){0}, 8), 0);
	set_x(TG_REG_PC, CODE);
	run(machine, 1);
	assert_int_equal(x(5), 1);
}

static void code_written_between_two_calls_of_it_is_new_each_time(void **state)
{
	uint64_t there = CODE + 2 * PAGE; /* a page that is stored to before it ever ran */
	uint32_t ret = code(INSN_JALR, 0, 1, 0, 0);

	PUT(code(INSN_SW, 0, 6, 7, 0), code(INSN_SW, 0, 6, 8, 4), code(INSN_JALR, 1, 6, 0, 0),
	    code(INSN_JAL, 0, 0, 0, -12));
	set_x(6, there);
	set_x(8, ret);
	for (int i = 1; i < 30; i++) {
		set_x(7, code(INSN_ADDI, 5, 0, 0, i));
		run(machine, 6);
		assert_int_equal(pc(), CODE);
		assert_int_equal(x(5), i);
	}
}

static void a_store_over_a_hint_that_follows_takes_effect(void **state)
{
	PUT(code(INSN_SW, 0, 6, 7, 0), code(INSN_LUI, 0, 0, 0, 0x1000), code(INSN_ADDI, 8, 8, 0, 1));
	set_x(6, CODE + 4);
	set_x(7, code(INSN_ADDI, 5, 0, 0, 9));
	run(machine, 3);
	assert_int_equal(x(5), 9);
	assert_int_equal(x(8), 1);
}

static void a_block_that_faults_in_the_middle_counts_what_came_before(void **state)
{
	PUT(code(INSN_ADDI, 5, 5, 0, 1), code(INSN_LD, 9, 6, 0, 0), code(INSN_LD, 9, 7, 0, 0),
	    code(INSN_ADDI, 5, 5, 0, 1));
	set_x(6, DATA);
	assert_int_equal(run(machine, 100).kind, MACHINE_FAULT);
	assert_int_equal(OPS->retired(machine), 2);
	assert_int_equal(pc(), CODE + 8);
	assert_int_equal(x(5), 1);
}

static void dropping_the_space_leaves_nothing_to_fetch(void **state)
{
	PUT(code(INSN_ADDI, 5, 0, 0, 1), code(INSN_JAL, 0, 0, 0, -4));
	run(machine, 10);
	OPS->space_drop(machine, SPACE);
	expect_fault(TG_CAUSE_FETCH_PAGE, pc(), pc());
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_slice_ends_exactly_at_its_bound),
		T(a_bound_in_the_past_runs_nothing),
		T(an_ecall_is_counted_and_pc_stays_at_it),
		T(an_ebreak_is_not_counted),
		T(illegal_instructions_show_their_bits),
		T(hints_and_fences_count),
		T(wild_addresses_fault_with_all_64_bits),
		T(a_straddling_access_names_the_page_that_fails),
		T(a_straddling_access_within_mappings_works),
		T(a_straddling_fetch_names_the_second_page),
		T(data_pages_do_not_execute),
		T(an_odd_pc_loses_its_lowest_bit),
		T(a_used_up_touch_budget_stops_the_store),
		T(jalr_reads_its_base_before_it_links),
		T(a_compressed_jalr_links_two_bytes_on),
		T(sc_succeeds_after_lr_and_own_stores),
		T(sc_of_another_width_or_address_fails_and_touches_nothing),
		T(misaligned_lr_sc_and_amo_fault_before_all_else),
		T(traps_and_switches_lose_the_reservation),
		T(sc_to_a_page_that_became_readonly_is_a_store_fault),
		T(an_amo_needs_a_writable_page),
		T(an_amo_returns_the_old_value_sign_extended),
		T(counters_show_the_count_before_the_instruction),
		T(time_is_what_the_owner_says),
		T(counters_cannot_be_written),
		T(other_csrs_are_illegal),
		T(fcsr_is_fflags_and_frm),
		T(a_reserved_dynamic_rounding_mode_is_illegal),
		T(singles_are_boxed_and_what_is_not_is_a_nan),
		T(flags_stick),
		T(a_store_into_the_next_instruction_takes_effect),
		T(a_store_through_an_alias_takes_effect),
		T(a_new_mapping_of_code_takes_effect),
		T(a_clone_that_writes_its_code_does_not_change_the_others),
		T(loads_see_what_the_kernel_and_other_mappings_store),
		T(a_load_sees_the_first_store_to_a_page),
		T(a_load_sees_the_first_store_after_a_fork),
		T(code_written_between_two_calls_of_it_is_new_each_time),
		T(a_store_over_a_hint_that_follows_takes_effect),
		T(a_block_that_faults_in_the_middle_counts_what_came_before),
		T(dropping_the_space_leaves_nothing_to_fetch),
	};
	int failed = 0;

	for (unsigned i = 0; (engine = machine_engine_name(i)); i++)
		failed += cmocka_run_group_tests_name(engine, tests, NULL, NULL);
	return failed;
}
