/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Strings, patterns and comma lists without a C library, and lines to a file descriptor. Refuses to
 * know what they mean.
 */
#ifndef TOLLGATE_INTERCEPT_TEXT_H
#define TOLLGATE_INTERCEPT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

size_t text_length(const char *s);
bool text_equal(const char *a, const char *b);
bool text_equal_n(const char *a, const char *b, size_t n); /* b[0..n) is all of a */
bool text_starts(const char *s, const char *prefix);
/* The part behind the last slash. */
const char *text_base(const char *path);
/* `*` and `?` of a shell; pattern[0..n). */
bool text_match(const char *pattern, size_t n, const char *s);
/* Decimal or 0x; false if text[0..n) is not a number. */
bool text_number(const char *text, size_t n, uint64_t *out);
/* The next word of a comma list: false at its end. */
bool text_next(const char **list, const char **word, size_t *n);
/* Copies what fits with a zero. */
void text_copy(char *dst, size_t size, const char *src);
/* All bytes, however often the kernel takes only some. */
void text_write(int fd, const char *s, size_t n);

#endif
