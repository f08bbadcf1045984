/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The threaded engine's data: superblocks of pre-decoded operations, where they are found, and a
 * small table of recent page lookups. A superblock lies within one frame and belongs to it.
 */
#ifndef TOLLGATE_MACHINE_THREADED_H
#define TOLLGATE_MACHINE_THREADED_H

#include "machine/hart.h"

enum {
	BLOCK_INSNS = 96,            /* instructions of a superblock at most */
	BLOCK_BYTES = 64 << 20,      /* of all blocks; then all are dropped */
	GRAVE_BYTES = 1 << 20,       /* of dropped blocks that wait to be freed */
	TLB_ENTRIES = 1024,          /* pages remembered for loads, and as many for stores */
	JUMP_ENTRIES = 4096,         /* jump targets remembered */
	HASH_ENTRIES = 1 << 16,      /* chains of blocks by frame and pc */
};

enum threaded_op {
#define OP(name) TOP_##name,
#include "machine/threaded_ops.def"
#undef OP
	TOP_COUNT
};

struct block;

/* Where an exit goes. Valid while the engine's epoch is this one. */
struct exit {
	struct block *to;
	uint32_t epoch;
	uint32_t count; /* instructions of the block up to and with the one that leaves */
};

/* An operation; one that may leave the block is followed by its struct exit. */
union slot {
	struct {
		const void *body;
		int32_t imm; /* exits: the target, relative to the block's pc */
		uint8_t rd, rs1, rs2, rs3;
	} op;
	struct exit exit;
};

/* What lies behind a slot; pcs relative to the block's. */
struct place {
	int16_t first_pc, pc; /* of its first instruction, and of the one that may trap */
	uint8_t first, count; /* instructions before those two */
	uint8_t len;          /* bytes of the latter */
	bool no_stop;         /* an exit, or the latter part of what is done at once */
};

struct block {
	uint64_t pc;
	struct frame *frame;
	struct block *next_hash, *next_in_frame;
	struct place *places; /* one a slot */
	uint32_t bytes;       /* of this allocation */
	uint16_t len, slots;  /* instructions at most, slots */
	union slot ops[];
};

struct tlb_entry {
	uint64_t page; /* address, or 1: none */
	uint64_t host; /* what to add to an address of that page */
};

struct jump_entry {
	uint64_t pc; /* 1: none */
	struct block *block;
};

struct threaded {
	struct tlb_entry reads[TLB_ENTRIES], writes[TLB_ENTRIES];
	struct jump_entry jumps[JUMP_ENTRIES];
	struct block *hash[HASH_ENTRIES];
	struct machine *machine;
	const void *const *bodies; /* by enum threaded_op */
	uint32_t epoch;            /* of the links between blocks */
	bool stale;                /* the epoch has changed since the running block was entered */
	uint64_t generation, copies, code_generation; /* as last seen */
	uint64_t block_bytes, grave_bytes;
	struct block *grave; /* dropped, by next_hash: one of them may be running */
	/* The end of a slice: a copy of a block with a stop in it. */
	union {
		struct block tail;
		uint8_t tail_bytes[sizeof(struct block) +
				   (2 * BLOCK_INSNS + 4) * sizeof(union slot)];
	};
};

/* threaded_block.c */
void threaded_forget_pages(struct threaded *t);
void threaded_new_epoch(struct threaded *t);
/* Takes notice of what happened to spaces and objects since it last looked. */
void threaded_sync(struct threaded *t);
/* The block that starts at pc, made if need be; NULL: simple_step must deal with what is there. */
struct block *threaded_block(struct threaded *t, uint64_t pc);
void threaded_code_changed(void *ctx, struct frame *frame);
void threaded_drop_all(struct threaded *t);
void threaded_bury(struct threaded *t);
/* Fills t->tail with the block cut off before budget instructions. False: no operation fits. */
bool threaded_make_tail(struct threaded *t, const struct block *block, uint64_t budget);

/* threaded_translate.c: the block at pc, whose page is given. NULL: nothing to translate, or no memory. */
struct block *threaded_translate(struct threaded *t, uint64_t pc, struct frame *frame);

/* threaded.c */
int threaded_open(struct machine *machine);
void threaded_close(struct machine *machine);
void threaded_run(struct machine *machine, uint64_t until, struct machine_trap *trap);

#endif
