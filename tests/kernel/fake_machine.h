/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A machine of nothing but registers, a count and one flat megabyte, and a kernel on it: a test
 * plays the program. It executes no instruction; fake_run() lets counts pass, fake_call() is an
 * ecall.
 */
#ifndef TOLLGATE_TESTS_FAKE_MACHINE_H
#define TOLLGATE_TESTS_FAKE_MACHINE_H

#include "kernel/kernel.h"

#define FAKE_MEMORY  (1u << 20)
#define FAKE_ARENA   (UINT64_C(256) << 20)
#define FAKE_OBJECTS 64
#define FAKE_EVENTS  4096
#define FAKE_PC      0x10000

struct fake_object {
	uint32_t id, reserved;
	uint64_t size;
	uint8_t *bytes;
};

struct fake {
	struct kernel k;
	struct tg_regs regs;
	uint64_t retired;
	bool reserved;
	uint32_t space;
	uint8_t *memory; /* every space shows it, from address 0; page 0 and what lies beyond are
			    not there */
	void *arena;
	struct fake_object objects[FAKE_OBJECTS];
	struct tg_event events[FAKE_EVENTS];
	unsigned event_count;
	struct tg_run run; /* what the last entry point returned */
	char output[4096];
	unsigned output_bytes;
};

/* A kernel with the first process (no program in it), switched in. options: NULL for defaults. */
struct fake *fake_new(const struct tg_kernel_options *options);
void fake_free(struct fake *f);
/* Instructions pass, up to the slice's end: then the kernel is told. Goes on until n have passed or
 * the run stops. */
void fake_run(struct fake *f, uint64_t n);
/* One ecall of the current thread: counts, enters the kernel. */
void fake_ecall(struct fake *f, uint64_t nr, const uint64_t args[6]);
/* The same, with the a0 that is seen when the thread that made it runs again at once; INT64_MIN:
 * another thread runs now, or none. */
int64_t fake_call(struct fake *f, uint64_t nr, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3,
		  uint64_t a4, uint64_t a5);
#define FAKE_PICK(f, nr, a, b, c, d, e, g, ...) fake_call(f, nr, a, b, c, d, e, g)
#define CALL(f, ...)                            FAKE_PICK(f, __VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)
/* A new thread by clone with Go's flags; its tid. */
int64_t fake_thread(struct fake *f);
uint32_t fake_tid(const struct fake *f); /* who runs; 0: nobody */
void fake_poke(struct fake *f, uint64_t addr, uint32_t word);
uint32_t fake_peek(const struct fake *f, uint64_t addr);
void fake_poke_time(struct fake *f, uint64_t addr, int64_t sec, int64_t nsec);
unsigned fake_events(const struct fake *f, uint32_t kind);

#endif
