/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The subcommands. Each takes its own argv (argv[0] = the subcommand) and returns the process's exit status. */
#ifndef TOLLGATE_CLI_RUN_H
#define TOLLGATE_CLI_RUN_H

#include <stdio.h>

int run_command(int argc, char **argv);
void version_print(FILE *out);

#endif
