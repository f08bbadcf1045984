/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Address spaces: the area table (the truth about what is mapped), brk, charging. The machine's mappings follow it.
 */
#ifndef TOLLGATE_KERNEL_MEMORY_H
#define TOLLGATE_KERNEL_MEMORY_H

#include "kernel/kernel.h"

enum { AREA_SHARED = 1, AREA_NORESERVE = 2, AREA_STACK = 4, AREA_HEAP = 8, AREA_VDSO = 16, AREA_LOCKED = 32, AREA_DONTFORK = 64,
       AREA_WIPEONFORK = 128, AREA_GROWSDOWN = 256, AREA_DONTDUMP = 512, AREA_NOHUGE = 1024, AREA_HUGE = 2048 };

struct area {
	uint64_t start, end;   /* page multiples */
	uint64_t offset;       /* in the object */
	ref inode;             /* struct inode of a file mapping (holds a reference), or 0 */
	ref name;              /* prctl(PR_SET_VMA_ANON_NAME) string block, or 0 */
	uint32_t object;       /* machine object, 0: private anonymous */
	uint32_t prot;         /* G_PROT_* */
	uint32_t flags;        /* AREA_* */
	uint32_t max_prot;     /* what mprotect may give (shared mapping of a read-only descriptor) */
};

struct memory {
	uint32_t users, space;
	ref areas;             /* block: struct area[], sorted by start */
	uint32_t area_count, area_capacity;
	uint64_t brk_start, brk, mmap_base, stack_top;
	uint64_t charged_pages, total_pages, locked_pages, lock_future;
};

int memory_new(struct kernel *k, ref *out);  /* an empty space */
void memory_release(struct kernel *k, ref memory);
/* The area that holds addr, or NULL. */
struct area *memory_area(struct kernel *k, const struct memory *mm, uint64_t addr);
struct area *memory_area_at(struct kernel *k, const struct memory *mm, uint32_t index);
/* Maps with Linux's rules (charging, hints, fixed); addr 0: chosen. Returns the address or -errno. flags: G_MAP_*. */
int64_t memory_map(struct kernel *k, struct memory *mm, uint64_t addr, uint64_t len, uint32_t prot, uint32_t map_flags, uint32_t object,
                   ref inode, uint64_t offset, uint32_t area_flags, uint32_t max_prot);
int64_t memory_unmap(struct kernel *k, struct memory *mm, uint64_t addr, uint64_t len);

/* Shared machine objects that are not files (shared anonymous memory): a new id. */
uint32_t object_new(struct kernel *k, uint64_t size); /* 0: no memory */

#endif
