/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Reading an ELF program: what has to be mapped where, or one line that says why it is none that runs here. Bounded in memory and time
 * whatever the file holds. Refuses to know address spaces and files: bytes come from a callback.
 */
#ifndef TOLLGATE_KERNEL_ELF_H
#define TOLLGATE_KERNEL_ELF_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/limits.h"

struct elf_source {
	/* Bytes read, fewer only at the end; -errno. */
	int64_t (*read)(void *ctx, uint64_t offset, void *dst, uint64_t n);
	void *ctx;
	uint64_t size;
};

struct elf_segment {
	uint64_t vaddr, offset, filesz, memsz; /* vaddr and offset agree in their low 12 bits */
	uint32_t prot;                         /* G_PROT_* */
	uint32_t reserved;
};

struct elf_image {
	uint64_t entry;         /* inside an executable segment */
	uint64_t phdr;          /* address of the program headers, 0: not loaded */
	uint64_t low, high;     /* pages that all segments need */
	uint64_t align;         /* the greatest segment alignment, at least a page */
	uint64_t interp_offset; /* of the interpreter's path in the file */
	uint32_t interp_len;    /* without the NUL; 0: none */
	uint32_t position_independent, phnum, exec_stack;
	uint32_t segment_count, reserved;
	struct elf_segment segments[LIMIT_SEGMENTS]; /* in order of address, disjoint */
};

/* 0 and *out, or -G_ENOEXEC (-errno of a read) and *why, a static line in the form "is ..." or "needs ...". */
int elf_parse(const struct elf_source *source, struct elf_image *out, const char **why);

#endif
