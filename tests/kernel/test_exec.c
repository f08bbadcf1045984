/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Loading: what the ELF parser takes and what it says about the rest, and what a started program finds in its memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>

#include "kernel/memory/area.h"
#include "kernel/exec/elf.h"
#include "kernel/exec/elf_arch.h"
#include "kernel/thread/thread.h"
#include "kernel/vdso/vdso.h"
#include "machine/machine.h"

#define PAGE 4096ul
#define ARENA_BYTES (64ul << 20)

/* ---- programs made by hand ---- */

#define SEGMENTS 4
#define FILE_BYTES (4 * PAGE)

struct program {
	uint8_t bytes[FILE_BYTES];
	uint64_t size;
};

static struct g_elf64_ehdr *header(struct program *p)
{
	return (struct g_elf64_ehdr *)p->bytes;
}

static struct g_elf64_phdr *segment(struct program *p, unsigned i)
{
	return (struct g_elf64_phdr *)(p->bytes + sizeof(struct g_elf64_ehdr)) + i;
}

/* Text in the file's first page, data with bss from its third. Segments 2 and 3 are PT_NULL, for tests to use. */
static void make(struct program *p, uint64_t base)
{
	struct g_elf64_ehdr *h = header(p);

	memset(p, 0, sizeof(*p));
	p->size = 2 * PAGE + 100;
	memcpy(h->ident, "\177ELF\2\1\1", 7);
	h->type = base ? G_ET_EXEC : G_ET_DYN;
	h->machine = G_EM_RISCV;
	h->version = 1;
	h->entry = base + 0x400;
	h->phoff = sizeof(*h);
	h->flags = G_EF_RISCV_RVC | G_EF_RISCV_FLOAT_ABI_DOUBLE;
	h->ehsize = sizeof(*h);
	h->phentsize = sizeof(struct g_elf64_phdr);
	h->phnum = SEGMENTS;
	*segment(p, 0) = (struct g_elf64_phdr){ G_PT_LOAD, G_PF_R | G_PF_X, 0, base, base, 0x800, 0x800, PAGE };
	*segment(p, 1) = (struct g_elf64_phdr){ G_PT_LOAD, G_PF_R | G_PF_W, 2 * PAGE, base + 2 * PAGE, 0, 100, 3 * PAGE, PAGE };
	memset(p->bytes + 2 * PAGE, 'd', PAGE); /* also behind the 100 bytes that are data */
}

static int64_t read_program(void *ctx, uint64_t offset, void *dst, uint64_t n)
{
	const struct program *p = ctx;

	if (offset >= p->size)
		return 0;
	if (n > p->size - offset)
		n = p->size - offset;
	memcpy(dst, p->bytes + offset, n);
	return (int64_t)n;
}

static int parse(struct program *p, struct elf_image *image, const char **why)
{
	struct elf_source source = { read_program, p, p->size };

	*why = NULL;
	return elf_parse(&source, image, why);
}

/* ---- the parser ---- */

static void a_plain_program_is_understood(void **state)
{
	struct program p;
	struct elf_image image;
	const char *why;
	(void)state;

	make(&p, 0x10000);
	assert_int_equal(parse(&p, &image, &why), 0);
	assert_null(why);
	assert_int_equal(image.segment_count, 2);
	assert_int_equal(image.low, 0x10000);
	assert_int_equal(image.high, 0x15000);
	assert_int_equal(image.phdr, 0x10040);
	assert_int_equal(image.position_independent, 0);
	assert_int_equal(image.segments[1].prot, G_PROT_READ | G_PROT_WRITE);
}

struct wrong {
	void (*change)(struct program *p);
	const char *says; /* part of the line */
};

#define WRONG(name, statement)                                                                                                         \
	static void name(struct program *p)                                                                                            \
	{                                                                                                                              \
		statement;                                                                                                             \
	}
WRONG(empty, p->size = 0)
WRONG(text, memcpy(p->bytes, "hello", 5))
WRONG(script, memcpy(p->bytes, "#!/bin/sh", 9))
WRONG(three_bytes, p->size = 3)
WRONG(half_header, p->size = 40)
WRONG(class32, p->bytes[4] = 1)
WRONG(class9, p->bytes[4] = 9)
WRONG(big_endian, p->bytes[5] = 2)
WRONG(ident_version, p->bytes[6] = 2)
WRONG(x86, header(p)->machine = G_EM_X86_64)
WRONG(arm64, header(p)->machine = G_EM_AARCH64)
WRONG(machine_9999, header(p)->machine = 9999)
WRONG(object_file, header(p)->type = G_ET_REL)
WRONG(core_file, header(p)->type = G_ET_CORE)
WRONG(type_77, header(p)->type = 77)
WRONG(rve, header(p)->flags |= G_EF_RISCV_RVE)
WRONG(quad, header(p)->flags |= G_EF_RISCV_FLOAT_ABI_QUAD)
WRONG(phent, header(p)->phentsize = 32)
WRONG(no_phdrs, header(p)->phnum = 0)
WRONG(many_phdrs, header(p)->phnum = 65535)
WRONG(phdrs_beyond, header(p)->phoff = p->size - 10)
WRONG(phdrs_wrap, header(p)->phoff = UINT64_MAX - 20)
WRONG(nothing, segment(p, 0)->type = segment(p, 1)->type = G_PT_NULL)
WRONG(filesz, segment(p, 1)->filesz = 4 * PAGE)
WRONG(beyond_end, segment(p, 1)->offset = 3 * PAGE)
WRONG(offset_wraps, segment(p, 1)->offset = -(uint64_t)PAGE)
WRONG(high_address, segment(p, 1)->vaddr = UINT64_C(1) << 38)
WRONG(address_wraps, segment(p, 1)->vaddr = -(uint64_t)PAGE)
WRONG(memsz_wraps, segment(p, 1)->memsz = UINT64_MAX)
WRONG(disagree, segment(p, 1)->vaddr += 8)
WRONG(overlap, segment(p, 1)->vaddr = segment(p, 0)->vaddr; segment(p, 1)->offset = 0)
WRONG(order, segment(p, 1)->vaddr = segment(p, 0)->vaddr - 8 * PAGE)
WRONG(huge_alignment, segment(p, 1)->align = UINT64_C(1) << 40)
WRONG(entry_in_data, header(p)->entry = segment(p, 1)->vaddr)
WRONG(entry_odd, header(p)->entry++)
WRONG(entry_zero, header(p)->entry = 0)
WRONG(low_address, segment(p, 0)->vaddr = PAGE)
WRONG(interp_empty, segment(p, 2)->type = G_PT_INTERP; segment(p, 2)->filesz = 1)
WRONG(interp_long, segment(p, 2)->type = G_PT_INTERP; segment(p, 2)->filesz = 100000)
WRONG(interp_open, *segment(p, 2) = ((struct g_elf64_phdr){ .type = G_PT_INTERP, .offset = 2 * PAGE, .filesz = 5 }))
WRONG(interp_beyond, *segment(p, 2) = ((struct g_elf64_phdr){ .type = G_PT_INTERP, .offset = UINT64_MAX, .filesz = 2 }))

static void every_malformed_program_is_refused_with_its_reason(void **state)
{
	static const struct wrong rows[] = {
		{ empty, "empty" }, { text, "not an ELF" }, { script, "script" }, { three_bytes, "not an ELF" }, { half_header, "cut short" },
		{ class32, "32-bit" }, { class9, "class" }, { big_endian, "big-endian" }, { ident_version, "version" }, { x86, "x86-64" },
		{ arm64, "64-bit ARM" }, { machine_9999, "another machine" }, { object_file, "object file" }, { core_file, "core dump" },
		{ type_77, "not an executable" }, { rve, "RV64E" }, { quad, "extension Q" }, { phent, "wrong size" },
		{ no_phdrs, "no program headers" }, { many_phdrs, "too many" }, { phdrs_beyond, "cut short" }, { phdrs_wrap, "cut short" },
		{ nothing, "nothing to load" }, { filesz, "larger in the file" }, { beyond_end, "cut short" }, { offset_wraps, "cut short" },
		{ high_address, "38-bit" }, { address_wraps, "38-bit" }, { memsz_wraps, "38-bit" }, { disagree, "do not agree" },
		{ overlap, "overlap" }, { order, "order" }, { huge_alignment, "alignment" }, { entry_in_data, "entry point" },
		{ entry_odd, "entry point" }, { entry_zero, "entry point" }, { low_address, "65536" }, { interp_empty, "interpreter" },
		{ interp_long, "interpreter" }, { interp_open, "interpreter" }, { interp_beyond, "interpreter" },
	};
	(void)state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct program p;
		struct elf_image image;
		const char *why;

		make(&p, 0x10000);
		rows[i].change(&p);
		assert_int_equal(parse(&p, &image, &why), -G_ENOEXEC);
		assert_non_null(why);
		if (!strstr(why, rows[i].says))
			fail_msg("row %zu (%s) says: %s", i, rows[i].says, why);
	}
}

static void an_arch_string_is_judged_by_its_names(void **state)
{
	static const struct {
		const char *arch, *says; /* NULL: runs here */
	} rows[] = {
		{ "rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_zicsr2p0_zifencei2p0_zmmul1p0_zba1p0_zbb1p0_zbs1p0", NULL },
		{ "rv64imafdc", NULL }, { "rv64gc", NULL }, { "rv64i2p0", NULL }, { "rv64i2p1_zihintpause2p0_svinval1p0", NULL },
		{ "rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_v1p0", "extension V" }, { "rv64imafdcv", "extension V" },
		{ "rv64i2p1_zvl128b1p0", "Zvl128b" }, { "rv64i2p1_zfh1p0", "Zfh" }, { "rv64i_zbc1p0", "Zbc" }, { "rv64i_zicond1p0", "Zicond" },
		{ "rv64i_znew1p0", "an extension" }, { "rv64i_xtheadba1p0", "vendor" }, { "rv32i2p1_m2p0", "RV32" }, { "rv64e", "extension E" },
		{ "rv64i2p1_q2p2", "extension Q" }, { "", NULL }, { "rv64", NULL }, { "x", NULL },
	};
	(void)state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *line = elf_check_arch(rows[i].arch, strlen(rows[i].arch));

		if (!line != !rows[i].says || (line && !strstr(line, rows[i].says)))
			fail_msg("%s: %s", rows[i].arch, line ? line : "runs");
	}
}

/* 'A', one vendor subsection, one file subsection with Tag_RISCV_stack_align and Tag_RISCV_arch. */
static uint32_t make_attributes(uint8_t *at, const char *arch)
{
	uint32_t file = 1 + 4 + 2 + 1 + (uint32_t)strlen(arch) + 1, vendor = 4 + 6 + file;

	at[0] = 'A';
	memcpy(at + 1, &vendor, 4);
	memcpy(at + 5, "riscv", 6);
	at[11] = 1;
	memcpy(at + 12, &file, 4);
	at[16] = 4;
	at[17] = 16;
	at[18] = 5;
	strcpy((char *)at + 19, arch);
	return 1 + vendor;
}

static void attributes_are_found_by_program_header_and_by_section(void **state)
{
	struct program p;
	struct elf_image image;
	struct g_elf64_shdr section = { .type = 0x70000003, .offset = 0x900 };
	const char *why;
	uint32_t n;
	(void)state;

	make(&p, 0x10000);
	n = make_attributes(p.bytes + 0x900, "rv64i2p1_v1p0");
	*segment(&p, 2) = (struct g_elf64_phdr){ .type = G_PT_RISCV_ATTRIBUTES, .offset = 0x900, .filesz = n };
	assert_int_equal(parse(&p, &image, &why), -G_ENOEXEC);
	assert_non_null(strstr(why, "extension V"));

	segment(&p, 2)->type = G_PT_NULL;
	assert_int_equal(parse(&p, &image, &why), 0);
	section.size = n;
	memcpy(p.bytes + 0xa00, &section, sizeof(section));
	header(&p)->shoff = 0xa00;
	header(&p)->shnum = 1;
	header(&p)->shentsize = sizeof(section);
	assert_int_equal(parse(&p, &image, &why), -G_ENOEXEC);
	for (uint32_t cut = 0; cut < n; cut++) { /* cut attributes say nothing, and no byte beyond them is read */
		section.size = cut;
		memcpy(p.bytes + 0xa00, &section, sizeof(section));
		parse(&p, &image, &why);
	}
}

/* ---- a process ---- */

struct world {
	struct kernel k;
	struct machine *machine;
	void *arena;
	struct program program;
};

static int outside_stat(void *ctx, uint32_t mount, const char *path, struct tg_node_stat *out)
{
	struct world *w = ctx;

	*out = (struct tg_node_stat){ TG_NODE_FILE, 1, w->program.size };
	return 0;
}

static int content_open(void *ctx, uint32_t mount, const char *path, uint64_t *size, uint64_t *handle)
{
	struct world *w = ctx;

	*size = w->program.size;
	*handle = 1;
	return 0;
}

static int64_t content_read(void *ctx, uint64_t handle, uint64_t offset, void *buf, uint64_t n)
{
	return read_program(&((struct world *)ctx)->program, offset, buf, n);
}

static void content_close(void *ctx, uint64_t handle)
{
}

static const struct tg_host_ops host = {
	.stat = outside_stat, .content_open = content_open, .content_read = content_read, .content_close = content_close
};

static struct world *world_new(uint64_t base)
{
	struct world *w = calloc(1, sizeof(*w));
	struct machine_config config = { .engine = "simple" };
	struct tg_kernel_options options = { .size = sizeof(options), .clock_epoch_ns = 5000000000 };
	struct kernel_mount mount = { "/prog/x", 0, 0 };

	make(&w->program, base);
	w->arena = mmap(NULL, ARENA_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert_int_equal(machine_new(&w->machine, &config), 0);
	assert_int_equal(kernel_init(&w->k, w->arena, ARENA_BYTES, &machine_ops, w->machine, &host, w, &options), 0);
	assert_int_equal(kernel_mount(&w->k, &mount), 0);
	return w;
}

static void world_free(struct world *w)
{
	assert_int_equal(arena_check(&w->k.arena), 0);
	machine_free(w->machine);
	munmap(w->arena, ARENA_BYTES);
	free(w);
}

static int exec(struct world *w, const char *path, bool vdso, const char **why)
{
	static const char *const argv[] = { "/prog/x", "one", "", NULL }, *const envp[] = { "A=1", NULL };
	struct kernel_program program = { .path = path, .argv = argv, .envp = envp, .want_vdso = vdso };

	return kernel_exec(&w->k, &program, why);
}

static uint64_t word(struct world *w, uint64_t addr)
{
	uint64_t value = 0;

	assert_int_equal(process_load(&w->k, AT(&w->k, process, w->k.root->processes.head), addr, &value, 8), 0);
	return value;
}

static const char *string(struct world *w, uint64_t addr, char buf[64])
{
	assert_int_equal(process_load(&w->k, AT(&w->k, process, w->k.root->processes.head), addr, buf, 64 - addr % 64), 0);
	return buf;
}

static const struct thread *first_thread(struct world *w)
{
	return AT(&w->k, thread, AT(&w->k, process, w->k.root->processes.head)->threads.head);
}

/* The value of an auxiliary vector's entry; UINT64_MAX: not there. */
static uint64_t auxv(struct world *w, uint64_t tag)
{
	uint64_t at = first_thread(w)->regs.x[TG_REG_SP];

	at += 8 + (word(w, at) + 1) * 8;
	while (word(w, at))
		at += 8;
	for (at += 8; word(w, at); at += 16)
		if (word(w, at) == tag)
			return word(w, at + 8);
	return UINT64_MAX;
}

static void a_program_finds_its_arguments_and_its_auxiliary_vector(void **state)
{
	struct world *w = world_new(0x10000);
	const char *why;
	char buf[64];
	uint64_t sp;
	(void)state;

	assert_int_equal(exec(w, "/prog/x", true, &why), 0);
	sp = first_thread(w)->regs.x[TG_REG_SP];
	assert_int_equal(sp % 16, 0);
	assert_int_equal(first_thread(w)->regs.pc, 0x10400);
	assert_int_equal(word(w, sp), 3);
	assert_string_equal(string(w, word(w, sp + 8), buf), "/prog/x");
	assert_string_equal(string(w, word(w, sp + 16), buf), "one");
	assert_string_equal(string(w, word(w, sp + 24), buf), "");
	assert_int_equal(word(w, sp + 32), 0);
	assert_string_equal(string(w, word(w, sp + 40), buf), "A=1");
	assert_int_equal(word(w, sp + 48), 0);
	assert_int_equal(auxv(w, G_AT_ENTRY), 0x10400);
	assert_int_equal(auxv(w, G_AT_PHDR), 0x10040);
	assert_int_equal(auxv(w, G_AT_PHNUM), SEGMENTS);
	assert_int_equal(auxv(w, G_AT_BASE), 0);
	assert_int_equal(auxv(w, G_AT_PAGESZ), PAGE);
	assert_int_equal(auxv(w, G_AT_MINSIGSTKSZ), 1088);
	assert_int_equal(auxv(w, G_AT_SECURE), 0);
	assert_true(word(w, auxv(w, G_AT_RANDOM)) != 0);
	assert_string_equal(string(w, auxv(w, G_AT_EXECFN), buf), "/prog/x");
	assert_int_equal(word(w, auxv(w, G_AT_SYSINFO_EHDR)) & 0xffffffff, 0x464c457f);
	world_free(w);
}

static void the_end_of_the_data_page_is_zeros_and_the_bss_can_be_written(void **state)
{
	struct world *w = world_new(0x10000);
	const struct process *p;
	const struct memory *mm;
	const char *why;
	uint64_t one = 1;
	(void)state;

	assert_int_equal(exec(w, "/prog/x", true, &why), 0);
	p = AT(&w->k, process, w->k.root->processes.head);
	mm = AT(&w->k, memory, p->memory);
	assert_true(word(w, 0x12000) == 0x6464646464646464);
	assert_true(word(w, 0x12000 + 96) == 0x64646464); /* 100 bytes of data, then zeros */
	assert_int_equal(word(w, 0x12ff8), 0);
	assert_int_equal(process_store(&w->k, p, 0x14ff8, &one, 8), 0);
	assert_int_equal(process_store(&w->k, p, 0x10000, &one, 8), -G_EFAULT);
	assert_int_equal(process_store(&w->k, p, 0x15000, &one, 8), -G_EFAULT);
	assert_true(mm->brk == 0x15000 && mm->brk_start == 0x15000);
	assert_true(w->program.bytes[2 * PAGE + 200] == 'd'); /* the file itself has not changed */
	world_free(w);
}

static void a_position_independent_program_goes_two_thirds_up(void **state)
{
	struct world *w = world_new(0);
	const char *why;
	(void)state;

	assert_int_equal(exec(w, "/prog/x", true, &why), 0);
	assert_true(first_thread(w)->regs.pc == 0x2aaaaaa400);
	assert_true(auxv(w, G_AT_PHDR) == 0x2aaaaaa040);
	world_free(w);
}

static void the_stack_is_at_the_top_and_mappings_are_below_the_room_it_has(void **state)
{
	struct world *w = world_new(0x10000);
	const struct memory *mm;
	const struct area *a;
	const char *why;
	(void)state;

	assert_int_equal(exec(w, "/prog/x", true, &why), 0);
	mm = AT(&w->k, memory, first_thread(w) ? AT(&w->k, process, w->k.root->processes.head)->memory : 0);
	a = memory_area(&w->k, mm, TG_ADDRESS_END - 1);
	assert_non_null(a);
	assert_true((a->flags & (AREA_STACK | AREA_GROWSDOWN)) == (AREA_STACK | AREA_GROWSDOWN));
	assert_true(a->prot == (G_PROT_READ | G_PROT_WRITE));
	a = memory_area(&w->k, mm, auxv(w, G_AT_SYSINFO_EHDR));
	assert_true(a && (a->flags & AREA_VDSO) && a->end == mm->mmap_base);
	assert_true(mm->mmap_base == TG_ADDRESS_END - (128ul << 20));
	world_free(w);
}

static void without_a_vdso_handlers_still_return_through_its_page(void **state)
{
	struct world *w = world_new(0x10000);
	const char *why;
	(void)state;

	assert_int_equal(exec(w, "/prog/x", false, &why), 0);
	assert_true(auxv(w, G_AT_SYSINFO_EHDR) == UINT64_MAX);
	assert_true(word(w, vdso_sigreturn(&w->k)) == 0x0000007308b00893); /* li a7, 139; ecall */
	world_free(w);
}

static void the_data_page_of_the_vdso_holds_the_epoch_and_cannot_be_written(void **state)
{
	struct world *w = world_new(0x10000);
	const char *why;
	uint64_t at, one = 1;
	(void)state;

	assert_int_equal(exec(w, "/prog/x", true, &why), 0);
	at = auxv(w, G_AT_SYSINFO_EHDR) - PAGE;
	assert_true(word(w, at) == 5000000000);
	assert_int_equal(user_store(&w->k, at, &one, 8), -G_EFAULT);
	assert_int_equal(user_store(&w->k, at + PAGE, &one, 8), -G_EFAULT);
	world_free(w);
}

static void a_program_that_is_not_there_is_enoent_without_a_line_and_another_can_follow(void **state)
{
	struct world *w = world_new(0x10000);
	const char *why;
	(void)state;

	assert_int_equal(exec(w, "/prog/y", true, &why), -G_ENOENT);
	assert_null(why);
	assert_int_equal(exec(w, "/prog", true, &why), -G_EACCES);
	assert_string_equal(why, "is a directory");
	header(&w->program)->machine = 1;
	assert_int_equal(exec(w, "/prog/x", true, &why), -G_ENOEXEC);
	assert_non_null(why);
	world_free(w);
	w = world_new(0x10000);
	assert_int_equal(exec(w, "/prog/y", true, &why), -G_ENOENT);
	assert_int_equal(exec(w, "/prog/x", true, &why), 0);
	assert_int_equal(first_thread(w)->regs.pc, 0x10400);
	world_free(w);
}

static void a_missing_interpreter_is_named_as_the_reason(void **state)
{
	struct world *w = world_new(0);
	const char *why;
	(void)state;

	strcpy((char *)w->program.bytes + 0x700, "/lib/ld.so");
	*segment(&w->program, 2) = (struct g_elf64_phdr){ .type = G_PT_INTERP, .offset = 0x700, .filesz = 11 };
	assert_int_equal(exec(w, "/prog/x", true, &why), -G_ENOENT);
	assert_non_null(strstr(why, "interpreter"));
	world_free(w);
}

static void a_program_may_not_lie_where_the_stack_or_too_much_memory_would_be(void **state)
{
	struct world *w = world_new(0x10000);
	const char *why;
	(void)state;

	segment(&w->program, 1)->vaddr = TG_ADDRESS_END - 2 * PAGE;
	segment(&w->program, 1)->memsz = 2 * PAGE;
	assert_int_equal(exec(w, "/prog/x", true, &why), -G_ENOEXEC);
	assert_non_null(strstr(why, "stack"));
	world_free(w);
	w = world_new(0x10000);
	segment(&w->program, 1)->memsz = UINT64_C(1) << 36;
	assert_int_equal(exec(w, "/prog/x", true, &why), -G_ENOMEM);
	assert_non_null(strstr(why, "memory limit"));
	world_free(w);
}

static void arguments_that_are_too_long_are_e2big(void **state)
{
	struct world *w = world_new(0x10000);
	char *longest = malloc(LIMIT_ARG_BYTES + 1);
	const char *argv[] = { longest, NULL }, *why, **many = calloc(200001, sizeof(*many));
	struct kernel_program program = { .path = "/prog/x", .argv = argv };
	(void)state;

	memset(longest, 'x', LIMIT_ARG_BYTES);
	longest[LIMIT_ARG_BYTES] = 0;
	assert_int_equal(kernel_exec(&w->k, &program, &why), -G_E2BIG);
	assert_non_null(why);
	longest[LIMIT_ARG_BYTES - 1] = 0;
	for (size_t i = 0; i < 200000; i++)
		many[i] = "12345";
	program.argv = many;
	assert_int_equal(kernel_exec(&w->k, &program, &why), -G_E2BIG);
	program.argv = argv;
	assert_int_equal(kernel_exec(&w->k, &program, &why), 0);
	world_free(w);
	free(longest);
	free(many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_program_is_understood),
		cmocka_unit_test(every_malformed_program_is_refused_with_its_reason),
		cmocka_unit_test(an_arch_string_is_judged_by_its_names),
		cmocka_unit_test(attributes_are_found_by_program_header_and_by_section),
		cmocka_unit_test(a_program_finds_its_arguments_and_its_auxiliary_vector),
		cmocka_unit_test(the_end_of_the_data_page_is_zeros_and_the_bss_can_be_written),
		cmocka_unit_test(a_position_independent_program_goes_two_thirds_up),
		cmocka_unit_test(the_stack_is_at_the_top_and_mappings_are_below_the_room_it_has),
		cmocka_unit_test(without_a_vdso_handlers_still_return_through_its_page),
		cmocka_unit_test(the_data_page_of_the_vdso_holds_the_epoch_and_cannot_be_written),
		cmocka_unit_test(a_program_that_is_not_there_is_enoent_without_a_line_and_another_can_follow),
		cmocka_unit_test(a_missing_interpreter_is_named_as_the_reason),
		cmocka_unit_test(a_program_may_not_lie_where_the_stack_or_too_much_memory_would_be),
		cmocka_unit_test(arguments_that_are_too_long_are_e2big),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
