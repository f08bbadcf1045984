/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Is this an arena at all? Every table, list, run and slot against every other, and that free memory is zeros: what a checkpoint that
 * comes from somewhere has to pass. Trusts nothing that it has not looked at yet.
 */
#include "kernel/arena_layout.h"

#include "abi/errors.h"

static int all_zeros(const void *p, uint64_t n)
{
	const uint8_t *byte = p;

	while (n--)
		if (*byte++)
			return 0;
	return 1;
}

/* The header and the tables of descriptors: everything that descriptor() relies on for chunks below
 * the top. */
static int check_tables(const struct arena *a)
{
	const struct header *h = head(a);
	uint32_t groups = 0;

	if (a->capacity < 4 * (uint64_t)CHUNK || h->magic != MAGIC || h->top < 2 ||
	    h->top > CHUNKS_MAX || arena_used(a) > a->capacity || h->groups[0] != 1 || h->reserved)
		return -G_EINVAL;
	if (!all_zeros((const uint8_t *)h + sizeof(*h), CHUNK - sizeof(*h)))
		return -G_EINVAL;
	while (groups < GROUPS && h->groups[groups]) {
		if (h->groups[groups] >= h->top ||
		    (groups && h->groups[groups] <= h->groups[groups - 1]))
			return -G_EINVAL;
		groups++;
	}
	if (!all_zeros(&h->groups[groups], sizeof(uint32_t) * (GROUPS - groups)))
		return -G_EINVAL;
	if ((uint64_t)groups << GROUP_SHIFT < h->top)
		return -G_EINVAL;
	for (uint32_t g = 0; g < groups; g++)
		if (descriptor(a, h->groups[g])->kind != KIND_RESERVED)
			return -G_EINVAL;
	for (uint32_t c = h->top; c < groups << GROUP_SHIFT; c++)
		if (!all_zeros(descriptor(a, c), sizeof(struct descriptor)))
			return -G_EINVAL;
	return 0;
}

static int check_slab(const struct arena *a, uint32_t chunk, const struct descriptor *d)
{
	uint32_t live = 0, listed = 0, slots, slot;

	if (d->class >= CLASSES)
		return -G_EINVAL;
	slots = class_slots(d->class);
	if (d->fresh > slots || d->live > d->fresh)
		return -G_EINVAL;
	for (slot = 0; slot < d->fresh; slot++) {
		const struct tag *tag = slot_at(a, chunk, d->class, slot);
		uint32_t room = (class_units[d->class] - 1u) * UNIT;

		if (tag->reserved || tag->size > room || (!tag->generation && tag->size) ||
		    (tag->generation && tag->next_free))
			return -G_EINVAL;
		if (!all_zeros((const uint8_t *)(tag + 1) + tag->size, room - tag->size))
			return -G_EINVAL;
		live += tag->generation != 0;
	}
	for (slot = d->free; slot; listed++) {
		const struct tag *tag;

		if (slot > d->fresh || listed > slots)
			return -G_EINVAL;
		tag = slot_at(a, chunk, d->class, slot - 1);
		if (tag->generation)
			return -G_EINVAL;
		slot = tag->next_free;
	}
	if (live != d->live || listed != d->fresh - live)
		return -G_EINVAL;
	slot = d->fresh * class_units[d->class] * UNIT;
	return all_zeros(chunk_at(a, chunk) + slot, CHUNK - slot) ? 0 : -G_EINVAL;
}

static int check_large(const struct arena *a, uint32_t chunk, const struct descriptor *d)
{
	const struct tag *tag = (const struct tag *)chunk_at(a, chunk);
	uint64_t room;

	if (!d->run || d->run > head(a)->top - chunk || !tag->generation || tag->next_free ||
	    tag->reserved || d->next || d->prev)
		return -G_EINVAL;
	room = ((uint64_t)d->run << CHUNK_SHIFT) - UNIT;
	if (tag->size > BLOCK_MAX || large_chunks(tag->size) != d->run ||
	    class_of(tag->size) != CLASSES)
		return -G_EINVAL;
	for (uint32_t i = 1; i < d->run; i++) {
		const struct descriptor *inside = descriptor(a, chunk + i);

		if (inside->kind != KIND_INSIDE || inside->next || inside->prev || inside->run)
			return -G_EINVAL;
	}
	return all_zeros((const uint8_t *)(tag + 1) + tag->size, room - tag->size) ? 0 : -G_EINVAL;
}

static int check_free(const struct arena *a, uint32_t chunk, const struct descriptor *d)
{
	uint32_t top = head(a)->top;

	/* Neighbours have been joined, and a run at the top does not exist. */
	if (!d->run || d->run >= top - chunk || descriptor(a, chunk + d->run)->kind == KIND_FREE)
		return -G_EINVAL;
	for (uint32_t i = 1; i < d->run; i++) {
		const struct descriptor *inside = descriptor(a, chunk + i);

		if (i + 1 == d->run ? inside->kind != KIND_FREE || inside->run != d->run ||
					      inside->next || inside->prev
				    : !all_zeros(inside, sizeof(*inside)))
			return -G_EINVAL;
	}
	return all_zeros(chunk_at(a, chunk), (uint64_t)d->run << CHUNK_SHIFT) ? 0 : -G_EINVAL;
}

/* A list must hold what it is for, linked both ways. Returns its length, or -G_EINVAL. */
static int64_t check_list(const struct arena *a, uint32_t first, uint8_t kind, uint32_t index)
{
	const struct header *h = head(a);
	uint32_t prev = 0, n = 0;

	for (uint32_t c = first; c; prev = c, c = descriptor(a, c)->next) {
		const struct descriptor *d;

		if (c >= h->top || ++n > h->top)
			return -G_EINVAL;
		d = descriptor(a, c);
		if (d->kind != kind || d->prev != prev)
			return -G_EINVAL;
		if (kind == KIND_SLAB ? d->class != index || d->live == class_slots(index)
				      : !d->run || bin_of(d->run) != index)
			return -G_EINVAL;
	}
	return n;
}

int arena_check(const struct arena *a)
{
	const struct header *h = head(a);
	int64_t partial = 0, runs = 0, n;
	uint32_t step;

	if (check_tables(a))
		return -G_EINVAL;
	for (uint32_t c = 0; c < h->top; c += step) {
		const struct descriptor *d = descriptor(a, c);
		int bad;

		step = 1;
		switch (d->kind) {
		case KIND_RESERVED:
			bad = d->class || d->live || d->next || d->prev || d->run;
			for (uint32_t g = 0; c && g < GROUPS && h->groups[g] != c; g++)
				bad |= g == GROUPS - 1;
			break;
		case KIND_SLAB:
			bad = check_slab(a, c, d);
			if (!bad)
				partial += d->live < class_slots(d->class);
			break;
		case KIND_LARGE:
			bad = check_large(a, c, d);
			step = d->run;
			break;
		case KIND_FREE:
			bad = check_free(a, c, d);
			step = d->run;
			runs++;
			break;
		default:
			bad = 1;
		}
		if (bad)
			return -G_EINVAL;
	}
	for (uint32_t i = 0; i < CLASSES; i++) {
		n = check_list(a, h->partial[i], KIND_SLAB, i);
		if (n < 0)
			return -G_EINVAL;
		partial -= n;
	}
	for (uint32_t i = 0; i < BINS; i++) {
		n = check_list(a, h->bins[i], KIND_FREE, i);
		if (n < 0)
			return -G_EINVAL;
		runs -= n;
	}
	/* A slab that is full must not hang in a list; its links are not looked at before it has
	 * room again. */
	return partial == 0 && runs == 0 ? 0 : -G_EINVAL;
}
