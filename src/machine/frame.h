/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Page frames: 4 KiB of guest memory each, counted, charged and shared by reference. A frame knows
 * whether an engine holds translations of its bytes; it does not know where it is mapped.
 */
#ifndef TOLLGATE_MACHINE_FRAME_H
#define TOLLGATE_MACHINE_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "tollgate/machine_ops.h"

enum { FRAME_LINE = TG_PAGE_SIZE / 64 };

struct frame {
	uint32_t refs;
	bool charged;        /* counts against the touch budget */
	uint64_t code_lines; /* bit i: the engine translated bytes of [i * FRAME_LINE, +FRAME_LINE) */
	void *code;          /* the engine's own record of those translations */
	uint8_t bytes[TG_PAGE_SIZE] __attribute__((aligned(32)));
};

struct frame_pool {
	uint64_t in_use, peak;    /* frames */
	uint64_t charged, budget; /* charged frames alive, and how many there may be */
	/*
	 * What an engine that remembers lookups compares. generation: an address may have come to
	 * mean another frame or permission. copies: a page got a frame of its own by a store to it,
	 * and nothing else did. code_generation: what an executable address means has changed.
	 */
	uint64_t generation, copies, code_generation;
	/* Set by the engine: bytes that it translated have changed, or the frame is about to go. */
	void (*code_changed)(void *ctx, struct frame *frame);
	void *ctx;
};

/* What every page that nobody has written reads as. */
extern const uint8_t frame_zeros[TG_PAGE_SIZE];

/* A frame of zeros with one reference; NULL when the host or (if charged) the budget has no more. */
struct frame *frame_new(struct frame_pool *pool, bool charged);
static inline struct frame *frame_get(struct frame *frame)
{
	frame->refs++;
	return frame;
}
void frame_put(struct frame_pool *pool, struct frame *frame);

/* To be called after bytes [offset, offset + n) of a frame were stored to. */
void frame_code_written(struct frame_pool *pool, struct frame *frame, unsigned offset, unsigned n);
static inline void frame_written(struct frame_pool *pool, struct frame *frame, unsigned offset,
				 unsigned n)
{
	if (frame->code_lines)
		frame_code_written(pool, frame, offset, n);
}

#endif
