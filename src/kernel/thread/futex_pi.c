/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Futexes with an owner in their word (LOCK_PI and its kin), and what a thread leaves behind when
 * it ends: its robust list, and locks that others wait for. There are no priorities to inherit; the
 * lock goes to whoever has waited longest.
 */
#include "kernel/thread/futex.h"

#include "kernel/signal/signal.h"
#include "kernel/thread/thread.h"
#include "kernel/wait.h"

#define CHAIN_MAX 1024 /* locks that wait for each other's owners, as far as Linux looks */

/* Would waiting for this owner wait for ourselves in the end? */
static bool deadlocks(struct kernel *k, uint32_t owner)
{
	for (unsigned depth = 0; depth < CHAIN_MAX; depth++) {
		const struct thread *t =
			owner == k->current->tid ? k->current : thread_by_tid(k, owner);
		const struct futex_waiter *w;

		if (t == k->current)
			return true;
		w = t ? AT(k, futex_waiter, t->futex_waiter) : NULL;
		if (!w || !w->owner)
			return false;
		owner = w->owner;
	}
	return true;
}

/*
 * The word says who owns it; the queue, if there is one, must agree. 1: it is ours now. 0: *owner
 * has it. Or -errno. A thread that goes on to wait, or to give up, has set FUTEX_WAITERS, so that
 * the owner's unlock comes to us.
 */
static int64_t take(struct kernel *k, uint64_t addr, const struct futex_key *key, uint32_t *owner)
{
	uint32_t word, fresh, tid = k->current->tid;
	const struct futex_waiter *first;
	ref r;

	if (user_load(k, addr, &word, sizeof(word)))
		return -G_EFAULT;
	if ((word & G_FUTEX_TID_MASK) == tid)
		return -G_EDEADLK;
	*owner = word & G_FUTEX_TID_MASK;
	first = futex_first(k, key, &r);
	if (first) {
		/* A queue of plain waiters, or a word that somebody has overwritten. */
		if (!first->owner || first->owner != *owner)
			return -G_EINVAL;
		return 0;
	}
	fresh = *owner ? word | G_FUTEX_WAITERS : (word & G_FUTEX_OWNER_DIED) | tid;
	if (user_store(k, addr, &fresh, sizeof(fresh)))
		return -G_EFAULT;
	if (!*owner)
		return 1;
	return thread_by_tid(k, *owner) ? 0 : -G_ESRCH;
}

int64_t futex_lock(struct kernel *k, uint64_t addr, bool shared, bool try_only,
		   uint64_t deadline_ns)
{
	struct thread *t = k->current;
	struct futex_key key;
	uint32_t owner = 0;
	int64_t result;

	if (!t->wait.resuming) {
		result = futex_key_of(k, addr, shared, &key);
		if (result)
			return result;
		result = take(k, addr, &key, &owner);
		if (result)
			return result > 0 ? 0 : result;
		if (try_only)
			return -G_EAGAIN;
		if (deadlocks(k, owner))
			return -G_EDEADLK;
		result = futex_enqueue(k, &key, G_FUTEX_BITSET_MATCH_ANY, 0, owner);
		if (result)
			return result;
		t->wait.words[FUTEX_WORD_DEADLINE] = deadline_ns;
	}
	deadline_ns = t->wait.words[FUTEX_WORD_DEADLINE];
	if (t->wait.words[FUTEX_WORD_WOKEN])
		result = 0; /* the lock has been handed over, word and all */
	else if (deadline_ns != NEVER && clock_now(k) >= deadline_ns)
		result = -G_ETIMEDOUT;
	else if (signal_pending(k, t))
		result = -K_ERESTARTNOINTR;
	else
		result = wait_park(k, deadline_ns);
	if (result != CALL_WAIT)
		futex_dequeue_all(k, t);
	return result;
}

/* The longest waiter becomes the owner; the others wait for it from now on. */
static int hand_over(struct kernel *k, uint64_t addr, ref first, uint32_t flags)
{
	const struct futex_waiter *w = AT(k, futex_waiter, first);
	const struct futex_key key = w->key;
	uint32_t tid = AT(k, thread, w->thread)->tid, word = tid | G_FUTEX_WAITERS | flags;
	ref r;

	if (user_store(k, addr, &word, sizeof(word)))
		return -G_EFAULT;
	futex_wake_waiter(k, first);
	futex_first(k, &key, &r);
	while (r) {
		struct futex_waiter *other = AT(k, futex_waiter, r);

		if (other->key.space == key.space && other->key.offset == key.offset &&
		    other->owner)
			other->owner = tid;
		r = other->next;
	}
	return 0;
}

int64_t futex_unlock(struct kernel *k, uint64_t addr, bool shared)
{
	const uint32_t zero = 0;
	struct futex_key key;
	const struct futex_waiter *first;
	uint32_t word;
	ref r;
	int err;

	if (user_load(k, addr, &word, sizeof(word)))
		return -G_EFAULT;
	if ((word & G_FUTEX_TID_MASK) != k->current->tid)
		return -G_EPERM;
	err = futex_key_of(k, addr, shared, &key);
	if (err)
		return err;
	first = futex_first(k, &key, &r);
	if (!first)
		return user_store(k, addr, &zero, sizeof(zero)) ? -G_EFAULT : 0;
	if (first->owner != k->current->tid)
		return -G_EINVAL;
	return hand_over(k, addr, r, 0);
}

/* ---- the end of a thread ---- */

/* One entry of the robust list: the lock is marked as its owner's death. False: the walk ends here.
 */
static bool robust_entry(struct kernel *k, const struct thread *t, uint64_t addr, bool owned_kind,
			 bool pending)
{
	uint32_t word, marked;

	if (addr % sizeof(word) || user_load(k, addr, &word, sizeof(word)))
		return false;
	/* It died between its store of 0 and its wake: somebody may wait for that. */
	if (pending && !owned_kind && !(word & G_FUTEX_TID_MASK)) {
		futex_wake_address(k, addr, 1);
		return true;
	}
	if ((word & G_FUTEX_TID_MASK) != t->tid)
		return true;
	marked = (word & G_FUTEX_WAITERS) | G_FUTEX_OWNER_DIED;
	if (user_store(k, addr, &marked, sizeof(marked)))
		return false;
	if (!owned_kind && (word & G_FUTEX_WAITERS))
		futex_wake_address(k, addr, 1);
	return true;
}

static void robust_walk(struct kernel *k, const struct thread *t)
{
	struct g_robust_list_head head;
	uint64_t at, next;

	if (!t->robust_list || user_load(k, t->robust_list, &head, sizeof(head)))
		return;
	at = head.list;
	for (unsigned n = 0; (at & ~UINT64_C(1)) != t->robust_list && n < G_ROBUST_LIST_LIMIT;
	     n++) {
		/* The next pointer first: the entry may be gone once its lock is free. */
		bool more = !user_load(k, at & ~UINT64_C(1), &next, sizeof(next));

		if ((at & ~UINT64_C(1)) != (head.pending & ~UINT64_C(1)) &&
		    !robust_entry(k, t, (at & ~UINT64_C(1)) + (uint64_t)head.futex_offset, at & 1,
				  false))
			return;
		if (!more)
			return;
		at = next;
	}
	if (head.pending & ~UINT64_C(1))
		robust_entry(k, t, (head.pending & ~UINT64_C(1)) + (uint64_t)head.futex_offset,
			     head.pending & 1, true);
}

/* Where a key's word is in the current space. */
static uint64_t address_of(struct kernel *k, const struct futex_waiter *w)
{
	return AT(k, thread, w->thread)->args[0];
}

/* Locks that others wait for go to the first of them. */
static void release_owned(struct kernel *k, const struct thread *t)
{
	struct futex_table *table = AT(k, futex_table, k->root->futexes);

	for (unsigned b = 0; b < FUTEX_BUCKETS && table->owned_waiters; b++) {
		ref r = table->buckets[b].head;

		while (r) {
			const struct futex_waiter *w = AT(k, futex_waiter, r);

			if (w->owner != t->tid) {
				r = w->next;
				continue;
			}
			/* Its queue is handed over as a whole; a word that cannot be stored leaves
			 * the queue without an owner to wait for. */
			if (hand_over(k, address_of(k, w), r, G_FUTEX_OWNER_DIED))
				futex_wake_waiter(k, r);
			r = table->buckets[b].head;
		}
	}
}

void futex_thread_exit(struct kernel *k, struct thread *t)
{
	futex_dequeue_all(k, t);
	robust_walk(k, t);
	t->robust_list = 0;
	release_owned(k, t);
}
