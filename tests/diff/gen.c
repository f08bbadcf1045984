/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The generator's command line, see usage(); tools/run-diff calls it. Also owns the coverage file:
 * for each row how often it was executed, for each cell of the FP matrix the variants that were.
 */
#include "diff.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct coverage {
	uint64_t rows[INSN_COUNT];
	uint8_t cells[]; /* matrix_cells() */
};

static const char *const ids[INSN_COUNT] = {
	[INSN_INVALID] = "INVALID",
#define INSN(id, ...) [INSN_##id] = #id,
#include "isa/insn.def"
#undef INSN
};

static const char *const class_names[FP_CLASSES] = {
	"zero",     "least subnormal", "subnormal", "least normals", "middling",       "one",
	"few bits", "largest",         "infinity",  "quiet NaN",     "signalling NaN", "other box"};

static int usage(void)
{
	fprintf(stderr,
		"usage: diff-gen program FILE COVERAGE SEED FIRST COUNT PASSES [ONLY MARKS SPOIL]\n"
		"         writes COUNT sequences from number FIRST of the run as a program, adds "
		"to COVERAGE (- for none)\n"
		"       diff-gen explain SEED FIRST COUNT PASSES INDEX\n"
		"         prints sequence INDEX of that program\n"
		"       diff-gen known FILE\n"
		"         writes the known differences, prints for each: mnemonic, operand, result "
		"in x3, reason\n"
		"       diff-gen matrix\n"
		"         prints how many sequences one pass over the FP matrix takes\n"
		"       diff-gen coverage DEMAND VARIANTS COVERAGE...\n"
		"         prints the sum; fails where a row has less than DEMAND or a cell less "
		"than VARIANTS variants\n");
	return 2;
}

static uint64_t number(const char *text)
{
	return strtoull(text, NULL, 0);
}

static size_t coverage_bytes(void)
{
	return sizeof(struct coverage) + matrix_cells();
}

/* Adds what a coverage file holds; a missing one holds nothing. */
static bool add_file(struct coverage *sum, const char *path)
{
	struct coverage *one = malloc(coverage_bytes());
	FILE *file = fopen(path, "rb");
	bool ok = one && file && fread(one, coverage_bytes(), 1, file) == 1;

	for (unsigned i = 0; i < INSN_COUNT && ok; i++)
		sum->rows[i] += one->rows[i];
	for (unsigned i = 0; i < matrix_cells() && ok; i++)
		sum->cells[i] |= one->cells[i];
	if (file)
		fclose(file);
	free(one);
	return ok;
}

static int program(int argc, char **argv)
{
	struct request r = {.seed = number(argv[3]),
			    .first = number(argv[4]),
			    .count = (unsigned)number(argv[5]),
			    .passes = (unsigned)number(argv[6]),
			    .only = -1,
			    .spoil = -1};
	struct coverage *sum = calloc(1, coverage_bytes());
	FILE *file;
	int result;

	if (argc == 10) {
		r.only = atoi(argv[7]);
		r.marks = (unsigned)number(argv[8]);
		r.spoil = atoi(argv[9]);
	}
	if (!sum || !r.count)
		return 2;
	if (strcmp(argv[2], "-") != 0)
		add_file(sum, argv[2]);
	result = program_write(&r, argv[1], sum->rows, sum->cells);
	if (result == 0 && strcmp(argv[2], "-") != 0) {
		file = fopen(argv[2], "wb");
		result = !file || fwrite(sum, coverage_bytes(), 1, file) != 1 ? -1 : 0;
		if (file && fclose(file) != 0)
			result = -1;
	}
	free(sum);
	if (result != 0)
		fprintf(stderr, "diff-gen: cannot write %s: %s\n", argv[1], strerror(-result));
	return result != 0;
}

static int known(const char *path)
{
	struct request r = {.count = known_count(), .only = -1, .spoil = -1, .known = true};

	for (unsigned i = 0; i < known_count(); i++)
		known_print(i);
	return program_write(&r, path, NULL, NULL) != 0;
}

static int explain(char **argv)
{
	struct request r = {.seed = number(argv[1]),
			    .first = number(argv[2]),
			    .count = (unsigned)number(argv[3]),
			    .passes = (unsigned)number(argv[4]),
			    .only = -1,
			    .spoil = -1};
	struct sequence *s = malloc(sizeof(*s));
	unsigned at = 0, mark = 0;

	if (!s)
		return 2;
	program_sequence(&r, (unsigned)number(argv[5]), s, NULL);
	printf("window at %#" PRIx64 " in x%u, %u instructions (?: may be skipped)\n", s->window,
	       s->keeper, s->mark_count);
	while (at < s->body_bytes) {
		uint32_t word = 0;
		struct insn insn;
		char text[80];

		memcpy(&word, &s->body[at], s->body_bytes - at < 4 ? s->body_bytes - at : 4);
		isa_decode(word, &insn);
		isa_disassemble(&insn, s->pc + at, text, sizeof(text));
		for (char *tab = strchr(text, '\t'); tab; tab = NULL)
			*tab = ' ';
		if (mark < s->mark_count && s->marks[mark].at == at) {
			printf("%3u%c ", mark + 1, s->marks[mark].shadowed ? '?' : ' ');
			mark++;
		} else {
			printf("  -  ");
		}
		printf("%" PRIx64 ": %0*" PRIx32 "  %s\n", s->pc + at, insn.len * 2, insn.raw,
		       text);
		at += insn.len;
	}
	free(s);
	return 0;
}

static unsigned bits_set(unsigned v)
{
	return v ? (v & 1) + bits_set(v >> 1) : 0;
}

/* Prints the first cells that lack variants; returns how many do. */
static unsigned report_cells(const struct coverage *sum, unsigned demand)
{
	unsigned total = matrix_cells(), seen = 0, variants = 0, lacking = 0;

	for (unsigned i = 0; i < total; i++) {
		unsigned n = bits_set(sum->cells[i]);
		struct cell cell = matrix_cell(i);

		seen += n > 0;
		variants += n;
		if (n < demand && lacking++ < 5)
			printf("lacking: %s, mode %u, %s x %s: %u of %u variants\n",
			       isa_mnemonic(cell.row), cell.mode, class_names[cell.a],
			       class_names[cell.b], n, demand);
	}
	printf("FP matrix: %u of %u cells (row x rounding mode x pair of %u operand classes), %u "
	       "of %u with signs and "
	       "prior flag: %s\n",
	       seen, total, FP_CLASSES, variants, total * FP_VARIANTS,
	       seen == total ? "complete" : "not complete");
	return lacking;
}

static int coverage(int argc, char **argv)
{
	struct coverage *sum = calloc(1, coverage_bytes());
	uint64_t demand = number(argv[1]), least = UINT64_MAX, total = 0;
	unsigned lacking = 0, column = 0, rows = 0;

	if (!sum)
		return 2;
	for (int i = 3; i < argc; i++)
		add_file(sum, argv[i]);
	for (unsigned id = 1; id < INSN_COUNT; id++) {
		if (unit_excluded(id))
			continue;
		rows++;
		total += sum->rows[id];
		least = sum->rows[id] < least ? sum->rows[id] : least;
		lacking += sum->rows[id] < demand;
		printf("%-10s %7" PRIu64 "%s", ids[id], sum->rows[id],
		       ++column % 6 == 0 ? "\n" : "  ");
	}
	printf("%s", column % 6 ? "\n" : "");
	unit_print_excluded();
	lacking += report_cells(sum, (unsigned)number(argv[2]));
	printf("rows: %u, instructions: %" PRIu64 ", least of a row: %" PRIu64
	       ", demanded: %" PRIu64 "\n",
	       rows, total, least, demand);
	free(sum);
	return lacking != 0;
}

int main(int argc, char **argv)
{
	if ((argc == 8 || argc == 11) && strcmp(argv[1], "program") == 0)
		return program(argc - 1, argv + 1);
	if (argc == 7 && strcmp(argv[1], "explain") == 0)
		return explain(argv + 1);
	if (argc == 3 && strcmp(argv[1], "known") == 0)
		return known(argv[2]);
	if (argc == 2 && strcmp(argv[1], "matrix") == 0)
		return printf("%u\n", matrix_sequences()) < 0;
	if (argc >= 4 && strcmp(argv[1], "coverage") == 0)
		return coverage(argc - 1, argv + 1);
	return usage();
}
