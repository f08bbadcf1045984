/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Finding, keeping and dropping superblocks. A block is known by its frame and its pc: aliases of a
 * frame have blocks of their own, and a store to the frame by whatever way drops them all. Links and
 * the table of jump targets hold by epoch: a new one begins when a pc may have come to mean another
 * frame, or a block was dropped.
 */
#include "machine/threaded.h"

#include <stdlib.h>
#include <string.h>

static unsigned hash_of(const struct frame *frame, uint64_t pc)
{
	uint64_t key = (uint64_t)(uintptr_t)frame / 64 * 31 + pc / 2;

	return (unsigned)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 48) % HASH_ENTRIES;
}

void threaded_forget_pages(struct threaded *t)
{
	for (unsigned i = 0; i < TLB_ENTRIES; i++) {
		t->reads[i].page = 1;
		t->writes[i].page = 1;
	}
}

void threaded_new_epoch(struct threaded *t)
{
	for (unsigned i = 0; i < JUMP_ENTRIES; i++)
		t->jumps[i].pc = 1;
	t->stale = true;
	if (++t->epoch == 0) { /* links of the first epoch would come to life again */
		t->epoch = 1;
		threaded_drop_all(t);
	}
}

void threaded_sync(struct threaded *t)
{
	const struct frame_pool *pool = &t->machine->pool;

	if (t->generation != pool->generation || t->copies != pool->copies)
		threaded_forget_pages(t);
	if (t->code_generation != pool->code_generation)
		threaded_new_epoch(t);
	t->generation = pool->generation;
	t->copies = pool->copies;
	t->code_generation = pool->code_generation;
}

/* ---- dropping ---- */

/* The memory stays until threaded_bury: the block may be running. */
static void drop(struct threaded *t, struct block *block)
{
	struct block **at = &t->hash[hash_of(block->frame, block->pc)];

	while (*at != block)
		at = &(*at)->next_hash;
	*at = block->next_hash;
	block->next_hash = t->grave;
	t->grave = block;
	t->block_bytes -= block->bytes;
	t->grave_bytes += block->bytes;
}

void threaded_code_changed(void *ctx, struct frame *frame)
{
	struct threaded *t = ctx;

	for (struct block *block = frame->code, *next; block; block = next) {
		next = block->next_in_frame;
		drop(t, block);
	}
	frame->code = NULL;
	frame->code_lines = 0;
	threaded_new_epoch(t);
}

void threaded_drop_all(struct threaded *t)
{
	for (unsigned i = 0; i < HASH_ENTRIES; i++) {
		while (t->hash[i])
			threaded_code_changed(t, t->hash[i]->frame);
	}
}

void threaded_bury(struct threaded *t)
{
	while (t->grave) {
		struct block *next = t->grave->next_hash;

		free(t->grave);
		t->grave = next;
	}
	t->grave_bytes = 0;
}

/* ---- finding ---- */

static struct block *known(const struct threaded *t, const struct frame *frame, uint64_t pc)
{
	struct block *block = t->hash[hash_of(frame, pc)];

	while (block && (block->frame != frame || block->pc != pc))
		block = block->next_hash;
	return block;
}

static void keep(struct threaded *t, struct block *block)
{
	struct block **chain = &t->hash[hash_of(block->frame, block->pc)];

	block->next_hash = *chain;
	*chain = block;
	block->next_in_frame = block->frame->code;
	block->frame->code = block;
	t->block_bytes += block->bytes;
}

struct block *threaded_block(struct threaded *t, uint64_t pc)
{
	struct jump_entry *jump = &t->jumps[pc / 2 % JUMP_ENTRIES];
	struct space *space = t->machine->space;
	struct page_view view;
	struct block *block;

	if (jump->pc == pc)
		return jump->block;
	if (!space || !space_see(space, pc, SPACE_FETCH, &view) || !view.frame)
		return NULL;
	block = known(t, view.frame, pc);
	if (!block) {
		if (t->block_bytes > BLOCK_BYTES)
			threaded_drop_all(t);
		if (!view.frame->code_lines) /* stores to it have to be seen from now on */
			threaded_forget_pages(t);
		block = threaded_translate(t, pc, view.frame);
		if (!block)
			return NULL;
		keep(t, block);
	}
	*jump = (struct jump_entry){pc, block};
	return block;
}

/* ---- the end of a slice ---- */

bool threaded_make_tail(struct threaded *t, const struct block *block, uint64_t budget)
{
	unsigned stop = 0;

	for (unsigned i = 1; i < block->slots && block->places[i].first <= budget; i++) {
		if (!block->places[i].no_stop)
			stop = i;
	}
	if (stop == 0)
		return false;
	memcpy(&t->tail, block, sizeof(*block) + stop * sizeof(union slot));
	t->tail.ops[stop].op.body = t->bodies[TOP_STOP];
	t->tail.len = 0; /* the budget has been seen to */
	return true;
}
