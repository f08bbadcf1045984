/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Page frames: allocation, charging, reference counts. */
#include "machine/frame.h"

#include <stdlib.h>

const uint8_t frame_zeros[TG_PAGE_SIZE] __attribute__((aligned(32)));

struct frame *frame_new(struct frame_pool *pool, bool charged)
{
	struct frame *frame;

	if (charged && pool->charged >= pool->budget)
		return NULL;
	frame = aligned_alloc(32, sizeof(*frame));
	if (!frame)
		return NULL;
	__builtin_memset(frame, 0, sizeof(*frame));
	frame->refs = 1;
	frame->charged = charged;
	pool->charged += charged;
	if (++pool->in_use > pool->peak)
		pool->peak = pool->in_use;
	return frame;
}

void frame_put(struct frame_pool *pool, struct frame *frame)
{
	if (--frame->refs > 0)
		return;
	if (frame->code)
		pool->code_changed(pool->ctx, frame);
	pool->charged -= frame->charged;
	pool->in_use--;
	free(frame);
}

void frame_code_written(struct frame_pool *pool, struct frame *frame, unsigned offset, unsigned n)
{
	unsigned first = offset / FRAME_LINE, last = (offset + n - 1) / FRAME_LINE;

	if (n > 0 && frame->code_lines >> first << first << (63 - last) != 0)
		pool->code_changed(pool->ctx, frame);
}
