/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See config.h. */
#include "intercept/config.h"

#include "abi/calls.h"
#include "abi/files.h"
#include "intercept/inject.h"
#include "intercept/raw.h"
#include "intercept/text.h"

static bool is_set(const char *value)
{
	return value && value[0] && !text_equal(value, "0");
}

/* All of a file of /proc, zero-ended. NULL if it cannot be read or has no room. */
static char *whole_file(const char *path, struct scratch *kept)
{
	long fd = RAW4(openat, G_AT_FDCWD, path, G_O_CLOEXEC, 0), n;
	size_t size = 0, room = (size_t)(kept->end - kept->next);
	char *text = (char *)kept->next;

	if (raw_failed(fd))
		return NULL;
	while (size + 2 < room && (n = RAW3(read, fd, text + size, room - size - 2)) > 0)
		size += (size_t)n;
	RAW1(close, fd);
	if (size + 2 >= room)
		return NULL;
	text[size] = text[size + 1] = 0;
	scratch_take(kept, size + 2);
	return text;
}

static const char *variable(char **environment, const char *name)
{
	size_t n = text_length(name);

	for (char **e = environment; e && *e; e++)
		if (text_starts(*e, name) && (*e)[n] == '=' && (*e)[n + 1])
			return *e + n + 1;
	return NULL;
}

/* A comma list of names, each with or without a leading `!`. */
static bool cmdline_allows(const char *filter, const char *argv0)
{
	const char *base = text_base(argv0), *word;
	bool any_positive = false, found = false;
	size_t n;

	while (text_next(&filter, &word, &n)) {
		bool negative = word[0] == '!';

		if (negative) {
			if (text_equal_n(base, word + 1, n - 1))
				return false;
			continue;
		}
		any_positive = true;
		found = found || text_equal_n(base, word, n);
	}
	return found || !any_positive;
}

static int forced_kind(const char *name)
{
	if (name && text_equal(name, "island"))
		return SITE_ISLAND;
	if (name && text_equal(name, "slot"))
		return SITE_SLOT;
	return -1;
}

bool config_read(struct intercept *state, char **e, struct scratch *scratch)
{
	struct config *c = &state->config;
	const char *argv0;

	c->cmdline = variable(e, "INTERCEPT_HOOK_CMDLINE_FILTER");
	c->log = variable(e, "INTERCEPT_LOG");
	c->log_trunc = variable(e, "INTERCEPT_LOG_TRUNC") != NULL;
	c->all_objs = is_set(variable(e, "INTERCEPT_ALL_OBJS"));
	c->sys_include = variable(e, "INTERCEPT_SYS_INCLUDE");
	c->sys_exclude = variable(e, "INTERCEPT_SYS_EXCLUDE");
	c->obj_include = variable(e, "INTERCEPT_OBJ_INCLUDE");
	c->obj_exclude = variable(e, "INTERCEPT_OBJ_EXCLUDE");
	c->inject = variable(e, "INTERCEPT_INJECT");
	c->strict = is_set(variable(e, "INTERCEPT_STRICT"));
	c->dump = is_set(variable(e, "INTERCEPT_DEBUG_DUMP"));
	c->vfork_hooks = is_set(variable(e, "INTERCEPT_VFORK_HOOKS"));
	c->forced = forced_kind(variable(e, "INTERCEPT_PATCH"));
	if (c->cmdline) {
		argv0 = whole_file("/proc/self/cmdline", scratch);
		if (argv0 && !cmdline_allows(c->cmdline, argv0))
			return false;
	}
	return true;
}

static void complain(const char *what, const char *word, size_t n)
{
	text_write(2, "libsyscall_intercept: ", 22);
	text_write(2, what, text_length(what));
	text_write(2, word, n);
	text_write(2, "\n", 1);
}

static void set_from_list(uint8_t *table, const char *list, uint8_t value)
{
	const char *word;
	size_t n;

	while (text_next(&list, &word, &n)) {
		uint64_t number;

		if (!inject_call_number(word, n, &number))
			complain("no such system call: ", word, n);
		else if (number < NR_TABLE_SIZE)
			table[number] = value;
	}
}

/* Numbers that the library itself has to see, whatever is filtered; clones only if the hook does. */
static const uint16_t ours[] = { G_NR_rt_sigaction, G_NR_mmap, G_NR_munmap };
static const uint16_t watched[] = { G_NR_clone, G_NR_clone3, G_NR_exit, G_NR_exit_group, G_NR_execve,
				    G_NR_execveat };

void config_tables(struct intercept *state)
{
	const struct config *c = &state->config;

	if (c->sys_include && c->sys_exclude)
		complain("INTERCEPT_SYS_INCLUDE is given, so INTERCEPT_SYS_EXCLUDE is not used", "", 0);
	state->sites_by_number = c->sys_include || c->sys_exclude;
	memset(state->wanted, c->sys_include ? WANT_NOTHING : WANT_HOOK, sizeof(state->wanted));
	memset(state->wanted_by_loader, WANT_NOTHING, sizeof(state->wanted_by_loader));
	if (c->sys_include)
		set_from_list(state->wanted, c->sys_include, WANT_HOOK);
	else if (c->sys_exclude)
		set_from_list(state->wanted, c->sys_exclude, WANT_NOTHING);
	for (unsigned i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		state->wanted[ours[i]] =
			state->wanted[ours[i]] == WANT_NOTHING ? WANT_OURSELVES : WANT_BOTH;
	for (unsigned i = 0; i < sizeof(watched) / sizeof(watched[0]); i++)
		if (state->wanted[watched[i]] != WANT_NOTHING)
			state->wanted[watched[i]] = WANT_BOTH;
	state->wanted_by_loader[G_NR_mmap] = state->wanted_by_loader[G_NR_munmap] = WANT_OURSELVES;
	/* It takes its frame from sp, and never comes back. */
	state->wanted[G_NR_rt_sigreturn] = WANT_NOTHING;
}

static bool in_patterns(const char *patterns, const char *path)
{
	const char *word;
	size_t n;

	while (text_next(&patterns, &word, &n))
		if (text_match(word, n, text_base(path)) || text_match(word, n, path))
			return true;
	return false;
}

static bool is_libc(const char *base)
{
	return text_starts(base, "libc.so") || text_starts(base, "libc-2") ||
	       text_starts(base, "libpthread") || text_starts(base, "ld-musl") ||
	       text_starts(base, "libc.musl");
}

bool config_wants_object(const struct config *c, const char *path, enum site_class *class)
{
	const char *base = text_base(path);
	bool is_loader = text_starts(base, "ld-linux") || text_starts(base, "ld-2");

	*class = CLASS_PROGRAM;
	if (path[0] != '/')
		return false;
	if (c->obj_exclude && in_patterns(c->obj_exclude, path))
		return false;
	if (c->obj_include ? in_patterns(c->obj_include, path) : c->all_objs || is_libc(base))
		return true;
	*class = CLASS_LOADER;
	return is_loader;
}
