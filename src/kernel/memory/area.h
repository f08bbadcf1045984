/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The area table: a sorted array of disjoint areas, with splitting, merging and the page counters that follow from it. Refuses to know
 * the machine: whoever changes areas tells it.
 */
#ifndef TOLLGATE_KERNEL_AREA_H
#define TOLLGATE_KERNEL_AREA_H

#include "kernel/memory/memory.h"

/* Index of the first area that ends above addr; area_count when there is none. */
uint32_t area_index(struct kernel *k, const struct memory *mm, uint64_t addr);
/* The first area that meets [start, end), or NULL. */
struct area *area_meets(struct kernel *k, const struct memory *mm, uint64_t start, uint64_t end);
/*
 * Splits areas so that none crosses start or end. for_removal: the range is about to go, so that one split too many at the limit does not
 * count. 0 or -G_ENOMEM (limit or arena), with nothing that a guest could see changed.
 */
int area_isolate(struct kernel *k, struct memory *mm, uint64_t start, uint64_t end, bool for_removal);
/* Removes all areas inside [start, end), which has been isolated; drops what they hold. */
void area_remove(struct kernel *k, struct memory *mm, uint64_t start, uint64_t end);
/* Room for two more areas, so that the next area_insert cannot fail. 0 or -G_ENOMEM. */
int area_reserve(struct kernel *k, struct memory *mm);
/* Inserts into free space; the table takes over its references. Needs area_reserve; merges with its neighbours. */
void area_insert(struct kernel *k, struct memory *mm, const struct area *area);
/* Merges whatever can be merged in and around [start, end). */
void area_merge(struct kernel *k, struct memory *mm, uint64_t start, uint64_t end);
/* Adds the area's pages to the counters, or takes them away. To change an area's prot or flags: take away, change, add. */
void area_count_in(struct kernel *k, struct memory *mm, const struct area *area);
void area_count_out(struct kernel *k, struct memory *mm, const struct area *area);
/* A copy of the name block for a second area: 0 when there was none; *failed is set when there is no memory. */
ref area_name_copy(struct kernel *k, ref name, bool *failed);
/* Moves an area's start down (stack growth). */
void area_extend_down(struct kernel *k, struct memory *mm, struct area *area, uint64_t start);

static inline uint64_t area_pages(const struct area *area)
{
	return (area->end - area->start) / TG_PAGE_SIZE;
}

/* What RLIMIT_DATA counts. */
static inline bool area_is_data(uint32_t prot, uint32_t flags)
{
	return (prot & G_PROT_WRITE) && !(flags & (AREA_SHARED | AREA_STACK | AREA_GROWSDOWN));
}

#endif
