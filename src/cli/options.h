/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Parsing of the one option table into what a run needs. Refuses to know how a run is carried out. */
#ifndef TOLLGATE_CLI_OPTIONS_H
#define TOLLGATE_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "vm/vm.h"

struct string_list {
	char **items; /* NULL-terminated once anything is in it */
	size_t count;
};

struct run_options {
	struct vm_options vm;
	struct string_list mounts; /* pairs: host, guest */
	struct string_list outs;   /* pairs: host, guest */
	struct string_list env;
	const char *root;
	const char *chdir;
	const char *argv0;
	const char *stdin_path;
	const char *summary;
	const char *entropy;
	char **program; /* PROGRAM and its arguments, in the caller's argv */
	bool quiet, help, version;
};

/* Parses argv[1..] up to PROGRAM. 0, or -1 with one line in `why`. options_free works on whatever was filled. */
int options_parse(struct run_options *o, int argc, char **argv, char *why, size_t why_size);
void options_free(struct run_options *o);

void options_usage(FILE *out);
void options_mdoc(FILE *out);       /* the options' part of tollgate(1) */
void options_completion(FILE *out); /* a bash completion script */

int string_list_add(struct string_list *list, const char *text);

#endif
