/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* madvise: which advice changes memory, which only flags, and which is heard without effect. Errors are those of Linux 6.12. */
#include "kernel/memory/memory.h"

#include "kernel/memory/area.h"
#include "kernel/tree/tree.h"

#define PAGE TG_PAGE_SIZE

/* Forgets pages of [start, end) inside one area. A shared mapping's pages are the object's own and stay. */
static int64_t forget(struct kernel *k, struct memory *mm, const struct area *area, uint64_t start, uint64_t end)
{
	if (area->flags & AREA_SHARED)
		return 0;
	return k->machine->discard(k->machine_ctx, mm->space, start, end - start) ? -G_ENOMEM : 0;
}

static int64_t punch(struct kernel *k, const struct area *area, uint64_t start, uint64_t end)
{
	const struct inode *inode = AT(k, inode, area->inode);
	uint64_t from = area->offset + (start - area->start), to = area->offset + (end - area->start);

	if (area->flags & AREA_LOCKED || !inode)
		return -G_EINVAL;
	if (!(area->flags & AREA_SHARED) || !(area->prot & G_PROT_WRITE))
		return -G_EACCES;
	if (inode->seals & (G_F_SEAL_WRITE | G_F_SEAL_FUTURE_WRITE))
		return -G_EPERM;
	if (to > inode->size)
		to = inode->size;
	return from < to && k->machine->object_punch(k->machine_ctx, area->object, from, to - from) ? -G_ENOMEM : 0;
}

/* The flags of an area after this advice, or -errno. */
static int64_t advised_flags(const struct area *area, uint32_t advice)
{
	uint32_t flags = area->flags;
	bool special = flags & (AREA_VDSO | AREA_VVAR);

	switch (advice) {
	case G_MADV_DONTFORK:
		return flags | AREA_DONTFORK;
	case G_MADV_DOFORK:
		return flags & ~(uint32_t)AREA_DONTFORK;
	case G_MADV_WIPEONFORK:
		return area->object ? -G_EINVAL : (int64_t)(flags | AREA_WIPEONFORK);
	case G_MADV_KEEPONFORK:
		return flags & ~(uint32_t)AREA_WIPEONFORK;
	case G_MADV_DONTDUMP:
		return flags | AREA_DONTDUMP;
	case G_MADV_DODUMP:
		return special ? -G_EINVAL : (int64_t)(flags & ~(uint32_t)AREA_DONTDUMP);
	case G_MADV_HUGEPAGE:
		return (flags & ~(uint32_t)AREA_NOHUGE) | AREA_HUGE;
	case G_MADV_NOHUGEPAGE:
		return (flags & ~(uint32_t)AREA_HUGE) | AREA_NOHUGE;
	default: /* access patterns: nothing is read ahead, so nothing changes */
		return flags;
	}
}

static int64_t advise_part(struct kernel *k, struct memory *mm, uint64_t start, uint64_t end, uint32_t advice)
{
	struct area *area = memory_area(k, mm, start);
	int64_t flags;

	switch (advice) {
	case G_MADV_REMOVE:
		return punch(k, area, start, end);
	case G_MADV_WILLNEED:
		return 0;
	case G_MADV_COLD:
	case G_MADV_PAGEOUT:
		return area->flags & AREA_LOCKED ? -G_EINVAL : 0;
	case G_MADV_FREE: /* "some time later" is now: the earliest moment that the call allows, and the same in each run */
		if (area->object)
			return -G_EINVAL;
		/* fall through */
	case G_MADV_DONTNEED:
		if (area->flags & (AREA_LOCKED | AREA_VDSO | AREA_VVAR))
			return -G_EINVAL;
		return forget(k, mm, area, start, end);
	case G_MADV_DONTNEED_LOCKED:
		return area->flags & (AREA_VDSO | AREA_VVAR) ? -G_EINVAL : forget(k, mm, area, start, end);
	default:
		break;
	}
	flags = advised_flags(area, advice);
	if (flags < 0 || (uint32_t)flags == area->flags)
		return flags < 0 ? flags : 0;
	if (area_isolate(k, mm, start, end, false))
		return -G_ENOMEM;
	memory_area(k, mm, start)->flags = (uint32_t)flags;
	return 0;
}

/* MADV_POPULATE_*: stops at the first page that cannot be had, and says why. */
static int64_t populate(struct kernel *k, struct memory *mm, uint64_t start, uint64_t end, bool write)
{
	uint64_t at = start;

	while (at < end) {
		const struct area *area = memory_area(k, mm, at);
		uint64_t stop;
		int result;

		if (!area)
			return -G_ENOMEM;
		stop = area->end < end ? area->end : end;
		if (!(memory_machine_prot(area->prot) & (write ? TG_PROT_WRITE : TG_PROT_READ)))
			return -G_EINVAL;
		result = memory_populate(k, mm, at, stop, write);
		if (result)
			return result;
		at = stop;
	}
	return 0;
}

static bool known(uint32_t advice)
{
	return advice <= G_MADV_DONTNEED || (advice >= G_MADV_FREE && advice <= G_MADV_DOFORK) ||
	       (advice >= G_MADV_HUGEPAGE && advice <= G_MADV_DONTNEED_LOCKED) || advice == G_MADV_HWPOISON || advice == G_MADV_SOFT_OFFLINE;
}

int64_t sys_madvise(struct kernel *k, const uint64_t a[6])
{
	struct memory *mm = memory_current(k);
	uint32_t advice = (uint32_t)a[2];
	uint64_t start = a[0], len = page_up(a[1]), end = start + len, at = start;
	int64_t result = 0;
	bool hole = false;

	if (!known(advice) || start % PAGE || (a[1] && !len) || end < start)
		return -G_EINVAL;
	if (!len)
		return 0;
	if (advice == G_MADV_HWPOISON || advice == G_MADV_SOFT_OFFLINE)
		return -G_EPERM;
	if (advice == G_MADV_POPULATE_READ || advice == G_MADV_POPULATE_WRITE)
		return populate(k, mm, start, end, advice == G_MADV_POPULATE_WRITE);
	while (at < end) { /* a hole is an error only after all the rest has been done */
		const struct area *area = memory_area_at(k, mm, area_index(k, mm, at));
		uint64_t stop;

		if (!area || area->start >= end) {
			hole = true;
			break;
		}
		if (area->start > at) {
			hole = true;
			at = area->start;
		}
		stop = area->end < end ? area->end : end;
		result = advise_part(k, mm, at, stop, advice);
		if (result)
			break;
		at = stop;
	}
	area_merge(k, mm, start, end);
	return result ? result : hole ? -G_ENOMEM : 0;
}

int64_t memory_set_name(struct kernel *k, struct memory *mm, uint64_t addr, uint64_t len, const char *name)
{
	uint64_t size = page_up(len), end = addr + size, at = addr, bytes = 0;
	int64_t result = 0;
	bool hole = false;

	if (addr % PAGE)
		return -G_EINVAL;
	if ((len && !size) || end < addr)
		return -G_ENOMEM;
	while (name && name[bytes++]) {
	}
	while (at < end && !result) {
		struct area *area = memory_area_at(k, mm, area_index(k, mm, at));
		ref block = 0;
		uint64_t stop;

		if (!area || area->start >= end) {
			hole = true;
			break;
		}
		if (area->start > at) {
			hole = true;
			at = area->start;
		}
		stop = area->end < end ? area->end : end;
		if (area->inode && !(area->flags & AREA_SHMEM)) {
			result = -G_EBADF; /* only anonymous memory has such names */
			break;
		}
		if (name && !(block = arena_alloc(&k->arena, bytes))) {
			result = -G_ENOMEM;
		} else if (area_isolate(k, mm, at, stop, false)) {
			arena_free(&k->arena, block);
			result = -G_ENOMEM;
		} else {
			area = memory_area(k, mm, at);
			if (block)
				__builtin_memcpy(arena_at(&k->arena, block), name, bytes);
			arena_free(&k->arena, area->name);
			area->name = block;
		}
		at = stop;
	}
	area_merge(k, mm, addr, end);
	return result ? result : hole ? -G_ENOMEM : 0;
}
