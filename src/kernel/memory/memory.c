/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Address spaces: where mappings go, what they cost, and keeping the machine's mappings equal to the area table. The calls themselves are
 * in memory_calls.c; faults in memory_fault.c. Refuses to know files beyond their object and size.
 */
#include "kernel/memory/memory.h"

#include "kernel/memory/area.h"
#include "kernel/thread/thread.h"
#include "kernel/tree/tree.h"

#define PAGE TG_PAGE_SIZE
#define MMAP_GAP (UINT64_C(128) << 20)        /* least room for the stack above the mmap area */
#define BOTTOM_UP_BASE (TG_ADDRESS_END / 3)   /* where the search starts when nothing is free below mmap_base */

int memory_new(struct kernel *k, ref *out)
{
	ref block;
	struct memory *mm;

	if (!k->root->memory_accounts && !(k->root->memory_accounts = NEW(k, memory_accounts)))
		return -G_ENOMEM;
	block = NEW(k, memory);
	if (!block)
		return -G_ENOMEM;
	mm = AT(k, memory, block);
	mm->space = k->root->next_space;
	if (k->machine->space_create(k->machine_ctx, mm->space)) {
		arena_free(&k->arena, block);
		return -G_ENOMEM;
	}
	k->root->next_space++;
	mm->users = 1;
	mm->stack_top = TG_ADDRESS_END;
	mm->mmap_base = TG_ADDRESS_END - MMAP_GAP;
	memory_settle(k);
	*out = block;
	return 0;
}

void memory_release(struct kernel *k, ref memory)
{
	struct memory *mm = AT(k, memory, memory);

	if (!mm || --mm->users)
		return;
	area_remove(k, mm, 0, TG_ADDRESS_END);
	k->machine->space_drop(k->machine_ctx, mm->space);
	arena_free(&k->arena, mm->areas);
	arena_free(&k->arena, memory);
	memory_settle(k);
}

uint32_t memory_object_new(struct kernel *k, uint64_t size)
{
	uint32_t object = k->root->next_object;

	if (!object || k->machine->object_create(k->machine_ctx, object, size))
		return 0;
	k->root->next_object++;
	return object;
}

uint32_t memory_machine_prot(uint32_t prot)
{
	/* A page table entry that is writable and not readable is reserved: Linux maps such an area readable. */
	return (prot & (G_PROT_READ | G_PROT_WRITE | G_PROT_EXEC)) | (prot & G_PROT_WRITE ? TG_PROT_READ : 0);
}

uint32_t memory_machine_flags(const struct area *area)
{
	uint32_t flags = area->flags & AREA_SHARED ? 0 : TG_MAP_PRIVATE;

	return area->flags & (AREA_SHARED | AREA_NORESERVE) ? flags | TG_MAP_ON_TOUCH : flags;
}

static uint64_t limit_pages(struct kernel *k)
{
	return k->options.memory_limit / PAGE;
}

static uint64_t *charged(struct kernel *k)
{
	return &AT(k, memory_accounts, k->root->memory_accounts)->charged_pages;
}

void memory_settle(struct kernel *k)
{
	uint64_t limit = limit_pages(k), used = *charged(k);

	k->machine->set_touch_budget(k->machine_ctx, limit > used ? limit - used : 0);
}

static uint64_t rlimit_pages(struct kernel *k, unsigned resource)
{
	return k->process ? k->process->rlimits[resource].cur / PAGE : UINT64_MAX;
}

/* Would so many more charged pages fit? freed: charged ones that go at the same time. */
static bool chargeable(struct kernel *k, uint64_t pages, uint64_t freed)
{
	return *charged(k) - freed + k->machine->touched(k->machine_ctx) + pages <= limit_pages(k);
}

/* gone: pages, and charged pages, that the change takes away before it adds. */
static int may_grow(struct kernel *k, const struct memory *mm, uint32_t prot, uint32_t flags, uint64_t pages, uint64_t gone, uint64_t freed)
{
	if (mm->total_pages - gone + pages > rlimit_pages(k, G_RLIMIT_AS))
		return -G_ENOMEM;
	if (area_is_data(prot, flags) && mm->data_pages + pages > rlimit_pages(k, G_RLIMIT_DATA))
		return -G_ENOMEM;
	if (((flags & AREA_ACCOUNT) || memory_accountable(prot, flags)) && !chargeable(k, pages, freed))
		return -G_ENOMEM;
	return 0;
}

int memory_may_grow(struct kernel *k, const struct memory *mm, uint32_t prot, uint32_t flags, uint64_t pages)
{
	return may_grow(k, mm, prot, flags, pages, 0, 0);
}

/* The lowest address that must stay free below an area that grows down. */
static uint64_t start_with_gap(const struct area *area)
{
	if (!(area->flags & AREA_GROWSDOWN))
		return area->start;
	return area->start > LIMIT_STACK_GAP ? area->start - LIMIT_STACK_GAP : 0;
}

/* The highest free place of len bytes in [LIMIT_MMAP_MIN_ADDR, high); 0: none. */
static uint64_t place_top_down(struct kernel *k, const struct memory *mm, uint64_t len, uint64_t high)
{
	const struct area *areas = memory_area_at(k, mm, 0);
	uint32_t index = area_index(k, mm, high);

	for (;; index--) {
		const struct area *next = index < mm->area_count ? &areas[index] : NULL;
		const struct area *previous = index ? &areas[index - 1] : NULL;
		uint64_t top = next && start_with_gap(next) < high ? start_with_gap(next) : high;
		uint64_t low = previous ? previous->end : 0;

		if (low < LIMIT_MMAP_MIN_ADDR)
			low = LIMIT_MMAP_MIN_ADDR;
		if (top >= low && top - low >= len)
			return top - len;
		if (!previous)
			return 0;
	}
}

/* The lowest free place of len bytes in [low, TG_ADDRESS_END); 0: none. */
static uint64_t place_bottom_up(struct kernel *k, const struct memory *mm, uint64_t len, uint64_t low)
{
	const struct area *areas = memory_area_at(k, mm, 0);

	for (uint32_t index = area_index(k, mm, low);; index++) {
		const struct area *next = index < mm->area_count ? &areas[index] : NULL;
		uint64_t top = next ? start_with_gap(next) : TG_ADDRESS_END;

		if (top >= low && top - low >= len)
			return low;
		if (!next)
			return 0;
		if (next->end > low)
			low = next->end;
	}
}

static bool hint_is_free(struct kernel *k, const struct memory *mm, uint64_t addr, uint64_t len)
{
	const struct area *next;

	if (len > TG_ADDRESS_END || addr > TG_ADDRESS_END - len)
		return false;
	next = memory_area_at(k, mm, area_index(k, mm, addr));
	return !next || addr + len <= start_with_gap(next);
}

int64_t memory_place(struct kernel *k, const struct memory *mm, uint64_t addr, uint64_t len, uint32_t map_flags)
{
	uint64_t place;

	if (len > TG_ADDRESS_END)
		return -G_ENOMEM;
	if (map_flags & (G_MAP_FIXED | G_MAP_FIXED_NOREPLACE)) {
		if (addr > TG_ADDRESS_END - len)
			return -G_ENOMEM;
		if (addr % PAGE)
			return -G_EINVAL;
		if (addr < LIMIT_MMAP_MIN_ADDR)
			return -G_EPERM;
		if ((map_flags & G_MAP_FIXED_NOREPLACE) && area_meets(k, mm, addr, addr + len))
			return -G_EEXIST;
		return (int64_t)addr;
	}
	if (addr & -(uint64_t)PAGE) {
		addr = addr < LIMIT_MMAP_MIN_ADDR ? LIMIT_MMAP_MIN_ADDR : page_up(addr);
		if (addr && hint_is_free(k, mm, addr, len))
			return (int64_t)addr;
	}
	place = place_top_down(k, mm, len, mm->mmap_base);
	if (!place)
		place = place_bottom_up(k, mm, len, page_up(BOTTOM_UP_BASE));
	return place ? (int64_t)place : -G_ENOMEM;
}

int memory_install(struct kernel *k, struct memory *mm, const struct area *wanted)
{
	struct area area = *wanted;
	uint64_t gone = 0, freed = 0;

	if (memory_accountable(area.prot, area.flags))
		area.flags |= AREA_ACCOUNT;
	for (uint32_t i = area_index(k, mm, area.start);; i++) {
		const struct area *old = memory_area_at(k, mm, i);
		uint64_t low, high, pages;

		if (!old || old->start >= area.end)
			break;
		low = old->start > area.start ? old->start : area.start;
		high = old->end < area.end ? old->end : area.end;
		pages = (high - low) / PAGE;
		gone += pages;
		freed += old->flags & AREA_ACCOUNT ? pages : 0;
	}
	if (may_grow(k, mm, area.prot, area.flags, area_pages(&area), gone, freed))
		return -G_ENOMEM;
	if (area_isolate(k, mm, area.start, area.end, true))
		return -G_ENOMEM;
	if (area_reserve(k, mm) ||
	    k->machine->map(k->machine_ctx, mm->space, area.start, area.end - area.start, memory_machine_prot(area.prot), area.object,
	                    area.offset, memory_machine_flags(&area))) {
		area_merge(k, mm, area.start, area.end);
		return -G_ENOMEM;
	}
	if (area.inode)
		inode_hold(k, area.inode);
	area_remove(k, mm, area.start, area.end);
	area_insert(k, mm, &area);
	memory_settle(k);
	return 0;
}

int64_t memory_map(struct kernel *k, struct memory *mm, uint64_t addr, uint64_t len, uint32_t prot, uint32_t map_flags, uint32_t object,
                   ref inode, uint64_t offset, uint32_t area_flags, uint32_t max_prot)
{
	struct area area = { .offset = object ? offset : 0, .inode = inode, .object = object, .prot = prot & 7, .max_prot = max_prot };
	int64_t place;
	int result;

	if (!len)
		return -G_EINVAL;
	len = page_up(len);
	if (!len || mm->area_count >= LIMIT_AREAS)
		return -G_ENOMEM;
	place = memory_place(k, mm, addr, len, map_flags);
	if (place < 0)
		return place;
	area.start = (uint64_t)place;
	area.end = area.start + len;
	area.flags = area_flags;
	if ((map_flags & G_MAP_TYPE) == G_MAP_SHARED || (map_flags & G_MAP_TYPE) == G_MAP_SHARED_VALIDATE)
		area.flags |= AREA_SHARED;
	if (map_flags & G_MAP_NORESERVE)
		area.flags |= AREA_NORESERVE;
	if (map_flags & G_MAP_LOCKED)
		area.flags |= AREA_LOCKED;
	if (map_flags & G_MAP_GROWSDOWN)
		area.flags |= AREA_GROWSDOWN;
	result = memory_install(k, mm, &area);
	return result ? result : place;
}

int64_t memory_unmap(struct kernel *k, struct memory *mm, uint64_t addr, uint64_t len)
{
	uint64_t end;

	if (addr % PAGE || addr > TG_ADDRESS_END || len > TG_ADDRESS_END - addr)
		return -G_EINVAL;
	end = addr + page_up(len);
	if (end == addr)
		return -G_EINVAL;
	if (!area_meets(k, mm, addr, end))
		return 0;
	if (area_isolate(k, mm, addr, end, true))
		return -G_ENOMEM;
	if (k->machine->unmap(k->machine_ctx, mm->space, addr, end - addr)) {
		area_merge(k, mm, addr, end);
		return -G_ENOMEM;
	}
	area_remove(k, mm, addr, end);
	memory_settle(k);
	return 0;
}

/* Gives the part of one area inside [start, end) new access. */
static int protect_part(struct kernel *k, struct memory *mm, uint64_t start, uint64_t end, uint32_t prot)
{
	struct area *area = memory_area(k, mm, start);
	uint64_t pages = (end - start) / PAGE;
	bool charge = memory_accountable(prot, area->flags) && !(area->flags & AREA_ACCOUNT) && !(area->prot & G_PROT_WRITE);

	if (prot & ~area->max_prot)
		return -G_EACCES;
	if (area->prot == prot)
		return 0;
	if (charge && !chargeable(k, pages, 0))
		return -G_ENOMEM;
	if (area_is_data(prot, area->flags) && !area_is_data(area->prot, area->flags) &&
	    mm->data_pages + pages > rlimit_pages(k, G_RLIMIT_DATA))
		return -G_ENOMEM;
	if (area_isolate(k, mm, start, end, false))
		return -G_ENOMEM;
	if (k->machine->protect(k->machine_ctx, mm->space, start, end - start, memory_machine_prot(prot))) {
		area_merge(k, mm, start, end);
		return -G_ENOMEM;
	}
	area = memory_area(k, mm, start);
	area_count_out(k, mm, area);
	area->prot = prot;
	if (charge)
		area->flags |= AREA_ACCOUNT;
	area_count_in(k, mm, area);
	return 0;
}

int64_t memory_protect(struct kernel *k, struct memory *mm, uint64_t addr, uint64_t len, uint32_t prot)
{
	uint64_t at = addr, end = addr + len;
	int result = 0;

	while (at < end && !result) {
		const struct area *area = memory_area(k, mm, at);
		uint64_t stop;

		if (!area) {
			result = -G_ENOMEM;
			break;
		}
		stop = area->end < end ? area->end : end;
		result = protect_part(k, mm, at, stop, prot);
		at = stop;
	}
	area_merge(k, mm, addr, at);
	memory_settle(k);
	return result;
}

int memory_populate(struct kernel *k, struct memory *mm, uint64_t start, uint64_t end, bool write)
{
	/* Reading makes nothing present that was not: the last page tells whether all of the range is inside its object. */
	for (uint64_t at = write ? start : end - PAGE; at < end; at += PAGE) {
		uint8_t byte;
		int result = k->machine->load(k->machine_ctx, mm->space, at, &byte, 1);

		if (!result && write)
			result = k->machine->store(k->machine_ctx, mm->space, at, &byte, 1);
		if (result)
			return result;
	}
	return 0;
}

bool memory_maps_for_writing(struct kernel *k, ref inode)
{
	for (ref r = k->root->processes.head; r; r = AT(k, process, r)->next) {
		const struct memory *mm = AT(k, memory, AT(k, process, r)->memory);

		for (uint32_t i = 0; mm && i < mm->area_count; i++) {
			const struct area *area = memory_area_at(k, mm, i);

			if (area->inode == inode && (area->flags & AREA_SHARED) && (area->max_prot & G_PROT_WRITE))
				return true;
		}
	}
	return false;
}
