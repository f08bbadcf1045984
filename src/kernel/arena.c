/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The arena's allocator: chunks of 16 KiB, each either a slab of equal slots or part of a run that
 * holds one large block. What a chunk is, is said by descriptors that lie apart from all contents,
 * so that no bytes a guest can place make a stale ref valid. Free memory is all zeros at any time;
 * what is allocated is taken from there.
 *
 *     chunk 0: struct header | chunk 1: descriptors of chunks 0..1023 | slabs, runs and more descriptors | top
 *
 * A block is preceded by its struct tag. A free run of chunks is known by the descriptors of its
 * first and last chunk.
 */
#include "kernel/arena.h"

#include <string.h>

#include "abi/errors.h"
#include "kernel/arena_layout.h"

static uint32_t next_generation(struct arena *a)
{
	struct header *h = head(a);

	if (++h->generation == 0)
		h->generation = 1;
	return h->generation;
}

/* Lists of chunks, linked by their descriptors. */
static void push(struct arena *a, uint32_t *list, uint32_t chunk)
{
	struct descriptor *d = descriptor(a, chunk);

	d->prev = 0;
	d->next = *list;
	if (d->next)
		descriptor(a, d->next)->prev = chunk;
	*list = chunk;
}

static void unlink_chunk(struct arena *a, uint32_t *list, uint32_t chunk)
{
	struct descriptor *d = descriptor(a, chunk);

	if (d->prev)
		descriptor(a, d->prev)->next = d->next;
	else
		*list = d->next;
	if (d->next)
		descriptor(a, d->next)->prev = d->prev;
	d->next = 0;
	d->prev = 0;
}

/* ---- runs of chunks ---- */

static void free_run_insert(struct arena *a, uint32_t first, uint32_t n)
{
	struct descriptor *d = descriptor(a, first), *last = descriptor(a, first + n - 1);

	d->kind = KIND_FREE;
	d->run = n;
	last->kind = KIND_FREE;
	last->run = n;
	push(a, &head(a)->bins[bin_of(n)], first);
}

static void free_run_remove(struct arena *a, uint32_t first)
{
	struct descriptor *d = descriptor(a, first);
	uint32_t n = d->run;

	unlink_chunk(a, &head(a)->bins[bin_of(n)], first);
	memset(descriptor(a, first + n - 1), 0, sizeof(*d));
	memset(d, 0, sizeof(*d));
}

/* Gives chunks back; their contents and descriptors are zeros already. Joins neighbours; a run at
 * the top lowers the top. */
static void run_free(struct arena *a, uint32_t first, uint32_t n)
{
	struct header *h = head(a);
	struct descriptor *d;

	if (first + n < h->top) {
		d = descriptor(a, first + n);
		if (d->kind == KIND_FREE) {
			uint32_t more = d->run;

			free_run_remove(a, first + n);
			n += more;
		}
	}
	d = descriptor(a, first - 1); /* chunk 0 is never free */
	if (d->kind == KIND_FREE) {
		first -= d->run;
		n += d->run;
		free_run_remove(a, first);
	}
	if (first + n == h->top)
		h->top = first;
	else
		free_run_insert(a, first, n);
}

/* Raises the top by n chunks that lie side by side; descriptor chunks go in front. The first chunk,
 * or 0. */
static uint32_t grow(struct arena *a, uint32_t n)
{
	struct header *h = head(a);
	uint64_t limit = a->capacity >> CHUNK_SHIFT;
	uint32_t tables = 0, first;

	if (limit > CHUNKS_MAX)
		limit = CHUNKS_MAX;
	for (uint32_t g = (h->top - 1) >> GROUP_SHIFT; g < GROUPS; g++) {
		if ((uint64_t)g << GROUP_SHIFT >= (uint64_t)h->top + tables + n)
			break;
		if (!h->groups[g])
			tables++;
	}
	if ((uint64_t)h->top + tables + n > limit)
		return 0;
	for (uint32_t g = 0; tables > 0; g++) {
		if (h->groups[g])
			continue;
		h->groups[g] = h->top;
		tables--;
		/* Its own descriptor may be in a table that comes later: marked when all are there.
		 */
		h->top++;
	}
	first = h->top;
	h->top += n;
	for (uint32_t g = 0; g < GROUPS && h->groups[g]; g++)
		descriptor(a, h->groups[g])->kind = KIND_RESERVED;
	return first;
}

static uint32_t run_alloc(struct arena *a, uint32_t n)
{
	struct header *h = head(a);
	uint32_t bin = bin_of(n), found = 0;

	/* In the bin of its own size a run may be too short; a few are tried. All runs of the bins
	 * above are long enough. */
	for (uint32_t c = h->bins[bin], tries = 0; c && tries < 16;
	     c = descriptor(a, c)->next, tries++) {
		if (descriptor(a, c)->run >= n) {
			found = c;
			break;
		}
	}
	while (!found && ++bin < BINS)
		found = h->bins[bin];
	if (found) {
		uint32_t rest = descriptor(a, found)->run - n;

		free_run_remove(a, found);
		if (rest)
			free_run_insert(a, found + n, rest);
		return found;
	}
	return grow(a, n);
}

/* ---- blocks ---- */

static ref block_ref(const struct arena *a, const struct tag *tag)
{
	uint64_t offset = (uint64_t)((const uint8_t *)tag - a->base) + UNIT;

	return (uint64_t)tag->generation << 32 | offset / UNIT;
}

static ref large_alloc(struct arena *a, uint64_t size)
{
	uint32_t n = large_chunks(size), first = run_alloc(a, n);
	struct tag *tag;

	if (!first)
		return 0;
	for (uint32_t i = 1; i < n; i++)
		descriptor(a, first + i)->kind = KIND_INSIDE;
	descriptor(a, first)->kind = KIND_LARGE;
	descriptor(a, first)->run = n;
	tag = (struct tag *)chunk_at(a, first);
	tag->generation = next_generation(a);
	tag->size = (uint32_t)size;
	return block_ref(a, tag);
}

ref arena_alloc(struct arena *a, uint64_t size)
{
	struct header *h = head(a);
	struct descriptor *d;
	uint32_t class, chunk, slot;
	struct tag *tag;

	if (size > BLOCK_MAX)
		return 0;
	class = class_of(size);
	if (class == CLASSES)
		return large_alloc(a, size);
	chunk = h->partial[class];
	if (!chunk) {
		chunk = run_alloc(a, 1);
		if (!chunk)
			return 0;
		d = descriptor(a, chunk);
		d->kind = KIND_SLAB;
		d->class = (uint8_t) class;
		push(a, &h->partial[class], chunk);
	}
	d = descriptor(a, chunk);
	slot = d->free ? d->free - 1u : d->fresh++;
	tag = slot_at(a, chunk, class, slot);
	d->free = d->free ? (uint16_t)tag->next_free : 0;
	if (++d->live == class_slots(class))
		unlink_chunk(a, &h->partial[class], chunk);
	tag->next_free = 0;
	tag->generation = next_generation(a);
	tag->size = (uint32_t)size;
	return block_ref(a, tag);
}

/* The tag and descriptor of a live block. */
static struct tag *lookup(const struct arena *a, ref block, uint32_t *chunk,
			  struct descriptor **desc)
{
	uint64_t unit = (uint32_t)block;
	uint32_t generation = (uint32_t)(block >> 32), in_chunk = unit % CHUNK_UNITS;
	struct descriptor *d;
	struct tag *tag;

	*chunk = (uint32_t)(unit / CHUNK_UNITS);
	if (!generation || !in_chunk || *chunk >= head(a)->top)
		return NULL;
	d = descriptor(a, *chunk);
	if (d->kind == KIND_SLAB) {
		uint32_t slot = (in_chunk - 1) / class_units[d->class];

		if (slot * class_units[d->class] != in_chunk - 1 || slot >= d->fresh)
			return NULL;
	} else if (d->kind != KIND_LARGE || in_chunk != 1) {
		return NULL;
	}
	tag = (struct tag *)(a->base + (unit - 1) * UNIT);
	*desc = d;
	return tag->generation == generation ? tag : NULL;
}

void *arena_at(const struct arena *a, ref block)
{
	struct descriptor *d;
	uint32_t chunk;
	struct tag *tag = lookup(a, block, &chunk, &d);

	return tag ? tag + 1 : NULL;
}

ref arena_ref(const struct arena *a, const void *block)
{
	return block ? block_ref(a, (const struct tag *)block - 1) : 0;
}

uint64_t arena_size(const struct arena *a, ref block)
{
	struct descriptor *d;
	uint32_t chunk;
	const struct tag *tag = lookup(a, block, &chunk, &d);

	return tag ? tag->size : 0;
}

/* A slab without live slots: only the tags of slots that were used are not zeros. */
static void slab_free(struct arena *a, uint32_t chunk, struct descriptor *d)
{
	for (uint32_t slot = 0; slot < d->fresh; slot++)
		memset(slot_at(a, chunk, d->class, slot), 0, sizeof(struct tag));
	unlink_chunk(a, &head(a)->partial[d->class], chunk);
	memset(d, 0, sizeof(*d));
	run_free(a, chunk, 1);
}

void arena_free(struct arena *a, ref block)
{
	struct descriptor *d;
	uint32_t chunk, n;
	struct tag *tag = lookup(a, block, &chunk, &d);

	if (!tag)
		return;
	memset(tag + 1, 0, tag->size);
	memset(tag, 0, sizeof(*tag));
	if (d->kind == KIND_SLAB) {
		uint32_t slot = ((uint32_t)block % CHUNK_UNITS - 1) / class_units[d->class];

		if (d->live-- == class_slots(d->class))
			push(a, &head(a)->partial[d->class], chunk);
		tag->next_free = d->free;
		d->free = (uint16_t)(slot + 1);
		/* The last slab of a class stays, so that one block that comes and goes does not
		 * make and unmake it. */
		if (!d->live && (d->next || d->prev))
			slab_free(a, chunk, d);
		return;
	}
	n = d->run;
	for (uint32_t i = 0; i < n; i++)
		memset(descriptor(a, chunk + i), 0, sizeof(*d));
	run_free(a, chunk, n);
}

ref arena_resize(struct arena *a, ref block, uint64_t size)
{
	struct descriptor *d;
	uint32_t chunk;
	struct tag *tag = lookup(a, block, &chunk, &d);
	uint64_t keep;
	ref bigger;

	if (!tag || size > BLOCK_MAX)
		return 0;
	keep = tag->size < size ? tag->size : size;
	if (d->kind == KIND_SLAB ? class_of(size) == d->class
				 : class_of(size) == CLASSES && large_chunks(size) == d->run) {
		memset((uint8_t *)(tag + 1) + keep, 0, tag->size - keep);
		tag->size = (uint32_t)size;
		tag->generation = next_generation(a);
		return block_ref(a, tag);
	}
	bigger = arena_alloc(a, size);
	if (!bigger)
		return 0;
	memcpy(arena_at(a, bigger), tag + 1, keep);
	arena_free(a, block);
	return bigger;
}

/* ---- the arena as a whole ---- */

int arena_init(struct arena *a, void *base, uint64_t capacity)
{
	struct header *h = base;

	if (capacity < 4 * (uint64_t)CHUNK || (uintptr_t)base % UNIT)
		return -G_ENOMEM;
	a->base = base;
	a->capacity = capacity;
	h->magic = MAGIC;
	h->top = 2;
	h->groups[0] = 1;
	descriptor(a, 0)->kind = KIND_RESERVED;
	descriptor(a, 1)->kind = KIND_RESERVED;
	return 0;
}

uint64_t arena_used(const struct arena *a)
{
	return (uint64_t)head(a)->top << CHUNK_SHIFT;
}

void arena_set_root(struct arena *a, ref root)
{
	head(a)->root = root;
}

ref arena_root(const struct arena *a)
{
	return head(a)->root;
}

int arena_attach(struct arena *a, void *base, uint64_t capacity)
{
	struct arena candidate = {.base = base, .capacity = capacity};

	if ((uintptr_t)base % UNIT || arena_check(&candidate))
		return -G_EINVAL;
	*a = candidate;
	return 0;
}
