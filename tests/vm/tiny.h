/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A riscv64 program of a few words, as a file: one segment at 0x10000 that holds the code, readable, writable and executable. */
#ifndef TESTS_VM_TINY_H
#define TESTS_VM_TINY_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi/elf64.h"

#define TINY_BASE UINT64_C(0x10000)

/* Writes the program to a new file and gives its path (to be unlinked and freed). */
static inline char *tiny_program(const uint32_t *code, size_t words)
{
	char *path = strdup("/tmp/tollgate-tiny-XXXXXX");
	struct g_elf64_ehdr head = { 0 };
	struct g_elf64_phdr segment = { 0 };
	uint64_t size = sizeof head + sizeof segment + words * 4;
	int fd = path ? mkstemp(path) : -1;

	memcpy(head.ident, "\177ELF\2\1\1", 7);
	head.type = 2;
	head.machine = 243;
	head.version = 1;
	head.entry = TINY_BASE + sizeof head + sizeof segment;
	head.phoff = sizeof head;
	head.flags = 5; /* RVC, double float */
	head.ehsize = sizeof head;
	head.phentsize = sizeof segment;
	head.phnum = 1;
	segment.type = 1;
	segment.flags = 7;
	segment.vaddr = segment.paddr = TINY_BASE;
	segment.filesz = size;
	segment.memsz = 0x3000;
	segment.align = 0x1000;
	if (fd < 0 || write(fd, &head, sizeof head) != (ssize_t)sizeof head ||
	    write(fd, &segment, sizeof segment) != (ssize_t)sizeof segment || write(fd, code, words * 4) != (ssize_t)(words * 4))
		abort();
	close(fd);
	return path;
}

#endif
