/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Strings and numbers as text: what the kernel needs of a C library, and a sink that grows in the
 * arena for generated files. Refuses to know what the text says.
 */
#ifndef TOLLGATE_KERNEL_TEXT_H
#define TOLLGATE_KERNEL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/kernel.h"

#define TEXT_DECIMAL 21 /* bytes that hold any 64-bit number in decimal, with its NUL */

uint64_t text_length(const char *s);
bool text_equal(const char *a, const char *b);
/* Bytewise order of two byte strings: negative, 0, positive. */
int text_compare(const char *a, uint64_t a_len, const char *b, uint64_t b_len);
/* Copies at most size - 1 bytes and always terminates; the length copied. */
uint64_t text_copy(char *dst, uint64_t size, const char *src);
/* Writes value in decimal with a NUL; the number of digits. */
uint64_t text_decimal(char dst[TEXT_DECIMAL], uint64_t value);
/* Reads an unsigned decimal number that fills all len bytes without a leading zero (but "0").
 * false: it is not one, or does not fit. */
bool text_number(const char *s, uint64_t len, uint64_t *out);

/* Text that is being made. A failed sink (no memory) swallows everything and ends empty. */
struct text {
	struct kernel *k;
	ref block;
	uint64_t length, capacity;
	bool failed;
};

void text_begin(struct text *t, struct kernel *k);
/* The finished block (0 when it is empty or failed) and its length; the caller owns it. */
ref text_end(struct text *t, uint64_t *length);
void text_bytes(struct text *t, const void *src, uint64_t n);
void text_str(struct text *t, const char *s);
void text_char(struct text *t, char c);
void text_repeat(struct text *t, char c, uint64_t n);
void text_u64(struct text *t, uint64_t value);
void text_i64(struct text *t, int64_t value);
void text_u64_right(struct text *t, uint64_t value, uint64_t width); /* "%*lu" */
void text_u64_zeros(struct text *t, uint64_t value, uint64_t width); /* "%0*lu" */
void text_hex(struct text *t, uint64_t value, uint64_t width);       /* "%0*lx" */
void text_octal(struct text *t, uint64_t value, uint64_t width);     /* "%0*lo" */

#endif
