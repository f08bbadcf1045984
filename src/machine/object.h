/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A memory object: the contents of a file, a memfd or shared anonymous memory, page by page. Owns
 * its frames; refuses to know where it is mapped.
 */
#ifndef TOLLGATE_MACHINE_OBJECT_H
#define TOLLGATE_MACHINE_OBJECT_H

#include "machine/frame.h"
#include "machine/radix.h"

struct object {
	uint64_t refs; /* one for its name, one for each range that maps it */
	uint64_t size;
	struct frame_pool *pool;
	struct radix frames; /* by page */
};

struct object *object_new(struct frame_pool *pool, uint64_t size);
void object_put(struct object *object);

/* Pages that exist: those that hold at least one byte below the size. */
static inline uint64_t object_pages(const struct object *object)
{
	return object->size / TG_PAGE_SIZE + (object->size % TG_PAGE_SIZE != 0);
}

/* The page's frame, or NULL: zeros so far. */
static inline struct frame *object_frame(const struct object *object, uint64_t page)
{
	return radix_get(&object->frames, page);
}

/* Returns 0 and the frame, made if need be, or -ENOMEM. The page must exist. */
int object_own(struct object *object, uint64_t page, struct frame **out);

/* Drops the pages beyond the new end; bytes between the end and its page's end become zeros. */
void object_resize(struct object *object, uint64_t size);
void object_read(const struct object *object, uint64_t offset, void *dst, uint64_t n);
/* Returns 0; -EINVAL beyond the size; -ENOMEM, then nothing but new pages of zeros is left behind. */
int object_write(struct object *object, uint64_t offset, const void *src, uint64_t n);
void object_punch(struct object *object, uint64_t offset, uint64_t n);
uint64_t object_seek(const struct object *object, uint64_t offset, bool data);

#endif
