/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The tree as a whole: what is there before the program runs, mounts of the outside, and the way
 * back from an inode to a path. Refuses to know descriptors and what synthetic files say.
 */
#include "kernel/tree/tree.h"

#include <string.h>

#include "kernel/tree/inode.h"
#include "kernel/synthetic/synthetic.h"
#include "kernel/text.h"

/* A new inode under a name of a directory, where nothing is yet. Not held. */
static int make_in(struct kernel *k, ref dir, const char *name, uint64_t len, uint32_t mode,
		   uint32_t flags, ref *out)
{
	ref r = inode_new(k, mode);
	int err;

	if (!r)
		return -G_ENOSPC;
	inode_at(k, r)->flags |= flags;
	err = directory_add(k, dir, name, len, r);
	if (err != 0)
		inode_at(k, r)->links = 0;
	inode_drop(k, r);
	*out = r;
	return err;
}

/* A symlink on the way: the directory it leads to. path: up to and with it, not terminated. */
static int through_symlink(struct kernel *k, const char *path, uint64_t len, ref *dir)
{
	char prefix[LIMIT_PATH];
	struct walk walk;
	int err;

	if (len >= LIMIT_PATH)
		return -G_ENAMETOOLONG;
	memcpy(prefix, path, len);
	prefix[len] = 0;
	err = tree_walk(k, G_AT_FDCWD, prefix, WALK_DIRECTORY, &walk);
	if (err != 0)
		return err;
	*dir = walk.inode;
	walk_done(k, &walk);
	return 0;
}

int tree_make_directories(struct kernel *k, const char *path, uint64_t len, uint32_t flags,
			  ref *out)
{
	ref dir = tree_of(k)->root;
	uint64_t at = 0;

	for (;;) {
		uint64_t n = 0;
		ref child;
		int err;

		while (at < len && path[at] == '/')
			at++;
		if (at == len)
			break;
		while (at + n < len && path[at + n] != '/')
			n++;
		if (n > LIMIT_NAME)
			return -G_ENAMETOOLONG;
		err = directory_lookup(k, dir, path + at, n, &child);
		if (err == -G_ENOENT)
			err = make_in(k, dir, path + at, n, G_S_IFDIR | 0755, flags, &child);
		else if (err == 0)
			inode_drop(k, child); /* what has a name stays */
		if (err != 0)
			return err;
		if (inode_is(inode_at(k, child), G_S_IFLNK))
			err = through_symlink(k, path, at + n, &child);
		else if (!inode_is(inode_at(k, child), G_S_IFDIR))
			err = -G_ENOTDIR;
		if (err != 0)
			return err;
		dir = child;
		at += n;
	}
	*out = dir;
	return 0;
}

/* Where the last component starts, and how long the path is without slashes at its end. */
static uint64_t split(const char *path, uint64_t *len)
{
	uint64_t at;

	*len = text_length(path);
	while (*len > 1 && path[*len - 1] == '/')
		--*len;
	for (at = *len; at > 0 && path[at - 1] != '/'; at--)
		;
	return at;
}

int tree_make(struct kernel *k, const char *path, uint32_t mode, uint32_t flags, ref *out)
{
	uint64_t len, at = split(path, &len);
	ref dir;
	int err = tree_make_directories(k, path, at, flags & INODE_FIXED, &dir);

	return err != 0 ? err : make_in(k, dir, path + at, len - at, mode, flags, out);
}

/* The outside's root takes the place of ours; directories that we already have show what it has
 * under their names, too. */
static int mount_root(struct kernel *k, uint32_t mount)
{
	struct inode *root = inode_at(k, tree_of(k)->root);
	int err = outside_attach(k, root, mount, "");

	for (uint32_t i = 0; err == 0 && i < root->entry_count; i++) {
		const struct entry *e = directory_entry(k, root, i);
		struct inode *child = inode_at(k, e->inode);
		uint64_t len = arena_size(&k->arena, e->name);
		char name[LIMIT_NAME + 1];
		struct tg_node_stat st;

		if (!child || !inode_is(child, G_S_IFDIR) || child->mount ||
		    (child->flags & (INODE_FIXED | INODE_MOUNT)))
			continue;
		memcpy(name, arena_at(&k->arena, e->name), len);
		name[len] = 0;
		if (outside_node(k, mount, name, &st) == 0 && st.type == TG_NODE_DIRECTORY)
			err = outside_attach(k, child, mount, name);
	}
	return err;
}

int tree_mount(struct kernel *k, const struct kernel_mount *mount)
{
	struct tg_node_stat st;
	uint64_t len, at;
	ref dir, old, fresh;
	int err = outside_node(k, mount->mount, "", &st);

	if (err != 0)
		return err;
	if (mount->guest_path[0] != '/')
		return -G_EINVAL;
	at = split(mount->guest_path, &len);
	if (st.type == TG_NODE_SYMLINK || (at == len && st.type != TG_NODE_DIRECTORY))
		return -G_ENOTDIR;
	if (at == len)
		return mount_root(k, mount->mount);
	if (len - at > LIMIT_NAME)
		return -G_ENAMETOOLONG;
	err = tree_make_directories(k, mount->guest_path, at, 0, &dir);
	if (err != 0)
		return err;
	fresh = inode_new(k, st.type == TG_NODE_DIRECTORY
				     ? G_S_IFDIR | 0755
				     : G_S_IFREG | (st.executable ? 0755 : 0644));
	if (!fresh)
		return -G_ENOSPC;
	inode_at(k, fresh)->size = st.type == TG_NODE_FILE ? st.size : 0;
	inode_at(k, fresh)->flags |= INODE_MOUNT;
	err = outside_attach(k, inode_at(k, fresh), mount->mount, "");
	if (err == 0)
		err = directory_lookup(k, dir, mount->guest_path + at, len - at, &old);
	if (err == 0) {
		err = directory_replace(k, dir, mount->guest_path + at, len - at, fresh);
		inode_drop(k, old);
	} else if (err == -G_ENOENT) {
		err = directory_add(k, dir, mount->guest_path + at, len - at, fresh);
	}
	if (err != 0)
		inode_at(k, fresh)->links = 0;
	inode_drop(k, fresh);
	return err;
}

int tree_init(struct kernel *k)
{
	static const struct {
		const char *path;
		uint32_t mode, flags;
	} directories[] = {
		{"/tmp", 01777, 0},
		{"/etc", 0755, 0},
		{"/dev", 0755, INODE_MOUNT},
		{"/dev/shm", 01777, INODE_MOUNT},
	};
	struct tree *tree;

	k->root->tree = NEW(k, tree);
	if (!k->root->tree)
		return -G_ENOMEM;
	tree = tree_of(k);
	tree->root = inode_new(k, G_S_IFDIR | 0755);
	if (!tree->root)
		return -G_ENOMEM;
	inode_at(k, tree->root)->flags |= INODE_MOUNT;
	for (unsigned i = 0; i < sizeof directories / sizeof directories[0]; i++) {
		ref made;
		int err = tree_make(k, directories[i].path, G_S_IFDIR | directories[i].mode,
				    directories[i].flags, &made);

		if (err != 0)
			return err;
	}
	return synthetic_init(k);
}

int64_t tree_path(struct kernel *k, ref r, char *buf, uint64_t size)
{
	static const char gone[] = " (deleted)";
	const struct inode *inode = inode_at(k, r);
	uint64_t at = size, n;

	if (!inode || size == 0)
		return -G_ENOENT;
	buf[--at] = 0;
	if (inode->flags & INODE_UNLINKED) {
		n = sizeof gone - 1;
		if (at < n)
			return -G_ENAMETOOLONG;
		memcpy(buf + (at -= n), gone, n);
	}
	while (inode && inode->name) {
		n = arena_size(&k->arena, inode->name);
		if (at < n + 1)
			return -G_ENAMETOOLONG;
		memcpy(buf + (at -= n), arena_at(&k->arena, inode->name), n);
		if (inode->flags & INODE_ANONYMOUS)
			break;
		buf[--at] = '/';
		inode = inode_at(k, inode->parent);
	}
	if (at == size - 1) {
		if (at == 0)
			return -G_ENAMETOOLONG;
		buf[--at] = '/';
	}
	memmove(buf, buf + at, size - at);
	return (int64_t)(size - at - 1);
}

int64_t kernel_file(struct kernel *k, const char *path, uint32_t *object)
{
	struct walk walk;
	struct inode *inode;
	int64_t result;
	int err = path[0] == '/' ? tree_walk(k, G_AT_FDCWD, path, 0, &walk) : -G_EINVAL;

	if (err != 0)
		return err;
	inode = inode_at(k, walk.inode);
	if (inode_is(inode, G_S_IFDIR))
		result = -G_EISDIR;
	else
		result = inode_load(k, inode);
	if (result == 0) {
		result = (int64_t)inode->size;
		*object = inode->object;
	}
	walk_done(k, &walk);
	return result;
}

int kernel_mount(struct kernel *k, const struct kernel_mount *mount)
{
	return tree_mount(k, mount);
}
