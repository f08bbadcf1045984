/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The arena's allocator: chunks of 16 KiB, each either a slab of equal slots or part of a run that
 * holds one large block. What a chunk is, is said by descriptors that lie apart from all contents,
 * so that no bytes a guest can place make a stale ref valid. Free memory is all zeros at any time;
 * what is allocated is taken from there.
 *
 *     chunk 0: struct header | chunk 1: descriptors of chunks 0..1023 | slabs, runs and further
 * descriptor chunks ... | top
 *
 * A block is preceded by its struct tag. A free run of chunks is known by the descriptors of its
 * first and last chunk.
 */
#include "kernel/arena.h"

#include <string.h>

#include "abi/errors.h"

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

static struct header *head(const struct arena *a)
{
	return (struct header *)a->base;
}

static struct descriptor *descriptor(const struct arena *a, uint32_t chunk)
{
	uint32_t table = head(a)->groups[chunk >> GROUP_SHIFT];

	return (struct descriptor *)(a->base + ((uint64_t)table << CHUNK_SHIFT)) +
	       (chunk & (GROUP - 1));
}

static uint8_t *chunk_at(const struct arena *a, uint32_t chunk)
{
	return a->base + ((uint64_t)chunk << CHUNK_SHIFT);
}

static struct tag *slot_at(const struct arena *a, uint32_t chunk, uint32_t class, uint32_t slot)
{
	return (struct tag *)(chunk_at(a, chunk) + (uint64_t)slot * class_units[class] * UNIT);
}

static uint32_t class_slots(uint32_t class)
{
	return CHUNK_UNITS / class_units[class];
}

/* The smallest class that holds size bytes, or CLASSES. */
static uint32_t class_of(uint64_t size)
{
	uint64_t units = (size + UNIT - 1) / UNIT + 1;
	uint32_t class = 0;

	if (units > class_units[CLASSES - 1])
		return CLASSES;
	while (class_units[class] < units)
		class ++;
	return class;
}

static uint32_t large_chunks(uint64_t size)
{
	return (uint32_t)((size + UNIT + CHUNK - 1) >> CHUNK_SHIFT);
}

static uint32_t bin_of(uint32_t run)
{
	uint32_t bin = 0;

	while (run >>= 1)
		bin++;
	return bin < BINS ? bin : BINS - 1;
}

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

int arena_attach(struct arena *a, void *base, uint64_t capacity)
{
	struct arena candidate = {.base = base, .capacity = capacity};

	if ((uintptr_t)base % UNIT || arena_check(&candidate))
		return -G_EINVAL;
	*a = candidate;
	return 0;
}
