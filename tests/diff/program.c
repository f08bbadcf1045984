/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Sequences as an ELF program, made without an assembler. Text: a start, then one slot per
 * sequence; a slot loads its block, holds the body, stores the block and writes it to descriptor 1.
 * Data: the blocks, and how many rounds are left.
 */
#include "diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "abi/elf64.h"

enum { SYS_WRITE = 64, SYS_EXIT_GROUP = 94, A0 = 10, A1 = 11, A2 = 12, A7 = 17, PAGE = 4096 };

#define OFFSET(member) \
	((int64_t)offsetof(struct block, member) - (int64_t)offsetof(struct block, window))

/* Text is emitted through a sequence record of its own, a piece at a time. */
static unsigned take(struct sequence *from, uint8_t *to)
{
	memcpy(to, from->body, from->body_bytes);
	return from->body_bytes;
}

static unsigned scratch_register(unsigned keeper)
{
	return keeper == 5 ? 6 : 5;
}

/* x registers last, as one of them carries fcsr before. */
static unsigned write_load(const struct sequence *s, uint64_t pc, uint8_t *to)
{
	unsigned keeper = s->keeper, scratch = scratch_register(keeper);
	struct sequence e = {.pc = pc};

	emit_address(&e, keeper, s->window);
	emit(&e, INSN_LD, scratch, keeper, 0, OFFSET(fcsr));
	emit(&e, INSN_CSRRW, 0, scratch, 0, CSR_FCSR);
	for (unsigned i = 0; i < 32; i++)
		emit(&e, INSN_FLD, i, keeper, 0, OFFSET(f) + 8 * i);
	for (unsigned i = 1; i < 32; i++) {
		if (i != keeper)
			emit(&e, INSN_LD, i, keeper, 0, OFFSET(x) + 8 * (i - 1));
	}
	return take(&e, to);
}

static unsigned write_store(const struct sequence *s, uint64_t pc, uint64_t next, uint8_t *to)
{
	unsigned keeper = s->keeper, scratch = scratch_register(keeper);
	struct sequence e = {.pc = pc};

	for (unsigned i = 1; i < 32; i++)
		emit(&e, INSN_SD, 0, keeper, i, OFFSET(x) + 8 * (i - 1));
	emit(&e, INSN_CSRRS, scratch, 0, 0, CSR_FCSR);
	emit(&e, INSN_SD, 0, keeper, scratch, OFFSET(fcsr));
	for (unsigned i = 0; i < 32; i++)
		emit(&e, INSN_FSD, 0, keeper, i, OFFSET(f) + 8 * i);
	emit(&e, INSN_ADDI, A1, keeper, 0, OFFSET(x));
	emit(&e, INSN_ADDI, A0, 0, 0, 1);
	emit(&e, INSN_ADDI, A2, 0, 0, sizeof(struct block));
	emit(&e, INSN_ADDI, A7, 0, 0, SYS_WRITE);
	emit(&e, INSN_ECALL, 0, 0, 0, 0);
	emit_address(&e, A0, next);
	emit(&e, INSN_JALR, 0, A0, 0, 0);
	return take(&e, to);
}

static unsigned choose_keeper(struct sequence *s)
{
	switch (diff_below(s, 4)) {
	case 0:
		return 2;
	case 1:
		return 8 + diff_below(s, 8);
	default:
		return 1 + diff_below(s, 31);
	}
}

/* Where number `first + index` of the whole run is in this program, and what it is. covered may be
 * NULL. */
void program_sequence(const struct request *r, unsigned index, struct sequence *s, uint8_t *covered)
{
	uint64_t number = r->first + index, per_pass = matrix_sequences();
	bool systematic = r->known || number < per_pass * r->passes;
	uint64_t slot = FIRST_SLOT + (uint64_t)index * SLOT_BYTES;
	uint8_t load[SLOT_BYTES];

	memset(s, 0, sizeof(*s));
	s->random = r->seed ^ number * UINT64_C(0xd6e8feb86659fd93);
	diff_random(&s->random);
	s->keeper = systematic ? 1 : choose_keeper(s);
	s->keep = UINT32_C(1) << s->keeper;
	s->window = DATA_VADDR + (uint64_t)index * sizeof(struct block) +
		    offsetof(struct block, window);
	s->pc = slot + write_load(s, slot, load);
	diff_fill(s);
	if (r->known)
		known_fill(s, index);
	else if (systematic)
		matrix_fill(s, (unsigned)(number % per_pass),
			    r->passes == FP_VARIANTS ? (int)(number / per_pass) : -1, covered);
	else
		unit_fill(s);
	if ((int)index == r->only && r->marks && r->marks < s->mark_count) {
		s->body_bytes = s->marks[r->marks].at;
		s->mark_count = r->marks;
	}
	if ((int)index == r->spoil)
		emit(s, INSN_XORI, scratch_register(s->keeper), scratch_register(s->keeper), 0, 1);
}

static uint64_t after(const struct request *r, unsigned index)
{
	unsigned next = r->only >= 0 ? r->count : index + 1;

	return FIRST_SLOT + (uint64_t)next * SLOT_BYTES;
}

static void fill_slot(const struct request *r, unsigned index, const struct sequence *s,
		      uint8_t *to)
{
	uint64_t slot = FIRST_SLOT + (uint64_t)index * SLOT_BYTES;
	unsigned n = write_load(s, slot, to);

	memcpy(to + n, s->body, s->body_bytes);
	n += s->body_bytes;
	write_store(s, slot + n, after(r, index), to + n);
}

/* The rounds still to go stand behind the blocks. */
static uint64_t counter_address(const struct request *r)
{
	return DATA_VADDR + r->count * sizeof(struct block);
}

/* A start that goes to the first slot; behind the last slot the way back to it, and the end. */
static void fill_ends(const struct request *r, uint8_t *text)
{
	uint64_t end = FIRST_SLOT + (uint64_t)r->count * SLOT_BYTES;
	uint64_t first = FIRST_SLOT + (r->only >= 0 ? (uint64_t)r->only * SLOT_BYTES : 0);
	struct sequence start = {.pc = TEXT_VADDR}, stop = {.pc = end};

	emit_address(&start, A0, first);
	emit(&start, INSN_JALR, 0, A0, 0, 0);
	take(&start, text);
	emit_address(&stop, A0, counter_address(r));
	emit(&stop, INSN_LD, A1, A0, 0, 0);
	emit(&stop, INSN_ADDI, A1, A1, 0, -1);
	emit(&stop, INSN_SD, 0, A0, A1, 0);
	emit(&stop, INSN_BEQ, 0, A1, 0, 16);
	emit_address(&stop, A0, first);
	emit(&stop, INSN_JALR, 0, A0, 0, 0);
	emit(&stop, INSN_ADDI, A0, 0, 0, 0);
	emit(&stop, INSN_ADDI, A7, 0, 0, SYS_EXIT_GROUP);
	emit(&stop, INSN_ECALL, 0, 0, 0, 0);
	take(&stop, text + (end - TEXT_VADDR));
}

static int write_file(const char *path, const struct request *r, const uint8_t *text,
		      size_t text_bytes, const uint8_t *data)
{
	size_t data_bytes = r->count * sizeof(struct block) + sizeof(uint64_t), data_at;
	struct g_elf64_ehdr head = {
		.ident = {0x7f, 'E', 'L', 'F', G_ELFCLASS64, G_ELFDATA2LSB, G_EV_CURRENT},
		.type = G_ET_EXEC,
		.machine = G_EM_RISCV,
		.version = G_EV_CURRENT,
		.entry = TEXT_VADDR,
		.phoff = sizeof(head),
		.flags = G_EF_RISCV_RVC | G_EF_RISCV_FLOAT_ABI_DOUBLE,
		.ehsize = sizeof(head),
		.phentsize = sizeof(struct g_elf64_phdr),
		.phnum = 2};
	struct g_elf64_phdr segments[2] = {{.type = G_PT_LOAD,
					    .flags = G_PF_R | G_PF_X,
					    .offset = PAGE,
					    .vaddr = TEXT_VADDR,
					    .paddr = TEXT_VADDR,
					    .filesz = text_bytes,
					    .memsz = text_bytes,
					    .align = PAGE},
					   {.type = G_PT_LOAD,
					    .flags = G_PF_R | G_PF_W,
					    .vaddr = DATA_VADDR,
					    .paddr = DATA_VADDR,
					    .filesz = data_bytes,
					    .memsz = data_bytes,
					    .align = PAGE}};
	FILE *file = fopen(path, "wb");
	bool ok;

	if (!file)
		return -errno;
	data_at = (PAGE + text_bytes + PAGE - 1) / PAGE * PAGE + DATA_VADDR % PAGE;
	segments[1].offset = data_at;
	ok = fwrite(&head, sizeof(head), 1, file) == 1 &&
	     fwrite(segments, sizeof(segments), 1, file) == 1 && fseek(file, PAGE, SEEK_SET) == 0 &&
	     fwrite(text, text_bytes, 1, file) == 1 && fseek(file, (long)data_at, SEEK_SET) == 0 &&
	     fwrite(data, data_bytes, 1, file) == 1;
	return fclose(file) == 0 && ok ? 0 : -EIO;
}

/*
 * Writes the program. Adds what its sequences certainly execute to rows (by row) and covered (a bit
 * per variant, by cell of the matrix); both may be NULL. Returns 0 or -errno.
 */
int program_write(const struct request *r, const char *path, uint64_t *rows, uint8_t *covered)
{
	size_t text_bytes = FIRST_SLOT - TEXT_VADDR + ((size_t)r->count + 1) * SLOT_BYTES;
	uint8_t *text = calloc(1, text_bytes);
	struct block *data = calloc(r->count + 1, sizeof(*data));
	struct sequence *s = malloc(sizeof(*s));
	int result = -ENOMEM;

	if (text && data && s) {
		fill_ends(r, text);
		data[r->count].x[0] = ROUNDS;
		for (unsigned i = 0; i < r->count; i++) {
			program_sequence(r, i, s, covered);
			data[i] = s->block;
			fill_slot(r, i, s,
				  text + (FIRST_SLOT - TEXT_VADDR) + (size_t)i * SLOT_BYTES);
			for (unsigned k = 0; k < s->mark_count && rows; k++)
				rows[s->marks[k].id] += !s->marks[k].shadowed;
		}
		result = write_file(path, r, text, text_bytes, (const uint8_t *)data);
	}
	free(text);
	free(data);
	free(s);
	return result;
}
