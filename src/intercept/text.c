/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See text.h. The four functions that a compiler may call on its own are here as well. */
#include "intercept/text.h"

#include "intercept/raw.h"

void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	uint8_t *d = dst;
	const uint8_t *s = src;

	if ((((uintptr_t)d | (uintptr_t)s) & 7) == 0) {
		for (; n >= 8; n -= 8, d += 8, s += 8)
			*(uint64_t *)(void *)d = *(const uint64_t *)(const void *)s;
	}
	while (n--)
		*d++ = *s++;
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	uint8_t *d = dst;
	const uint8_t *s = src;

	if ((uintptr_t)d - (uintptr_t)s >= n)
		return memcpy(dst, src, n);
	while (n--)
		d[n] = s[n];
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
	uint8_t *d = dst;

	while (n--)
		*d++ = (uint8_t)c;
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x < *y ? -1 : 1;
	return 0;
}

size_t text_length(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

bool text_equal(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

bool text_equal_n(const char *a, const char *b, size_t n)
{
	return text_length(a) == n && memcmp(a, b, n) == 0;
}

bool text_starts(const char *s, const char *prefix)
{
	while (*prefix)
		if (*s++ != *prefix++)
			return false;
	return true;
}

const char *text_base(const char *path)
{
	const char *base = path;

	for (; *path; path++)
		if (*path == '/')
			base = path + 1;
	return base;
}

/* The last star is the only one that ever has to be tried again. */
bool text_match(const char *pattern, size_t n, const char *s)
{
	size_t p = 0, star = SIZE_MAX;
	const char *mark = s;

	while (*s) {
		if (p < n && pattern[p] == '*') {
			star = p++;
			mark = s;
		} else if (p < n && (pattern[p] == '?' || pattern[p] == *s)) {
			p++;
			s++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			s = ++mark;
		} else {
			return false;
		}
	}
	while (p < n && pattern[p] == '*')
		p++;
	return p == n;
}

bool text_number(const char *text, size_t n, uint64_t *out)
{
	uint64_t value = 0;
	unsigned base = 10;

	if (n > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
		n -= 2;
	}
	if (!n || n > 16)
		return false;
	for (; n; n--, text++) {
		unsigned digit = (unsigned)(*text - '0');

		if (digit > 9)
			digit = (unsigned)((*text | 32) - 'a') + 10;
		if (digit >= base)
			return false;
		value = value * base + digit;
	}
	*out = value;
	return true;
}

bool text_next(const char **list, const char **word, size_t *n)
{
	const char *s = *list;

	while (*s == ',' || *s == ' ')
		s++;
	*word = s;
	while (*s && *s != ',')
		s++;
	*n = (size_t)(s - *word);
	*list = s;
	return *n > 0;
}

void text_copy(char *dst, size_t size, const char *src)
{
	size_t i = 0;

	for (; i + 1 < size && src[i]; i++)
		dst[i] = src[i];
	dst[i] = 0;
}

void text_write(int fd, const char *s, size_t n)
{
	while (n > 0) {
		long done = RAW3(write, fd, s, n);

		if (done <= 0)
			return;
		s += done;
		n -= (size_t)done;
	}
}
