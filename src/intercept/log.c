/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See log.h. */
#include "intercept/log.h"

#include "abi/abi.h"
#include "abi/print.h"
#include "intercept/raw.h"
#include "intercept/safe.h"
#include "intercept/text.h"

enum { LINE_BYTES = 2048, LOG_MODE = 0600 };

/* %p and a `-` at the end become the process id, %h the host's name. */
static void expand(const char *path, char *out, size_t size)
{
	struct abi_out o;
	struct g_utsname name;

	abi_out_init(&o, out, size);
	for (const char *s = path; *s; s++) {
		if (*s == '%' && s[1] == 'p') {
			abi_put_u64(&o, (uint64_t)RAW1(getpid, 0));
			s++;
		} else if (*s == '%' && s[1] == 'h' && RAW1(uname, &name) == 0) {
			abi_put_str(&o, (const char *)name.nodename);
			s++;
		} else if (*s == '-' && !s[1]) {
			abi_put_char(&o, '-');
			abi_put_u64(&o, (uint64_t)RAW1(getpid, 0));
		} else {
			abi_put_char(&o, *s);
		}
	}
}

static long open_log(const struct intercept *state, int more)
{
	char path[PATH_BYTES];

	expand(state->log_path, path, sizeof(path));
	return RAW4(openat, G_AT_FDCWD, path, G_O_WRONLY | G_O_CREAT | G_O_APPEND | G_O_CLOEXEC | more,
		    LOG_MODE);
}

void log_open(struct intercept *state)
{
	const char *path = state->config.log;
	long fd, n = 0;

	if (path[0] != '/') {
		n = RAW2(getcwd, state->log_path, PATH_BYTES / 2);
		n = n > 1 ? n - 1 : 0;
		state->log_path[n++] = '/';
	}
	text_copy(state->log_path + n, (size_t)(PATH_BYTES - n), path);
	fd = open_log(state, state->config.log_trunc ? G_O_TRUNC : 0);
	if (raw_failed(fd)) {
		text_write(2, "libsyscall_intercept: cannot write the log ", 43);
		text_write(2, state->log_path, text_length(state->log_path));
		text_write(2, "\n", 1);
		return;
	}
	RAW1(close, fd);
}

void log_call(const struct intercept *state, uint64_t site, uint64_t nr, const uint64_t args[6],
	      const uint64_t *result)
{
	const struct abi_reader reader = { .load = safe_load };
	char line[LINE_BYTES];
	struct abi_out o;
	long fd;

	/* One byte is kept back for the end of the line. */
	abi_out_init(&o, line, sizeof(line) - 1);
	abi_put_u64(&o, (uint64_t)RAW1(gettid, 0));
	abi_put_char(&o, ' ');
	for (unsigned i = 0; i < state->named_count; i++) {
		const struct object *object = &state->named[i];

		if (site < object->start || site >= object->end)
			continue;
		abi_put_str(&o, object->name);
		abi_put_char(&o, '+');
		site -= object->bias;
		break;
	}
	abi_put_hex(&o, site);
	abi_put_char(&o, ' ');
	abi_print_call(&o, nr, args, result, &reader);
	if (result)
		abi_print_result(&o, nr, args, *result, &reader);
	else
		abi_put_str(&o, " = ?");
	line[o.len++] = '\n';
	fd = open_log(state, 0);
	if (raw_failed(fd))
		return;
	text_write((int)fd, line, o.len);
	RAW1(close, fd);
}
