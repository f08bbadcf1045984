/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Memory objects: sparse pages under a size. */
#include "machine/object.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct object *object_new(struct frame_pool *pool, uint64_t size)
{
	struct object *object = calloc(1, sizeof(*object));

	if (object) {
		object->refs = 1;
		object->size = size;
		object->pool = pool;
	}
	return object;
}

/* Forgets the pages [from, to). */
static void drop_pages(struct object *object, uint64_t from, uint64_t to)
{
	uint64_t page = from;

	while (page < to && radix_next(&object->frames, &page) && page < to)
		frame_put(object->pool, radix_remove(&object->frames, page++));
	object->pool->generation++;
}

void object_put(struct object *object)
{
	if (--object->refs > 0)
		return;
	drop_pages(object, 0, UINT64_MAX);
	free(object);
}

int object_own(struct object *object, uint64_t page, struct frame **out)
{
	struct frame *frame = object_frame(object, page);

	if (!frame) {
		frame = frame_new(object->pool, true);
		if (!frame)
			return -ENOMEM;
		if (radix_set(&object->frames, page, frame) < 0) {
			frame_put(object->pool, frame);
			return -ENOMEM;
		}
		object->pool->generation++;
	}
	*out = frame;
	return 0;
}

/* Zeros part of one page. */
static void zero_part(struct object *object, uint64_t offset, uint64_t n)
{
	struct frame *frame = object_frame(object, offset / TG_PAGE_SIZE);
	unsigned at = offset % TG_PAGE_SIZE;

	if (!frame || n == 0)
		return;
	memset(frame->bytes + at, 0, n);
	frame_written(object->pool, frame, at, (unsigned)n);
}

void object_resize(struct object *object, uint64_t size)
{
	/* A mapping may have stored behind the end of the last page's data: growing must not show it. */
	uint64_t end = size < object->size ? size : object->size;

	if (end % TG_PAGE_SIZE != 0)
		zero_part(object, end, TG_PAGE_SIZE - end % TG_PAGE_SIZE);
	object->size = size;
	drop_pages(object, object_pages(object), UINT64_MAX);
}

void object_read(const struct object *object, uint64_t offset, void *dst, uint64_t n)
{
	uint8_t *to = dst;

	while (n > 0) {
		uint64_t at = offset % TG_PAGE_SIZE, chunk = TG_PAGE_SIZE - at;
		struct frame *frame = object_frame(object, offset / TG_PAGE_SIZE);

		if (chunk > n)
			chunk = n;
		memcpy(to, (frame ? frame->bytes : frame_zeros) + at, chunk);
		to += chunk;
		offset += chunk;
		n -= chunk;
	}
}

int object_write(struct object *object, uint64_t offset, const void *src, uint64_t n)
{
	const uint8_t *from = src;
	struct frame *frame;
	int err;

	if (offset > object->size || n > object->size - offset)
		return -EINVAL;
	if (n == 0)
		return 0;
	for (uint64_t page = offset / TG_PAGE_SIZE; page <= (offset + n - 1) / TG_PAGE_SIZE; page++) {
		err = object_own(object, page, &frame);
		if (err < 0)
			return err;
	}
	while (n > 0) {
		uint64_t at = offset % TG_PAGE_SIZE, chunk = TG_PAGE_SIZE - at;

		if (chunk > n)
			chunk = n;
		frame = object_frame(object, offset / TG_PAGE_SIZE);
		memcpy(frame->bytes + at, from, chunk);
		frame_written(object->pool, frame, (unsigned)at, (unsigned)chunk);
		from += chunk;
		offset += chunk;
		n -= chunk;
	}
	return 0;
}

void object_punch(struct object *object, uint64_t offset, uint64_t n)
{
	uint64_t end, first, last;

	if (offset >= object->size)
		return;
	if (n > object->size - offset)
		n = object->size - offset;
	end = offset + n;
	first = offset / TG_PAGE_SIZE + (offset % TG_PAGE_SIZE != 0);
	last = end == object->size ? object_pages(object) : end / TG_PAGE_SIZE;
	if (first > last) {
		zero_part(object, offset, n);
		return;
	}
	if (offset % TG_PAGE_SIZE != 0)
		zero_part(object, offset, first * TG_PAGE_SIZE - offset);
	if (last * TG_PAGE_SIZE < end)
		zero_part(object, last * TG_PAGE_SIZE, end - last * TG_PAGE_SIZE);
	drop_pages(object, first, last);
}

uint64_t object_seek(const struct object *object, uint64_t offset, bool data)
{
	uint64_t page = offset / TG_PAGE_SIZE, found;

	if (offset >= object->size)
		return object->size;
	if (data) {
		if (!radix_next(&object->frames, &page))
			return object->size;
	} else {
		while (object_frame(object, page))
			page++;
	}
	if (page >= object_pages(object))
		return object->size;
	found = page * TG_PAGE_SIZE;
	return found > offset ? found : offset;
}
