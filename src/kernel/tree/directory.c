/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Directories: sorted entries, with what the outside and /proc add to them. A name that the outside
 * has and the guest took away stays as a whiteout until all outside names are known. Refuses to
 * know paths.
 */
#include "kernel/tree/inode.h"

#include <string.h>

#include "kernel/synthetic/synthetic.h"
#include "kernel/text.h"

struct entry *directory_entry(struct kernel *k, const struct inode *dir, uint32_t index)
{
	return AT(k, entry, dir->entries) + index;
}

uint32_t directory_index(struct kernel *k, const struct inode *dir, const char *name, uint64_t len,
			 bool *found)
{
	uint32_t low = 0, high = dir->entry_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct entry *e = directory_entry(k, dir, middle);
		int order = text_compare(arena_at(&k->arena, e->name),
					 arena_size(&k->arena, e->name), name, len);

		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = false;
	return low;
}

static int insert(struct kernel *k, struct inode *dir, uint32_t index, const char *name,
		  uint64_t len, ref inode)
{
	struct entry *entries;
	ref block;

	if (dir->entry_count == dir->entry_capacity) {
		uint32_t capacity = dir->entry_capacity ? dir->entry_capacity * 2 : 4;
		uint64_t size = (uint64_t)capacity * sizeof *entries;
		ref grown = dir->entries ? arena_resize(&k->arena, dir->entries, size)
					 : arena_alloc(&k->arena, size);

		if (!grown)
			return -G_ENOSPC;
		dir->entries = grown;
		dir->entry_capacity = capacity;
	}
	block = arena_alloc(&k->arena, len);
	if (!block)
		return -G_ENOSPC;
	memcpy(arena_at(&k->arena, block), name, len);
	entries = directory_entry(k, dir, 0);
	memmove(entries + index + 1, entries + index, (dir->entry_count - index) * sizeof *entries);
	entries[index] = (struct entry){.inode = inode, .name = block};
	dir->entry_count++;
	return 0;
}

static void take_out(struct kernel *k, struct inode *dir, uint32_t index)
{
	struct entry *entries = directory_entry(k, dir, 0);

	arena_free(&k->arena, entries[index].name);
	memmove(entries + index, entries + index + 1,
		(dir->entry_count - index - 1) * sizeof *entries);
	dir->entry_count--;
	entries[dir->entry_count] = (struct entry){0};
}

static bool asks_outside(const struct inode *dir)
{
	return dir->mount != 0 && dir->outside_state == 0;
}

/* An outside name becomes an entry: no times change, since nothing happened to the directory. */
static int adopt(struct kernel *k, ref dir_ref, uint32_t index, const char *name, uint64_t len,
		 ref *out)
{
	struct inode *dir = inode_at(k, dir_ref), *child;
	ref r;
	int err = outside_lookup(k, dir, name, len, &r);

	if (err != 0)
		return err;
	child = inode_at(k, r);
	err = inode_set_name(k, child, dir_ref, name, len);
	if (err == 0)
		err = insert(k, dir, index, name, len, r);
	if (err != 0) {
		child->links = 0;
		inode_drop(k, r);
		return err;
	}
	if (!inode_is(child, G_S_IFDIR))
		child->links = 1;
	*out = r;
	return 0;
}

int directory_lookup(struct kernel *k, ref dir_ref, const char *name, uint64_t len, ref *out)
{
	struct inode *dir = inode_at(k, dir_ref);
	bool found;
	uint32_t index = directory_index(k, dir, name, len, &found);

	if (found) {
		ref r = directory_entry(k, dir, index)->inode;

		if (!r)
			return -G_ENOENT;
		inode_hold(k, r);
		*out = r;
		return 0;
	}
	if (asks_outside(dir))
		return adopt(k, dir_ref, index, name, len, out);
	if (dir->generator)
		return proc_lookup(k, dir_ref, name, len, out);
	return -G_ENOENT;
}

static void count_link(struct kernel *k, struct inode *dir, struct inode *child, int change)
{
	if (!inode_is(child, G_S_IFDIR))
		child->links = (uint32_t)((int)child->links + change);
	else if (!dir->mount)
		dir->links = (uint32_t)((int)dir->links + change);
	if (inode_is(child, G_S_IFDIR) && change < 0)
		child->links = 0;
	else if (inode_is(child, G_S_IFDIR) && child->links == 0)
		child->links = child->mount ? 1 : 2;
	(void)k;
}

int directory_add(struct kernel *k, ref dir_ref, const char *name, uint64_t len, ref inode)
{
	struct inode *dir = inode_at(k, dir_ref), *child = inode_at(k, inode);
	bool found;
	uint32_t index = directory_index(k, dir, name, len, &found);
	int err;

	if (dir->links == 0)
		return -G_ENOENT; /* the directory itself was removed */
	if (len > LIMIT_NAME)
		return -G_ENAMETOOLONG;
	if (found && directory_entry(k, dir, index)->inode)
		return -G_EEXIST;
	err = inode_set_name(k, child, dir_ref, name, len);
	if (err != 0)
		return err;
	if (found)
		directory_entry(k, dir, index)->inode = inode;
	else
		err = insert(k, dir, index, name, len, inode);
	if (err != 0)
		return err;
	count_link(k, dir, child, 1);
	inode_touch(k, dir, true);
	return 0;
}

/* The child's link is gone; it says "(deleted)" from now on if this was the name it is known by. */
static void unlink_child(struct kernel *k, ref dir_ref, ref child_ref, const char *name,
			 uint64_t len)
{
	struct inode *dir = inode_at(k, dir_ref), *child = inode_at(k, child_ref);

	inode_hold(k, child_ref);
	count_link(k, dir, child, -1);
	child->ctime_ns = clock_realtime(k);
	if (child->parent == dir_ref &&
	    text_compare(arena_at(&k->arena, child->name), arena_size(&k->arena, child->name), name,
			 len) == 0)
		child->flags |= INODE_UNLINKED;
	inode_drop(k, child_ref);
}

int directory_remove(struct kernel *k, ref dir_ref, const char *name, uint64_t len)
{
	struct inode *dir = inode_at(k, dir_ref);
	bool found;
	uint32_t index = directory_index(k, dir, name, len, &found);
	ref child;

	if (!found || !directory_entry(k, dir, index)->inode)
		return -G_ENOENT;
	child = directory_entry(k, dir, index)->inode;
	unlink_child(k, dir_ref, child, name, len);
	if (asks_outside(dir))
		directory_entry(k, dir, index)->inode = 0;
	else
		take_out(k, dir, index);
	inode_touch(k, dir, true);
	return 0;
}

int directory_replace(struct kernel *k, ref dir_ref, const char *name, uint64_t len, ref inode)
{
	struct inode *dir = inode_at(k, dir_ref), *child = inode_at(k, inode);
	bool found;
	uint32_t index = directory_index(k, dir, name, len, &found);
	ref old;
	int err;

	if (!found || !directory_entry(k, dir, index)->inode)
		return -G_ENOENT;
	err = inode_set_name(k, child, dir_ref, name, len);
	if (err != 0)
		return err;
	old = directory_entry(k, dir, index)->inode;
	unlink_child(k, dir_ref, old, name, len);
	directory_entry(k, dir, index)->inode = inode;
	count_link(k, dir, child, 1);
	inode_touch(k, dir, true);
	return 0;
}

int directory_fill(struct kernel *k, ref dir_ref)
{
	struct inode *dir = inode_at(k, dir_ref);
	char name[LIMIT_NAME + 1];

	if (!asks_outside(dir))
		return 0;
	for (uint64_t i = 0;; i++) {
		int err = outside_name(k, dir, i, name);
		uint64_t len;
		uint32_t index;
		bool found;
		ref r;

		if (err == -G_ENOENT)
			break;
		if (err != 0)
			return err;
		len = text_length(name);
		index = directory_index(k, dir, name, len, &found);
		if (found || len == 0)
			continue;
		err = adopt(k, dir_ref, index, name, len, &r);
		if (err == -G_ENOENT || err == -G_EACCES)
			continue; /* listed, but nothing that we show */
		if (err != 0)
			return err;
		inode_drop(k, r);
	}
	dir->outside_state = 1;
	for (uint32_t i = dir->entry_count; i-- > 0;) /* whiteouts have done their work */
		if (!directory_entry(k, dir, i)->inode)
			take_out(k, dir, i);
	return 0;
}

int directory_empty(struct kernel *k, ref dir_ref)
{
	struct inode *dir = inode_at(k, dir_ref);
	int err = directory_fill(k, dir_ref);

	if (err != 0)
		return err;
	return dir->entry_count == 0 && !dir->generator;
}

bool directory_is_below(struct kernel *k, ref dir, ref ancestor)
{
	for (const struct inode *inode; dir && dir != ancestor; dir = inode->parent) {
		inode = inode_at(k, dir);
		if (!inode)
			return false;
	}
	return dir == ancestor;
}
