/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Futexes: keys, queues in arrival order, waiters. futex.c has the plain operations, futex_pi.c the
 * owned ones and what a dying thread leaves behind. Refuses to know locks: only words and who waits
 * on them.
 */
#ifndef TOLLGATE_KERNEL_FUTEX_H
#define TOLLGATE_KERNEL_FUTEX_H

#include "kernel/kernel.h"

#define FUTEX_BUCKETS 256

/* What two waits must have in common to meet. A private key never equals a shared one, as on Linux.
 */
struct futex_key {
	uint64_t space;  /* enum futex_key_kind << 32 | space or object */
	uint64_t offset; /* address, or offset in the object */
};

enum futex_key_kind { FUTEX_KEY_PRIVATE = 1, FUTEX_KEY_SHARED_SPACE, FUTEX_KEY_OBJECT };

struct futex_waiter {
	ref next, prev; /* in its bucket */
	ref thread;
	ref sibling; /* the thread's next waiter (futex_waitv) */
	struct futex_key key;
	uint32_t bitset;
	uint32_t index; /* in futex_waitv's array */
	uint32_t owner; /* tid that holds the lock it waits for, or 0: not a priority-inheriting one
			 */
	uint32_t bucket;
};

/* root->futexes */
struct futex_table {
	struct list buckets[FUTEX_BUCKETS];
	uint64_t owned_waiters; /* how many waiters have an owner */
};

/* wait.words of a parked futex call. */
enum {
	FUTEX_WORD_DEADLINE,
	FUTEX_WORD_WOKEN = 5 /* index + 1 of the highest waiter that was woken */
};

int futex_init(struct kernel *k);
/* FUTEX_WAKE of n waiters on a shared key; errors are nobody's. */
void futex_wake_address(struct kernel *k, uint64_t addr, int32_t n);
/* The current thread ends: robust list, owned futexes that others wait for, its own waiters. */
void futex_thread_exit(struct kernel *k, struct thread *t);

/* Between the two files. */
int futex_key_of(struct kernel *k, uint64_t addr, bool shared, struct futex_key *out);
struct futex_waiter *futex_first(struct kernel *k, const struct futex_key *key, ref *out);
int futex_enqueue(struct kernel *k, const struct futex_key *key, uint32_t bitset, uint32_t index,
		  uint32_t owner);
void futex_wake_waiter(struct kernel *k, ref waiter);
void futex_dequeue_all(struct kernel *k, struct thread *t);
int64_t futex_lock(struct kernel *k, uint64_t addr, bool shared, bool try_only,
		   uint64_t deadline_ns);
int64_t futex_unlock(struct kernel *k, uint64_t addr, bool shared);

#endif
