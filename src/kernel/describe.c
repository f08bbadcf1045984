/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What each thread waits for, in words, for the stop that names it. Changes no state.
 */
#include "kernel/kernel.h"

#include "kernel/text.h"

struct line {
	char *buf;
	uint64_t size, used;
};

static void add(struct line *line, const char *s)
{
	if (line->used < line->size)
		line->used += text_copy(line->buf + line->used, line->size - line->used, s);
}

static void add_decimal(struct line *line, uint64_t value)
{
	char digits[TEXT_DECIMAL];

	text_decimal(digits, value);
	add(line, digits);
}

static void add_hex(struct line *line, uint64_t value)
{
	char digits[19] = "0x";
	unsigned n = 2, shift = 60;

	while (shift && !(value >> shift))
		shift -= 4;
	for (;; shift -= 4) {
		digits[n++] = "0123456789abcdef"[value >> shift & 15];
		if (!shift)
			break;
	}
	digits[n] = 0;
	add(line, digits);
}

static void describe(struct line *line, const struct thread *t)
{
	const struct abi_syscall *row = syscall_row(t->call_nr);
	const char *separator = "";
	unsigned i = 0;

	add(line, "tid ");
	add_decimal(line, t->tid);
	add(line, " waits in ");
	add(line, row ? row->name : "?");
	add(line, "(");
	/* one argument for each "name:type" of the row */
	for (const char *c = row ? row->args : ""; *c && i < 6; c++) {
		if (*c != ':')
			continue;
		add(line, separator);
		add_hex(line, t->args[i++]);
		separator = ", ";
	}
	add(line, ")\n");
}

void kernel_describe_waits(struct kernel *k, char *buf, size_t size)
{
	struct line line = {.buf = buf, .size = size};

	if (!size)
		return;
	buf[0] = 0;
	for (ref p = k->root->processes.head; p;) {
		const struct process *process = AT(k, process, p);

		for (ref r = process->threads.head; r;) {
			const struct thread *t = AT(k, thread, r);

			if (t->state == THREAD_WAITING)
				describe(&line, t);
			r = t->next;
		}
		p = process->next;
	}
}
