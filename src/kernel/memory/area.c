/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The area table; see area.h. */
#include "kernel/memory/area.h"

#include <string.h>

#include "kernel/tree/tree.h"

#define AREA_SLACK 4 /* records beyond the limit that a change may need on its way */

static struct area *table(struct kernel *k, const struct memory *mm)
{
	return AT(k, area, mm->areas);
}

uint32_t area_index(struct kernel *k, const struct memory *mm, uint64_t addr)
{
	const struct area *areas = table(k, mm);
	uint32_t low = 0, high = mm->area_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (areas[middle].end > addr)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

struct area *memory_area_at(struct kernel *k, const struct memory *mm, uint32_t index)
{
	return index < mm->area_count ? &table(k, mm)[index] : NULL;
}

struct area *memory_area(struct kernel *k, const struct memory *mm, uint64_t addr)
{
	struct area *area = memory_area_at(k, mm, area_index(k, mm, addr));

	return area && area->start <= addr ? area : NULL;
}

struct area *area_meets(struct kernel *k, const struct memory *mm, uint64_t start, uint64_t end)
{
	struct area *area = memory_area_at(k, mm, area_index(k, mm, start));

	return area && area->start < end ? area : NULL;
}

static void count(struct kernel *k, struct memory *mm, const struct area *area, uint64_t pages)
{
	mm->total_pages += pages;
	if (area->flags & AREA_LOCKED)
		mm->locked_pages += pages;
	if (area_is_data(area->prot, area->flags))
		mm->data_pages += pages;
	if (area->flags & AREA_ACCOUNT) {
		mm->charged_pages += pages;
		AT(k, memory_accounts, k->root->memory_accounts)->charged_pages += pages;
	}
}

void area_count_in(struct kernel *k, struct memory *mm, const struct area *area)
{
	count(k, mm, area, area_pages(area));
}

void area_count_out(struct kernel *k, struct memory *mm, const struct area *area)
{
	count(k, mm, area, -area_pages(area)); /* unsigned arithmetic: the sums come out right */
}

void area_extend_down(struct kernel *k, struct memory *mm, struct area *area, uint64_t start)
{
	count(k, mm, area, (area->start - start) / TG_PAGE_SIZE);
	area->start = start;
}

ref area_name_copy(struct kernel *k, ref name, bool *failed)
{
	uint64_t size = arena_size(&k->arena, name);
	ref copy;

	if (!name)
		return 0;
	copy = arena_alloc(&k->arena, size);
	if (!copy)
		*failed = true;
	else
		memcpy(arena_at(&k->arena, copy), arena_at(&k->arena, name), size);
	return copy;
}

static int reserve(struct kernel *k, struct memory *mm, uint32_t more)
{
	uint32_t need = mm->area_count + more, capacity = mm->area_capacity ? mm->area_capacity : 32;
	ref block;

	if (need <= mm->area_capacity)
		return 0;
	if (need > LIMIT_AREAS + AREA_SLACK)
		return -G_ENOMEM;
	while (capacity < need)
		capacity *= 2;
	block = mm->areas ? arena_resize(&k->arena, mm->areas, (uint64_t)capacity * sizeof(struct area))
	                  : arena_alloc(&k->arena, (uint64_t)capacity * sizeof(struct area));
	if (!block)
		return -G_ENOMEM;
	mm->areas = block;
	mm->area_capacity = capacity;
	return 0;
}

int area_reserve(struct kernel *k, struct memory *mm)
{
	return reserve(k, mm, 2);
}

/* Makes a hole of one record at index; capacity has been reserved. */
static struct area *open_slot(struct kernel *k, struct memory *mm, uint32_t index)
{
	struct area *areas = table(k, mm);

	memmove(areas + index + 1, areas + index, (mm->area_count - index) * sizeof(struct area));
	mm->area_count++;
	return areas + index;
}

/* Takes `number` records out at index; the freed tail is zeroed, as all unused state is. */
static void close_slots(struct kernel *k, struct memory *mm, uint32_t index, uint32_t number)
{
	struct area *areas = table(k, mm);

	if (!number)
		return;
	memmove(areas + index, areas + index + number, (mm->area_count - index - number) * sizeof(struct area));
	mm->area_count -= number;
	memset(areas + mm->area_count, 0, number * sizeof(struct area));
}

static int split_at(struct kernel *k, struct memory *mm, uint64_t addr)
{
	uint32_t index = area_index(k, mm, addr);
	struct area *area = memory_area_at(k, mm, index), *upper;
	bool failed = false;
	ref name;

	if (!area || area->start >= addr)
		return 0;
	if (reserve(k, mm, 1))
		return -G_ENOMEM;
	area = memory_area_at(k, mm, index);
	name = area_name_copy(k, area->name, &failed);
	if (failed)
		return -G_ENOMEM;
	upper = open_slot(k, mm, index + 1);
	area = upper - 1;
	*upper = *area;
	upper->name = name;
	upper->start = area->end = addr;
	if (upper->object)
		upper->offset += addr - area->start;
	if (upper->inode)
		inode_hold(k, upper->inode);
	return 0;
}

static bool crosses(struct kernel *k, const struct memory *mm, uint64_t addr)
{
	const struct area *area = memory_area(k, mm, addr);

	return area && area->start < addr;
}

int area_isolate(struct kernel *k, struct memory *mm, uint64_t start, uint64_t end, bool for_removal)
{
	uint32_t splits = (uint32_t)crosses(k, mm, start) + (uint32_t)crosses(k, mm, end);

	if (splits && mm->area_count + splits > LIMIT_AREAS + (for_removal ? 1u : 0u))
		return -G_ENOMEM;
	if (split_at(k, mm, start))
		return -G_ENOMEM;
	if (split_at(k, mm, end)) {
		area_merge(k, mm, start, start);
		return -G_ENOMEM;
	}
	return 0;
}

static void drop(struct kernel *k, struct area *area)
{
	if (area->inode)
		inode_drop(k, area->inode);
	arena_free(&k->arena, area->name);
}

void area_remove(struct kernel *k, struct memory *mm, uint64_t start, uint64_t end)
{
	uint32_t first = area_index(k, mm, start), last = first;
	struct area *area;

	for (; (area = memory_area_at(k, mm, last)) && area->start < end; last++) {
		area_count_out(k, mm, area);
		drop(k, area);
	}
	close_slots(k, mm, first, last - first);
}

static bool same_name(struct kernel *k, ref a, ref b)
{
	uint64_t size = arena_size(&k->arena, a);

	if (!a || !b)
		return a == b;
	return size == arena_size(&k->arena, b) && !memcmp(arena_at(&k->arena, a), arena_at(&k->arena, b), size);
}

static bool mergeable(struct kernel *k, const struct area *a, const struct area *b)
{
	return a->end == b->start && a->prot == b->prot && a->flags == b->flags && a->max_prot == b->max_prot && a->object == b->object &&
	       a->inode == b->inode && (!a->object || a->offset + (a->end - a->start) == b->offset) && same_name(k, a->name, b->name);
}

void area_merge(struct kernel *k, struct memory *mm, uint64_t start, uint64_t end)
{
	uint32_t kept = area_index(k, mm, start), last;
	struct area *areas = table(k, mm);

	if (kept > 0)
		kept--;
	/* One pass: records up to `kept` are settled, `last` looks at the next one; the gap is closed once. */
	for (last = kept + 1; last < mm->area_count && areas[last].start <= end; last++) {
		if (mergeable(k, &areas[kept], &areas[last])) {
			areas[kept].end = areas[last].end;
			drop(k, &areas[last]);
		} else if (++kept != last) {
			areas[kept] = areas[last];
		}
	}
	if (mm->area_count && last > kept + 1)
		close_slots(k, mm, kept + 1, last - kept - 1);
}

void area_insert(struct kernel *k, struct memory *mm, const struct area *area)
{
	*open_slot(k, mm, area_index(k, mm, area->start)) = *area;
	area_count_in(k, mm, area);
	area_merge(k, mm, area->start, area->end);
}
