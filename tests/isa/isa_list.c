/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Prints what this room believes, one instruction a line, for check-binutils to compare:
 *
 *   random N   id, format, word, text of N random instructions of each row
 *   half       the same for each 16-bit word
 *   word N     the same for N 32-bit words: every opcode, funct3 and funct7 with random rest
 *
 * Illegal words have id INVALID. Each instruction is taken to be at the address 0x10000.
 */
#include "isa/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test_random.h"

static const char *const ids[INSN_COUNT] = {
	[INSN_INVALID] = "INVALID",
#define INSN(id, ...) [INSN_##id] = #id,
#include "isa/insn.def"
#undef INSN
};

static const char *const formats[FMT_COUNT] = {
#define FORMAT(name, ...) [FMT_##name] = #name,
#include "isa/format.def"
#undef FORMAT
};

static void print_insn(const struct insn *insn)
{
	char text[80];

	isa_disassemble(insn, 0x10000, text, sizeof(text));
	printf("%s %s %u %08" PRIx32 " %s\n", ids[insn->id],
	       insn->id ? formats[isa_rows[insn->id].format] : "-", insn->len, insn->raw, text);
}

static void print_word(uint32_t word)
{
	struct insn insn;

	isa_decode(word, &insn);
	print_insn(&insn);
}

static int list_random(unsigned long n, uint64_t *state)
{
	for (unsigned id = 1; id < INSN_COUNT; id++) {
		for (unsigned long i = 0; i < n; i++) {
			struct insn insn;

			if (!isa_random(id, test_random, state, &insn))
				return 1;
			print_insn(&insn);
		}
	}
	return 0;
}

/*
 * Every major opcode, funct3 and funct7; where bits 24..20 choose too, all of those. Not the
 * opcodes that announce a longer instruction: the assembler does not take them as 4 bytes.
 */
static void list_words(unsigned long n, uint64_t *state)
{
	for (uint32_t op = 0; op < 32; op++) {
		/* op-imm, op-imm-32, amo, op-fp, system */
		bool wide = op == 0x04 || op == 0x06 || op == 0x0b || op == 0x14 || op == 0x1c;

		if ((op & 7) == 7)
			continue;
		for (uint32_t i = 0; i < 8 * 128; i++) {
			uint32_t fixed = op << 2 | 3 | (i & 7) << 12 | i >> 3 << 25;

			for (unsigned long k = 0; k < (wide ? 32 : n); k++) {
				uint32_t rest = (uint32_t)test_random(state) & 0x01ff8f80;

				if (wide)
					rest = (rest & ~0x01f00000u) | (uint32_t)k << 20;
				print_word(fixed | rest);
			}
		}
	}
	/* What is legal with exactly these bits only, and its neighbours. */
	for (uint32_t bit = 0; bit < 32; bit++) {
		static const uint32_t system[] = {0x00000073, 0x00100073, 0x10500073, 0x30200073,
						  0x10200073, 0x00200073, 0x12000073, 0xc0001073,
						  0x0100000f, 0x8330000f, 0x0ff0000f, 0x0000100f};

		for (unsigned i = 0; i < sizeof(system) / sizeof(system[0]); i++) {
			if (bit == 0)
				print_word(system[i]);
			else if (bit >= 7)
				print_word(system[i] ^ 1u << bit);
		}
	}
}

int main(int argc, char **argv)
{
	uint64_t state = 0x746f6c6c67617465;
	unsigned long n = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;

	if (argc > 1 && !strcmp(argv[1], "random"))
		return list_random(n, &state);
	if (argc > 1 && !strcmp(argv[1], "half")) {
		for (uint32_t w = 0; w < 0x10000; w++)
			if ((w & 3) != 3)
				print_word(w);
		return 0;
	}
	if (argc > 1 && !strcmp(argv[1], "word")) {
		list_words(n, &state);
		return 0;
	}
	fprintf(stderr, "usage: isa_list random N | half | word N\n");
	return 2;
}
