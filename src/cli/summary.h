/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The JSON summary of a run; docs/SUMMARY.md describes each member. */
#ifndef TOLLGATE_CLI_SUMMARY_H
#define TOLLGATE_CLI_SUMMARY_H

#include "cli/options.h"

/* Writes it to o->summary. 0, or -1 with errno. */
int summary_write(const struct vm_summary *s, const struct run_options *o, const char *program_guest);

#endif
