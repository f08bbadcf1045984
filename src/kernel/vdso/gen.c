/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Makes the vdso at build time: a shared object of one page with seven functions of version LINUX_4.15, assembled by src/isa's encoder,
 * and its data page's layout. Writes it as a C array and as a file that binutils can check.
 *
 * There is no unwind information for __vdso_rt_sigreturn on purpose: unwinders recognise its two instructions, and only look for them
 * when they find no entry for the address.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/calls.h"
#include "abi/clocks.h"
#include "abi/elf64.h"
#include "isa/isa.h"
#include "kernel/vdso/layout.h"

enum { ZERO = 0, RA = 1, T0 = 5, T1 = 6, T2 = 7, A0 = 10, A1 = 11, A7 = 17, T3 = 28, T4 = 29, T5 = 30 };
enum { CSR_TIME = 0xc01 };

#define BIT(clock) (1 << (clock))
#define REALTIME_CLOCKS (BIT(G_CLOCK_REALTIME) | BIT(G_CLOCK_REALTIME_COARSE) | BIT(G_CLOCK_TAI))
#define MONOTONIC_CLOCKS                                                                                                               \
	(BIT(G_CLOCK_MONOTONIC) | BIT(G_CLOCK_MONOTONIC_RAW) | BIT(G_CLOCK_MONOTONIC_COARSE) | BIT(G_CLOCK_BOOTTIME))
#define COARSE_CLOCKS (BIT(G_CLOCK_REALTIME_COARSE) | BIT(G_CLOCK_MONOTONIC_COARSE))
#define CLOCK_LIMIT 12 /* clocks are below it */

static uint8_t image[VDSO_IMAGE_BYTES];
static uint32_t here; /* where the next byte goes */

static void fail(const char *what)
{
	fprintf(stderr, "vdso: %s\n", what);
	exit(1);
}

static void put(const void *src, uint32_t n)
{
	if (n > sizeof(image) - here)
		fail("does not fit its page");
	memcpy(image + here, src, n);
	here += n;
}

static void align(uint32_t to)
{
	here = (here + to - 1) / to * to;
}

/* ---- assembler ---- */

static void op(unsigned id, unsigned rd, unsigned rs1, unsigned rs2, int32_t imm)
{
	struct insn in = { .id = (uint16_t)id, .rd = (uint8_t)rd, .rs1 = (uint8_t)rs1, .rs2 = (uint8_t)rs2, .imm = imm };
	uint32_t word;

	if (isa_encode(&in, &word) != 4)
		fail("an instruction cannot be encoded");
	put(&word, 4);
}

static void li(unsigned rd, int32_t value)
{
	int32_t low = (int32_t)((uint32_t)value << 20) >> 20;

	if (low == value) {
		op(INSN_ADDI, rd, ZERO, 0, value);
		return;
	}
	op(INSN_LUI, rd, 0, 0, value - low);
	op(INSN_ADDIW, rd, rd, 0, low);
}

/* A branch whose target is not known yet, and setting it to here. */
static uint32_t branch(unsigned id, unsigned rs1, unsigned rs2)
{
	op(id, 0, rs1, rs2, 0);
	return here - 4;
}

static void land(uint32_t at)
{
	struct insn in;
	uint32_t word, target = here;

	memcpy(&word, image + at, 4);
	if (!isa_decode(word, &in))
		fail("a branch cannot be decoded");
	here = at;
	op(in.id, 0, in.rs1, in.rs2, (int32_t)(target - at));
	here = target;
}

static void ret(void)
{
	op(INSN_JALR, ZERO, RA, 0, 0);
}

static void call(unsigned number)
{
	li(A7, (int32_t)number);
	op(INSN_ECALL, 0, 0, 0, 0);
}

static void call_and_return(unsigned number)
{
	call(number);
	ret();
}

/* rd = word of the data page, which lies one page below the image. */
static void load_data(unsigned rd, int32_t offset)
{
	int32_t distance = offset - VDSO_DATA_BYTES - (int32_t)here;
	int32_t low = (int32_t)((uint32_t)distance << 20) >> 20;

	op(INSN_AUIPC, rd, 0, 0, distance - low);
	op(INSN_LD, rd, rd, 0, low);
}

/* Branches away when bit `clock register` of mask is 0; the clock must be below 32. Uses t1. */
static uint32_t unless_in(int32_t mask, unsigned clock)
{
	li(T1, mask);
	op(INSN_SRL, T1, T1, clock, 0);
	op(INSN_ANDI, T1, T1, 0, 1);
	return branch(INSN_BEQ, T1, ZERO);
}

/* t0 = the clock of a0 as an unsigned int; branches away when it is no small number. */
static uint32_t clock_argument(void)
{
	op(INSN_ADDIW, T0, A0, 0, 0); /* a negative one is then a big one */
	li(T1, CLOCK_LIMIT);
	return branch(INSN_BGEU, T0, T1);
}

static void split_seconds(unsigned seconds, unsigned rest)
{
	li(T3, 1000000000);
	op(INSN_DIVU, seconds, T2, T3, 0);
	op(INSN_REMU, rest, T2, T3, 0);
}

/* ---- the functions ---- */

static void rt_sigreturn(void)
{
	call(G_NR_rt_sigreturn);
}

static void clock_gettime(void)
{
	uint32_t wild = clock_argument(), other, monotonic;

	other = unless_in(REALTIME_CLOCKS | MONOTONIC_CLOCKS, T0);
	op(INSN_CSRRS, T2, ZERO, 0, CSR_TIME);
	monotonic = unless_in(REALTIME_CLOCKS, T0);
	load_data(T4, VDSO_DATA_EPOCH);
	op(INSN_ADD, T2, T2, T4, 0);
	land(monotonic);
	split_seconds(T4, T5);
	op(INSN_SD, 0, A1, T4, 0);
	op(INSN_SD, 0, A1, T5, 8);
	li(A0, 0);
	ret();
	land(wild);
	land(other);
	call_and_return(G_NR_clock_gettime);
}

static void gettimeofday(void)
{
	uint32_t no_time = branch(INSN_BEQ, A0, ZERO), no_zone;

	op(INSN_CSRRS, T2, ZERO, 0, CSR_TIME);
	load_data(T4, VDSO_DATA_EPOCH);
	op(INSN_ADD, T2, T2, T4, 0);
	split_seconds(T4, T5);
	li(T3, 1000);
	op(INSN_DIVU, T5, T5, T3, 0);
	op(INSN_SD, 0, A0, T4, 0);
	op(INSN_SD, 0, A0, T5, 8);
	land(no_time);
	no_zone = branch(INSN_BEQ, A1, ZERO);
	op(INSN_SW, 0, A1, ZERO, 0); /* UTC */
	op(INSN_SW, 0, A1, ZERO, 4);
	land(no_zone);
	li(A0, 0);
	ret();
}

static void clock_getres(void)
{
	uint32_t wild = clock_argument(), other, no_result;

	other = unless_in((REALTIME_CLOCKS | MONOTONIC_CLOCKS) & ~COARSE_CLOCKS, T0);
	no_result = branch(INSN_BEQ, A1, ZERO);
	li(T1, 1);
	op(INSN_SD, 0, A1, ZERO, 0);
	op(INSN_SD, 0, A1, T1, 8);
	land(no_result);
	li(A0, 0);
	ret();
	land(wild);
	land(other);
	call_and_return(G_NR_clock_getres);
}

static void getcpu(void)
{
	call_and_return(G_NR_getcpu);
}

static void flush_icache(void)
{
	call_and_return(G_NR_riscv_flush_icache);
}

static void hwprobe(void)
{
	call_and_return(G_NR_riscv_hwprobe);
}

static struct function {
	const char *name;
	void (*make)(void);
	uint32_t start, size, name_at;
} functions[] = {
	{ "__vdso_rt_sigreturn", rt_sigreturn, 0, 0, 0 },  { "__vdso_gettimeofday", gettimeofday, 0, 0, 0 },
	{ "__vdso_clock_gettime", clock_gettime, 0, 0, 0 }, { "__vdso_clock_getres", clock_getres, 0, 0, 0 },
	{ "__vdso_getcpu", getcpu, 0, 0, 0 },               { "__vdso_flush_icache", flush_icache, 0, 0, 0 },
	{ "__vdso_riscv_hwprobe", hwprobe, 0, 0, 0 },
};
enum { FUNCTIONS = sizeof(functions) / sizeof(*functions), SYMBOLS = FUNCTIONS + 1 };

/* ---- the object around them ---- */

static const char version_name[] = "LINUX_4.15", soname[] = "linux-vdso.so.1";

enum section { NONE, HASH, GNU_HASH, DYNSYM, DYNSTR, VERSYM, VERDEF, DYNAMIC, TEXT, SHSTRTAB, SECTIONS };
static struct {
	const char *name;
	uint32_t type, flags, link, info, alignment, entry, start, size;
} sections[SECTIONS] = {
	[HASH] = { ".hash", G_SHT_HASH, G_SHF_ALLOC, DYNSYM, 0, 8, 4, 0, 0 },
	[GNU_HASH] = { ".gnu.hash", 0x6ffffff6, G_SHF_ALLOC, DYNSYM, 0, 8, 0, 0, 0 },
	[DYNSYM] = { ".dynsym", G_SHT_DYNSYM, G_SHF_ALLOC, DYNSTR, 1, 8, sizeof(struct g_elf64_sym), 0, 0 },
	[DYNSTR] = { ".dynstr", G_SHT_STRTAB, G_SHF_ALLOC, 0, 0, 1, 0, 0, 0 },
	[VERSYM] = { ".gnu.version", 0x6fffffff, G_SHF_ALLOC, DYNSYM, 0, 2, 2, 0, 0 },
	[VERDEF] = { ".gnu.version_d", 0x6ffffffd, G_SHF_ALLOC, DYNSTR, 2, 8, 0, 0, 0 },
	[DYNAMIC] = { ".dynamic", G_SHT_DYNAMIC, G_SHF_ALLOC, DYNSTR, 0, 8, sizeof(struct g_elf64_dyn), 0, 0 },
	[TEXT] = { ".text", G_SHT_PROGBITS, G_SHF_ALLOC | G_SHF_EXECINSTR, 0, 0, 16, 0, 0, 0 },
	[SHSTRTAB] = { ".shstrtab", G_SHT_STRTAB, 0, 0, 0, 1, 0, 0, 0 },
};

static void begin(enum section s)
{
	align(sections[s].alignment);
	sections[s].start = here;
}

static void end(enum section s)
{
	sections[s].size = here - sections[s].start;
}

static uint32_t sysv_hash(const char *name)
{
	uint32_t h = 0;

	for (; *name; name++) {
		uint32_t g;

		h = (h << 4) + (uint8_t)*name;
		g = h & 0xf0000000;
		h = (h ^ g >> 24) & ~g;
	}
	return h;
}

static uint32_t gnu_hash(const char *name)
{
	uint32_t h = 5381;

	for (; *name; name++)
		h = h * 33 + (uint8_t)*name;
	return h;
}

/* One bucket each: seven symbols need no more. */
static void make_hashes(void)
{
	uint32_t head[] = { 1, SYMBOLS, 1 }, chain;
	uint32_t gnu[] = { 1, 1, 1, 6 }; /* buckets, first symbol, bloom words, bloom shift */
	uint64_t bloom = 0;

	begin(HASH);
	put(head, sizeof(head));
	for (uint32_t i = 0; i < SYMBOLS; i++) {
		chain = i && i + 1 < SYMBOLS ? i + 1 : 0;
		put(&chain, 4);
	}
	end(HASH);
	begin(GNU_HASH);
	put(gnu, sizeof(gnu));
	for (uint32_t i = 0; i < FUNCTIONS; i++) {
		uint32_t h = gnu_hash(functions[i].name);

		bloom |= UINT64_C(1) << h % 64 | UINT64_C(1) << (h >> 6) % 64;
	}
	put(&bloom, 8);
	put(&gnu[1], 4); /* the bucket starts at symbol 1 */
	for (uint32_t i = 0; i < FUNCTIONS; i++) {
		chain = (gnu_hash(functions[i].name) & ~1u) | (i + 1 == FUNCTIONS);
		put(&chain, 4);
	}
	end(GNU_HASH);
}

/* Contents come once the code has its addresses. */
static void make_symbols(void)
{
	struct g_elf64_sym s;

	here = sections[DYNSYM].start;
	memset(&s, 0, sizeof(s));
	put(&s, sizeof(s));
	for (uint32_t i = 0; i < FUNCTIONS; i++) {
		s = (struct g_elf64_sym){ .name = functions[i].name_at, .info = G_STB_GLOBAL << 4 | G_STT_FUNC, .shndx = TEXT,
			                  .value = functions[i].start, .size = functions[i].size };
		put(&s, sizeof(s));
	}
}

static uint32_t soname_at, version_at;

static void make_strings(void)
{
	begin(DYNSTR);
	put("", 1);
	for (uint32_t i = 0; i < FUNCTIONS; i++) {
		functions[i].name_at = here - sections[DYNSTR].start;
		put(functions[i].name, (uint32_t)strlen(functions[i].name) + 1);
	}
	soname_at = here - sections[DYNSTR].start;
	put(soname, sizeof(soname));
	version_at = here - sections[DYNSTR].start;
	put(version_name, sizeof(version_name));
	end(DYNSTR);
}

static void make_versions(void)
{
	struct verdef {
		uint16_t version, flags, index, count;
		uint32_t hash, aux, next;
		uint32_t name, aux_next;
	} base = { 1, 1, 1, 1, sysv_hash(soname), 20, 28, soname_at, 0 }, own = { 1, 0, 2, 1, sysv_hash(version_name), 20, 0, version_at, 0 };

	begin(VERSYM);
	for (uint32_t i = 0; i < SYMBOLS; i++) {
		uint16_t version = i ? 2 : 0;

		put(&version, 2);
	}
	end(VERSYM);
	begin(VERDEF);
	put(&base, sizeof(base));
	put(&own, sizeof(own));
	end(VERDEF);
}

static void make_dynamic(void)
{
	struct g_elf64_dyn entries[] = {
		{ G_DT_SONAME, soname_at },
		{ G_DT_HASH, sections[HASH].start },
		{ 0x6ffffef5, sections[GNU_HASH].start },
		{ G_DT_STRTAB, sections[DYNSTR].start },
		{ G_DT_SYMTAB, sections[DYNSYM].start },
		{ G_DT_STRSZ, sections[DYNSTR].size },
		{ G_DT_SYMENT, sizeof(struct g_elf64_sym) },
		{ 0x6ffffffc, sections[VERDEF].start },
		{ 0x6ffffffd, 2 },
		{ 0x6ffffff0, sections[VERSYM].start },
		{ G_DT_NULL, 0 },
	};

	begin(DYNAMIC);
	put(entries, sizeof(entries));
	end(DYNAMIC);
}

static void make_code(void)
{
	begin(TEXT);
	op(INSN_ADDI, 0, 0, 0, 0); /* return addresses are looked up one byte lower: that must not be another function */
	for (uint32_t i = 0; i < FUNCTIONS; i++) {
		align(8);
		functions[i].start = here;
		functions[i].make();
		functions[i].size = here - functions[i].start;
	}
	end(TEXT);
}

static uint64_t make_section_headers(void)
{
	uint32_t names[SECTIONS] = { 0 };
	uint64_t at;

	begin(SHSTRTAB);
	put("", 1);
	for (uint32_t i = 1; i < SECTIONS; i++) {
		names[i] = here - sections[SHSTRTAB].start;
		put(sections[i].name, (uint32_t)strlen(sections[i].name) + 1);
	}
	end(SHSTRTAB);
	align(8);
	at = here;
	for (uint32_t i = 0; i < SECTIONS; i++) {
		struct g_elf64_shdr s = { .name = names[i], .type = sections[i].type, .flags = sections[i].flags, .offset = sections[i].start,
			                  .addr = sections[i].flags & G_SHF_ALLOC ? sections[i].start : 0, .size = sections[i].size,
			                  .link = sections[i].link, .info = sections[i].info, .addralign = sections[i].alignment,
			                  .entsize = sections[i].entry };

		put(&s, sizeof(s));
	}
	return at;
}

static void make_headers(uint64_t section_headers, uint64_t loaded)
{
	struct g_elf64_ehdr h = { .ident = { 0x7f, 'E', 'L', 'F', G_ELFCLASS64, G_ELFDATA2LSB, G_EV_CURRENT }, .type = G_ET_DYN,
		                  .machine = G_EM_RISCV, .version = G_EV_CURRENT, .phoff = sizeof(h), .shoff = section_headers,
		                  .flags = G_EF_RISCV_FLOAT_ABI_DOUBLE, .ehsize = sizeof(h), .phentsize = sizeof(struct g_elf64_phdr),
		                  .phnum = 2, .shentsize = sizeof(struct g_elf64_shdr), .shnum = SECTIONS, .shstrndx = SHSTRTAB };
	struct g_elf64_phdr segments[2] = {
		{ .type = G_PT_LOAD, .flags = G_PF_R | G_PF_X, .filesz = loaded, .memsz = loaded, .align = 4096 },
		{ .type = G_PT_DYNAMIC, .flags = G_PF_R, .offset = sections[DYNAMIC].start, .vaddr = sections[DYNAMIC].start,
		  .paddr = sections[DYNAMIC].start, .filesz = sections[DYNAMIC].size, .memsz = sections[DYNAMIC].size, .align = 8 },
	};

	here = 0;
	put(&h, sizeof(h));
	put(segments, sizeof(segments));
}

static void make(void)
{
	uint64_t section_headers, loaded;
	uint32_t total;

	here = sizeof(struct g_elf64_ehdr) + 2 * sizeof(struct g_elf64_phdr);
	make_hashes();
	begin(DYNSYM);
	here += SYMBOLS * sizeof(struct g_elf64_sym);
	end(DYNSYM);
	make_strings();
	make_versions();
	make_dynamic();
	make_code();
	loaded = here;
	section_headers = make_section_headers();
	total = here;
	make_symbols();
	make_headers(section_headers, loaded);
	here = total;
}

static void write_array(FILE *f)
{
	fprintf(f, "/* Made by gen.c. */\n#define VDSO_SIGRETURN %#xu\nstatic const uint8_t vdso_image[%u] = {", functions[0].start, here);
	for (uint32_t i = 0; i < here; i++)
		fprintf(f, "%s%u,", i % 24 ? "" : "\n", image[i]);
	fprintf(f, "\n};\n");
}

int main(int argc, char **argv)
{
	FILE *array, *object;

	if (argc != 3)
		fail("usage: gen-vdso vdso_image.h vdso.so");
	make();
	array = fopen(argv[1], "w");
	object = fopen(argv[2], "wb");
	if (!array || !object)
		fail("cannot write its output");
	write_array(array);
	fwrite(image, 1, here, object);
	if (fclose(array) || fclose(object))
		fail("cannot write its output");
	return 0;
}
