/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Who gets which jump: thunks in islands near the sites, written and then sealed. Memory is never
 * writable and executable at once. Refuses to know what happens in a call.
 */
#ifndef TOLLGATE_INTERCEPT_PLAN_H
#define TOLLGATE_INTERCEPT_PLAN_H

#include "intercept/intercept.h"
#include "intercept/maps.h"
#include "intercept/sweep.h"

/*
 * Sites of one object, in rising order. Chooses a kind for each and writes the thunks. spent: memory
 * of the object's own that can be written over where no hole is near; empty if there is none.
 */
void plan_object(struct intercept *state, struct maps *maps, struct site *sites, unsigned n,
		 enum site_class class, struct code spent);

/* Makes the islands from `first` on executable, and nobody's to write. */
void plan_seal(struct intercept *state, unsigned first);

/*
 * Writes the jumps over the ecalls of one mapping. 0, or -errno: then nothing of it is changed, or
 * the memory is as it was.
 */
int plan_patch(const struct map *map, const struct site *sites, unsigned n);

/* The site that a thunk belongs to, by an address in the thunk; 0 if it is in no island. */
uint64_t plan_site_of(const struct intercept *state, uint64_t pc, unsigned *offset);

#endif
