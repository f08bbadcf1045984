/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The option table's parser and its printed forms. */
#include "cli/options.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum option_id {
	OPTION_NONE = 256,
#define SECTION(title)
#define OPTION(id, ...) OPTION_##id,
#include "cli/options.def"
};

struct option_row {
	const char *section; /* title; then the rest is empty */
	const char *name, *argument, *preset, *help;
	int id;
};

static const struct option_row rows[] = {
#define SECTION(title) { .section = title },
#define OPTION(id_, name_, argument_, preset_, help_) \
	{ .id = OPTION_##id_, .name = name_, .argument = argument_, .preset = preset_, .help = help_ },
#include "cli/options.def"
};

#define ROWS (sizeof rows / sizeof *rows)

int string_list_add(struct string_list *list, const char *text)
{
	char **grown = realloc(list->items, (list->count + 2) * sizeof *grown);

	if (!grown)
		return -1;
	list->items = grown;
	list->items[list->count] = strdup(text);
	if (!list->items[list->count])
		return -1;
	list->items[++list->count] = NULL;
	return 0;
}

static void string_list_free(struct string_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
}

void options_free(struct run_options *o)
{
	string_list_free(&o->mounts);
	string_list_free(&o->outs);
	string_list_free(&o->env);
}

/* ---- values ---- */

static int parse_u64(const char *text, uint64_t max, uint64_t *out)
{
	char *end;
	unsigned long long v;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	v = strtoull(text, &end, 10);
	if (errno != 0 || *end != 0 || v > max)
		return -1;
	*out = v;
	return 0;
}

static int parse_bytes(const char *text, uint64_t *out)
{
	static const char suffixes[] = "KMGT";
	char *end;
	unsigned shift = 0;
	unsigned long long v;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	v = strtoull(text, &end, 10);
	if (errno != 0)
		return -1;
	if (*end != 0) {
		const char *s = strchr(suffixes, *end);

		if (!s || end[1] != 0)
			return -1;
		shift = 10 * (unsigned)(s - suffixes + 1);
	}
	if (v == 0 || v > UINT64_MAX >> shift)
		return -1;
	*out = v << shift;
	return 0;
}

static int parse_ratio(const char *text, struct tg_kernel_options *k)
{
	char *end;
	unsigned long long num, den = 1;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	num = strtoull(text, &end, 10);
	if (*end == '/' && end[1] >= '0' && end[1] <= '9')
		den = strtoull(end + 1, &end, 10);
	if (errno != 0 || *end != 0 || num == 0 || den == 0 || num > UINT32_MAX || den > UINT32_MAX)
		return -1;
	k->ns_per_insn_num = (uint32_t)num;
	k->ns_per_insn_den = (uint32_t)den;
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 32);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int parse_seed(const char *hex, uint8_t seed[32])
{
	size_t n = strlen(hex);

	if (n == 0 || n > 64 || n % 2 != 0)
		return -1;
	memset(seed, 0, 32);
	for (size_t i = 0; i < n; i++) {
		int digit = hex_digit(hex[i]);

		if (digit < 0)
			return -1;
		seed[i / 2] = (uint8_t)(seed[i / 2] << 4 | digit);
	}
	return 0;
}

static int read_seed_file(const char *path, uint8_t seed[32])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t done = 0;

	if (fd < 0)
		return -1;
	while (done < 32) {
		ssize_t got = read(fd, seed + done, 32 - done);

		if (got <= 0)
			break;
		done += (size_t)got;
	}
	close(fd);
	return done == 32 ? 0 : -1;
}

static int parse_entropy(const char *text, uint8_t seed[32])
{
	if (strncmp(text, "seed:", 5) == 0)
		return parse_seed(text + 5, seed);
	if (strncmp(text, "file:", 5) == 0)
		return read_seed_file(text + 5, seed);
	if (strcmp(text, "host") == 0)
		return getrandom(seed, 32, 0) == 32 ? 0 : -1;
	return -1;
}

static int parse_tier(const char *text, uint32_t *tier)
{
	static const char *const names[] = { "basic", "advanced", "full" };

	for (uint32_t i = 0; i < 3; i++) {
		if (strcmp(text, names[i]) == 0) {
			*tier = TG_TIER_BASIC + i;
			return 0;
		}
	}
	return -1;
}

/* HOST[::GUEST] into a pair; guest "" stands for "as HOST". */
static int add_pair(struct string_list *list, const char *text, bool guest_needed)
{
	const char *split = strstr(text, "::");
	char *host = split ? strndup(text, (size_t)(split - text)) : strdup(text);
	int err = -1;

	if (host && *host && (split ? split[2] != 0 : !guest_needed) && string_list_add(list, host) == 0)
		err = string_list_add(list, split ? split + 2 : "");
	free(host);
	return err;
}

static int add_env(struct string_list *list, const char *text)
{
	const char *value;
	char *both;
	int err;

	if (*text == 0 || *text == '=')
		return -1;
	if (strchr(text, '='))
		return string_list_add(list, text);
	value = getenv(text);
	if (!value) /* as env(1) and docker do: an unset variable stays unset */
		return 0;
	if (asprintf(&both, "%s=%s", text, value) < 0)
		return -1;
	err = string_list_add(list, both);
	free(both);
	return err;
}

static int apply(struct run_options *o, int id, const char *arg)
{
	struct tg_kernel_options *k = &o->vm.kernel;
	uint64_t v = 0;

	switch (id) {
	case OPTION_ENGINE:
		o->vm.engine = arg;
		return 0;
	case OPTION_ARGV0:
		o->argv0 = arg;
		return 0;
	case OPTION_ENV:
		return add_env(&o->env, arg);
	case OPTION_TIER:
		return parse_tier(arg, &k->tier);
	case OPTION_CPUS:
		if (parse_u64(arg, 64, &v) != 0 || v == 0)
			return -1;
		k->cpus = (uint32_t)v;
		return 0;
	case OPTION_NO_VDSO:
		o->vm.want_vdso = false;
		return 0;
	case OPTION_DIR:
	case OPTION_FILE:
		return add_pair(&o->mounts, arg, false);
	case OPTION_ROOT:
		o->root = arg;
		return *arg ? 0 : -1;
	case OPTION_OUT:
		return add_pair(&o->outs, arg, true);
	case OPTION_CHDIR:
		o->chdir = arg;
		return *arg == '/' ? 0 : -1;
	case OPTION_STDIN:
		o->stdin_path = arg;
		return 0;
	case OPTION_ENTROPY:
		o->entropy = arg;
		return parse_entropy(arg, k->entropy_seed);
	case OPTION_CLOCK_EPOCH:
		if (parse_u64(arg, UINT64_MAX / 1000000000 / 2, &v) != 0)
			return -1;
		k->clock_epoch_ns = v * 1000000000;
		return 0;
	case OPTION_NS_PER_INSN:
		return parse_ratio(arg, k);
	case OPTION_QUANTUM:
		return parse_u64(arg, UINT64_MAX / 2, &k->quantum) != 0 || k->quantum == 0 ? -1 : 0;
	case OPTION_INSN_LIMIT:
		return parse_u64(arg, UINT64_MAX / 2, &k->insn_limit) != 0 || k->insn_limit == 0 ? -1 : 0;
	case OPTION_MEMORY_LIMIT:
		return parse_bytes(arg, &k->memory_limit);
	case OPTION_VIRTUAL_LIMIT:
		if (parse_u64(arg, UINT64_MAX / 1000000000 / 2, &v) != 0 || v == 0)
			return -1;
		k->virtual_limit_ns = v * 1000000000;
		return 0;
	case OPTION_SUMMARY:
		o->summary = arg;
		return 0;
	case OPTION_QUIET:
		o->quiet = true;
		return 0;
	case OPTION_HELP:
		o->help = true;
		return 0;
	case OPTION_VERSION:
		o->version = true;
		return 0;
	}
	return -1;
}

static const struct option_row *row_of(int id)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].id == id)
			return &rows[i];
	}
	return NULL;
}

int options_parse(struct run_options *o, int argc, char **argv, char *why, size_t why_size)
{
	struct option longs[ROWS + 1] = { 0 };
	size_t n = 0;
	int id;

	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].name)
			longs[n++] = (struct option){ .name = rows[i].name,
				                      .has_arg = rows[i].argument ? required_argument : no_argument,
				                      .val = rows[i].id };
	}
	o->vm.want_vdso = true;
	o->vm.kernel.size = sizeof o->vm.kernel;
	o->vm.kernel.clock_epoch_ns = UINT64_C(1735689600) * 1000000000;
	o->chdir = "/";
	optind = 0;
	opterr = 0;
	while ((id = getopt_long(argc, argv, "+h", longs, NULL)) != -1) {
		if (id == 'h')
			id = OPTION_HELP;
		if (id == '?' || !row_of(id)) {
			snprintf(why, why_size, "%s: not an option, or its argument is missing or not wanted (see tollgate run --help)",
			         argv[optind - 1]);
			return -1;
		}
		if (apply(o, id, optarg) != 0) {
			snprintf(why, why_size, "--%s: cannot use \"%s\" (expected %s)", row_of(id)->name, optarg ? optarg : "",
			         row_of(id)->argument ? row_of(id)->argument : "nothing");
			return -1;
		}
	}
	o->program = argv + optind;
	return 0;
}

/* ---- printed forms ---- */

static void print_wrapped(FILE *out, const char *text, int indent, int width)
{
	int column = indent;

	while (*text) {
		int n = (int)strcspn(text, " ");

		if (column + n > width && column > indent) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", n, text);
		column += n;
		text += n + (text[n] == ' ');
	}
	fputc('\n', out);
}

void options_usage(FILE *out)
{
	fputs("usage: tollgate run [OPTION...] PROGRAM [ARGUMENT...]\n\n"
	      "Runs a riscv64 Linux program on a deterministic machine: same program, arguments, files and recorded\n"
	      "inputs give the same output, the same number of retired instructions and the same state digest.\n",
	      out);
	for (size_t i = 0; i < ROWS; i++) {
		char text[512];

		if (rows[i].section) {
			fprintf(out, "\n%s:\n", rows[i].section);
			continue;
		}
		snprintf(text, sizeof text, "%s%s%s%s", rows[i].help, rows[i].preset ? " [" : "",
		         rows[i].preset ? rows[i].preset : "", rows[i].preset ? "]" : "");
		fprintf(out, "  --%s%s%s\n        ", rows[i].name, rows[i].argument ? "=" : "",
		        rows[i].argument ? rows[i].argument : "");
		print_wrapped(out, text, 8, 100);
	}
	fputs("\nExit status: the program's; 128+N killed by signal N; 123 deadlock, idle, or only refused calls; 124 a limit;\n"
	      "125 our own failure; 126 not a program that can be run; 127 not found.\n",
	      out);
}

void options_mdoc(FILE *out)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].section) {
			fprintf(out, "%s.Ss %s\n.Bl -tag -width Ds\n", i ? ".El\n" : "", rows[i].section);
			continue;
		}
		fprintf(out, ".It Fl Fl %s", rows[i].name);
		if (rows[i].argument)
			fprintf(out, " Ns = Ns Ar %s", rows[i].argument);
		fprintf(out, "\n%s.\n", rows[i].help);
		if (rows[i].preset)
			fprintf(out, "Default: %s.\n", rows[i].preset);
	}
	fputs(".El\n", out);
}

void options_completion(FILE *out)
{
	fputs("complete -o default -W '", out);
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].name)
			fprintf(out, "--%s%s ", rows[i].name, rows[i].argument ? "=" : "");
	}
	fputs("' tollgate\n", out);
}
