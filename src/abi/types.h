/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Inside the printer: what a type name means, and showing one value of it.
 */
#ifndef TOLLGATE_ABI_TYPES_H
#define TOLLGATE_ABI_TYPES_H

#include "abi/print.h"

enum abi_kind {
	KIND_UNKNOWN,
	KIND_SET,    /* index: the set of flags.def */
	KIND_STRUCT, /* index: the structure of fields.def */
	/* numbers, also inside structures */
	KIND_I16,
	KIND_I32,
	KIND_U32,
	KIND_I64,
	KIND_U64,
	KIND_X32,
	KIND_X64,
	KIND_PTR,
	KIND_HANDLER,
	KIND_LIMIT,
	KIND_DFD,
	KIND_SIG,
	KIND_MODE,
	KIND_FILEMODE,
	KIND_DEV,
	KIND_SIGBITS,
	KIND_EPOLL_DATA,
	KIND_CHARS,
	KIND_NONE,
	/* behind a pointer */
	KIND_STR,
	KIND_PATH,
	KIND_ARGV,
	KIND_BUF,
	KIND_IOVEC,
	KIND_SIGSET,
	KIND_SIGMASK_ARG,
	KIND_BITS,  /* n: bytes */
	KIND_FDSET, /* n: bits */
	KIND_FDPAIR,
	KIND_I32P,
	KIND_U32P,
	KIND_U64P,
	KIND_X64P,
	KIND_UTIMES,
	KIND_DIRENTS,
	KIND_SOCKADDR,
	KIND_SIGINFO,
	/* by another argument of the same call */
	KIND_OMODE,
	KIND_CLONE_FLAGS,
	KIND_CLONE_STACK,
	KIND_CLONE_PTID,
	KIND_CLONE_TLS,
	KIND_CLONE_CTID,
	KIND_FUTEX_OP,
	KIND_FUTEX_TIME,
	KIND_FUTEX_ADDR2,
	KIND_FUTEX_VAL3,
	KIND_FCNTL_ARG,
	KIND_PRCTL_ARG2,
	/* of results */
	KIND_FCNTL_RESULT,
	KIND_POLL_COUNT,
	KIND_SELECT_COUNT,
};

struct abi_type {
	enum abi_kind kind;
	unsigned index;
};

struct abi_type abi_type_find(const char *name, size_t len);
/* A type by a constant name that is known to exist. */
struct abi_type abi_type_of(const char *name);

void abi_show_set(struct abi_out *out, unsigned set, uint64_t value);
/* Any kind up to KIND_CHARS but structures. */
void abi_show_number(struct abi_out *out, struct abi_type type, uint64_t value);
void abi_show_sigset(struct abi_out *out, uint64_t set);
/* n bytes as a quoted string; more: a mark that there would be more. */
void abi_show_bytes(struct abi_out *out, const uint8_t *bytes, size_t n);

uint64_t abi_struct_size(unsigned index);
/* One structure whose bytes were fetched already. */
void abi_show_struct(struct abi_out *out, unsigned index, const uint8_t *bytes);

/*
 * Data behind a pointer. n: elements or bytes, by the type. Each shows an address (or NULL) instead
 * if memory cannot be read.
 */
void abi_show_data(struct abi_out *out, const struct abi_reader *reader, struct abi_type type,
		   uint64_t addr, uint64_t n);

/* n vectors; of what they point at, total bytes at most. */
void abi_show_iovec(struct abi_out *out, const struct abi_reader *reader, uint64_t addr, uint64_t n,
		    uint64_t total);
/* A structure of which the guest gives n bytes; the rest counts as zero. */
void abi_show_struct_at(struct abi_out *out, const struct abi_reader *reader, unsigned index,
			uint64_t addr, uint64_t n);

enum { ABI_LARGEST_STRUCT = 512, ABI_COUNT_UNKNOWN = -1, ABI_MAX_READY = 32 };

#endif
