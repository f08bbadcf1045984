/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * System-call numbers, and what syscall.def says about each: name, family, tier, support. All of it
 * is made from that one table. Refuses to know: how a call is carried out, and by whom.
 */
#ifndef TOLLGATE_ABI_CALLS_H
#define TOLLGATE_ABI_CALLS_H

#include <stdbool.h>
#include <stdint.h>

enum {
#define SYSCALL(nr, name, ...) G_NR_##name = nr,
#include "abi/syscall.def"
	G_NR_LIMIT = 463, /* one more than the highest number: the size of a dispatch array */
	ABI_MAX_ARGS = 6,
};

enum abi_family {
	ABI_MEMORY,
	ABI_THREAD,
	ABI_SIGNAL,
	ABI_FILE,
	ABI_TREE,
	ABI_STREAM,
	ABI_POLL,
	ABI_TIME,
	ABI_PROCESS,
	ABI_EXEC,
	ABI_FAMILIES
};

/* In rising order: a run limited to one tier answers ENOSYS to calls of a higher one. */
enum abi_tier { ABI_TIER_BASIC, ABI_TIER_ADVANCED, ABI_TIER_FULL, ABI_TIER_NONE, ABI_TIERS };

enum abi_support { ABI_FULL, ABI_PARTIAL, ABI_REFUSED, ABI_UNSUPPORTED, ABI_SUPPORTS };

enum abi_oracle { ABI_ORACLE_QEMU, ABI_ORACLE_KERNEL, ABI_ORACLE_SELF, ABI_ORACLE_NONE };

struct abi_syscall {
	const char *name;
	const char *args; /* the grammar at the head of syscall.def */
	const char *note;
	uint16_t nr;
	uint16_t refusal; /* the error of an ABI_REFUSED row, else 0 */
	uint8_t family;   /* enum abi_family, and so on */
	uint8_t tier;     /* the lowest, if by_argument */
	uint8_t support;
	uint8_t oracle;
	int8_t peek;      /* the pointer argument that syscall_tier wants to look behind, or -1 */
	bool by_argument; /* the tier depends on an argument */
};

/* The row of a number, or NULL for a number that riscv64 does not have. */
const struct abi_syscall *syscall_row(uint64_t nr);
/* The row of a name ("openat", also "sys_openat" and "SYS_openat"), or NULL. */
const struct abi_syscall *syscall_row_by_name(const char *name);
/* The i-th row in order of numbers, or NULL past the last. */
const struct abi_syscall *syscall_row_at(unsigned i);

/*
 * The tier that one call needs. args: a0..a5 as the guest left them. peek: two 64-bit words from
 * guest memory at args[row->peek], or NULL if the row wants none or they cannot be read (a call
 * with a bad pointer fails anyway, so it then counts as the row's lowest tier).
 * An unknown number is ABI_TIER_NONE.
 */
enum abi_tier syscall_tier(uint64_t nr, const uint64_t args[ABI_MAX_ARGS], const uint64_t *peek);

const char *abi_family_name(enum abi_family family);    /* "memory" */
const char *abi_tier_name(enum abi_tier tier);          /* "basic" */
const char *abi_support_name(enum abi_support support); /* "full" */
const char *abi_oracle_name(enum abi_oracle oracle);    /* "qemu" */

#endif
