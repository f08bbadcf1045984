/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A bare machine for tests: one space, code at CODE, zeroed data at DATA, instructions made by the
 * instruction table's own encoder.
 */
#ifndef TOLLGATE_TESTS_BARE_H
#define TOLLGATE_TESTS_BARE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "isa/isa.h"
#include "machine/machine.h"

#define CODE UINT64_C(0x10000)
#define DATA UINT64_C(0x20000)
#define PAGE UINT64_C(4096)
enum { SPACE = 1, RW = TG_PROT_READ | TG_PROT_WRITE, RX = TG_PROT_READ | TG_PROT_EXEC };

#define OPS (&machine_ops)

static inline struct machine *bare_new(const char *engine)
{
	struct machine *machine = NULL;

	assert_int_equal(machine_new(&machine, &(struct machine_config){.engine = engine}), 0);
	assert_int_equal(OPS->space_create(machine, SPACE), 0);
	OPS->space_switch(machine, SPACE);
	assert_int_equal(OPS->map(machine, SPACE, CODE, 4 * PAGE, RX | RW, 0, 0, 0), 0);
	assert_int_equal(OPS->map(machine, SPACE, DATA, 4 * PAGE, RW, 0, 0, 0), 0);
	OPS->set_reg(machine, TG_REG_PC, CODE);
	return machine;
}

/* The word of an instruction; fields that its format lacks are ignored. */
static inline uint32_t code(unsigned id, unsigned rd, unsigned rs1, unsigned rs2, int32_t imm)
{
	struct insn insn = {.id = (uint16_t)id, .rd = (uint8_t)rd, .rs1 = (uint8_t)rs1,
			    .rs2 = (uint8_t)rs2, .imm = imm};
	uint32_t word = 0;

	assert_true(isa_encode(&insn, &word) > 0);
	return word;
}

static inline void put(struct machine *machine, uint64_t addr, const uint32_t *words, size_t n)
{
	assert_int_equal(OPS->store(machine, SPACE, addr, words, n * 4), 0);
}

static inline uint64_t peek(struct machine *machine, uint64_t addr)
{
	uint64_t value = 0;

	assert_int_equal(OPS->load(machine, SPACE, addr, &value, 8), 0);
	return value;
}

static inline void poke(struct machine *machine, uint64_t addr, uint64_t value)
{
	assert_int_equal(OPS->store(machine, SPACE, addr, &value, 8), 0);
}

static inline struct machine_trap run(struct machine *machine, uint64_t count)
{
	struct machine_trap trap;

	machine_run(machine, OPS->retired(machine) + count, &trap);
	return trap;
}

#endif
