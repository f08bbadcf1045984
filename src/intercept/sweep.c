/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * See sweep.h. A section is read for the word only; whether an instruction starts there is then
 * decided by what stands before it. Going back while the halfwords have their two low bits set, the
 * first one of that row starts an instruction (the one before it is either a 16-bit instruction or
 * the second half of a 32-bit one), and from there on every second one does. That is the same
 * answer as a sweep from the start of the section gives, for a fraction of the work.
 */
#include "intercept/sweep.h"

#include "abi/elf64.h"
#include "abi/errors.h"
#include "abi/mapping.h"
#include "intercept/raw.h"
#include "isa/isa.h"

#define ECALL 0x00000073u

/* System V ABI; .rela.plt, which lazy binding reads at any time, is the one with SHF_INFO_LINK. */
enum { SHT_RELA = 4, SHF_ALLOC = 2, SHF_INFO_LINK = 0x40 };
enum { SECTIONS_AT_ONCE = 16, BACK_MAX = 12, REG_A7 = 17 };

static uint16_t parcel(uint64_t at)
{
	return *(const uint16_t *)at;
}

static uint32_t word(uint64_t at)
{
	return parcel(at) | (uint32_t)parcel(at + 2) << 16;
}

/* True if an instruction of the section starts at this address. */
static bool starts(uint64_t start, uint64_t at)
{
	uint64_t p = at;

	while (p > start && isa_length(parcel(p - 2)) == 4)
		p -= 2;
	return ((at - p) & 2) == 0;
}

/*
 * The constant in a7, or -1. Only straight code counts: nothing before a jump or a trap is looked at.
 * A branch from elsewhere to behind the constant would have to bring a number of its own.
 */
static int16_t number_at(uint64_t start, uint64_t at)
{
	for (unsigned n = 0; n < BACK_MAX && at > start; n++) {
		struct insn insn;
		const struct uop_info *uop;

		if (at - start >= 4 && isa_length(parcel(at - 4)) == 4 && starts(start, at - 4))
			at -= 4;
		else
			at -= 2;
		if (!isa_decode(word(at), &insn))
			return -1;
		uop = &isa_uops[insn.uop];
		if (uop->flags & UF_END)
			return -1;
		if (uop->rd != UO_X || insn.rd != REG_A7)
			continue;
		if (insn.uop == UOP_ADDI && insn.rs1 == 0 && insn.imm >= 0 && insn.imm < NR_TABLE_SIZE)
			return (int16_t)insn.imm;
		return -1;
	}
	return -1;
}

static unsigned found(const struct code *code, uint64_t at, struct site *sites, unsigned n,
		      unsigned max)
{
	if (at + 4 > code->end || word(at) != ECALL || !starts(code->start, at))
		return n;
	if (n < max)
		sites[n] = (struct site){ .at = at, .number = number_at(code->start, at) };
	return n + 1;
}

unsigned sweep_code(const struct code *code, struct site *sites, unsigned max)
{
	const uint64_t pattern = 0x0073007300730073, ones = 0x0001000100010001, tops = ones << 15;
	uint64_t at = code->start, whole = code->end & ~(uint64_t)31;
	unsigned n = 0;

	for (; at < code->end && (at & 31); at += 2)
		n = found(code, at, sites, n, max);
	for (; at < whole; at += 32) {
		const uint64_t *w = (const uint64_t *)at;
		uint64_t a = w[0] ^ pattern, b = w[1] ^ pattern;
		uint64_t c = w[2] ^ pattern, d = w[3] ^ pattern;

		/* A halfword that is zero borrows into its top bit; some that are not do as well. */
		a = ((a - ones) & ~a) | ((b - ones) & ~b) | ((c - ones) & ~c) | ((d - ones) & ~d);
		if (__builtin_expect((a & tops) != 0, 0))
			for (unsigned i = 0; i < 32; i += 2)
				n = found(code, at + i, sites, n, max);
	}
	for (; at < code->end; at += 2)
		n = found(code, at, sites, n, max);
	return n;
}

static bool load(int fd, void *dst, uint64_t n, uint64_t offset)
{
	return RAW4(pread64, fd, dst, n, offset) == (long)n;
}

int sweep_sections(int fd, const struct map *map, struct code *code, unsigned max, struct code *spent)
{
	struct g_elf64_ehdr ehdr;
	struct g_elf64_shdr shdr[SECTIONS_AT_ONCE];
	unsigned n = 0;

	if (!load(fd, &ehdr, sizeof(ehdr), 0) || ehdr.ident[0] != 0x7f || ehdr.ident[1] != 'E' ||
	    ehdr.ident[2] != 'L' || ehdr.ident[3] != 'F' || ehdr.machine != G_EM_RISCV ||
	    ehdr.shentsize != sizeof(shdr[0]))
		return -G_ENOEXEC;
	for (unsigned i = 0; i < ehdr.shnum; i++) {
		const struct g_elf64_shdr *s = &shdr[i % SECTIONS_AT_ONCE];
		uint64_t first, last, map_last = map->offset + (map->end - map->start);

		if (i % SECTIONS_AT_ONCE == 0) {
			unsigned some = ehdr.shnum - i;

			if (some > SECTIONS_AT_ONCE)
				some = SECTIONS_AT_ONCE;
			if (!load(fd, shdr, some * sizeof(shdr[0]), ehdr.shoff + i * sizeof(shdr[0])))
				return -G_ENOEXEC;
		}
		if (s->type == SHT_RELA && (s->flags & SHF_ALLOC) && !(s->flags & SHF_INFO_LINK) &&
		    s->offset >= map->offset && s->offset + s->size <= map_last &&
		    s->size > spent->end - spent->start)
			*spent = (struct code){ map->start + (s->offset - map->offset),
						map->start + (s->offset + s->size - map->offset) };
		if (s->type != G_SHT_PROGBITS || !(s->flags & G_SHF_EXECINSTR))
			continue;
		/* A section is in one segment; a mapping that has only a part of it is not swept. */
		first = s->offset;
		last = s->offset + s->size;
		if (first < map->offset || last > map_last || last <= first || (first & 1))
			continue;
		if (n < max)
			code[n] = (struct code){ map->start + (first - map->offset),
						 map->start + (last - map->offset) };
		n++;
	}
	return n > max ? -G_ENOMEM : (int)n;
}
