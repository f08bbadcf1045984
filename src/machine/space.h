/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A guest address space: sorted ranges that say what an address may be used for, and the private
 * pages that were written. Everything else is looked up in the objects, so an untouched range costs
 * the same whatever its size. Refuses to know: engines, Linux's areas.
 */
#ifndef TOLLGATE_MACHINE_SPACE_H
#define TOLLGATE_MACHINE_SPACE_H

#include <stddef.h>

#include "machine/frame.h"
#include "machine/object.h"
#include "machine/radix.h"

struct range {
	uint64_t start, end;
	struct object *object; /* NULL: private anonymous; else a reference is held */
	uint64_t offset;       /* of start, in the object */
	uint32_t prot, flags;  /* TG_PROT_*, TG_MAP_* */
};

struct space {
	struct frame_pool *pool;
	struct range *ranges; /* sorted, disjoint, neighbours that continue each other joined */
	size_t count, capacity;
	size_t hint;          /* where the last lookup ended */
	struct radix pages;   /* private frames, by page */
};

struct space *space_new(struct frame_pool *pool);
void space_free(struct space *space);
struct space *space_clone(struct space *from);

/* All take page multiples, start < end <= TG_ADDRESS_END; 0, or -ENOMEM and nothing has changed. */
int space_map(struct space *space, const struct range *what);
int space_unmap(struct space *space, uint64_t start, uint64_t end);
int space_protect(struct space *space, uint64_t start, uint64_t end, uint32_t prot);
int space_move(struct space *space, uint64_t from, uint64_t to, uint64_t len);
void space_discard(struct space *space, uint64_t start, uint64_t end);
/* The object has become shorter: private copies of the pages that are gone go too. */
void space_truncated(struct space *space, const struct object *object);

bool space_resident(struct space *space, uint64_t addr);

/* What an access needs. Mapped for writing implies readable, as on riscv64 Linux. */
enum space_access { SPACE_READ, SPACE_FETCH };

struct page_view {
	const uint8_t *bytes; /* the whole page */
	struct frame *frame;  /* NULL: frame_zeros */
};

/* Finds the page that holds addr for reading. Returns false where such an access faults. */
bool space_see(struct space *space, uint64_t addr, enum space_access access, struct page_view *out);
/*
 * Finds the frame that a store to addr goes to, and makes it the page's own first if need be.
 * Returns 0, -EFAULT where a store faults, -ENOMEM when the touch budget is used up.
 */
int space_own(struct space *space, uint64_t addr, struct frame **out);

/* As tg_machine_ops' load and store. */
int space_load(struct space *space, uint64_t addr, void *dst, uint64_t n);
int space_store(struct space *space, uint64_t addr, const void *src, uint64_t n);

/* As machine_visit_pages. */
int space_visit(struct space *space,
		int (*visit)(void *ctx, uint64_t addr, const uint8_t page[TG_PAGE_SIZE]),
		void *ctx);

#endif
