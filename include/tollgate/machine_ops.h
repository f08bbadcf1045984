/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What the kernel asks of a machine: registers of its one hart, spaces (guest address spaces) and memory objects. The only header
 * that the machine and the kernel share; it refuses to know system calls and engines.
 */
#ifndef TOLLGATE_MACHINE_OPS_H
#define TOLLGATE_MACHINE_OPS_H

#include <stdbool.h>
#include <stdint.h>

#define TG_PAGE_SIZE 4096u
#define TG_ADDRESS_END (UINT64_C(1) << 38) /* Sv39 user space; the kernel maps nothing at or above it */

/* Register indices of reg/set_reg: x0..x31, then pc. */
enum { TG_REG_RA = 1, TG_REG_SP = 2, TG_REG_GP = 3, TG_REG_TP = 4, TG_REG_A0 = 10, TG_REG_A7 = 17, TG_REG_PC = 32 };

/* One hart's user-visible state, without its reservation. */
struct tg_regs {
	uint64_t pc;
	uint64_t x[32]; /* x[0] is 0 */
	uint64_t f[32]; /* raw bits; singles are NaN-boxed */
	uint32_t fcsr;
	uint32_t reserved; /* 0 */
};

enum { TG_PROT_READ = 1, TG_PROT_WRITE = 2, TG_PROT_EXEC = 4 };

/* Flags of map(). */
enum {
	TG_MAP_PRIVATE = 1,  /* writes go to private copies of the object's pages */
	TG_MAP_ON_TOUCH = 2, /* pages are charged against the touch budget when first written (NORESERVE, shared) */
};

/*
 * The machine. Space and object ids are chosen by the kernel (small, never reused); object 0 means private anonymous memory.
 * Addresses and lengths of map, unmap, protect, discard, move are page multiples below TG_ADDRESS_END. All memory starts as
 * zeros. Functions that return int give 0 or -errno (the guest's numbers); they change nothing when they fail.
 */
struct tg_machine_ops {
	/* Registers of the hart. Setting x0 does nothing. restore() and clear_reservation() drop the LR reservation. */
	uint64_t (*reg)(void *ctx, unsigned index);
	void (*set_reg)(void *ctx, unsigned index, uint64_t value);
	void (*save)(void *ctx, struct tg_regs *out);
	void (*restore)(void *ctx, const struct tg_regs *in);
	void (*clear_reservation)(void *ctx);
	bool (*reserved)(void *ctx);     /* an LR reservation is held */
	uint64_t (*retired)(void *ctx);  /* instructions retired since the start */

	/* Guest memory as a user access would see it: 0, -EFAULT (contents of dst then unspecified; a store has then written a prefix
	 * that ends at the faulting page), or -ENOMEM when the touch budget is used up. */
	int (*load)(void *ctx, uint32_t space, uint64_t addr, void *dst, uint64_t n);
	int (*store)(void *ctx, uint32_t space, uint64_t addr, const void *src, uint64_t n);

	int (*space_create)(void *ctx, uint32_t space);
	void (*space_drop)(void *ctx, uint32_t space);
	int (*space_clone)(void *ctx, uint32_t from, uint32_t to); /* fork: private pages shared copy-on-write */
	void (*space_switch)(void *ctx, uint32_t space);           /* the hart runs in this space from now on */
	/* Replaces whatever was mapped there. */
	int (*map)(void *ctx, uint32_t space, uint64_t addr, uint64_t len, uint32_t prot, uint32_t object, uint64_t offset,
	           uint32_t flags);
	int (*unmap)(void *ctx, uint32_t space, uint64_t addr, uint64_t len);
	int (*protect)(void *ctx, uint32_t space, uint64_t addr, uint64_t len, uint32_t prot);
	/* Forgets private pages: anonymous memory reads as zeros again, file mappings as the object. */
	int (*discard)(void *ctx, uint32_t space, uint64_t addr, uint64_t len);
	/* Moves mappings with their pages; ranges do not overlap, the target's old mappings are replaced, the source is unmapped. */
	int (*move)(void *ctx, uint32_t space, uint64_t from, uint64_t to, uint64_t len);
	/* Is there a page with contents of its own (touched private page, or a page of the object)? For mincore and smaps. */
	bool (*resident)(void *ctx, uint32_t space, uint64_t addr);
	/* How many pages TG_MAP_ON_TOUCH mappings and objects may hold, over all spaces; and how many they hold now. */
	void (*set_touch_budget)(void *ctx, uint64_t pages);
	uint64_t (*touched)(void *ctx);

	/* Memory objects: file contents, memfds, shared anonymous memory. Bytes beyond what was written are zeros. */
	int (*object_create)(void *ctx, uint32_t object, uint64_t size);
	void (*object_drop)(void *ctx, uint32_t object); /* existing mappings keep it alive until they are gone */
	int (*object_resize)(void *ctx, uint32_t object, uint64_t size); /* pages beyond the new end are gone in mappings, too */
	int (*object_read)(void *ctx, uint32_t object, uint64_t offset, void *dst, uint64_t n);
	int (*object_write)(void *ctx, uint32_t object, uint64_t offset, const void *src, uint64_t n); /* within size */
	int (*object_punch)(void *ctx, uint32_t object, uint64_t offset, uint64_t n); /* back to zeros; whole pages freed */
	/* The first offset >= offset in a page that holds (data) or does not hold (hole) contents; size if there is none. */
	uint64_t (*object_seek)(void *ctx, uint32_t object, uint64_t offset, bool data);
};

/* Fault causes of a trap: scause numbers of the privileged spec, and one of our own. tval: the address, or the instruction. */
enum {
	TG_CAUSE_FETCH_MISALIGNED = 0,
	TG_CAUSE_ILLEGAL = 2,
	TG_CAUSE_BREAKPOINT = 3,
	TG_CAUSE_LOAD_MISALIGNED = 4,  /* LR only: plain misaligned loads and stores work */
	TG_CAUSE_STORE_MISALIGNED = 6, /* SC and AMO only */
	TG_CAUSE_FETCH_PAGE = 12,
	TG_CAUSE_LOAD_PAGE = 13,
	TG_CAUSE_STORE_PAGE = 15,
	TG_CAUSE_MEMORY_LIMIT = 64,    /* the touch budget is used up */
};

#endif
