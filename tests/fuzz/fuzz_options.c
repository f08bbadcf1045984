/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The command line: the input's bytes as arguments with NULs between them. Parsing succeeds, or says why in one line; what it made can be
 * freed either way.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"

#define ARGUMENTS 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int condition)
{
	if (!condition)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct run_options o = { 0 };
	char *argv[ARGUMENTS + 2] = { (char *)"run" }, why[512] = "", *text = malloc(size + 1);
	int argc = 1;

	memcpy(text, data, size);
	text[size] = 0;
	/* Options that open files or ask the host are left out: what they do depends on it. */
	for (size_t at = 0; at < size && argc <= ARGUMENTS; at += strlen(text + at) + 1)
		if (!strstr(text + at, "host") && !strstr(text + at, "file:"))
			argv[argc++] = text + at;
	if (options_parse(&o, argc, argv, why, sizeof why) != 0)
		need(*why && strlen(why) < sizeof why);
	else
		need(!*why && (o.help || o.version || (o.program >= argv && o.program <= argv + argc)));
	options_free(&o);
	free(text);
	return 0;
}
