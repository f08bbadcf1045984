/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Address spaces: the area table (the truth about what is mapped), brk, charging. The machine's mappings follow it.
 */
#ifndef TOLLGATE_KERNEL_MEMORY_H
#define TOLLGATE_KERNEL_MEMORY_H

#include "kernel/kernel.h"

enum { AREA_SHARED = 1, AREA_NORESERVE = 2, AREA_STACK = 4, AREA_HEAP = 8, AREA_VDSO = 16, AREA_LOCKED = 32, AREA_DONTFORK = 64,
       AREA_WIPEONFORK = 128, AREA_GROWSDOWN = 256, AREA_DONTDUMP = 512, AREA_NOHUGE = 1024, AREA_HUGE = 2048,
       AREA_ACCOUNT = 4096 /* its pages are charged */, AREA_VVAR = 8192,
       AREA_SHMEM = 16384 /* shared anonymous memory: has an inode, but no name in the tree */ };

struct area {
	uint64_t start, end;   /* page multiples */
	uint64_t offset;       /* in the object; 0 when there is none */
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
	uint64_t charged_pages, total_pages, locked_pages;
	uint64_t data_pages;   /* private and writable: what RLIMIT_DATA bounds */
	uint64_t lock_future;  /* G_MCL_FUTURE was asked for */
};

/* root->memory_accounts */
struct memory_accounts {
	uint64_t charged_pages; /* over all spaces; at most memory_limit */
};

int memory_new(struct kernel *k, ref *out);  /* an empty space with one user */
void memory_release(struct kernel *k, ref memory);
/* The area that holds addr, or NULL. */
struct area *memory_area(struct kernel *k, const struct memory *mm, uint64_t addr);
struct area *memory_area_at(struct kernel *k, const struct memory *mm, uint32_t index); /* NULL past the last */
/*
 * Maps with Linux's rules (charging, hints, fixed); addr 0: chosen. Returns the address or -errno. flags: G_MAP_*. A file mapping's inode
 * is held by the area (the caller keeps its own reference).
 */
int64_t memory_map(struct kernel *k, struct memory *mm, uint64_t addr, uint64_t len, uint32_t prot, uint32_t map_flags, uint32_t object,
                   ref inode, uint64_t offset, uint32_t area_flags, uint32_t max_prot);
int64_t memory_unmap(struct kernel *k, struct memory *mm, uint64_t addr, uint64_t len);
int64_t memory_protect(struct kernel *k, struct memory *mm, uint64_t addr, uint64_t len, uint32_t prot);

/* The parts of memory_map: where Linux would put it (address or -errno; nothing is mapped), and mapping there. */
int64_t memory_place(struct kernel *k, const struct memory *mm, uint64_t addr, uint64_t len, uint32_t map_flags);
int memory_install(struct kernel *k, struct memory *mm, const struct area *area);
/* Would the limits of the current process and the memory limit allow so many more pages of this kind? 0 or -G_ENOMEM. */
int memory_may_grow(struct kernel *k, const struct memory *mm, uint32_t prot, uint32_t flags, uint64_t pages);
/* What the machine is told about an area. */
uint32_t memory_machine_prot(uint32_t prot);
uint32_t memory_machine_flags(const struct area *area);
/* Tells the machine how many pages are left for mappings that are charged when touched: after each change of what is charged. */
void memory_settle(struct kernel *k);
/* Makes the pages of [start, end), part of one area and not empty, present as a first access would. 0 or -G_EFAULT, -G_ENOMEM. */
int memory_populate(struct kernel *k, struct memory *mm, uint64_t start, uint64_t end, bool write);
/* The private, accountable ones: charged when they are mapped. */
static inline bool memory_accountable(uint32_t prot, uint32_t flags)
{
	return (prot & G_PROT_WRITE) && !(flags & (AREA_NORESERVE | AREA_SHARED));
}
/* In whole pages; 0 for what is larger than all memory. */
static inline uint64_t page_up(uint64_t n)
{
	return (n + TG_PAGE_SIZE - 1) & -(uint64_t)TG_PAGE_SIZE;
}
static inline struct memory *memory_current(struct kernel *k)
{
	return AT(k, memory, k->process->memory);
}

/* Shared machine objects that are not files (shared anonymous memory): a new id. */
uint32_t memory_object_new(struct kernel *k, uint64_t size); /* 0: no memory */

/*
 * A page fault of the current thread: true when it has been resolved (the stack has grown) and the instruction can run again.
 */
bool memory_fault(struct kernel *k, uint32_t cause, uint64_t tval);
/* Grows the stack area of p down to addr, as an access there would; for user_load and user_store after -G_EFAULT. */
bool memory_grow(struct kernel *k, const struct process *p, uint64_t addr);
/* What a fault that was not resolved sends to the thread. */
void memory_fault_signal(struct kernel *k, uint32_t cause, uint64_t tval, struct g_siginfo *info);
/* Is the inode mapped shared and writable somewhere? (F_SEAL_WRITE is then EBUSY.) */
bool memory_maps_for_writing(struct kernel *k, ref inode);
/* prctl(PR_SET_VMA_ANON_NAME): name NULL takes the name away. */
int64_t memory_set_name(struct kernel *k, struct memory *mm, uint64_t addr, uint64_t len, const char *name);

#endif
