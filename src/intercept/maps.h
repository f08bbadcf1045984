/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The address space as /proc/self/maps tells it, in scratch memory: what is mapped, by which file,
 * and where the gaps are. Refuses to know instructions.
 */
#ifndef TOLLGATE_INTERCEPT_MAPS_H
#define TOLLGATE_INTERCEPT_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map {
	uint64_t start, end, offset;
	const char *path; /* "" for memory without a file */
	uint8_t prot;
	bool used_up; /* nothing can be mapped in the gap before it */
};

/* Memory that is given back as a whole. */
struct scratch {
	uint8_t *base, *next, *end;
};
int scratch_init(struct scratch *s, size_t size);
void *scratch_take(struct scratch *s, size_t size); /* NULL if there is no more */
void scratch_free(struct scratch *s);

struct maps {
	struct map *map;
	unsigned count, room;
};
/* 0, or -errno. Paths live in the scratch memory. Keeps room for `more` maps. */
int maps_read(struct maps *maps, struct scratch *scratch, unsigned more);

/*
 * Maps `size` bytes, writable, with every byte of it within `reach` of every address from low to
 * high. Returns the address, or -errno; *maps then knows it.
 */
int64_t maps_near(struct maps *maps, uint64_t low, uint64_t high, uint64_t size, uint64_t reach);

#endif
