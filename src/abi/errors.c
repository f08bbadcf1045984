/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Names and texts of guest errors.
 */
#include "abi/errors.h"

#include <stddef.h>

static const struct {
	const char *name;
	const char *text;
	uint16_t nr;
} errors[] = {
#define ERRNO(name, nr, text) { #name, text, nr },
#include "abi/errno.def"
#undef ERRNO
};

enum { ERRORS = sizeof(errors) / sizeof(errors[0]) };

const char *abi_errno_name(unsigned nr)
{
	for (unsigned i = 0; i < ERRORS; i++) {
		if (errors[i].nr == nr)
			return errors[i].name;
	}
	return NULL;
}

const char *abi_errno_text(unsigned nr)
{
	for (unsigned i = 0; i < ERRORS; i++) {
		if (errors[i].nr == nr)
			return errors[i].text;
	}
	return NULL;
}

unsigned abi_errno_number(const char *name)
{
	for (unsigned i = 0; i < ERRORS; i++) {
		const char *a = errors[i].name, *b = name;

		while (*a && *a == *b) {
			a++;
			b++;
		}
		if (*a == *b)
			return errors[i].nr;
	}
	return 0;
}
