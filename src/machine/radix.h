/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A sparse array of pointers by 64-bit index: nine bits a level, as high as its largest index needs.
 * Owns its nodes, never what the entries point to.
 */
#ifndef TOLLGATE_MACHINE_RADIX_H
#define TOLLGATE_MACHINE_RADIX_H

#include <stdint.h>

struct radix_node;

/* All zeros is an empty one. */
struct radix {
	struct radix_node *root;
	unsigned height;
};

void *radix_get(const struct radix *radix, uint64_t index);
/* Stores a value that is not NULL. Returns 0, or -ENOMEM with nothing changed. */
int radix_set(struct radix *radix, uint64_t index, void *value);
/* Makes the next radix_set of this index one that cannot fail. Returns 0 or -ENOMEM. */
int radix_prepare(struct radix *radix, uint64_t index);
/* Takes the entry out and returns it, or NULL. */
void *radix_remove(struct radix *radix, uint64_t index);
/* The first entry at or after *index: sets *index to its place. NULL with *index kept if none. */
void *radix_next(const struct radix *radix, uint64_t *index);
/* Frees the nodes; entries that are still there are forgotten. */
void radix_clear(struct radix *radix);

#endif
