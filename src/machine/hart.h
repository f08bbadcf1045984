/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * struct machine as the files of this room see it: the hart, its spaces and objects, and the seam
 * behind which engines live.
 */
#ifndef TOLLGATE_MACHINE_HART_H
#define TOLLGATE_MACHINE_HART_H

#include "isa/isa.h"
#include "machine/frame.h"
#include "machine/machine.h"
#include "machine/radix.h"
#include "machine/space.h"

struct engine {
	const char *name;
	/* Makes and frees what the engine keeps in machine->engine_state; NULL: it keeps nothing. */
	int (*open)(struct machine *machine);
	void (*close)(struct machine *machine);
	/* As machine_run; the trap is set to MACHINE_SLICE_END by the caller. */
	void (*run)(struct machine *machine, uint64_t until, struct machine_trap *trap);
};

/* The truth first, the fastest last; the list ends with a NULL name. */
extern const struct engine engines[];

struct machine {
	struct tg_regs regs;
	uint64_t retired;
	struct machine_reservation reservation;
	struct space *space; /* the one that the hart runs in; NULL: none */

	struct frame_pool pool;
	struct radix spaces;  /* struct space, by id */
	struct radix objects; /* struct object, by id */

	uint64_t (*time)(void *ctx, uint64_t retired);
	void *time_ctx;
	const struct engine *engine;
	void *engine_state;
};

/* Sets the trap of a guest-visible exception, which ends the reservation. Returns false. */
bool hart_fault(struct machine *machine, struct machine_trap *trap, uint32_t cause, uint64_t tval);

/*
 * One access of 1, 2, 4 or 8 bytes, aligned or not. Returns false with the trap set and no effect
 * where it faults; a straddling access names the first byte that cannot be accessed.
 */
bool hart_load(struct machine *machine, uint64_t addr, unsigned bytes, uint64_t *value,
	       struct machine_trap *trap);
bool hart_store(struct machine *machine, uint64_t addr, unsigned bytes, uint64_t value,
		struct machine_trap *trap);
/* The instruction at pc, decoded. False: it cannot be fetched. An illegal one is fetched all right. */
bool hart_fetch(struct machine *machine, struct insn *out, struct machine_trap *trap);

/* Zicsr. False: an illegal instruction (trap not set). */
bool csr_execute(struct machine *machine, const struct insn *insn);
/* F and D but their loads and stores. False: an illegal instruction (trap not set). */
bool fpu_execute(struct tg_regs *regs, const struct insn *insn);

/* One instruction of the truth. False: the trap is set. */
bool simple_step(struct machine *machine, struct machine_trap *trap);

void simple_run(struct machine *machine, uint64_t until, struct machine_trap *trap);

#endif
