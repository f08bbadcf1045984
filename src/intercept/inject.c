/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See inject.h. */
#include "intercept/inject.h"

#include "abi/calls.h"
#include "abi/errors.h"
#include "intercept/text.h"

enum { NAME_MAX_BYTES = 64 };

bool inject_call_number(const char *word, size_t n, uint64_t *number)
{
	char name[NAME_MAX_BYTES];
	const struct abi_syscall *row;

	if (text_number(word, n, number))
		return true;
	if (n >= sizeof(name))
		return false;
	memcpy(name, word, n);
	name[n] = 0;
	row = syscall_row_by_name(name);
	if (row)
		*number = row->nr;
	return row != NULL;
}

static bool read_set(struct inject *rule, const char *text, size_t n)
{
	const char *end = text + n;

	while (text < end) {
		const char *word = text;
		uint64_t number;

		while (text < end && *text != ',')
			text++;
		if (text_equal_n("all", word, (size_t)(text - word)))
			memset(rule->calls, 0xff, sizeof(rule->calls));
		else if (inject_call_number(word, (size_t)(text - word), &number) &&
			 number < NR_TABLE_SIZE)
			rule->calls[number / 8] |= (uint8_t)(1u << (number % 8));
		else
			return false;
		text++;
	}
	return true;
}

static size_t digits(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] >= '0' && s[i] <= '9')
		i++;
	return i;
}

/* F, F+, F+S, F..L, F..L+S */
static bool read_when(struct inject *rule, const char *s, size_t n)
{
	size_t d = digits(s, n);

	if (!text_number(s, d, &rule->first) || !rule->first)
		return false;
	rule->last = rule->first;
	rule->step = 1;
	s += d, n -= d;
	if (n >= 2 && s[0] == '.' && s[1] == '.') {
		s += 2, n -= 2;
		d = digits(s, n);
		if (!text_number(s, d, &rule->last) || rule->last < rule->first)
			return false;
		s += d, n -= d;
	} else if (n && s[0] == '+') {
		rule->last = UINT64_MAX;
	}
	if (!n)
		return true;
	if (*s != '+')
		return false;
	return n == 1 || (text_number(s + 1, n - 1, &rule->step) && rule->step);
}

static bool read_action(struct inject *rule, const char *s, size_t n)
{
	char name[NAME_MAX_BYTES];
	uint64_t number;

	if (n >= sizeof(name))
		return false;
	memcpy(name, s, n);
	name[n] = 0;
	if (text_starts(name, "error=")) {
		if (text_number(name + 6, n - 6, &number) && number <= G_MAX_ERRNO)
			rule->error = (uint32_t)number;
		else
			rule->error = abi_errno_number(name + 6);
		return rule->error != 0;
	}
	if (text_starts(name, "retval="))
		return text_number(name + 7, n - 7, &rule->value);
	return text_starts(name, "when=") && read_when(rule, name + 5, n - 5);
}

static bool read_rule(struct inject *rule, const char *s, const char *end)
{
	bool set = false, action = false;

	rule->first = rule->step = 1;
	rule->last = UINT64_MAX;
	while (s < end) {
		const char *word = s;

		while (s < end && *s != ':')
			s++;
		if (!set)
			set = read_set(rule, word, (size_t)(s - word));
		else if (read_action(rule, word, (size_t)(s - word)))
			action = action || !text_starts(word, "when=");
		else
			return false;
		if (!set)
			return false;
		s++;
	}
	return set && action;
}

bool inject_read(struct intercept *state)
{
	const char *s = state->config.inject;

	while (s && *s) {
		const char *end = s;

		while (*end && *end != ';')
			end++;
		if (state->injects == INJECT_MAX ||
		    !read_rule(&state->inject[state->injects], s, end)) {
			static const char what[] = "libsyscall_intercept: INTERCEPT_INJECT: ";

			text_write(2, what, sizeof(what) - 1);
			text_write(2, s, (size_t)(end - s));
			text_write(2, ": not understood\n", 17);
			return false;
		}
		state->injects++;
		s = *end ? end + 1 : end;
	}
	return true;
}

bool inject_apply(struct intercept *state, uint64_t nr, int64_t *result)
{
	for (unsigned i = 0; i < state->injects; i++) {
		struct inject *rule = &state->inject[i];
		uint64_t n;

		if (nr >= NR_TABLE_SIZE || !(rule->calls[nr / 8] >> (nr % 8) & 1))
			continue;
		n = __atomic_add_fetch(&rule->count, 1, __ATOMIC_RELAXED);
		if (n < rule->first || n > rule->last || (n - rule->first) % rule->step)
			continue;
		*result = rule->error ? -(int64_t)rule->error : (int64_t)rule->value;
		return true;
	}
	return false;
}
