/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Text in a caller's buffer, and the grammar of argument lists. Refuses to know: calls, memory.
 */
#include "abi/print.h"

void abi_out_init(struct abi_out *out, char *buf, size_t size)
{
	out->text = buf;
	out->size = size;
	out->len = 0;
	out->truncated = false;
	if (size)
		buf[0] = 0;
}

void abi_put_char(struct abi_out *out, char c)
{
	if (out->len + 1 >= out->size) {
		out->truncated = true;
		return;
	}
	out->text[out->len++] = c;
	out->text[out->len] = 0;
}

void abi_put_str(struct abi_out *out, const char *s)
{
	while (*s)
		abi_put_char(out, *s++);
}

static void put_radix(struct abi_out *out, uint64_t v, unsigned shift)
{
	unsigned bits = 0;

	while (bits + shift < 64 && v >> (bits + shift))
		bits += shift;
	for (;; bits -= shift) {
		abi_put_char(out, "0123456789abcdef"[(v >> bits) & ((1u << shift) - 1)]);
		if (!bits)
			return;
	}
}

void abi_put_hex(struct abi_out *out, uint64_t v)
{
	abi_put_str(out, "0x");
	put_radix(out, v, 4);
}

void abi_put_octal(struct abi_out *out, uint64_t v)
{
	abi_put_char(out, '0');
	if (v)
		put_radix(out, v, 3);
}

void abi_put_u64(struct abi_out *out, uint64_t v)
{
	char digits[20];
	unsigned n = 0;

	do {
		digits[n++] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	while (n)
		abi_put_char(out, digits[--n]);
}

void abi_put_i64(struct abi_out *out, int64_t v)
{
	if (v < 0)
		abi_put_char(out, '-');
	abi_put_u64(out, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static uint8_t take_word(const char **p, const char **word)
{
	const char *start = *p;

	while (is_word(**p) && *p - start < UINT8_MAX)
		(*p)++;
	*word = start;
	return (uint8_t)(*p - start);
}

int abi_next_arg(const char **args, struct abi_arg *arg)
{
	const char *p = *args;
	char close;

	*arg = (struct abi_arg){ 0 };
	while (*p == ' ')
		p++;
	*args = p;
	if (!*p)
		return 0;
	if (p[0] == '-' && p[1] == '>') {
		p += 2;
		arg->type_len = take_word(&p, &arg->type);
		*args = p;
		return arg->type_len && !*p ? 0 : -1;
	}
	arg->name_len = take_word(&p, &arg->name);
	if (!arg->name_len || *p++ != ':')
		return -1;
	if (*p == '>' || *p == '=')
		arg->direction = *p++;
	arg->type_len = take_word(&p, &arg->type);
	if (!arg->type_len)
		return -1;
	if (*p == '[' || *p == '{') {
		arg->bytes = *p == '{';
		close = *p++ == '{' ? '}' : ']';
		arg->count_len = take_word(&p, &arg->count);
		if (!arg->count_len || *p++ != close)
			return -1;
	}
	if (*p && *p != ' ')
		return -1;
	*args = p;
	return 1;
}
