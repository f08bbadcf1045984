/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* How the arena's bytes are laid out: for its allocator (arena.c, which explains it) and its check alone. */
#ifndef TOLLGATE_KERNEL_ARENA_LAYOUT_H
#define TOLLGATE_KERNEL_ARENA_LAYOUT_H

#include "kernel/arena.h"

#define UNIT        16u
#define CHUNK_SHIFT 14
#define CHUNK       (1u << CHUNK_SHIFT)
#define CHUNK_UNITS (CHUNK / UNIT)
#define GROUP_SHIFT 10 /* chunks whose descriptors fill one chunk */
#define GROUP       (1u << GROUP_SHIFT)
#define GROUPS      256u /* 4 GiB */
#define CHUNKS_MAX  (GROUPS * GROUP)
#define BLOCK_MAX   (UINT64_C(1) << 30)
#define BINS        19 /* free runs by the logarithm of their length */
#define CLASSES     30
#define MAGIC       UINT64_C(0x3130616e65726174)

enum kind { KIND_NONE, KIND_RESERVED, KIND_SLAB, KIND_LARGE, KIND_INSIDE, KIND_FREE };

struct descriptor {
	uint8_t kind;
	uint8_t class; /* slab */
	uint16_t live; /* slab: slots in use */
	uint32_t next; /* chunk: next slab of the class with room, next free run of the bin */
	uint32_t prev;
	union {
		uint32_t run; /* large, free: chunks; at a free run's last chunk, too */
		struct {
			uint16_t free;  /* slab: first free slot + 1 */
			uint16_t fresh; /* slab: slots that have been used at all */
		};
	};
};

struct header {
	uint64_t magic;
	uint32_t top;        /* chunks in use; everything above is zeros */
	uint32_t generation; /* of the youngest block */
	ref root;
	uint32_t partial[CLASSES]; /* slabs with room */
	uint32_t bins[BINS];
	uint32_t groups[GROUPS]; /* chunk of each group's descriptors */
	uint32_t reserved;
};

struct tag {
	uint32_t generation; /* 0: free */
	uint32_t size;       /* as asked for */
	uint32_t next_free;  /* slot + 1 */
	uint32_t reserved;
};

_Static_assert(sizeof(struct descriptor) == UNIT, "descriptors fill their chunk");
_Static_assert(sizeof(struct tag) == UNIT, "blocks stay aligned");
_Static_assert(sizeof(struct header) <= CHUNK, "the header is one chunk");
_Static_assert(sizeof(struct header) % 8 == 0, "no padding");

/* Slot sizes in units, tag included: chosen so that little is left over at a chunk's end. */
static const uint16_t class_units[CLASSES] = {
	2,  3,  4,  5,  6,  7,  8,  10,  12,  14,  16,  18,  20,  24,  28,
	32, 36, 42, 51, 64, 78, 93, 113, 128, 146, 170, 204, 256, 341, 512,
};

static inline struct header *head(const struct arena *a)
{
	return (struct header *)a->base;
}

static inline struct descriptor *descriptor(const struct arena *a, uint32_t chunk)
{
	uint32_t table = head(a)->groups[chunk >> GROUP_SHIFT];

	return (struct descriptor *)(a->base + ((uint64_t)table << CHUNK_SHIFT)) +
	       (chunk & (GROUP - 1));
}

static inline uint8_t *chunk_at(const struct arena *a, uint32_t chunk)
{
	return a->base + ((uint64_t)chunk << CHUNK_SHIFT);
}

static inline struct tag *slot_at(const struct arena *a, uint32_t chunk, uint32_t class, uint32_t slot)
{
	return (struct tag *)(chunk_at(a, chunk) + (uint64_t)slot * class_units[class] * UNIT);
}

static inline uint32_t class_slots(uint32_t class)
{
	return CHUNK_UNITS / class_units[class];
}

/* The smallest class that holds size bytes, or CLASSES. */
static inline uint32_t class_of(uint64_t size)
{
	uint64_t units = (size + UNIT - 1) / UNIT + 1;
	uint32_t class = 0;

	if (units > class_units[CLASSES - 1])
		return CLASSES;
	while (class_units[class] < units)
		class ++;
	return class;
}

static inline uint32_t large_chunks(uint64_t size)
{
	return (uint32_t)((size + UNIT + CHUNK - 1) >> CHUNK_SHIFT);
}

static inline uint32_t bin_of(uint32_t run)
{
	uint32_t bin = 0;

	while (run >>= 1)
		bin++;
	return bin < BINS ? bin : BINS - 1;
}

#endif
