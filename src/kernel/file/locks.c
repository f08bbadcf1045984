/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The table of locks of an inode. It lives in a block that inode->locks names, and goes when
 * nothing is locked and nobody waits.
 */
#include "kernel/file/locks.h"

#include <string.h>

#include "kernel/tree/inode.h"
#include "kernel/thread/thread.h"

static struct lock_table *table_at(struct kernel *k, ref inode)
{
	const struct inode *i = inode_at(k, inode);

	return i ? AT(k, lock_table, i->locks) : NULL;
}

static struct lock *locks_of(struct kernel *k, const struct lock_table *table)
{
	return AT(k, lock, table->locks);
}

static struct lock_table *table_make(struct kernel *k, ref inode)
{
	struct lock_table *table = table_at(k, inode);
	ref r;

	if (table)
		return table;
	r = NEW(k, lock_table);
	table = AT(k, lock_table, r);
	if (!r)
		return NULL;
	table->queue = wait_queue_new(k);
	if (!table->queue) {
		arena_free(&k->arena, r);
		return NULL;
	}
	inode_at(k, inode)->locks = r;
	return table;
}

static void table_drop_if_unused(struct kernel *k, ref inode)
{
	struct lock_table *table = table_at(k, inode);

	if (!table || table->count > 0 || AT(k, wait_queue, table->queue)->nodes.head)
		return;
	wait_queue_free(k, table->queue);
	arena_free(&k->arena, table->locks);
	arena_free(&k->arena, inode_at(k, inode)->locks);
	inode_at(k, inode)->locks = 0;
}

bool lock_conflict(struct kernel *k, ref inode, const struct lock *wanted, struct lock *blocker)
{
	const struct lock_table *table = table_at(k, inode);
	const struct lock *locks = table ? locks_of(k, table) : NULL;
	const struct lock *first = NULL;

	if (wanted->type == G_F_UNLCK)
		return false;
	for (uint32_t i = 0; table && i < table->count; i++) {
		const struct lock *l = &locks[i];

		if (l->kind != wanted->kind || l->owner == wanted->owner ||
		    l->start > wanted->end || l->end < wanted->start)
			continue;
		if (l->type != G_F_WRLCK && wanted->type != G_F_WRLCK)
			continue;
		if (!first || l->start < first->start)
			first = l;
	}
	if (first)
		*blocker = *first;
	return first != NULL;
}

bool lock_own(struct kernel *k, ref inode, const struct lock *range, struct lock *found)
{
	const struct lock_table *table = table_at(k, inode);

	for (uint32_t i = 0; table && i < table->count; i++) {
		const struct lock *l = &locks_of(k, table)[i];

		if (l->kind == range->kind && l->owner == range->owner && l->start <= range->end &&
		    l->end >= range->start) {
			*found = *l;
			return true;
		}
	}
	return false;
}

static int append(struct kernel *k, struct lock_table *table, const struct lock *lock)
{
	if (table->count >= LIMIT_LOCKS)
		return -G_ENOLCK;
	if (table->count == table->capacity) {
		uint32_t capacity = table->capacity ? table->capacity * 2 : 2;
		uint64_t size = (uint64_t)capacity * sizeof *lock;
		ref grown = table->locks ? arena_resize(&k->arena, table->locks, size)
					 : arena_alloc(&k->arena, size);

		if (!grown)
			return -G_ENOLCK;
		table->locks = grown;
		table->capacity = capacity;
	}
	locks_of(k, table)[table->count++] = *lock;
	return 0;
}

static void remove_at(struct kernel *k, struct lock_table *table, uint32_t index)
{
	struct lock *locks = locks_of(k, table);

	memmove(locks + index, locks + index + 1, (table->count - index - 1) * sizeof *locks);
	memset(&locks[--table->count], 0, sizeof *locks);
}

/* Cuts [start, end] out of what the owner holds. Splitting one lock in two may need memory:
 * -G_ENOLCK, with nothing changed. */
static int cut(struct kernel *k, struct lock_table *table, const struct lock *range)
{
	for (uint32_t i = 0; i < table->count;) {
		struct lock *l = &locks_of(k, table)[i];

		if (l->kind != range->kind || l->owner != range->owner || l->start > range->end ||
		    l->end < range->start) {
			i++;
			continue;
		}
		if (l->start < range->start && l->end > range->end) {
			struct lock tail = *l;
			int err;

			tail.start = range->end + 1;
			err = append(k, table, &tail);
			if (err != 0)
				return err;
			locks_of(k, table)[i].end = range->start - 1;
			return 0;
		}
		if (l->start < range->start) {
			l->end = range->start - 1;
			i++;
		} else if (l->end > range->end) {
			l->start = range->end + 1;
			i++;
		} else {
			remove_at(k, table, i);
		}
	}
	return 0;
}

/* Joins the new lock with the owner's neighbours of one type. */
static void merge(struct kernel *k, struct lock_table *table, struct lock *lock)
{
	for (uint32_t i = 0; i < table->count;) {
		const struct lock *l = &locks_of(k, table)[i];
		bool touches = l->kind == lock->kind && l->owner == lock->owner &&
			       l->type == lock->type &&
			       (l->end + 1 == lock->start || lock->end + 1 == l->start);

		if (!touches) {
			i++;
			continue;
		}
		lock->start = l->start < lock->start ? l->start : lock->start;
		lock->end = l->end > lock->end ? l->end : lock->end;
		remove_at(k, table, i);
		i = 0;
	}
}

int lock_set(struct kernel *k, ref inode, const struct lock *lock)
{
	struct lock_table *table =
		lock->type == G_F_UNLCK ? table_at(k, inode) : table_make(k, inode);
	struct lock fresh = *lock;
	int err;

	if (!table)
		return lock->type == G_F_UNLCK ? 0 : -G_ENOLCK;
	err = cut(k, table, lock);
	if (err == 0 && lock->type != G_F_UNLCK) {
		merge(k, table, &fresh);
		err = append(k, table, &fresh);
	}
	wake_all(k, table->queue, 0); /* also a change from write to read lets others in */
	table_drop_if_unused(k, inode);
	return err;
}

int64_t lock_wait(struct kernel *k, ref inode)
{
	struct lock_table *table = table_make(k, inode);
	int err = table ? wait_on(k, table->queue, 0) : -G_ENOLCK;

	return err != 0 ? err : wait_park(k, NEVER);
}

static void drop_all(struct kernel *k, ref inode, ref owner)
{
	struct lock_table *table = table_at(k, inode);
	uint32_t kept = 0;

	for (uint32_t i = 0; table && i < table->count; i++) {
		struct lock *locks = locks_of(k, table);

		if (locks[i].owner != owner)
			locks[kept++] = locks[i];
	}
	if (!table || kept == table->count)
		return;
	memset(locks_of(k, table) + kept, 0, (table->count - kept) * sizeof(struct lock));
	table->count = kept;
	wake_all(k, table->queue, 0);
	table_drop_if_unused(k, inode);
}

void locks_file_gone(struct kernel *k, ref inode, ref file)
{
	drop_all(k, inode, file);
}

void locks_process_gone(struct kernel *k, ref inode, struct process *p)
{
	drop_all(k, inode, process_ref(k, p));
}
