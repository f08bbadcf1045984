/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * futex and futex_waitv. Guest threads change only at boundaries, so the check of a word and the
 * queueing need no lock between them.
 */
#include "kernel/thread/futex.h"

#include "kernel/memory/memory.h"
#include "kernel/signal/signal.h"
#include "kernel/wait.h"

static struct futex_table *table(const struct kernel *k)
{
	return AT(k, futex_table, k->root->futexes);
}

int futex_init(struct kernel *k)
{
	k->root->futexes = NEW(k, futex_table);
	return k->root->futexes ? 0 : -G_ENOMEM;
}

/* ---- keys ---- */

int futex_key_of(struct kernel *k, uint64_t addr, bool shared, struct futex_key *out)
{
	uint32_t probe, kind = FUTEX_KEY_PRIVATE, id = k->process->space;
	uint64_t offset = addr;

	if (addr % sizeof(uint32_t))
		return -G_EINVAL;
	if (addr > INT64_MAX)
		return -G_EFAULT;
	if (shared) {
		const struct area *area;

		if (user_load(k, addr, &probe, sizeof(probe)))
			return -G_EFAULT;
		kind = FUTEX_KEY_SHARED_SPACE;
		area = memory_area(k, memory_current(k), addr);
		if (area && area->object && (area->flags & AREA_SHARED)) {
			kind = FUTEX_KEY_OBJECT;
			id = area->object;
			offset = area->offset + (addr - area->start);
		}
	}
	*out = (struct futex_key){.space = (uint64_t)kind << 32 | id, .offset = offset};
	return 0;
}

static bool same(const struct futex_key *a, const struct futex_key *b)
{
	return a->space == b->space && a->offset == b->offset;
}

static uint32_t bucket_of(const struct futex_key *key)
{
	uint64_t x = (key->offset >> 2) + key->space * UINT64_C(0x9e3779b97f4a7c15);

	x *= UINT64_C(0xd6e8feb86659fd93);
	return (uint32_t)(x >> 56) % FUTEX_BUCKETS;
}

/* ---- queues ---- */

/* The next waiter for key, beginning with r itself; 0: none. */
static ref match(struct kernel *k, ref r, const struct futex_key *key)
{
	while (r) {
		const struct futex_waiter *w = AT(k, futex_waiter, r);

		if (same(&w->key, key))
			return r;
		r = w->next;
	}
	return 0;
}

struct futex_waiter *futex_first(struct kernel *k, const struct futex_key *key, ref *out)
{
	*out = match(k, table(k)->buckets[bucket_of(key)].head, key);
	return AT(k, futex_waiter, *out);
}

static void enqueue(struct kernel *k, ref r, const struct futex_key *key)
{
	struct futex_waiter *w = AT(k, futex_waiter, r);

	w->key = *key;
	w->bucket = bucket_of(key);
	LIST_APPEND(k, &table(k)->buckets[w->bucket], r, futex_waiter, next, prev);
}

static void dequeue(struct kernel *k, ref r)
{
	struct futex_waiter *w = AT(k, futex_waiter, r);

	LIST_REMOVE(k, &table(k)->buckets[w->bucket], r, futex_waiter, next, prev);
}

int futex_enqueue(struct kernel *k, const struct futex_key *key, uint32_t bitset, uint32_t index,
		  uint32_t owner)
{
	struct thread *t = k->current;
	ref r = NEW(k, futex_waiter);
	struct futex_waiter *w = AT(k, futex_waiter, r);

	if (!w)
		return -G_ENOMEM;
	w->thread = k->root->current;
	w->sibling = t->futex_waiter;
	w->bitset = bitset;
	w->index = index;
	w->owner = owner;
	t->futex_waiter = r;
	if (owner)
		table(k)->owned_waiters++;
	enqueue(k, r, key);
	return 0;
}

/* The waiter leaves its bucket and its thread. */
static void waiter_free(struct kernel *k, struct thread *t, ref r)
{
	struct futex_waiter *w = AT(k, futex_waiter, r);

	if (t->futex_waiter == r) {
		t->futex_waiter = w->sibling;
	} else {
		struct futex_waiter *at = AT(k, futex_waiter, t->futex_waiter);

		while (at->sibling != r)
			at = AT(k, futex_waiter, at->sibling);
		at->sibling = w->sibling;
	}
	if (w->owner)
		table(k)->owned_waiters--;
	dequeue(k, r);
	arena_free(&k->arena, r);
}

void futex_wake_waiter(struct kernel *k, ref r)
{
	const struct futex_waiter *w = AT(k, futex_waiter, r);
	struct thread *t = AT(k, thread, w->thread);

	if (t->wait.words[FUTEX_WORD_WOKEN] < w->index + UINT64_C(1))
		t->wait.words[FUTEX_WORD_WOKEN] = w->index + UINT64_C(1);
	waiter_free(k, t, r);
	wake_thread(
		k, t,
		WAKE_EVENT); /* it may be awake already, by its deadline: it counts all the same */
}

void futex_dequeue_all(struct kernel *k, struct thread *t)
{
	while (t->futex_waiter)
		waiter_free(k, t, t->futex_waiter);
}

/* ---- waiting ---- */

/* The common end of every plain wait, first and resumed: parks, or says how it ended. woken: the
 * result then. */
static int64_t wait_or_end(struct kernel *k, int64_t woken, int64_t interrupted)
{
	struct thread *t = k->current;
	uint64_t deadline = t->wait.words[FUTEX_WORD_DEADLINE];
	int64_t result;

	if (t->wait.words[FUTEX_WORD_WOKEN])
		result = woken;
	else if (deadline != NEVER && clock_now(k) >= deadline)
		result = -G_ETIMEDOUT;
	else if (signal_pending(k, t))
		result = interrupted;
	else
		result = wait_park(k, deadline);
	if (result != CALL_WAIT)
		futex_dequeue_all(k, t);
	return result;
}

static int64_t wait(struct kernel *k, uint64_t addr, bool shared, uint32_t expected,
		    uint32_t bitset, uint64_t deadline_ns)
{
	struct thread *t = k->current;
	struct futex_key key;
	uint32_t now;
	int err;

	if (!t->wait.resuming) {
		if (!bitset)
			return -G_EINVAL;
		err = futex_key_of(k, addr, shared, &key);
		if (err)
			return err;
		if (user_load(k, addr, &now, sizeof(now)))
			return -G_EFAULT;
		if (now != expected)
			return -G_EAGAIN;
		err = futex_enqueue(k, &key, bitset, 0, 0);
		if (err)
			return err;
		t->wait.words[FUTEX_WORD_DEADLINE] = deadline_ns;
	}
	/* With a deadline, a handler that runs ends the wait: it is not restarted, since the time
	 * left would start anew. */
	return wait_or_end(k, 0,
			   t->wait.words[FUTEX_WORD_DEADLINE] == NEVER ? -K_ERESTARTSYS
								       : -K_ERESTARTNOHAND);
}

/* ---- waking ---- */

/* Wakes up to n (but at least one, as Linux) that wait for key with a bit in common. How many, or
 * -G_EINVAL at an owned one. */
static int64_t wake_key(struct kernel *k, const struct futex_key *key, int32_t n, uint32_t bitset)
{
	ref r, next;
	int64_t woken = 0;

	futex_first(k, key, &r);
	for (; r; r = next) {
		const struct futex_waiter *w = AT(k, futex_waiter, r);

		next = match(k, w->next, key);
		if (w->owner)
			return -G_EINVAL;
		if (!(w->bitset & bitset))
			continue;
		/* futex_waitv may wait twice on one word: the thread's other waiter stays, and is
		 * counted when it is met. */
		futex_wake_waiter(k, r);
		if (++woken >= n)
			break;
	}
	return woken;
}

static int64_t wake(struct kernel *k, uint64_t addr, bool shared, int32_t n, uint32_t bitset)
{
	struct futex_key key;
	int err;

	if (!bitset)
		return -G_EINVAL;
	err = futex_key_of(k, addr, shared, &key);
	return err ? err : wake_key(k, &key, n, bitset);
}

void futex_wake_address(struct kernel *k, uint64_t addr, int32_t n)
{
	wake(k, addr, true, n, G_FUTEX_BITSET_MATCH_ANY);
}

static int64_t requeue(struct kernel *k, uint64_t from, uint64_t to, bool shared, int32_t wakes,
		       int32_t moves, const uint32_t *expected)
{
	struct futex_key from_key, to_key;
	int64_t done = 0;
	uint32_t now;
	ref r, next;
	int err;

	if (wakes < 0 || moves < 0)
		return -G_EINVAL;
	err = futex_key_of(k, from, shared, &from_key);
	if (!err)
		err = futex_key_of(k, to, shared, &to_key);
	if (err)
		return err;
	if (expected) {
		if (user_load(k, from, &now, sizeof(now)))
			return -G_EFAULT;
		if (now != *expected)
			return -G_EAGAIN;
	}
	futex_first(k, &from_key, &r);
	for (; r && done - wakes < moves; r = next) {
		const struct futex_waiter *w = AT(k, futex_waiter, r);

		next = match(k, w->next, &from_key);
		if (w->owner)
			return -G_EINVAL;
		if (++done <= wakes) {
			futex_wake_waiter(k, r);
		} else if (!same(&from_key, &to_key)) {
			dequeue(k, r);
			enqueue(k, r, &to_key);
		}
	}
	return done;
}

static int32_t sign_extend_12(uint32_t value)
{
	return (int32_t)((value & 0xfff) ^ 0x800) - 0x800;
}

/* The operation of FUTEX_WAKE_OP on a word: 0 or 1 (what its comparison says), or -errno. */
static int64_t word_op(struct kernel *k, uint64_t addr, uint32_t encoded)
{
	uint32_t op = encoded >> 28 & 7, old, fresh;
	int32_t operand = sign_extend_12(encoded >> 12), compared = sign_extend_12(encoded);

	if (encoded >> 28 & G_FUTEX_OP_OPARG_SHIFT)
		operand = (int32_t)(UINT32_C(1) << (operand & 31));
	if (op > G_FUTEX_OP_XOR)
		return -G_ENOSYS;
	if (user_load(k, addr, &old, sizeof(old)))
		return -G_EFAULT;
	fresh = op == G_FUTEX_OP_SET    ? (uint32_t)operand
		: op == G_FUTEX_OP_ADD  ? old + (uint32_t)operand
		: op == G_FUTEX_OP_OR   ? old | (uint32_t)operand
		: op == G_FUTEX_OP_ANDN ? old & ~(uint32_t)operand
					: old ^ (uint32_t)operand;
	if (user_store(k, addr, &fresh, sizeof(fresh)))
		return -G_EFAULT;
	switch (encoded >> 24 & 15) {
	case G_FUTEX_OP_CMP_EQ:
		return (int32_t)old == compared;
	case G_FUTEX_OP_CMP_NE:
		return (int32_t)old != compared;
	case G_FUTEX_OP_CMP_LT:
		return (int32_t)old < compared;
	case G_FUTEX_OP_CMP_LE:
		return (int32_t)old <= compared;
	case G_FUTEX_OP_CMP_GT:
		return (int32_t)old > compared;
	case G_FUTEX_OP_CMP_GE:
		return (int32_t)old >= compared;
	default:
		return -G_ENOSYS;
	}
}

static int64_t wake_op(struct kernel *k, uint64_t addr, uint64_t addr2, bool shared, int32_t wakes,
		       int32_t wakes2, uint32_t encoded)
{
	struct futex_key key, key2;
	int64_t also, woken, more;
	int err;

	err = futex_key_of(k, addr, shared, &key);
	if (!err)
		err = futex_key_of(k, addr2, shared, &key2);
	if (err)
		return err;
	also = word_op(k, addr2, encoded);
	if (also < 0)
		return also;
	woken = wake_key(k, &key, wakes, G_FUTEX_BITSET_MATCH_ANY);
	if (woken < 0 || !also)
		return woken;
	more = wake_key(k, &key2, wakes2, G_FUTEX_BITSET_MATCH_ANY);
	return more < 0 ? more : woken + more;
}

/* ---- the calls ---- */

/* A timespec as a deadline in virtual time. 0 or -errno. */
static int load_deadline(struct kernel *k, uint64_t addr, bool relative, bool realtime,
			 uint64_t *out)
{
	struct g_timespec ts;
	uint64_t ns, epoch = k->options.clock_epoch_ns;

	if (user_load(k, addr, &ts, sizeof(ts)))
		return -G_EFAULT;
	if (!timespec_valid(&ts))
		return -G_EINVAL;
	ns = timespec_ns(&ts);
	if (ns >= INT64_MAX)
		*out = INT64_MAX;
	else if (relative)
		*out = deadline_after(clock_now(k), ns);
	else
		*out = !realtime ? ns : ns > epoch ? ns - epoch : 0;
	return 0;
}

int64_t sys_futex(struct kernel *k, const uint64_t a[6])
{
	uint32_t op = (uint32_t)a[1], command = op & (uint32_t)G_FUTEX_CMD_MASK,
		 value = (uint32_t)a[2], value3 = (uint32_t)a[5];
	bool shared = !(op & G_FUTEX_PRIVATE_FLAG), realtime = op & G_FUTEX_CLOCK_REALTIME;
	bool timed = command == G_FUTEX_WAIT || command == G_FUTEX_LOCK_PI ||
		     command == G_FUTEX_LOCK_PI2 || command == G_FUTEX_WAIT_BITSET ||
		     command == G_FUTEX_WAIT_REQUEUE_PI;
	uint64_t deadline = NEVER;
	int err;

	if (a[3] && timed && !k->current->wait.resuming) {
		err = load_deadline(k, a[3], command == G_FUTEX_WAIT,
				    realtime || command == G_FUTEX_LOCK_PI, &deadline);
		if (err)
			return err;
	}
	if (realtime && command != G_FUTEX_WAIT_BITSET && command != G_FUTEX_WAIT_REQUEUE_PI &&
	    command != G_FUTEX_LOCK_PI2)
		return -G_ENOSYS;
	switch (command) {
	case G_FUTEX_WAIT:
		return wait(k, a[0], shared, value, G_FUTEX_BITSET_MATCH_ANY, deadline);
	case G_FUTEX_WAIT_BITSET:
		return wait(k, a[0], shared, value, value3, deadline);
	case G_FUTEX_WAKE:
		return wake(k, a[0], shared, (int32_t)value, G_FUTEX_BITSET_MATCH_ANY);
	case G_FUTEX_WAKE_BITSET:
		return wake(k, a[0], shared, (int32_t)value, value3);
	case G_FUTEX_REQUEUE:
		return requeue(k, a[0], a[4], shared, (int32_t)value, (int32_t)a[3], NULL);
	case G_FUTEX_CMP_REQUEUE:
		return requeue(k, a[0], a[4], shared, (int32_t)value, (int32_t)a[3], &value3);
	case G_FUTEX_WAKE_OP:
		return wake_op(k, a[0], a[4], shared, (int32_t)value, (int32_t)a[3], value3);
	case G_FUTEX_LOCK_PI:
	case G_FUTEX_LOCK_PI2:
		return futex_lock(k, a[0], shared, false, deadline);
	case G_FUTEX_TRYLOCK_PI:
		return futex_lock(k, a[0], shared, true, NEVER);
	case G_FUTEX_UNLOCK_PI:
		return futex_unlock(k, a[0], shared);
	default: /* also the forms that requeue to an owned futex */
		return -G_ENOSYS;
	}
}

/* Queues on every word of the array, or on none. */
static int enqueue_vector(struct kernel *k, uint64_t addr, uint32_t n)
{
	struct g_futex_waitv entry;
	struct futex_key key;
	uint32_t now;
	int err = 0;

	/* All entries are checked before the first word is looked at. */
	for (uint32_t i = 0; i < n; i++) {
		if (user_load(k, addr + i * sizeof(entry), &entry, sizeof(entry)))
			return -G_EFAULT;
		if (entry.flags & ~(uint32_t)(G_FUTEX2_SIZE_MASK | G_FUTEX2_PRIVATE) ||
		    entry.reserved)
			return -G_EINVAL;
		if ((entry.flags & G_FUTEX2_SIZE_MASK) != G_FUTEX2_SIZE_U32 ||
		    entry.val > UINT32_MAX)
			return -G_EINVAL;
	}
	for (uint32_t i = 0; !err && i < n; i++) {
		if (user_load(k, addr + i * sizeof(entry), &entry, sizeof(entry)))
			return -G_EFAULT;
		err = futex_key_of(k, entry.uaddr, !(entry.flags & G_FUTEX2_PRIVATE), &key);
	}
	for (uint32_t i = 0; !err && i < n; i++) {
		if (user_load(k, addr + i * sizeof(entry), &entry, sizeof(entry)) ||
		    futex_key_of(k, entry.uaddr, !(entry.flags & G_FUTEX2_PRIVATE), &key) ||
		    user_load(k, entry.uaddr, &now, sizeof(now)))
			err = -G_EFAULT;
		else if (now != (uint32_t)entry.val)
			err = -G_EAGAIN;
		else
			err = futex_enqueue(k, &key, G_FUTEX_BITSET_MATCH_ANY, i, 0);
	}
	if (err)
		futex_dequeue_all(k, k->current);
	return err;
}

int64_t sys_futex_waitv(struct kernel *k, const uint64_t a[6])
{
	struct wait *w = &k->current->wait;
	uint32_t n = (uint32_t)a[1];
	int32_t clock = (int32_t)a[4];
	uint64_t deadline = NEVER;
	int err;

	if (!w->resuming) {
		if ((uint32_t)a[2] || !n || n > G_FUTEX_WAITV_MAX || !a[0])
			return -G_EINVAL;
		if (a[3]) {
			if (clock != G_CLOCK_REALTIME && clock != G_CLOCK_MONOTONIC)
				return -G_EINVAL;
			err = load_deadline(k, a[3], false, clock == G_CLOCK_REALTIME, &deadline);
			if (err)
				return err;
		}
		err = enqueue_vector(k, a[0], n);
		if (err)
			return err;
		w->words[FUTEX_WORD_DEADLINE] = deadline;
	}
	return wait_or_end(k, (int64_t)w->words[FUTEX_WORD_WOKEN] - 1, -K_ERESTARTSYS);
}
