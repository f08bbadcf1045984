/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* mremap: resizing and moving areas, in the order of checks and partial effects of Linux 6.12. */
#include "kernel/memory/memory.h"

#include "kernel/memory/area.h"
#include "kernel/tree/tree.h"

#define PAGE TG_PAGE_SIZE
#define MOVE_AREAS 3 /* areas that a move may need beyond what there are */

struct remap {
	uint64_t addr, old_len, new_addr, new_len;
	uint32_t flags, reserved;
};

/* May the part of an area at addr become new_len bytes long? */
static int64_t resizable(struct kernel *k, const struct memory *mm, const struct remap *r)
{
	const struct area *area = memory_area(k, mm, r->addr);
	uint64_t more = r->new_len > r->old_len ? (r->new_len - r->old_len) / PAGE : 0, at;

	if (!area)
		return -G_EFAULT;
	if (!r->old_len && !(area->flags & AREA_SHARED))
		return -G_EINVAL;
	if ((r->flags & G_MREMAP_DONTUNMAP) && (area->flags & (AREA_VDSO | AREA_VVAR)))
		return -G_EINVAL;
	if (r->old_len > area->end - r->addr)
		return -G_EFAULT;
	if (r->new_len == r->old_len)
		return 0;
	at = area->object ? area->offset + (r->addr - area->start) : 0;
	if (at + r->new_len < at || at + r->new_len > INT64_MAX)
		return -G_EINVAL;
	if (area->flags & (AREA_VDSO | AREA_VVAR))
		return -G_EFAULT;
	if ((area->flags & AREA_LOCKED) && mm->locked_pages + more > k->process->rlimits[G_RLIMIT_MEMLOCK].cur / PAGE)
		return -G_EAGAIN;
	return memory_may_grow(k, mm, area->prot, area->flags, more);
}

/* Does [from, to) above an area stay free, with a growing area's gap? */
static bool free_above(struct kernel *k, const struct memory *mm, uint64_t from, uint64_t to)
{
	const struct area *next = memory_area_at(k, mm, area_index(k, mm, from));
	uint64_t gap = next && next->flags & AREA_GROWSDOWN ? LIMIT_STACK_GAP : 0;

	return to <= TG_ADDRESS_END && to > from && (!next || (next->start >= gap && to <= next->start - gap));
}

static int64_t grow_in_place(struct kernel *k, struct memory *mm, const struct remap *r)
{
	const struct area *area = memory_area(k, mm, r->addr);
	struct area more = *area;
	bool failed = false;
	int result;

	more.start = area->end;
	more.end = r->addr + r->new_len;
	if (more.object)
		more.offset += area->end - area->start;
	more.name = area_name_copy(k, area->name, &failed);
	if (failed)
		return -G_ENOMEM;
	result = memory_install(k, mm, &more);
	if (result)
		arena_free(&k->arena, more.name);
	else if (more.flags & AREA_LOCKED)
		memory_populate(k, mm, more.start, more.end, more.prot & G_PROT_WRITE);
	return result ? result : (int64_t)r->addr;
}

/*
 * The old range as the move leaves it: unmapped, or (DONTUNMAP) mapped as before and empty. The pages have gone already. The range has
 * been isolated, and the area table has room.
 */
static void leave_behind(struct kernel *k, struct memory *mm, const struct remap *r, bool keep)
{
	struct area *area = memory_area(k, mm, r->addr);

	if (!keep) {
		area_remove(k, mm, r->addr, r->addr + r->old_len);
		return;
	}
	area_count_out(k, mm, area);
	area->flags &= ~(uint32_t)AREA_LOCKED;
	area_count_in(k, mm, area);
	area_merge(k, mm, r->addr, r->addr + r->old_len);
}

static int move_pages(struct kernel *k, struct memory *mm, const struct remap *r, const struct area *area)
{
	void *ctx = k->machine_ctx;
	uint32_t prot = memory_machine_prot(area->prot), flags = memory_machine_flags(area);
	int result = 0;

	/* All of the target first: what lies beyond the old length stays so, the rest is replaced by the pages that move. */
	if (r->new_len > r->old_len)
		result = k->machine->map(ctx, mm->space, r->new_addr, r->new_len, prot, area->object, area->offset, flags);
	if (result || !r->old_len)
		return result;
	result = k->machine->move(ctx, mm->space, r->addr, r->new_addr, r->old_len);
	if (!result && (r->flags & G_MREMAP_DONTUNMAP))
		result = k->machine->map(ctx, mm->space, r->addr, r->old_len, prot, area->object, area->offset, flags);
	return result;
}

static int64_t move_area(struct kernel *k, struct memory *mm, const struct remap *r)
{
	const struct area *area = memory_area(k, mm, r->addr);
	bool keep = r->flags & G_MREMAP_DONTUNMAP, failed = false;
	struct area moved;
	uint64_t pages = (keep ? r->new_len : r->new_len - r->old_len) / PAGE;

	if (mm->area_count + MOVE_AREAS >= LIMIT_AREAS)
		return -G_ENOMEM;
	if (memory_may_grow(k, mm, area->prot, area->flags, pages))
		return -G_ENOMEM;
	if (area_isolate(k, mm, r->addr, r->addr + r->old_len, true) || area_reserve(k, mm))
		return -G_ENOMEM;
	moved = *memory_area(k, mm, r->addr);
	moved.start = r->new_addr;
	moved.end = r->new_addr + r->new_len;
	moved.flags &= ~(uint32_t)AREA_HEAP;
	moved.name = area_name_copy(k, moved.name, &failed);
	if (failed || move_pages(k, mm, r, &moved)) {
		arena_free(&k->arena, moved.name);
		k->machine->unmap(k->machine_ctx, mm->space, r->new_addr, r->new_len);
		area_merge(k, mm, r->addr, r->addr + r->old_len);
		return -G_ENOMEM;
	}
	if (moved.inode)
		inode_hold(k, moved.inode);
	if (r->old_len)
		leave_behind(k, mm, r, keep);
	else
		area_merge(k, mm, r->addr, r->addr);
	area_insert(k, mm, &moved);
	memory_settle(k);
	if (moved.flags & AREA_LOCKED)
		memory_populate(k, mm, r->new_addr + r->old_len, r->new_addr + r->new_len, moved.prot & G_PROT_WRITE);
	return (int64_t)r->new_addr;
}

/* MREMAP_FIXED and MREMAP_DONTUNMAP. */
static int64_t remap_to(struct kernel *k, struct memory *mm, struct remap *r)
{
	const struct area *area;
	int64_t result;

	if (r->new_addr % PAGE || r->new_len > TG_ADDRESS_END || r->new_addr > TG_ADDRESS_END - r->new_len)
		return -G_EINVAL;
	if (r->addr + r->old_len > r->new_addr && r->new_addr + r->new_len > r->addr)
		return -G_EINVAL;
	if (mm->area_count + MOVE_AREAS + 2 >= LIMIT_AREAS)
		return -G_ENOMEM;
	if (r->flags & G_MREMAP_FIXED) {
		if (r->new_addr < LIMIT_MMAP_MIN_ADDR)
			return -G_EPERM;
		result = memory_unmap(k, mm, r->new_addr, r->new_len);
		if (result)
			return result;
	}
	if (r->old_len > r->new_len) {
		result = memory_unmap(k, mm, r->addr + r->new_len, r->old_len - r->new_len);
		if (result)
			return result;
		r->old_len = r->new_len;
	}
	result = resizable(k, mm, r);
	if (result)
		return result;
	area = memory_area(k, mm, r->addr);
	if (r->flags & G_MREMAP_DONTUNMAP && memory_may_grow(k, mm, area->prot, (area->flags & ~(uint32_t)AREA_ACCOUNT) | AREA_SHARED,
	                                                            r->old_len / PAGE))
		return -G_ENOMEM;
	if (!(r->flags & G_MREMAP_FIXED)) {
		result = memory_place(k, mm, r->new_addr, r->new_len, 0);
		if (result < 0)
			return result;
		r->new_addr = (uint64_t)result;
	}
	return move_area(k, mm, r);
}

int64_t sys_mremap(struct kernel *k, const uint64_t a[6])
{
	struct memory *mm = memory_current(k);
	struct remap r = { .addr = a[0], .old_len = page_up(a[1]), .new_len = page_up(a[2]), .flags = (uint32_t)a[3], .new_addr = a[4] };
	const struct area *area;
	int64_t result;

	if (a[3] & ~(uint64_t)(G_MREMAP_MAYMOVE | G_MREMAP_FIXED | G_MREMAP_DONTUNMAP))
		return -G_EINVAL;
	if (r.flags & (G_MREMAP_FIXED | G_MREMAP_DONTUNMAP) && !(r.flags & G_MREMAP_MAYMOVE))
		return -G_EINVAL;
	if ((r.flags & G_MREMAP_DONTUNMAP && r.old_len != r.new_len) || r.addr % PAGE || !r.new_len)
		return -G_EINVAL;
	area = memory_area(k, mm, r.addr);
	if (!area)
		return -G_EFAULT;
	if (r.flags & (G_MREMAP_FIXED | G_MREMAP_DONTUNMAP))
		return remap_to(k, mm, &r);
	if (r.old_len == r.new_len)
		return (int64_t)r.addr;
	if (r.old_len > r.new_len) {
		result = memory_unmap(k, mm, r.addr + r.new_len, r.old_len - r.new_len);
		return result ? result : (int64_t)r.addr;
	}
	result = resizable(k, mm, &r);
	if (result)
		return result;
	if (r.old_len == area->end - r.addr && free_above(k, mm, area->end, r.addr + r.new_len))
		return grow_in_place(k, mm, &r);
	if (!(r.flags & G_MREMAP_MAYMOVE))
		return -G_ENOMEM;
	result = memory_place(k, mm, 0, r.new_len, 0);
	if (result < 0)
		return result;
	r.new_addr = (uint64_t)result;
	return move_area(k, mm, &r);
}
