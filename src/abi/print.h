/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * One system call as a line of text, in strace's form:
 *     openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)
 * Made from syscall.def, argtype.def, flags.def, fields.def; nothing here names a call. No state,
 * no allocation, no C library, so it can be used in a preloaded library at any moment.
 * Refuses to know: where guest memory is (a callback reads it), where the text goes.
 */
#ifndef TOLLGATE_ABI_PRINT_H
#define TOLLGATE_ABI_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/calls.h"

struct g_siginfo;

/* Text in a buffer of the caller. What does not fit is dropped, and said. */
struct abi_out {
	char *text; /* always zero-ended if size > 0 */
	size_t size;
	size_t len; /* without the zero */
	bool truncated;
};

struct abi_reader {
	/* Copies n bytes at addr to dst. 0, or negative if they cannot all be read. */
	int (*load)(void *context, uint64_t addr, void *dst, uint64_t n);
	void *context;
	uint32_t max_string; /* bytes shown of a string or buffer; 0: 32 */
	uint32_t max_items;  /* elements shown of an array; 0: 32 */
};

/* An empty text in buf. */
void abi_out_init(struct abi_out *out, char *buf, size_t size);
void abi_put_char(struct abi_out *out, char c);
void abi_put_str(struct abi_out *out, const char *s);
void abi_put_u64(struct abi_out *out, uint64_t v);
void abi_put_i64(struct abi_out *out, int64_t v);
void abi_put_hex(struct abi_out *out, uint64_t v); /* with 0x */
void abi_put_octal(struct abi_out *out, uint64_t v); /* with a leading 0 */

/*
 * "name(arguments)". result: the raw value of a0 afterwards, or NULL if the call has not returned;
 * what a call writes is shown as an address until it has returned without error. reader NULL: every
 * pointer is shown as an address. An unknown number is "syscall_0x1234(...)" with all arguments.
 */
void abi_print_call(struct abi_out *out, uint64_t nr, const uint64_t args[ABI_MAX_ARGS],
		    const uint64_t *result, const struct abi_reader *reader);

/*
 * " = 3", " = 0x3fff0000", " = -1 ENOENT (No such file or directory)", " = 0 (Timeout)".
 * args, reader: as above; both may be NULL, then a result is not explained further.
 */
void abi_print_result(struct abi_out *out, uint64_t nr, const uint64_t *args, uint64_t result,
		      const struct abi_reader *reader);

/* "{si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10}" */
void abi_print_siginfo(struct abi_out *out, const struct g_siginfo *si);

/* Flags of a set of flags.def by its name, as "A|B|0x100". False, nothing written: no such set. */
bool abi_print_flags(struct abi_out *out, const char *set, uint64_t value);

/* "SIGINT", "SIGRT_3", or the number. */
void abi_print_signal(struct abi_out *out, uint64_t sig);

/* How far apart arguments and types of a row are from what this file knows: for the table test. */
bool abi_type_known(const char *type, size_t len);

/* One argument of a row, taken apart. */
struct abi_arg {
	const char *name, *type, *count; /* not zero-ended; count NULL if there is none */
	uint8_t name_len, type_len, count_len;
	char direction; /* 0, '>' or '=' */
	bool bytes;     /* count is the size of one structure, not a number of elements */
};

/*
 * Takes the next argument from *args and moves on. 1 if there was one, 0 at the end or at a
 * "->type" (which then is in arg->type), -1 if the text is not of the grammar.
 */
int abi_next_arg(const char **args, struct abi_arg *arg);

#endif
