/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The machine: one hart, guest address spaces, memory objects, and the engines that execute on them. Refuses to know Linux: an
 * ecall is a trap, a mapping is a range of an object.
 */
#ifndef TOLLGATE_MACHINE_H
#define TOLLGATE_MACHINE_H

#include <stddef.h>
#include <stdint.h>

#include "tollgate/machine_ops.h"

struct machine; /* opaque outside src/machine */

struct machine_config {
	const char *engine; /* a name of machine_engine_name(); NULL: the fastest */
	/* CSR time: called with the count before the instruction; NULL: the count itself. */
	uint64_t (*time)(void *ctx, uint64_t retired);
	void *time_ctx;
};

enum machine_trap_kind {
	MACHINE_SLICE_END, /* the retired count has reached the bound exactly */
	MACHINE_ECALL,     /* pc is at the ecall, which has been counted */
	MACHINE_FAULT,     /* pc is at the instruction, which has not been counted and has had no effect */
};

struct machine_trap {
	uint32_t kind;  /* enum machine_trap_kind */
	uint32_t cause; /* TG_CAUSE_* of a fault */
	uint64_t tval;  /* its address, or the instruction's bits for an illegal one */
};

/* Returns 0 and sets *out, -EINVAL for an unknown engine, -ENOMEM. machine_free(NULL) does nothing. */
int machine_new(struct machine **out, const struct machine_config *config);
void machine_free(struct machine *machine);

/* Name of engine i in order, the truth first; NULL after the last. */
const char *machine_engine_name(unsigned i);
const char *machine_engine(const struct machine *machine);

/* Executes until a trap or until the retired count is `until` (nothing when it already is). */
void machine_run(struct machine *machine, uint64_t until, struct machine_trap *trap);

/* The operations that a kernel uses; ops->ctx is not part of the struct: pass the machine. */
extern const struct tg_machine_ops machine_ops;

/* The LR reservation, for digests and tests: width 0 (none), 4 or 8 bytes. */
struct machine_reservation {
	uint64_t addr;
	uint32_t width;
};
struct machine_reservation machine_reservation(const struct machine *machine);

/*
 * Calls visit for every page of the space whose contents, as the guest would see them if all were readable, are not all zero, in
 * order of address. Touched or not makes no difference. Stops and returns the first non-zero result of visit.
 */
int machine_visit_pages(struct machine *machine, uint32_t space,
                        int (*visit)(void *ctx, uint64_t addr, const uint8_t page[TG_PAGE_SIZE]), void *ctx);
/* The same for the pages of an object, by offset. */
int machine_visit_object(struct machine *machine, uint32_t object,
                         int (*visit)(void *ctx, uint64_t offset, const uint8_t page[TG_PAGE_SIZE]), void *ctx);
uint64_t machine_object_size(struct machine *machine, uint32_t object);

/* Bytes of page frames in use now, and the most there ever were. Host-side figures: never part of a digest. */
uint64_t machine_memory_bytes(const struct machine *machine);
uint64_t machine_peak_memory_bytes(const struct machine *machine);

#endif
