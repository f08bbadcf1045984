/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The memory calls whose rules are about arguments: mmap, munmap, mprotect, brk, locking, msync, mincore. Order
 * of checks as in Linux, since
 * programs probe with calls that fail for two reasons. mremap is in remap.c, madvise in advice.c.
 */
#include "kernel/memory/memory.h"

#include "kernel/memory/area.h"
#include "kernel/file/file.h"
#include "kernel/tree/tree.h"

#define PAGE TG_PAGE_SIZE
#define PAGE_MASK (-(uint64_t)PAGE)

/* Flags that MAP_SHARED_VALIDATE accepts; MAP_FIXED_NOREPLACE and MAP_SYNC are not among them. */
#define VALIDATED_FLAGS                                                                                                                \
	(G_MAP_SHARED | G_MAP_PRIVATE | G_MAP_FIXED | G_MAP_ANONYMOUS | G_MAP_DENYWRITE | G_MAP_EXECUTABLE | G_MAP_UNINITIALIZED |     \
	 G_MAP_GROWSDOWN | G_MAP_LOCKED | G_MAP_NORESERVE | G_MAP_POPULATE | G_MAP_NONBLOCK | G_MAP_STACK | G_MAP_HUGETLB |            \
	 (21u << G_MAP_HUGE_SHIFT) | (30u << G_MAP_HUGE_SHIFT))

static uint64_t lock_limit(struct kernel *k)
{
	return k->process->rlimits[G_RLIMIT_MEMLOCK].cur / PAGE;
}

/* Huge pages exist in sizes of 2 MiB and 1 GiB, and there are none of them. */
static int64_t huge_page_error(uint32_t flags)
{
	uint32_t shift = flags >> G_MAP_HUGE_SHIFT & G_MAP_HUGE_MASK;

	return shift == 0 || shift == 21 || shift == 30 ? -G_ENOMEM : -G_EINVAL;
}

/* Fills in the object of a file mapping, after the checks of Linux's do_mmap in its order. */
static int64_t file_area(struct kernel *k, struct file *f, struct area *area, uint32_t flags)
{
	uint32_t access = f->flags & G_O_ACCMODE, type = flags & G_MAP_TYPE;
	bool readable = access != G_O_WRONLY, writable = access != G_O_RDONLY;
	const struct inode *inode = AT(k, inode, f->inode);
	const struct file_operations *ops = file_kinds[f->kind];
	bool sealed = inode && (inode->seals & (G_F_SEAL_WRITE | G_F_SEAL_FUTURE_WRITE));
	int64_t object;

	if (area->offset + (area->end - area->start) > INT64_MAX)
		return -G_EOVERFLOW;
	if (type == G_MAP_SHARED_VALIDATE && (flags & ~(uint32_t)VALIDATED_FLAGS))
		return -G_EOPNOTSUPP;
	if (type == G_MAP_SHARED || type == G_MAP_SHARED_VALIDATE) {
		if ((area->prot & G_PROT_WRITE) && !writable)
			return -G_EACCES;
		area->flags |= AREA_SHARED;
		if (!writable || sealed)
			area->max_prot &= ~(uint32_t)G_PROT_WRITE;
	} else if (type != G_MAP_PRIVATE) {
		return -G_EINVAL;
	}
	if (!readable)
		return -G_EACCES;
	if (!ops || !ops->mmap_object)
		return -G_ENODEV;
	if (flags & G_MAP_GROWSDOWN)
		return -G_EINVAL;
	if ((area->flags & AREA_SHARED) && (area->prot & G_PROT_WRITE) && sealed)
		return -G_EPERM;
	object = ops->mmap_object(k, f, area->offset, area->end - area->start);
	if (object < 0)
		return object;
	area->object = (uint32_t)object; /* 0: a device of zeros, private: the same as anonymous memory */
	area->inode = object ? f->inode : 0;
	if (!object)
		area->offset = 0;
	return 0;
}

/* Shared anonymous memory is a nameless file of that size, as in Linux. On success the caller owns a reference to area->inode. */
static int64_t shared_anonymous(struct kernel *k, struct area *area)
{
	uint64_t size = area->end - area->start;
	struct inode *inode;

	area->inode = inode_anonymous(k, "/dev/zero", G_S_IFREG | 0777);
	inode = AT(k, inode, area->inode);
	if (!inode)
		return -G_ENOMEM;
	if (inode_load(k, inode) || k->machine->object_resize(k->machine_ctx, inode->object, size)) {
		inode_drop(k, area->inode);
		return -G_ENOMEM;
	}
	inode->size = size;
	area->object = inode->object;
	area->offset = 0;
	area->flags |= AREA_SHMEM;
	return 0;
}

static int64_t anonymous_area(struct area *area, uint32_t flags)
{
	switch (flags & G_MAP_TYPE) {
	case G_MAP_SHARED:
		if (flags & G_MAP_GROWSDOWN)
			return -G_EINVAL;
		area->flags |= AREA_SHARED;
		return 0;
	case G_MAP_DROPPABLE:
		if (flags & G_MAP_GROWSDOWN)
			return -G_EINVAL;
		area->flags |= AREA_NORESERVE | AREA_WIPEONFORK | AREA_DONTDUMP;
		return 0;
	case G_MAP_PRIVATE:
		area->offset = 0;
		return 0;
	default:
		return -G_EINVAL;
	}
}

static int64_t map_area(struct kernel *k, struct memory *mm, struct area *area, uint32_t flags, struct file *f)
{
	bool owned = false;
	int64_t result;

	if ((flags & G_MAP_LOCKED) && k->process->rlimits[G_RLIMIT_MEMLOCK].cur == 0)
		return -G_EPERM;
	if ((flags & G_MAP_LOCKED) || mm->lock_future) {
		if (mm->locked_pages + area_pages(area) > lock_limit(k))
			return -G_EAGAIN;
		area->flags |= AREA_LOCKED;
	}
	result = f ? file_area(k, f, area, flags) : anonymous_area(area, flags);
	if (result < 0)
		return result;
	if (flags & G_MAP_NORESERVE)
		area->flags |= AREA_NORESERVE;
	if (flags & G_MAP_GROWSDOWN)
		area->flags |= AREA_GROWSDOWN;
	if ((area->flags & AREA_SHARED) && !area->object) {
		result = shared_anonymous(k, area);
		if (result < 0)
			return result;
		owned = true;
	}
	result = memory_install(k, mm, area);
	if (owned)
		inode_drop(k, area->inode);
	return result;
}

int64_t sys_mmap(struct kernel *k, const uint64_t a[6])
{
	struct memory *mm = memory_current(k);
	uint32_t flags = (uint32_t)a[3];
	struct area area = { .offset = a[5], .prot = (uint32_t)a[2] & 7, .max_prot = 7 };
	uint64_t len = page_up(a[1]), locked = mm->locked_pages;
	struct file *f = NULL;
	int64_t place, result;

	if (a[5] % PAGE)
		return -G_EINVAL;
	if (!(flags & G_MAP_ANONYMOUS)) {
		f = fd_file(k, (int32_t)a[4]);
		if (!f || f->kind == FILE_PATH)
			return -G_EBADF;
		if (flags & G_MAP_HUGETLB)
			return -G_EINVAL;
	} else if (flags & G_MAP_HUGETLB) {
		return a[1] ? huge_page_error(flags) : -G_EINVAL;
	}
	if (!a[1])
		return -G_EINVAL;
	if (!len)
		return -G_ENOMEM;
	if (mm->area_count >= LIMIT_AREAS)
		return -G_ENOMEM;
	place = memory_place(k, mm, a[0], len, flags);
	if (place < 0)
		return place;
	area.start = (uint64_t)place;
	area.end = area.start + len;
	result = map_area(k, mm, &area, flags, f);
	if (result < 0)
		return result;
	if ((area.prot & G_PROT_WRITE) && (mm->locked_pages != locked || (flags & (G_MAP_POPULATE | G_MAP_NONBLOCK)) == G_MAP_POPULATE))
		memory_populate(k, mm, area.start, area.end, true); /* its failure is not the call's */
	return place;
}

int64_t sys_munmap(struct kernel *k, const uint64_t a[6])
{
	return memory_unmap(k, memory_current(k), a[0], a[1]);
}

int64_t sys_mprotect(struct kernel *k, const uint64_t a[6])
{
	struct memory *mm = memory_current(k);
	uint64_t start = a[0], end = a[0] + page_up(a[1]);
	uint32_t prot = (uint32_t)a[2], grows = prot & (G_PROT_GROWSDOWN | G_PROT_GROWSUP);

	prot &= ~grows;
	if (grows == (G_PROT_GROWSDOWN | G_PROT_GROWSUP) || start % PAGE)
		return -G_EINVAL;
	if (!a[1])
		return 0;
	if (end <= start)
		return -G_ENOMEM;
	if (prot & ~(uint32_t)(G_PROT_READ | G_PROT_WRITE | G_PROT_EXEC | G_PROT_SEM))
		return -G_EINVAL;
	if (grows) {
		const struct area *area = memory_area_at(k, mm, area_index(k, mm, start));

		if (!area || (grows == G_PROT_GROWSDOWN ? area->start >= end : area->start > start))
			return -G_ENOMEM;
		if (grows == G_PROT_GROWSUP || !(area->flags & AREA_GROWSDOWN))
			return -G_EINVAL;
		start = area->start;
	}
	return memory_protect(k, mm, start, end - start, prot & 7);
}

/* The break's pages are one area of their own kind; a mapping may have replaced some of them. */
static bool brk_grow(struct kernel *k, struct memory *mm, uint64_t start, uint64_t end)
{
	struct area area = { .start = start, .end = end, .prot = G_PROT_READ | G_PROT_WRITE, .max_prot = 7, .flags = AREA_HEAP };
	const struct area *next;

	if (end > TG_ADDRESS_END - PAGE)
		return false;
	next = memory_area_at(k, mm, area_index(k, mm, start));
	if (next) {
		uint64_t gap = next->flags & AREA_GROWSDOWN ? LIMIT_STACK_GAP : 0;

		if (end + PAGE + gap > next->start)
			return false;
	}
	if (mm->lock_future) {
		if (mm->locked_pages + area_pages(&area) > lock_limit(k))
			return false;
		area.flags |= AREA_LOCKED;
	}
	if (mm->area_count >= LIMIT_AREAS || memory_install(k, mm, &area))
		return false;
	if (mm->lock_future)
		memory_populate(k, mm, start, end, true);
	return true;
}

int64_t sys_brk(struct kernel *k, const uint64_t a[6])
{
	struct memory *mm = memory_current(k);
	const struct process *p = k->process;
	uint64_t wanted = a[0], data = p->end_data - p->start_data;
	uint64_t old_end = page_up(mm->brk), new_end = page_up(wanted);
	bool done;

	if (wanted < mm->brk_start || wanted > TG_ADDRESS_END)
		return (int64_t)mm->brk;
	if (wanted - mm->brk_start + data > p->rlimits[G_RLIMIT_DATA].cur)
		return (int64_t)mm->brk;
	if (new_end == old_end)
		done = true;
	else if (new_end < old_end)
		done = area_meets(k, mm, new_end, old_end) && memory_unmap(k, mm, new_end, old_end - new_end) == 0;
	else
		done = brk_grow(k, mm, old_end, new_end);
	if (done)
		mm->brk = wanted;
	return (int64_t)mm->brk;
}

int64_t sys_mincore(struct kernel *k, const uint64_t a[6])
{
	struct memory *mm = memory_current(k);
	uint64_t at = a[0], end = a[0] + page_up(a[1]), vec = a[2], pages = page_up(a[1]) / PAGE;

	if (at % PAGE)
		return -G_EINVAL;
	if (a[1] > TG_ADDRESS_END || at > TG_ADDRESS_END - a[1])
		return -G_ENOMEM;
	if (pages > TG_ADDRESS_END || vec > TG_ADDRESS_END - pages)
		return -G_EFAULT;
	while (at < end) {
		const struct area *area = memory_area(k, mm, at);
		uint8_t bits[256];
		uint64_t n = 0;

		if (!area)
			return -G_ENOMEM;
		for (; n < sizeof(bits) && at < area->end && at < end; n++, at += PAGE)
			bits[n] = k->machine->resident(k->machine_ctx, mm->space, at);
		if (user_store(k, vec, bits, n))
			return -G_EFAULT;
		vec += n;
	}
	return 0;
}

int64_t sys_msync(struct kernel *k, const uint64_t a[6])
{
	struct memory *mm = memory_current(k);
	uint64_t at = a[0], end = a[0] + page_up(a[1]);
	uint32_t flags = (uint32_t)a[2];
	bool hole = false;

	if ((flags & ~(uint32_t)(G_MS_ASYNC | G_MS_INVALIDATE | G_MS_SYNC)) || at % PAGE || (flags & G_MS_ASYNC && flags & G_MS_SYNC))
		return -G_EINVAL;
	if (end < at)
		return -G_ENOMEM;
	/* A shared mapping is the file's memory itself: there is nothing to write back. */
	while (at < end) {
		const struct area *area = memory_area_at(k, mm, area_index(k, mm, at));

		if (!area)
			return -G_ENOMEM;
		if (area->start > at) {
			hole = true;
			if (area->start >= end)
				break;
		}
		if ((flags & G_MS_INVALIDATE) && (area->flags & AREA_LOCKED))
			return -G_EBUSY;
		at = area->end;
	}
	return hole ? -G_ENOMEM : 0;
}

/* Sets or clears the lock of [start, end), splitting and merging; stops at the first hole. */
static int64_t set_locked(struct kernel *k, struct memory *mm, uint64_t start, uint64_t end, bool lock)
{
	uint64_t at = start;
	int64_t result = 0;

	while (at < end) {
		struct area *area = memory_area(k, mm, at);
		uint64_t stop;

		if (!area) {
			result = -G_ENOMEM;
			break;
		}
		stop = area->end < end ? area->end : end;
		if (!!(area->flags & AREA_LOCKED) != lock && !(area->flags & (AREA_VDSO | AREA_VVAR))) {
			if (area_isolate(k, mm, at, stop, false)) {
				result = -G_ENOMEM;
				break;
			}
			area = memory_area(k, mm, at);
			area_count_out(k, mm, area);
			area->flags ^= AREA_LOCKED;
			area_count_in(k, mm, area);
		}
		at = stop;
	}
	area_merge(k, mm, start, at);
	return result;
}

static uint64_t locked_within(struct kernel *k, const struct memory *mm, uint64_t start, uint64_t end)
{
	uint64_t pages = 0;

	for (uint32_t i = area_index(k, mm, start);; i++) {
		const struct area *area = memory_area_at(k, mm, i);

		if (!area || area->start >= end)
			return pages;
		if (area->flags & AREA_LOCKED)
			pages += ((area->end < end ? area->end : end) - (area->start > start ? area->start : start)) / PAGE;
	}
}

/* Faults locked pages in. Memory that cannot be read is ENOMEM, as POSIX wants it. */
static int64_t populate_locked(struct kernel *k, struct memory *mm, uint64_t start, uint64_t end)
{
	for (uint32_t i = area_index(k, mm, start);; i++) {
		const struct area *area = memory_area_at(k, mm, i);
		uint64_t low, high;

		if (!area || area->start >= end)
			return 0;
		low = area->start > start ? area->start : start;
		high = area->end < end ? area->end : end;
		if (!(area->prot & (G_PROT_READ | G_PROT_WRITE)))
			return -G_ENOMEM;
		if (memory_populate(k, mm, low, high, (area->prot & G_PROT_WRITE) && !(area->flags & AREA_SHARED)))
			return -G_ENOMEM;
	}
}

static int64_t lock_range(struct kernel *k, uint64_t addr, uint64_t len, bool on_fault)
{
	struct memory *mm = memory_current(k);
	uint64_t start = addr & PAGE_MASK, size = page_up(len + addr % PAGE), end = start + size, pages;
	int64_t result;

	if (!k->process->rlimits[G_RLIMIT_MEMLOCK].cur)
		return -G_EPERM;
	if (end < start)
		return -G_EINVAL;
	pages = size / PAGE;
	if (pages + mm->locked_pages > lock_limit(k) && pages + mm->locked_pages - locked_within(k, mm, start, end) > lock_limit(k))
		return -G_ENOMEM;
	result = set_locked(k, mm, start, end, true);
	if (result < 0 || on_fault)
		return result;
	return populate_locked(k, mm, start, end);
}

int64_t sys_mlock(struct kernel *k, const uint64_t a[6])
{
	return lock_range(k, a[0], a[1], false);
}

int64_t sys_mlock2(struct kernel *k, const uint64_t a[6])
{
	uint32_t flags = (uint32_t)a[2];

	if (flags & ~(uint32_t)G_MLOCK_ONFAULT)
		return -G_EINVAL;
	return lock_range(k, a[0], a[1], flags & G_MLOCK_ONFAULT);
}

int64_t sys_munlock(struct kernel *k, const uint64_t a[6])
{
	uint64_t start = a[0] & PAGE_MASK, end = start + page_up(a[1] + a[0] % PAGE);

	if (end < start)
		return -G_EINVAL;
	return set_locked(k, memory_current(k), start, end, false);
}

static void set_all_locked(struct kernel *k, struct memory *mm, bool lock)
{
	for (uint32_t i = 0; i < mm->area_count;) {
		const struct area *area = memory_area_at(k, mm, i);
		uint64_t end = area->end;

		set_locked(k, mm, area->start, end, lock);
		i = area_index(k, mm, end);
	}
}

int64_t sys_mlockall(struct kernel *k, const uint64_t a[6])
{
	struct memory *mm = memory_current(k);
	uint32_t flags = (uint32_t)a[0];

	if (!flags || (flags & ~(uint32_t)(G_MCL_CURRENT | G_MCL_FUTURE | G_MCL_ONFAULT)) || flags == G_MCL_ONFAULT)
		return -G_EINVAL;
	if (!k->process->rlimits[G_RLIMIT_MEMLOCK].cur)
		return -G_EPERM;
	if ((flags & G_MCL_CURRENT) && mm->total_pages > lock_limit(k))
		return -G_ENOMEM;
	mm->lock_future = !!(flags & G_MCL_FUTURE);
	if (!(flags & G_MCL_CURRENT))
		return 0;
	set_all_locked(k, mm, true);
	for (uint32_t i = 0; i < mm->area_count && !(flags & G_MCL_ONFAULT); i++) {
		const struct area *area = memory_area_at(k, mm, i);

		if ((area->prot & G_PROT_WRITE) && !(area->flags & AREA_SHARED))
			memory_populate(k, mm, area->start, area->end, true);
	}
	return 0;
}

int64_t sys_munlockall(struct kernel *k, const uint64_t a[6])
{
	struct memory *mm = memory_current(k);

	mm->lock_future = 0;
	set_all_locked(k, mm, false);
	return 0;
}
