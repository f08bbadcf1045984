/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Strings, numbers, and text that grows in the arena. Refuses to know what the text says. */
#include "kernel/text.h"

#include <string.h>

uint64_t text_length(const char *s)
{
	const volatile char *p = s; /* volatile: compilers would turn the loop into a call of
				       strlen, which is not there */
	uint64_t n = 0;

	while (p[n] != 0)
		n++;
	return n;
}

int text_compare(const char *a, uint64_t a_len, const char *b, uint64_t b_len)
{
	int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

	if (order != 0)
		return order;
	return a_len < b_len ? -1 : a_len > b_len;
}

bool text_equal(const char *a, const char *b)
{
	uint64_t n = text_length(a);

	return text_length(b) == n && memcmp(a, b, n) == 0;
}

uint64_t text_copy(char *dst, uint64_t size, const char *src)
{
	uint64_t n = text_length(src);

	if (n >= size)
		n = size - 1;
	memcpy(dst, src, n);
	dst[n] = 0;
	return n;
}

uint64_t text_decimal(char dst[TEXT_DECIMAL], uint64_t value)
{
	char reversed[TEXT_DECIMAL];
	uint64_t n = 0;

	do {
		reversed[n++] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	for (uint64_t i = 0; i < n; i++)
		dst[i] = reversed[n - 1 - i];
	dst[n] = 0;
	return n;
}

bool text_number(const char *s, uint64_t len, uint64_t *out)
{
	uint64_t value = 0;

	if (len == 0 || len > 19 || (s[0] == '0' && len > 1))
		return false;
	for (uint64_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(s[i] - '0');
	}
	*out = value;
	return true;
}

void text_begin(struct text *t, struct kernel *k)
{
	*t = (struct text){.k = k};
}

ref text_end(struct text *t, uint64_t *length)
{
	*length = t->failed ? 0 : t->length;
	return t->block;
}

static bool grow(struct text *t, uint64_t n)
{
	uint64_t wanted = t->capacity ? t->capacity : 256;
	ref bigger;

	if (t->failed)
		return false;
	if (t->length + n <= t->capacity)
		return true;
	while (wanted < t->length + n)
		wanted *= 2;
	bigger = t->block ? arena_resize(&t->k->arena, t->block, wanted)
			  : arena_alloc(&t->k->arena, wanted);
	if (!bigger) {
		arena_free(&t->k->arena, t->block);
		t->block = 0;
		t->failed = true;
		return false;
	}
	t->block = bigger;
	t->capacity = wanted;
	return true;
}

void text_bytes(struct text *t, const void *src, uint64_t n)
{
	if (n == 0 || !grow(t, n))
		return;
	memcpy((uint8_t *)arena_at(&t->k->arena, t->block) + t->length, src, n);
	t->length += n;
}

void text_str(struct text *t, const char *s)
{
	text_bytes(t, s, text_length(s));
}

void text_char(struct text *t, char c)
{
	text_bytes(t, &c, 1);
}

void text_repeat(struct text *t, char c, uint64_t n)
{
	while (n-- > 0)
		text_char(t, c);
}

void text_u64(struct text *t, uint64_t value)
{
	char digits[TEXT_DECIMAL];

	text_bytes(t, digits, text_decimal(digits, value));
}

void text_i64(struct text *t, int64_t value)
{
	if (value < 0)
		text_char(t, '-');
	text_u64(t, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

static void text_padded(struct text *t, uint64_t value, uint64_t width, char pad)
{
	char digits[TEXT_DECIMAL];
	uint64_t n = text_decimal(digits, value);

	if (n < width)
		text_repeat(t, pad, width - n);
	text_bytes(t, digits, n);
}

void text_u64_right(struct text *t, uint64_t value, uint64_t width)
{
	text_padded(t, value, width, ' ');
}

void text_u64_zeros(struct text *t, uint64_t value, uint64_t width)
{
	text_padded(t, value, width, '0');
}

static void text_power(struct text *t, uint64_t value, uint64_t width, unsigned bits)
{
	char digits[24];
	uint64_t n = 0;

	do {
		digits[sizeof digits - ++n] = "0123456789abcdef"[value & ((1u << bits) - 1)];
		value >>= bits;
	} while (value != 0);
	if (n < width)
		text_repeat(t, '0', width - n);
	text_bytes(t, digits + sizeof digits - n, n);
}

void text_hex(struct text *t, uint64_t value, uint64_t width)
{
	text_power(t, value, width, 4);
}

void text_octal(struct text *t, uint64_t value, uint64_t width)
{
	text_power(t, value, width, 3);
}
