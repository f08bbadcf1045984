/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tollgate: finds the subcommand. */
#include <stdio.h>
#include <string.h>

#include "abi/calls.h"
#include "cli/options.h"
#include "cli/run.h"

/* The release that the table was read from; syscall.def defines it. */
#define SYSCALL(...)
#include "abi/syscall.def"

void version_print(FILE *out)
{
	fprintf(out, "tollgate " TOLLGATE_VERSION "\nsemantics %d\nsystem-call table: Linux " SYSCALL_TABLE_KERNEL ", riscv64\nengines:",
	        TG_SEMANTICS);
	for (unsigned i = 0; vm_engine_name(i); i++)
		fprintf(out, " %s", vm_engine_name(i));
	fputc('\n', out);
}

static void usage(FILE *out)
{
	fputs("usage: tollgate COMMAND ...\n\n"
	      "  run [OPTION...] PROGRAM [ARGUMENT...]   run a riscv64 Linux program (tollgate run --help)\n"
	      "  completion                              print a bash completion script\n"
	      "  --help, --version\n",
	      out);
}

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";

	if (strcmp(command, "run") == 0)
		return run_command(argc - 1, argv + 1);
	if (strcmp(command, "completion") == 0)
		options_completion(stdout);
	else if (strcmp(command, "mdoc-options") == 0) /* for the man page's build */
		options_mdoc(stdout);
	else if (strcmp(command, "--version") == 0 || strcmp(command, "version") == 0)
		version_print(stdout);
	else if (strcmp(command, "--help") == 0 || strcmp(command, "help") == 0 || strcmp(command, "-h") == 0)
		usage(stdout);
	else {
		if (*command)
			fprintf(stderr, "tollgate: %s: not a command (see tollgate --help)\n", command);
		else
			usage(stderr);
		return 125;
	}
	return fflush(stdout) == 0 ? 0 : 125;
}
