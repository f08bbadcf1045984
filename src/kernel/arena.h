/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The arena: every byte of kernel state. Blocks are named by refs (offset and generation), never by address, so that a copy of
 * the arena is a checkpoint and a hash of it a commitment. Blocks are zeroed when they are allocated and when they are freed.
 * Refuses to know what is in a block.
 */
#ifndef TOLLGATE_KERNEL_ARENA_H
#define TOLLGATE_KERNEL_ARENA_H

#include <stddef.h>
#include <stdint.h>

typedef uint64_t ref; /* low 32 bits: offset / 16; high 32 bits: generation. 0: none */

struct arena {
	uint8_t *base;     /* 16-aligned, all zeros at arena_init; does not move */
	uint64_t capacity; /* bytes that may be used */
};

/* Makes an empty arena in base. The memory may be committed lazily: only [0, arena_used()) is ever touched. 0 or -G_ENOMEM (too small). */
int arena_init(struct arena *arena, void *base, uint64_t capacity);
/* Takes over memory that holds an arena already (restore). 0 or -G_EINVAL when its header or block chain is not consistent. */
int arena_attach(struct arena *arena, void *base, uint64_t capacity);

/* A zeroed block of `size` bytes, 16-aligned, at most 1 GiB; 0 when the capacity is reached. Deterministic:
 * the same calls give the same refs. */
ref arena_alloc(struct arena *arena, uint64_t size);
/* Frees and zeroes; 0 does nothing; a stale or forged ref does nothing. */
void arena_free(struct arena *arena, ref block);
/* The block's bytes, or NULL when the ref is 0, stale or not the start of a live block. Valid until the block is freed. */
void *arena_at(const struct arena *arena, ref block);
ref arena_ref(const struct arena *arena, const void *block); /* of a live block, from arena_at's result; NULL: 0 */
uint64_t arena_size(const struct arena *arena, ref block); /* as asked for; 0 for a bad ref */
/* A bigger or smaller block with the same first bytes; the old ref is freed. 0 on failure (the old block stays). */
ref arena_resize(struct arena *arena, ref block, uint64_t size);

/* One ref that finds everything else after a restore; 0 at first. */
void arena_set_root(struct arena *arena, ref root);
ref arena_root(const struct arena *arena);

/* Bytes from base that hold state: what a checkpoint copies and a digest hashes. */
uint64_t arena_used(const struct arena *arena);
/* Walks all blocks and free lists: 0 or -G_EINVAL with nothing changed. For tests and arena_attach. */
int arena_check(const struct arena *arena);

#endif
