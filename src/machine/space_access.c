/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What an address of a space means: permission, page, frame; copying in and out; all its pages. */
#include "machine/space.h"

#include <errno.h>
#include <string.h>

static struct range *range_at(struct space *space, uint64_t addr)
{
	size_t low = 0, high = space->count;

	if (space->hint < space->count && space->ranges[space->hint].start <= addr &&
	    addr < space->ranges[space->hint].end)
		return &space->ranges[space->hint];
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (space->ranges[mid].end > addr)
			high = mid;
		else
			low = mid + 1;
	}
	if (low == space->count || space->ranges[low].start > addr)
		return NULL;
	space->hint = low;
	return &space->ranges[low];
}

static bool is_private(const struct range *range)
{
	return !range->object || range->flags & TG_MAP_PRIVATE;
}

/* The page of the range's object that addr lies in; there must be an object. */
static uint64_t object_page(const struct range *range, uint64_t addr)
{
	return (range->offset + (addr - range->start)) / TG_PAGE_SIZE;
}

static bool beyond_object(const struct range *range, uint64_t addr)
{
	return range->object && object_page(range, addr) >= object_pages(range->object);
}

static struct frame *frame_at(const struct space *space, const struct range *range, uint64_t addr)
{
	struct frame *frame = NULL;

	if (is_private(range))
		frame = radix_get(&space->pages, addr / TG_PAGE_SIZE);
	if (!frame && range->object)
		frame = object_frame(range->object, object_page(range, addr));
	return frame;
}

bool space_see(struct space *space, uint64_t addr, enum space_access access, struct page_view *out)
{
	uint32_t need = access == SPACE_FETCH ? TG_PROT_EXEC : TG_PROT_READ | TG_PROT_WRITE;
	const struct range *range = range_at(space, addr);

	if (!range || !(range->prot & need) || beyond_object(range, addr))
		return false;
	out->frame = frame_at(space, range, addr);
	out->bytes = out->frame ? out->frame->bytes : frame_zeros;
	return true;
}

/* A private page gets a frame that nobody else has. */
static int own_private(struct space *space, const struct range *range, uint64_t addr,
		       struct frame **out)
{
	struct frame *old = radix_get(&space->pages, addr / TG_PAGE_SIZE), *frame;
	const struct frame *source = old;

	if (old && old->refs == 1) {
		*out = old;
		return 0;
	}
	if (!source && range->object)
		source = object_frame(range->object, object_page(range, addr));
	frame = frame_new(space->pool, range->flags & TG_MAP_ON_TOUCH);
	if (!frame)
		return -ENOMEM;
	if (source)
		memcpy(frame->bytes, source->bytes, TG_PAGE_SIZE);
	if (radix_set(&space->pages, addr / TG_PAGE_SIZE, frame) < 0) {
		frame_put(space->pool, frame);
		return -ENOMEM;
	}
	if (source && source->code_lines)
		space->pool->code_generation++;
	if (old)
		frame_put(space->pool, old);
	space->pool->copies++;
	*out = frame;
	return 0;
}

int space_own(struct space *space, uint64_t addr, struct frame **out)
{
	const struct range *range = range_at(space, addr);

	if (!range || !(range->prot & TG_PROT_WRITE) || beyond_object(range, addr))
		return -EFAULT;
	if (is_private(range))
		return own_private(space, range, addr, out);
	return object_own(range->object, object_page(range, addr), out);
}

int space_load(struct space *space, uint64_t addr, void *dst, uint64_t n)
{
	uint8_t *to = dst;
	struct page_view view;

	while (n > 0) {
		uint64_t at = addr % TG_PAGE_SIZE, chunk = TG_PAGE_SIZE - at;

		if (chunk > n)
			chunk = n;
		if (!space_see(space, addr, SPACE_READ, &view))
			return -EFAULT;
		memcpy(to, view.bytes + at, chunk);
		to += chunk;
		addr += chunk; /* cannot wrap: the last page is never mapped */
		n -= chunk;
	}
	return 0;
}

int space_store(struct space *space, uint64_t addr, const void *src, uint64_t n)
{
	const uint8_t *from = src;
	struct frame *frame;

	while (n > 0) {
		uint64_t at = addr % TG_PAGE_SIZE, chunk = TG_PAGE_SIZE - at;
		int err = space_own(space, addr, &frame);

		if (err < 0)
			return err;
		if (chunk > n)
			chunk = n;
		memcpy(frame->bytes + at, from, chunk);
		frame_written(space->pool, frame, (unsigned)at, (unsigned)chunk);
		from += chunk;
		addr += chunk;
		n -= chunk;
	}
	return 0;
}

bool space_resident(struct space *space, uint64_t addr)
{
	const struct range *range = range_at(space, addr);

	return range && !beyond_object(range, addr) && frame_at(space, range, addr);
}

/* The first page at or after *addr, below the range's end, that has a frame. */
static struct frame *next_frame(const struct space *space, const struct range *range,
				uint64_t *addr)
{
	uint64_t own = *addr / TG_PAGE_SIZE, shared = 0;
	struct frame *frame = NULL, *behind = NULL;

	if (is_private(range))
		frame = radix_next(&space->pages, &own);
	if (range->object) {
		uint64_t first = object_page(range, range->start);

		shared = object_page(range, *addr);
		behind = radix_next(&range->object->frames, &shared);
		shared = shared - first + range->start / TG_PAGE_SIZE;
	}
	if (behind && (!frame || shared < own)) {
		frame = behind;
		own = shared;
	}
	if (!frame || own >= range->end / TG_PAGE_SIZE)
		return NULL;
	*addr = own * TG_PAGE_SIZE;
	return frame;
}

int space_visit(struct space *space,
		int (*visit)(void *ctx, uint64_t addr, const uint8_t page[TG_PAGE_SIZE]), void *ctx)
{
	for (size_t i = 0; i < space->count; i++) {
		const struct range *range = &space->ranges[i];
		uint64_t addr = range->start;
		struct frame *frame;
		int result;

		for (; (frame = next_frame(space, range, &addr)); addr += TG_PAGE_SIZE) {
			if (memcmp(frame->bytes, frame_zeros, TG_PAGE_SIZE) == 0)
				continue;
			result = visit(ctx, addr, frame->bytes);
			if (result != 0)
				return result;
		}
	}
	return 0;
}
