/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The part of ELF that loading a riscv64 program needs, and the auxiliary vector it is started
 * with. Refuses to know: how a program is loaded.
 */
#ifndef TOLLGATE_ABI_ELF64_H
#define TOLLGATE_ABI_ELF64_H

#include "abi/base.h"

struct g_elf64_ehdr {
	uint8_t ident[16];
	uint16_t type;
	uint16_t machine;
	uint32_t version;
	uint64_t entry;
	uint64_t phoff;
	uint64_t shoff;
	uint32_t flags;
	uint16_t ehsize;
	uint16_t phentsize;
	uint16_t phnum;
	uint16_t shentsize;
	uint16_t shnum;
	uint16_t shstrndx;
};
G_SIZE(elf64_ehdr, 64);
G_AT(elf64_ehdr, type, 16);
G_AT(elf64_ehdr, machine, 18);
G_AT(elf64_ehdr, entry, 24);
G_AT(elf64_ehdr, phoff, 32);
G_AT(elf64_ehdr, shoff, 40);
G_AT(elf64_ehdr, flags, 48);
G_AT(elf64_ehdr, phentsize, 54);
G_AT(elf64_ehdr, phnum, 56);
G_AT(elf64_ehdr, shstrndx, 62);

struct g_elf64_phdr {
	uint32_t type;
	uint32_t flags;
	uint64_t offset;
	uint64_t vaddr;
	uint64_t paddr;
	uint64_t filesz;
	uint64_t memsz;
	uint64_t align;
};
G_SIZE(elf64_phdr, 56);
G_AT(elf64_phdr, flags, 4);
G_AT(elf64_phdr, offset, 8);
G_AT(elf64_phdr, vaddr, 16);
G_AT(elf64_phdr, filesz, 32);
G_AT(elf64_phdr, memsz, 40);
G_AT(elf64_phdr, align, 48);

struct g_elf64_shdr {
	uint32_t name;
	uint32_t type;
	uint64_t flags;
	uint64_t addr;
	uint64_t offset;
	uint64_t size;
	uint32_t link;
	uint32_t info;
	uint64_t addralign;
	uint64_t entsize;
};
G_SIZE(elf64_shdr, 64);

struct g_elf64_sym {
	uint32_t name;
	uint8_t info;
	uint8_t other;
	uint16_t shndx;
	uint64_t value;
	uint64_t size;
};
G_SIZE(elf64_sym, 24);

struct g_elf64_dyn {
	int64_t tag;
	uint64_t val;
};
G_SIZE(elf64_dyn, 16);

struct g_elf64_rela {
	uint64_t offset;
	uint64_t info;
	int64_t addend;
};
G_SIZE(elf64_rela, 24);

struct g_elf64_nhdr {
	uint32_t namesz;
	uint32_t descsz;
	uint32_t type;
};
G_SIZE(elf64_nhdr, 12);

/* ident */
enum {
	G_EI_CLASS = 4,
	G_EI_DATA = 5,
	G_EI_VERSION = 6,
	G_EI_OSABI = 7,
	G_ELFCLASS32 = 1,
	G_ELFCLASS64 = 2,
	G_ELFDATA2LSB = 1,
	G_ELFDATA2MSB = 2,
	G_EV_CURRENT = 1,
	G_ELFOSABI_NONE = 0,
	G_ELFOSABI_LINUX = 3,
};
enum {
	G_ET_NONE = 0,
	G_ET_REL = 1,
	G_ET_EXEC = 2,
	G_ET_DYN = 3,
	G_ET_CORE = 4,
	G_EM_386 = 3,
	G_EM_ARM = 40,
	G_EM_X86_64 = 62,
	G_EM_AARCH64 = 183,
	G_EM_RISCV = 243,
	G_PN_XNUM = 0xffff,
};
/* flags of EM_RISCV */
enum {
	G_EF_RISCV_RVC = 1,
	G_EF_RISCV_FLOAT_ABI = 6,
	G_EF_RISCV_FLOAT_ABI_SOFT = 0,
	G_EF_RISCV_FLOAT_ABI_SINGLE = 2,
	G_EF_RISCV_FLOAT_ABI_DOUBLE = 4,
	G_EF_RISCV_FLOAT_ABI_QUAD = 6,
	G_EF_RISCV_RVE = 8,
};
enum {
	G_PT_NULL = 0x0,
	G_PT_LOAD = 0x1,
	G_PT_DYNAMIC = 0x2,
	G_PT_INTERP = 0x3,
	G_PT_NOTE = 0x4,
	G_PT_SHLIB = 0x5,
	G_PT_PHDR = 0x6,
	G_PT_TLS = 0x7,
	G_PT_GNU_EH_FRAME = 0x6474e550,
	G_PT_GNU_STACK = 0x6474e551,
	G_PT_GNU_RELRO = 0x6474e552,
	G_PT_GNU_PROPERTY = 0x6474e553,
	G_PT_RISCV_ATTRIBUTES = 0x70000003,
	G_PF_X = 0x1,
	G_PF_W = 0x2,
	G_PF_R = 0x4,
};
enum {
	G_SHT_NULL = 0,
	G_SHT_PROGBITS = 1,
	G_SHT_SYMTAB = 2,
	G_SHT_STRTAB = 3,
	G_SHT_RELA = 4,
	G_SHT_HASH = 5,
	G_SHT_DYNAMIC = 6,
	G_SHT_NOTE = 7,
	G_SHT_NOBITS = 8,
	G_SHT_DYNSYM = 11,
	G_SHF_WRITE = 1,
	G_SHF_ALLOC = 2,
	G_SHF_EXECINSTR = 4,
	G_SHN_UNDEF = 0,
	G_STT_NOTYPE = 0,
	G_STT_OBJECT = 1,
	G_STT_FUNC = 2,
	G_STT_SECTION = 3,
	G_STT_TLS = 6,
	G_STB_LOCAL = 0,
	G_STB_GLOBAL = 1,
	G_STB_WEAK = 2,
};
enum {
	G_DT_NULL = 0,
	G_DT_NEEDED = 1,
	G_DT_HASH = 4,
	G_DT_STRTAB = 5,
	G_DT_SYMTAB = 6,
	G_DT_RELA = 7,
	G_DT_RELASZ = 8,
	G_DT_RELAENT = 9,
	G_DT_STRSZ = 10,
	G_DT_SYMENT = 11,
	G_DT_SONAME = 14,
};
/* relocations that a static program applies to itself */
enum {
	G_R_RISCV_RELATIVE = 3,
	G_R_RISCV_JUMP_SLOT = 5,
	G_R_RISCV_64 = 2,
	G_R_RISCV_IRELATIVE = 58,
};

struct g_auxv {
	uint64_t type;
	uint64_t value;
};
G_SIZE(auxv, 16);
enum {
	G_AT_NULL = 0,
	G_AT_IGNORE = 1,
	G_AT_EXECFD = 2,
	G_AT_PHDR = 3,
	G_AT_PHENT = 4,
	G_AT_PHNUM = 5,
	G_AT_PAGESZ = 6,
	G_AT_BASE = 7,
	G_AT_FLAGS = 8,
	G_AT_ENTRY = 9,
	G_AT_NOTELF = 10,
	G_AT_UID = 11,
	G_AT_EUID = 12,
	G_AT_GID = 13,
	G_AT_EGID = 14,
	G_AT_PLATFORM = 15,
	G_AT_HWCAP = 16,
	G_AT_CLKTCK = 17,
	G_AT_SECURE = 23,
	G_AT_BASE_PLATFORM = 24,
	G_AT_RANDOM = 25,
	G_AT_HWCAP2 = 26,
	G_AT_RSEQ_FEATURE_SIZE = 27,
	G_AT_RSEQ_ALIGN = 28,
	G_AT_EXECFN = 31,
	G_AT_SYSINFO_EHDR = 33,
	G_AT_L1I_CACHESIZE = 40,
	G_AT_L1I_CACHEGEOMETRY = 41,
	G_AT_L1D_CACHESIZE = 42,
	G_AT_L1D_CACHEGEOMETRY = 43,
	G_AT_L2_CACHESIZE = 44,
	G_AT_L2_CACHEGEOMETRY = 45,
	G_AT_L3_CACHESIZE = 46,
	G_AT_L3_CACHEGEOMETRY = 47,
	G_AT_MINSIGSTKSZ = 51,
};
/* AT_HWCAP: a bit per single-letter extension */
enum {
	G_COMPAT_HWCAP_ISA_I = 0x100,
	G_COMPAT_HWCAP_ISA_M = 0x1000,
	G_COMPAT_HWCAP_ISA_A = 0x1,
	G_COMPAT_HWCAP_ISA_F = 0x20,
	G_COMPAT_HWCAP_ISA_D = 0x8,
	G_COMPAT_HWCAP_ISA_C = 0x4,
	G_COMPAT_HWCAP_ISA_V = 0x200000,
};

#endif
