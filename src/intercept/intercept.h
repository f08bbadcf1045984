/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What the files of the library share: what was asked for, what was found, and the frame of a call.
 * One process has one such state; it is written before the first patch and afterwards only by late
 * objects, under `late_lock`.
 */
#ifndef TOLLGATE_INTERCEPT_INTERCEPT_H
#define TOLLGATE_INTERCEPT_INTERCEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intercept/frame.h"

enum {
	PATH_BYTES = 512,
	LATE_MAX = 256,	      /* objects loaded late whose thunks are freed again */
	INJECT_MAX = 16,      /* rules of INTERCEPT_INJECT */
	ISLAND_REACH = 0xff000, /* of a jal, less a page */
	CANCEL_FIRST = 32,	/* glibc cancels threads with 32, musl with 33 */
	CANCEL_SIGNALS = 2,
	ISLANDS_MAX = 512,
	NAMED_MAX = 128,
	NAME_BYTES = 40,
};

/* As entry.S lays it out. */
struct frame {
	uint64_t ra;
	uint64_t exit; /* where to go on */
	uint64_t t2, t3, t4, t5, t6, s0;
	uint64_t a[8];
	uint64_t fcsr;
	uint64_t class;
	uint64_t result[2];
	uint64_t site;
	uint64_t a1;
	uint64_t fp[20];
	/* Only for calls with something to do behind them: flags, stack, ptid, ctid, tls, a0 as it was. */
	union {
		uint64_t clone[6];
		uint64_t mark; /* while the hook runs: its own address */
	};
	uint64_t t0, t1;
};
_Static_assert(sizeof(struct frame) == FRAME_SIZE, "frame");
_Static_assert(offsetof(struct frame, a) == FRAME_A0, "frame.a");
_Static_assert(offsetof(struct frame, site) == FRAME_SITE, "frame.site");
_Static_assert(offsetof(struct frame, fp) == FRAME_FP, "frame.fp");
_Static_assert(offsetof(struct frame, t0) == FRAME_T0, "frame.t0");

enum site_class { CLASS_PROGRAM, CLASS_LOADER };

/* What the byte tables say of a number. */
enum { WANT_NOTHING, WANT_HOOK, WANT_OURSELVES, WANT_BOTH };

/* What happens to one ecall. */
enum site_kind { SITE_ISLAND, SITE_SLOT, SITE_FILTERED, SITE_UNREACHED, SITE_KINDS };

struct site {
	uint64_t at;
	uint64_t thunk;
	int16_t number; /* -1: not known before the call */
	uint8_t kind;
};

struct island {
	uint64_t at, end; /* mapped */
	uint64_t next;	  /* first free byte */
	uint8_t class;
};

/* For the log: which object an address is in. */
struct object {
	uint64_t start, end, bias; /* offset in the file = address - bias */
	char name[NAME_BYTES];
};

struct late {
	uint64_t start, end;   /* the object's code */
	uint64_t island, size; /* its thunks */
};

struct inject {
	uint8_t calls[NR_TABLE_SIZE / 8];
	uint32_t error; /* 0: a value is returned */
	uint64_t value;
	uint64_t first, last, step; /* when=first[..last][+[step]] */
	uint64_t count;		    /* calls so far; atomic */
};

struct config {
	const char *log, *obj_include, *obj_exclude, *cmdline, *inject;
	const char *sys_include, *sys_exclude;
	bool log_trunc, all_objs, strict, dump, vfork_hooks;
	int forced; /* enum site_kind, or -1 */
};

struct intercept {
	bool active;
	bool sites_by_number; /* SYS_INCLUDE or SYS_EXCLUDE is given */
	uint64_t slow;	      /* a log, injection: more than a hook to call */
	struct config config;
	char log_path[PATH_BYTES]; /* absolute */
	uint8_t wanted[NR_TABLE_SIZE];
	uint8_t wanted_by_loader[NR_TABLE_SIZE];
	struct inject inject[INJECT_MAX];
	unsigned injects;
	struct late late[LATE_MAX];
	unsigned lates;
	int late_lock;
	uint64_t self_start, self_end;
	uint64_t cancel_handlers[CANCEL_SIGNALS]; /* the program's */
	struct island islands[ISLANDS_MAX];
	unsigned island_count;
	struct object named[NAMED_MAX];
	unsigned named_count;
	uint64_t objects, kinds[SITE_KINDS], mapped_bytes, late_objects;
};
extern struct intercept intercept;

/* entry.S */
extern const uint8_t intercept_thunk_model[THUNK_SIZE], intercept_gate_model[GATE_SIZE];
extern const uint8_t intercept_post_begin[], intercept_post_end[];
void intercept_entry(void);
void intercept_entry_loader(void);
/* 0: go to frame->exit; 1: make the call and come to intercept_after. */
uint64_t intercept_dispatch(struct frame *f);
void intercept_after(struct frame *f);

#endif
