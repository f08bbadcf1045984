/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Where the ecalls are: the executable sections of a mapped file, and the instructions in them that
 * are an ecall. Refuses to know what is done about them.
 */
#ifndef TOLLGATE_INTERCEPT_SWEEP_H
#define TOLLGATE_INTERCEPT_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "intercept/intercept.h"
#include "intercept/maps.h"

struct code {
	uint64_t start, end;
};

/*
 * The executable sections of the file that lie in one mapping of it. Returns how many, at most max,
 * or -errno. *spent: the relocations of the file in the same mapping, which nobody reads again once
 * ld.so has applied them; untouched if there are none.
 */
int sweep_sections(int fd, const struct map *map, struct code *code, unsigned max, struct code *spent);

/* Appends the ecalls of one section to sites; returns how many there are, also beyond max. */
unsigned sweep_code(const struct code *code, struct site *sites, unsigned max);

#endif
