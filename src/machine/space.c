/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Ranges of a space: mapping, unmapping, splitting, joining, moving, cloning. */
#include "machine/space.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct space *space_new(struct frame_pool *pool)
{
	struct space *space = calloc(1, sizeof(*space));

	if (space)
		space->pool = pool;
	return space;
}

/* Forgets the private pages of [start, end). */
static void drop_pages(struct space *space, uint64_t start, uint64_t end)
{
	uint64_t page = start / TG_PAGE_SIZE, last = end / TG_PAGE_SIZE;

	while (page < last && radix_next(&space->pages, &page) && page < last) {
		struct frame *frame = radix_remove(&space->pages, page++);

		if (frame->code_lines)
			space->pool->code_generation++;
		frame_put(space->pool, frame);
	}
	space->pool->generation++;
}

void space_free(struct space *space)
{
	if (!space)
		return;
	for (size_t i = 0; i < space->count; i++) {
		if (space->ranges[i].object)
			object_put(space->ranges[i].object);
	}
	drop_pages(space, 0, TG_ADDRESS_END);
	radix_clear(&space->pages);
	free(space->ranges);
	free(space);
}

struct space *space_clone(struct space *from)
{
	struct space *space = space_new(from->pool);
	uint64_t page = 0;
	struct frame *frame;

	if (!space)
		return NULL;
	space->ranges = malloc((from->count + 1) * sizeof(*space->ranges));
	if (!space->ranges) {
		free(space);
		return NULL;
	}
	space->capacity = from->count + 1;
	for (; (frame = radix_next(&from->pages, &page)); page++) {
		if (radix_set(&space->pages, page, frame) < 0) {
			space_free(space);
			return NULL;
		}
		frame_get(frame);
	}
	for (size_t i = 0; i < from->count; i++) {
		space->ranges[i] = from->ranges[i];
		if (space->ranges[i].object)
			space->ranges[i].object->refs++;
	}
	space->count = from->count;
	from->pool->generation++; /* its pages are copy-on-write now */
	return space;
}

/* ---- the table of ranges ---- */

/* Index of the first range that ends beyond addr. */
static size_t first_beyond(const struct space *space, uint64_t addr)
{
	size_t low = 0, high = space->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (space->ranges[mid].end > addr)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

static int reserve(struct space *space, size_t extra)
{
	size_t capacity = space->capacity;
	struct range *ranges;

	if (space->count + extra <= capacity)
		return 0;
	capacity = capacity + capacity / 2 + extra + 8;
	ranges = realloc(space->ranges, capacity * sizeof(*ranges));
	if (!ranges)
		return -ENOMEM;
	space->ranges = ranges;
	space->capacity = capacity;
	return 0;
}

/* Opens room for n ranges at index. There must be capacity. */
static void open_at(struct space *space, size_t index, size_t n)
{
	memmove(&space->ranges[index + n], &space->ranges[index],
		(space->count - index) * sizeof(*space->ranges));
	space->count += n;
}

static void close_at(struct space *space, size_t index, size_t n)
{
	memmove(&space->ranges[index], &space->ranges[index + n],
		(space->count - index - n) * sizeof(*space->ranges));
	space->count -= n;
}

static void trim_front(struct range *range, uint64_t start)
{
	if (range->object)
		range->offset += start - range->start;
	range->start = start;
}

/* Makes addr a border: a range around it becomes two. There must be capacity for one more. */
static void split_at(struct space *space, uint64_t addr)
{
	size_t i = first_beyond(space, addr);

	if (i == space->count || space->ranges[i].start >= addr)
		return;
	open_at(space, i, 1);
	space->ranges[i] = space->ranges[i + 1];
	space->ranges[i].end = addr;
	trim_front(&space->ranges[i + 1], addr);
	if (space->ranges[i].object)
		space->ranges[i].object->refs++;
}

static bool continues(const struct range *a, const struct range *b)
{
	return a->end == b->start && a->prot == b->prot && a->flags == b->flags &&
	       a->object == b->object &&
	       (!a->object || a->offset + (a->end - a->start) == b->offset);
}

/* Joins neighbours at all borders in [start, end]. */
static void join(struct space *space, uint64_t start, uint64_t end)
{
	size_t first = first_beyond(space, start), last, kept;

	if (first > 0)
		first--;
	kept = first;
	for (last = first + 1; last < space->count && space->ranges[last].start <= end; last++) {
		if (continues(&space->ranges[kept], &space->ranges[last])) {
			space->ranges[kept].end = space->ranges[last].end;
			if (space->ranges[last].object)
				object_put(space->ranges[last].object);
		} else {
			space->ranges[++kept] = space->ranges[last];
		}
	}
	if (last > kept + 1)
		close_at(space, kept + 1, last - kept - 1);
}

/* Takes the ranges of [start, end) out of the table. There must be capacity for one more. */
static void cut(struct space *space, uint64_t start, uint64_t end)
{
	size_t first, last;

	split_at(space, start);
	split_at(space, end);
	first = first_beyond(space, start);
	for (last = first; last < space->count && space->ranges[last].start < end; last++) {
		if (space->ranges[last].prot & TG_PROT_EXEC)
			space->pool->code_generation++;
		if (space->ranges[last].object)
			object_put(space->ranges[last].object);
	}
	close_at(space, first, last - first);
	space->pool->generation++;
}

/* ---- operations ---- */

int space_map(struct space *space, const struct range *what)
{
	size_t at;

	if (reserve(space, 3) < 0)
		return -ENOMEM;
	if (what->object)
		what->object->refs++; /* before cut: it may be the last mapping of the same object */
	cut(space, what->start, what->end);
	drop_pages(space, what->start, what->end);
	at = first_beyond(space, what->start);
	open_at(space, at, 1);
	space->ranges[at] = *what;
	join(space, what->start, what->end);
	return 0;
}

int space_unmap(struct space *space, uint64_t start, uint64_t end)
{
	if (reserve(space, 2) < 0)
		return -ENOMEM;
	cut(space, start, end);
	drop_pages(space, start, end);
	return 0;
}

int space_protect(struct space *space, uint64_t start, uint64_t end, uint32_t prot)
{
	if (reserve(space, 2) < 0)
		return -ENOMEM;
	split_at(space, start);
	split_at(space, end);
	for (size_t i = first_beyond(space, start);
	     i < space->count && space->ranges[i].start < end; i++) {
		if (space->ranges[i].prot & ~prot & TG_PROT_EXEC)
			space->pool->code_generation++;
		space->ranges[i].prot = prot;
	}
	join(space, start, end);
	space->pool->generation++;
	return 0;
}

/* All that moving needs to allocate. */
static int prepare_move(struct space *space, uint64_t from, uint64_t to, uint64_t len,
			struct range **moved, size_t *count)
{
	uint64_t page = from / TG_PAGE_SIZE;
	size_t first = first_beyond(space, from), n = 0;

	while (first + n < space->count && space->ranges[first + n].start < from + len)
		n++;
	*moved = malloc((n + 1) * sizeof(**moved));
	if (!*moved)
		return -ENOMEM;
	*count = n;
	for (; radix_next(&space->pages, &page) && page < (from + len) / TG_PAGE_SIZE; page++) {
		if (radix_prepare(&space->pages, page - from / TG_PAGE_SIZE + to / TG_PAGE_SIZE) < 0)
			break;
	}
	if ((radix_next(&space->pages, &page) && page < (from + len) / TG_PAGE_SIZE) ||
	    reserve(space, n + 6) < 0) {
		free(*moved);
		return -ENOMEM;
	}
	return 0;
}

/*
 * Entries are set before any is removed: a removal may free nodes, and those that prepare_move made
 * have to be there until they are used.
 */
static void move_pages(struct space *space, uint64_t from, uint64_t to, uint64_t count)
{
	uint64_t page;
	struct frame *frame, *old;

	for (page = from; (frame = radix_next(&space->pages, &page)) && page < from + count; page++) {
		old = radix_get(&space->pages, page - from + to);
		radix_set(&space->pages, page - from + to, frame);
		if (old)
			frame_put(space->pool, old);
	}
	for (page = to; radix_next(&space->pages, &page) && page < to + count; page++) {
		if (!radix_get(&space->pages, page - to + from))
			frame_put(space->pool, radix_remove(&space->pages, page));
	}
	for (page = from; radix_next(&space->pages, &page) && page < from + count; page++)
		radix_remove(&space->pages, page);
}

int space_move(struct space *space, uint64_t from, uint64_t to, uint64_t len)
{
	struct range *moved;
	size_t count, first, at;

	if (prepare_move(space, from, to, len, &moved, &count) < 0)
		return -ENOMEM;
	split_at(space, from);
	split_at(space, from + len);
	first = first_beyond(space, from);
	memcpy(moved, &space->ranges[first], count * sizeof(*moved));
	for (size_t i = 0; i < count; i++) {
		if (moved[i].object)
			moved[i].object->refs++;
		moved[i].start = moved[i].start - from + to;
		moved[i].end = moved[i].end - from + to;
	}
	cut(space, from, from + len);
	cut(space, to, to + len);
	at = first_beyond(space, to);
	open_at(space, at, count);
	memcpy(&space->ranges[at], moved, count * sizeof(*moved));
	join(space, to, to + len);
	free(moved);
	move_pages(space, from / TG_PAGE_SIZE, to / TG_PAGE_SIZE, len / TG_PAGE_SIZE);
	return 0;
}

void space_discard(struct space *space, uint64_t start, uint64_t end)
{
	drop_pages(space, start, end);
}

void space_truncated(struct space *space, const struct object *object)
{
	uint64_t size = object_pages(object) * TG_PAGE_SIZE;

	for (size_t i = 0; i < space->count; i++) {
		const struct range *range = &space->ranges[i];
		uint64_t from = range->start;

		if (range->object != object)
			continue;
		if (size > range->offset)
			from += size - range->offset;
		if (from >= range->start && from < range->end)
			drop_pages(space, from, range->end);
	}
}
