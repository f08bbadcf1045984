/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What a program needs of the processor, as its RISC-V attributes say it. Refuses to know the rest of ELF. */
#ifndef TOLLGATE_KERNEL_ELF_ARCH_H
#define TOLLGATE_KERNEL_ELF_ARCH_H

#include "kernel/exec/elf.h"

/* 0, or -G_ENOEXEC and *why when the arch string names what this machine lacks. Malformed attributes say nothing. */
int elf_check_attributes(const struct elf_source *source, uint64_t offset, uint64_t size, const char **why);
/* The same for an arch string ("rv64i2p1_m2p0_zba1p0") of n bytes: NULL, or the line. */
const char *elf_check_arch(const char *arch, uint64_t n);

#endif
