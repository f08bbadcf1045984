/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Random programs that any RV64GC + Zba + Zbb + Zbs Linux machine must run alike. A program holds
 * many sequences; each loads a state, executes up to SEQ_INSNS instructions and writes the state it
 * ends with to standard output. Refuses to know who runs the program and what the right result is.
 */
#ifndef TOLLGATE_DIFF_H
#define TOLLGATE_DIFF_H

#include "isa/table.h"

#include <stdio.h>

enum {
	SEQ_INSNS = 40,
	ROUNDS = 2, /* over all sequences of a program, the second from the states that the first
		       left */
	SLOT_BYTES = 1024, /* of text per sequence: load, body, store, write */
	BODY_BYTES = 440,
	WINDOW_BYTES = 256,
	MARKS = 160,
	FP_CLASSES = 12,
	FP_MODES = 10,   /* five static rounding modes, five dynamic ones */
	FP_VARIANTS = 8, /* sign of each of two operands, inexact flag set before or not */
	CSR_FFLAGS = 1,
	CSR_FRM = 2,
	CSR_FCSR = 3,
};

#define TEXT_VADDR UINT64_C(0x10000)
#define FIRST_SLOT \
	(TEXT_VADDR + 700) /* every fourth body crosses a page, often within an instruction */
#define DATA_VADDR UINT64_C(0x04000080) /* some windows cross a page */

/* What a sequence starts from, and what the program writes after it: little-endian, as in the
 * guest's memory. */
struct block {
	uint64_t x[31]; /* x1 to x31 */
	uint64_t fcsr;
	uint64_t f[32];
	uint8_t window[WINDOW_BYTES];
};
_Static_assert(sizeof(struct block) == 768, "tools/run-diff reads these");

/* An instruction of the body. Those that a branch may skip are shadowed and count for no coverage.
 */
struct mark {
	uint16_t at, id;
	bool shadowed;
};

struct sequence {
	uint64_t random;
	uint64_t pc, window; /* guest addresses of the body and of the block's window */
	struct block block;
	uint8_t body[BODY_BYTES];
	struct mark marks[MARKS];
	unsigned body_bytes, mark_count, shadows, depth;
	unsigned keeper; /* the register that holds the window's address all along */
	uint32_t keep;   /* registers that may not be written now, keeper's bit among them */
	unsigned target; /* instructions wanted */
};

/* random.c: chance and the values that matter */
uint64_t diff_random(void *state);
unsigned diff_below(struct sequence *s, unsigned n);
uint64_t diff_integer(struct sequence *s, unsigned class);
uint64_t diff_float(struct sequence *s, bool wide, unsigned class, unsigned sign);
uint64_t diff_limit(bool wide, unsigned place, unsigned distance, unsigned sign);
uint64_t diff_narrowed(unsigned place, unsigned distance, unsigned sign);
void diff_fill(struct sequence *s);

/* emit.c: instructions into a body; false when one cannot be encoded or there is no room */
bool emit_insn(struct sequence *s, const struct insn *insn);
bool emit(struct sequence *s, unsigned id, unsigned rd, unsigned rs1, unsigned rs2, int64_t imm);
bool emit_patch(struct sequence *s, unsigned at, const struct insn *insn);
bool emit_address(struct sequence *s, unsigned reg, uint64_t value);
uint64_t emit_pc(const struct sequence *s);
void split_offset(int64_t offset, int32_t *high, int32_t *low);

/* units.c: one or a few instructions that make sense together, drawn for a row */
const char *unit_excluded(unsigned id);
void unit_print_excluded(void);
bool unit_for_row(struct sequence *s, unsigned id);
void unit_fill(struct sequence *s);

/* matrix.c: each FP row x rounding mode x pair of operand classes */
struct cell {
	uint16_t row;
	uint8_t mode, a, b;
};
unsigned matrix_cells(void);
unsigned matrix_sequences(void); /* for all cells once */
struct cell matrix_cell(unsigned index);
void matrix_fill(struct sequence *s, unsigned index, int variant, uint8_t *covered);

/* known.c: where the oracle is wrong */
unsigned known_count(void);
void known_fill(struct sequence *s, unsigned index);
void known_print(unsigned index);
bool known_avoid(struct sequence *s, const struct insn *insn);

/* program.c: the ELF file */
struct request {
	uint64_t seed, first; /* number of the first sequence in the whole run */
	unsigned count;
	unsigned passes; /* over the matrix, before the random sequences */
	int only;        /* index in this program of the one that runs; -1: all */
	unsigned marks;  /* with only: instructions of it to keep; 0: all */
	bool known;      /* the known differences instead */
	int spoil;       /* index of a sequence that gets one more instruction; -1: none */
};
void program_sequence(const struct request *r, unsigned index, struct sequence *s,
		      uint8_t *covered);
int program_write(const struct request *r, const char *path, uint64_t *rows, uint8_t *covered);

#endif
