/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Build tool: writes decode_table.h (see decode.c) from insn.def. For each major opcode it tries
 * the bit fields that encodings use to tell instructions apart and takes the one with the least
 * expected number of rows to look at.
 */
#include "isa/isa.h"

#include <stdio.h>

struct row {
	uint32_t match, mask;
};

static const struct row rows[INSN_COUNT] = {
	[INSN_INVALID] = {1, 0},
#define INSN(id, mnemonic, match, mask, ...) [INSN_##id] = {match, mask},
#include "isa/insn.def"
#undef INSN
};

static const struct field {
	unsigned shift, width;
} fields[] = {{0, 0}, {12, 3}, {13, 3}, {25, 2}, {25, 7}, {27, 5}, {10, 6}};

enum { KEYS = 35, FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* The major opcode's own bits, as decode.c's key_of chooses them. */
static struct row key_pattern(unsigned key)
{
	if (key < 32)
		return (struct row){key << 2 | 3, 0x7f};
	return (struct row){key - 32, 3};
}

static int may_match(const struct row *row, struct row key, const struct field *f, uint32_t value)
{
	uint32_t mask = key.mask | ((1u << f->width) - 1) << f->shift;
	uint32_t match = key.match | value << f->shift;

	return ((row->match ^ match) & row->mask & mask) == 0;
}

/* A bucket with n rows costs about (n + 1) / 2 looks; squares make long ones count. */
static unsigned long cost(struct row key, const struct field *f)
{
	unsigned long sum = 0;

	for (uint32_t v = 0; v < 1u << f->width; v++) {
		unsigned long n = 0;

		for (unsigned id = 1; id < INSN_COUNT; id++)
			n += may_match(&rows[id], key, f, v);
		sum += n * n;
	}
	return sum * 1024 >> f->width;
}

static const struct field *best_field(unsigned key)
{
	const struct field *best = &fields[0];

	for (unsigned i = 1; i < FIELDS; i++) {
		if (key >= 32 && fields[i].shift + fields[i].width > 16)
			continue;
		if (cost(key_pattern(key), &fields[i]) < cost(key_pattern(key), best))
			best = &fields[i];
	}
	return best;
}

int main(int argc, char **argv)
{
	const struct field *chosen[KEYS];
	unsigned first = 0;
	FILE *out = argc == 2 ? fopen(argv[1], "w") : NULL;

	if (!out) {
		fprintf(stderr, "usage: gen-decode OUTPUT\n");
		return 1;
	}
	fprintf(out, "/* Generated from insn.def by gen-decode. */\n");
	fprintf(out, "static const struct key keys[%d] = {\n", KEYS);
	for (unsigned k = 0; k < KEYS; k++) {
		chosen[k] = best_field(k);
		fprintf(out, "\t{%u, %u, %u},\n", chosen[k]->shift, chosen[k]->width, first);
		first += 1u << chosen[k]->width;
	}
	fprintf(out, "};\n\nstatic const struct bucket buckets[] = {\n");
	first = 0;
	for (unsigned k = 0; k < KEYS; k++) {
		for (uint32_t v = 0; v < 1u << chosen[k]->width; v++) {
			unsigned n = 0;

			for (unsigned id = 1; id < INSN_COUNT; id++)
				n += may_match(&rows[id], key_pattern(k), chosen[k], v);
			fprintf(out, "\t{%u, %u},\n", first, n);
			first += n;
		}
	}
	fprintf(out, "};\n\nstatic const uint16_t candidates[] = {\n");
	for (unsigned k = 0; k < KEYS; k++)
		for (uint32_t v = 0; v < 1u << chosen[k]->width; v++)
			for (unsigned id = 1; id < INSN_COUNT; id++)
				if (may_match(&rows[id], key_pattern(k), chosen[k], v))
					fprintf(out, "\t%u,\n", id);
	fprintf(out, "};\n");
	if (fclose(out) != 0) {
		fprintf(stderr, "gen-decode: cannot write %s\n", argv[1]);
		return 1;
	}
	return 0;
}
