/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The bounded ELF parser; see elf.h. What a well-formed program may need of the processor is judged in elf_arch.c. */
#include "kernel/exec/elf.h"

#include <string.h>

#include "abi/abi.h"
#include "kernel/exec/elf_arch.h"
#include "tollgate/machine_ops.h"

#define PAGE TG_PAGE_SIZE
#define PHDR_MAX (65536 / sizeof(struct g_elf64_phdr)) /* as Linux: the table fits into 64 KiB */
#define ALIGN_MAX (UINT64_C(1) << 30)
#define SHT_RISCV_ATTRIBUTES 0x70000003u

static int refuse(const char **why, const char *line)
{
	*why = line;
	return -G_ENOEXEC;
}

static int read_exact(const struct elf_source *source, uint64_t offset, void *dst, uint64_t n, const char **why)
{
	int64_t got;

	if (offset > source->size || n > source->size - offset)
		return refuse(why, "is cut short: a part it names lies beyond its end");
	got = source->read(source->ctx, offset, dst, n);
	if (got < 0) {
		*why = "cannot be read";
		return (int)got;
	}
	return (uint64_t)got == n ? 0 : refuse(why, "is cut short: a part it names lies beyond its end");
}

static const char *machine_line(uint16_t machine)
{
	switch (machine) {
	case G_EM_386: return "is a program for 32-bit x86; only riscv64 programs run here";
	case G_EM_ARM: return "is a program for 32-bit ARM; only riscv64 programs run here";
	case G_EM_X86_64: return "is a program for x86-64; only riscv64 programs run here";
	case G_EM_AARCH64: return "is a program for 64-bit ARM; only riscv64 programs run here";
	default: return "is a program for another machine; only riscv64 programs run here";
	}
}

static int check_ident(const struct elf_source *source, const char **why)
{
	uint8_t ident[16] = { 0 };
	uint64_t n = source->size < sizeof(ident) ? source->size : sizeof(ident);
	int result;

	if (!n)
		return refuse(why, "is empty");
	result = read_exact(source, 0, ident, n, why);
	if (result)
		return result;
	if (ident[0] == '#' && ident[1] == '!')
		return refuse(why, "is a script; run its interpreter with the script as an argument");
	if (memcmp(ident, "\177ELF", 4) != 0)
		return refuse(why, "is not an ELF file");
	if (ident[G_EI_CLASS] == G_ELFCLASS32)
		return refuse(why, "is a 32-bit program; only 64-bit ones run here");
	if (ident[G_EI_CLASS] != G_ELFCLASS64)
		return refuse(why, "has an unknown ELF class");
	if (ident[G_EI_DATA] != G_ELFDATA2LSB)
		return refuse(why, "is a big-endian program; riscv64 Linux is little-endian");
	if (ident[G_EI_VERSION] != G_EV_CURRENT)
		return refuse(why, "has an unknown ELF version");
	return 0;
}

static int check_header(const struct g_elf64_ehdr *h, const char **why)
{
	if (h->machine != G_EM_RISCV)
		return refuse(why, machine_line(h->machine));
	switch (h->type) {
	case G_ET_EXEC:
	case G_ET_DYN:
		break;
	case G_ET_REL: return refuse(why, "is an object file that has not been linked");
	case G_ET_CORE: return refuse(why, "is a core dump");
	default: return refuse(why, "is not an executable ELF file");
	}
	if (h->version != G_EV_CURRENT)
		return refuse(why, "has an unknown ELF version");
	if (h->flags & G_EF_RISCV_RVE)
		return refuse(why, "needs the base RV64E; only RV64I programs run here");
	if ((h->flags & G_EF_RISCV_FLOAT_ABI) == G_EF_RISCV_FLOAT_ABI_QUAD)
		return refuse(why, "needs extension Q");
	if (h->phentsize != sizeof(struct g_elf64_phdr))
		return refuse(why, "has program headers of a wrong size");
	if (h->phnum == 0)
		return refuse(why, "has no program headers");
	if (h->phnum > PHDR_MAX)
		return refuse(why, "has too many program headers");
	return 0;
}

static int add_load(const struct elf_source *source, const struct g_elf64_phdr *p, struct elf_image *out, const char **why)
{
	struct elf_segment *s = &out->segments[out->segment_count], *previous = out->segment_count ? s - 1 : NULL;

	if (p->filesz > p->memsz)
		return refuse(why, "has a segment that is larger in the file than in memory");
	if (p->memsz == 0)
		return 0;
	if (p->offset > source->size || p->filesz > source->size - p->offset)
		return refuse(why, "is cut short: a segment lies beyond its end");
	if (p->vaddr >= TG_ADDRESS_END || p->memsz > TG_ADDRESS_END - p->vaddr)
		return refuse(why, "has a segment outside the 38-bit address space");
	if ((p->vaddr - p->offset) % PAGE)
		return refuse(why, "has a segment whose address and file offset do not agree");
	if (p->align > ALIGN_MAX)
		return refuse(why, "has a segment with an absurd alignment");
	if (previous && p->vaddr < previous->vaddr + previous->memsz)
		return refuse(why, p->vaddr + p->memsz <= previous->vaddr ? "has segments that are not in order of address"
		                                                          : "has segments that overlap");
	if (out->segment_count == LIMIT_SEGMENTS)
		return refuse(why, "has too many segments");
	s->vaddr = p->vaddr;
	s->offset = p->offset;
	s->filesz = p->filesz;
	s->memsz = p->memsz;
	s->prot = (p->flags & G_PF_R ? G_PROT_READ : 0u) | (p->flags & G_PF_W ? G_PROT_WRITE : 0u) | (p->flags & G_PF_X ? G_PROT_EXEC : 0u);
	if (p->align > out->align && !(p->align & (p->align - 1)))
		out->align = p->align;
	out->segment_count++;
	return 0;
}

static int add_interp(const struct elf_source *source, const struct g_elf64_phdr *p, struct elf_image *out, const char **why)
{
	uint8_t edge[1];
	int result;

	if (out->interp_len) /* Linux takes the first one */
		return 0;
	if (p->filesz < 2 || p->filesz > LIMIT_PATH || p->offset > source->size)
		return refuse(why, "names its interpreter in a malformed way");
	result = read_exact(source, p->offset + p->filesz - 1, edge, 1, why);
	if (!result && edge[0] != 0)
		result = refuse(why, "names its interpreter in a malformed way");
	out->interp_offset = p->offset;
	out->interp_len = (uint32_t)p->filesz - 1;
	return result;
}

static bool entry_is_code(const struct elf_image *image)
{
	for (uint32_t i = 0; i < image->segment_count; i++) {
		const struct elf_segment *s = &image->segments[i];

		if ((s->prot & G_PROT_EXEC) && image->entry - s->vaddr < s->memsz)
			return image->entry % 2 == 0;
	}
	return false;
}

/* Where the program headers are in memory: inside the segment that holds their file offset. */
static uint64_t phdr_address(const struct elf_image *image, const struct g_elf64_ehdr *h)
{
	for (uint32_t i = 0; i < image->segment_count; i++) {
		const struct elf_segment *s = &image->segments[i];

		if (h->phoff >= s->offset && h->phoff - s->offset < s->filesz)
			return s->vaddr + (h->phoff - s->offset);
	}
	return 0;
}

/* The attributes section, for files whose linker made no program header for it. */
static int check_sections(const struct elf_source *source, const struct g_elf64_ehdr *h, const char **why)
{
	if (h->shentsize != sizeof(struct g_elf64_shdr) || !h->shoff)
		return 0;
	for (uint32_t i = 0; i < h->shnum; i++) {
		struct g_elf64_shdr s;
		uint64_t at = h->shoff + (uint64_t)i * sizeof(s);
		const char *ignored;

		if (at < h->shoff || read_exact(source, at, &s, sizeof(s), &ignored))
			return 0; /* sections may be damaged: Linux does not look at them */
		if (s.type == SHT_RISCV_ATTRIBUTES)
			return elf_check_attributes(source, s.offset, s.size, why);
	}
	return 0;
}

static int parse_segments(const struct elf_source *source, const struct g_elf64_ehdr *h, struct elf_image *out, const char **why)
{
	bool attributes = false;
	int result = 0;

	for (uint32_t i = 0; i < h->phnum && !result; i++) {
		struct g_elf64_phdr p;

		if (h->phoff + (uint64_t)i * sizeof(p) < h->phoff)
			return refuse(why, "is cut short: its program headers lie beyond its end");
		result = read_exact(source, h->phoff + (uint64_t)i * sizeof(p), &p, sizeof(p), why);
		if (result)
			break;
		if (p.type == G_PT_LOAD) {
			result = add_load(source, &p, out, why);
		} else if (p.type == G_PT_INTERP) {
			result = add_interp(source, &p, out, why);
		} else if (p.type == G_PT_GNU_STACK) {
			out->exec_stack = !!(p.flags & G_PF_X);
		} else if (p.type == G_PT_RISCV_ATTRIBUTES) {
			attributes = true;
			result = elf_check_attributes(source, p.offset, p.filesz, why);
		}
	}
	if (!result && !attributes)
		result = check_sections(source, h, why);
	return result;
}

int elf_parse(const struct elf_source *source, struct elf_image *out, const char **why)
{
	struct g_elf64_ehdr h;
	const struct elf_segment *last;
	int result;

	memset(out, 0, sizeof(*out));
	result = check_ident(source, why);
	if (!result)
		result = read_exact(source, 0, &h, sizeof(h), why);
	if (!result)
		result = check_header(&h, why);
	if (result)
		return result;
	out->entry = h.entry;
	out->phnum = h.phnum;
	out->position_independent = h.type == G_ET_DYN;
	out->align = PAGE;
	result = parse_segments(source, &h, out, why);
	if (result)
		return result;
	if (!out->segment_count)
		return refuse(why, "has nothing to load");
	last = &out->segments[out->segment_count - 1];
	out->low = out->segments[0].vaddr & -(uint64_t)PAGE;
	out->high = (last->vaddr + last->memsz + PAGE - 1) & -(uint64_t)PAGE;
	if (!out->position_independent && out->low < LIMIT_MMAP_MIN_ADDR)
		return refuse(why, "is linked to an address below 65536, where nothing can be mapped");
	if (!entry_is_code(out))
		return refuse(why, out->position_independent && !out->interp_len
		                           ? "has no entry point inside its code (is it a shared library?)"
		                           : "has its entry point outside its code");
	out->phdr = phdr_address(out, &h);
	return 0;
}
