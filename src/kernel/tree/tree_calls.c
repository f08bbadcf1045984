/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Calls that change the tree's names: mkdirat, mknodat, symlinkat, linkat, unlinkat, renameat2.
 * Refuses to know descriptors but as a start. */
#include <string.h>

#include "kernel/file/file.h"
#include "kernel/tree/inode.h"
#include "kernel/file/io.h"
#include "kernel/text.h"

uint32_t umask_of(struct kernel *k)
{
	const struct fs_info *fs = AT(k, fs_info, k->process->fs);

	return fs ? fs->umask : 022;
}

int tree_refusal(struct kernel *k, ref dir, int error)
{
	return directory_is_below(k, dir, tree_of(k)->proc) ? -G_ENOENT : error;
}

int tree_create(struct kernel *k, const struct walk *walk, uint32_t mode, ref *out)
{
	ref r = inode_new(k, mode & ~umask_of(k));
	int err;

	if (!r)
		return -G_ENOSPC;
	err = directory_add(k, walk->parent, walk->last, text_length(walk->last), r);
	if (err != 0) {
		inode_at(k, r)->links = 0;
		inode_drop(k, r);
		return err;
	}
	*out = r;
	return 0;
}

/* A walk to where something new shall be. 0, or -errno with nothing held. */
static int walk_to_new(struct kernel *k, int32_t dfd, uint64_t path_addr, bool directory,
		       struct walk *walk)
{
	char path[LIMIT_PATH];
	int err = path_in(k, path_addr, path);

	if (err == 0)
		err = tree_walk(k, dfd, path, WALK_PARENT | WALK_NOFOLLOW, walk);
	if (err != 0)
		return err;
	if (walk->last_kind != WALK_LAST_NORMAL || walk->inode)
		err = -G_EEXIST;
	else if (walk->trailing && !directory)
		err = -G_ENOENT;
	else if (inode_at(k, walk->parent)->flags & INODE_FIXED)
		err = tree_refusal(k, walk->parent, -G_EPERM);
	else if (inode_at(k, walk->parent)->links == 0)
		err = -G_ENOENT;
	if (err != 0)
		walk_done(k, walk);
	return err;
}

static int64_t make(struct kernel *k, int32_t dfd, uint64_t path_addr, uint32_t mode)
{
	struct walk walk;
	ref r;
	int err = walk_to_new(k, dfd, path_addr, (mode & G_S_IFMT) == G_S_IFDIR, &walk);

	if (err != 0)
		return err;
	err = tree_create(k, &walk, mode, &r);
	if (err == 0)
		inode_drop(k, r);
	walk_done(k, &walk);
	return err;
}

int64_t sys_mkdirat(struct kernel *k, const uint64_t a[6])
{
	return make(k, (int32_t)a[0], a[1], G_S_IFDIR | ((uint32_t)a[2] & 01777));
}

int64_t sys_mknodat(struct kernel *k, const uint64_t a[6])
{
	uint32_t mode = (uint32_t)a[2];

	switch (mode & G_S_IFMT) {
	case 0:
	case G_S_IFREG:
		return make(k, (int32_t)a[0], a[1], G_S_IFREG | (mode & 07777));
	case G_S_IFCHR:
	case G_S_IFBLK:
	case G_S_IFIFO:
	case G_S_IFSOCK:
	case G_S_IFDIR:
		return -G_EPERM;
	default:
		return -G_EINVAL;
	}
}

static int link_target(struct kernel *k, ref r, const char *target, uint64_t len)
{
	struct inode *inode = inode_at(k, r);

	inode->content = arena_alloc(&k->arena, len);
	if (!inode->content)
		return -G_ENOSPC;
	memcpy(arena_at(&k->arena, inode->content), target, len);
	inode->size = len;
	return 0;
}

int64_t sys_symlinkat(struct kernel *k, const uint64_t a[6])
{
	char target[LIMIT_PATH];
	struct walk walk;
	int err = path_in(k, a[0], target);
	ref r;

	if (err == 0 && !target[0])
		err = -G_ENOENT;
	if (err == 0)
		err = walk_to_new(k, (int32_t)a[1], a[2], false, &walk);
	if (err != 0)
		return err;
	r = inode_new(k, G_S_IFLNK | 0777);
	err = r ? link_target(k, r, target, text_length(target)) : -G_ENOSPC;
	if (err == 0)
		err = directory_add(k, walk.parent, walk.last, text_length(walk.last), r);
	inode_drop(k, r);
	walk_done(k, &walk);
	return err;
}

int64_t sys_linkat(struct kernel *k, const uint64_t a[6])
{
	uint32_t flags = (uint32_t)a[4];
	struct walk from, to;
	char path[LIMIT_PATH];
	struct inode *inode;
	int err;

	if (flags & ~(uint32_t)(G_AT_SYMLINK_FOLLOW | G_AT_EMPTY_PATH))
		return -G_EINVAL;
	err = path_in(k, a[1], path);
	if (err == 0)
		err = tree_walk(k, (int32_t)a[0], path,
				(flags & G_AT_SYMLINK_FOLLOW ? 0 : WALK_NOFOLLOW) |
					(flags & G_AT_EMPTY_PATH ? WALK_EMPTY : 0),
				&from);
	if (err != 0)
		return err;
	err = walk_to_new(k, (int32_t)a[2], a[3], false, &to);
	if (err != 0) {
		walk_done(k, &from);
		return err;
	}
	inode = inode_at(k, from.inode);
	if (inode->generator || (inode->flags & (INODE_PROCESS | INODE_MEMFD)))
		err = -G_EXDEV;
	else if (inode_is(inode, G_S_IFDIR))
		err = -G_EPERM;
	else if (inode->links == 0 && !(inode->flags & INODE_LINKABLE))
		err = -G_ENOENT;
	else
		err = directory_add(k, to.parent, to.last, text_length(to.last), from.inode);
	if (err == 0) {
		inode->flags &= ~(uint32_t)(INODE_LINKABLE | INODE_ANONYMOUS);
		inode_touch(k, inode, false);
	}
	walk_done(k, &to);
	walk_done(k, &from);
	return err;
}

static int may_remove_directory(struct kernel *k, const struct walk *walk)
{
	const struct inode *inode = inode_at(k, walk->inode);
	int empty;

	switch (walk->last_kind) {
	case WALK_LAST_DOT:
		return -G_EINVAL;
	case WALK_LAST_DOT_DOT:
		return -G_ENOTEMPTY;
	case WALK_LAST_ROOT:
		return -G_EBUSY;
	default:
		break;
	}
	if (!inode)
		return -G_ENOENT;
	if (!inode_is(inode, G_S_IFDIR))
		return -G_ENOTDIR;
	if (inode_at(k, walk->parent)->flags & INODE_FIXED)
		return -G_EPERM;
	if (inode->flags & (INODE_MOUNT | INODE_FIXED))
		return -G_EBUSY;
	empty = directory_empty(k, walk->inode);
	return empty < 0 ? empty : empty ? 0 : -G_ENOTEMPTY;
}

static int may_unlink(struct kernel *k, const struct walk *walk)
{
	const struct inode *inode = inode_at(k, walk->inode);

	if (walk->last_kind != WALK_LAST_NORMAL)
		return -G_EISDIR;
	if (!inode)
		return -G_ENOENT;
	if (walk->trailing && !inode_is(inode, G_S_IFDIR))
		return -G_ENOTDIR;
	if (inode_at(k, walk->parent)->flags & INODE_FIXED)
		return -G_EPERM;
	if (inode_is(inode, G_S_IFDIR))
		return -G_EISDIR;
	return inode->flags & INODE_MOUNT ? -G_EBUSY : 0;
}

int64_t sys_unlinkat(struct kernel *k, const uint64_t a[6])
{
	uint32_t flags = (uint32_t)a[2];
	char path[LIMIT_PATH];
	struct walk walk;
	int err;

	if (flags & ~(uint32_t)G_AT_REMOVEDIR)
		return -G_EINVAL;
	err = path_in(k, a[1], path);
	if (err == 0)
		err = tree_walk(k, (int32_t)a[0], path, WALK_PARENT | WALK_NOFOLLOW, &walk);
	if (err != 0)
		return err;
	err = flags & G_AT_REMOVEDIR ? may_remove_directory(k, &walk) : may_unlink(k, &walk);
	if (err == 0)
		err = directory_remove(k, walk.parent, walk.last, text_length(walk.last));
	walk_done(k, &walk);
	return err;
}

static int may_replace(struct kernel *k, const struct walk *to, const struct inode *old)
{
	const struct inode *inode = inode_at(k, to->inode);
	int empty;

	if (!inode)
		return 0;
	if (inode->flags & (INODE_MOUNT | INODE_FIXED))
		return -G_EBUSY;
	if (inode_is(old, G_S_IFDIR)) {
		if (!inode_is(inode, G_S_IFDIR))
			return -G_ENOTDIR;
		empty = directory_empty(k, to->inode);
		return empty < 0 ? empty : empty ? 0 : -G_ENOTEMPTY;
	}
	return inode_is(inode, G_S_IFDIR) ? -G_EISDIR : 0;
}

/* Everything that rename(2) refuses. */
static int may_rename(struct kernel *k, const struct walk *from, const struct walk *to,
		      uint32_t flags)
{
	const struct inode *old = inode_at(k, from->inode), *new = inode_at(k, to->inode);
	bool exchange = flags & G_RENAME_EXCHANGE;

	if (from->last_kind != WALK_LAST_NORMAL)
		return -G_EBUSY;
	if (to->last_kind != WALK_LAST_NORMAL)
		return flags & G_RENAME_NOREPLACE ? -G_EEXIST : -G_EBUSY;
	if (!old)
		return -G_ENOENT;
	if ((flags & G_RENAME_NOREPLACE) && new)
		return -G_EEXIST;
	if (exchange && !new)
		return -G_ENOENT;
	if (exchange && !inode_is(new, G_S_IFDIR) && to->trailing)
		return -G_ENOTDIR;
	if (!inode_is(old, G_S_IFDIR) && (from->trailing || (to->trailing && !exchange)))
		return -G_ENOTDIR;
	if (inode_is(old, G_S_IFDIR) && directory_is_below(k, to->parent, from->inode))
		return -G_EINVAL;
	if (new &&inode_is(new, G_S_IFDIR) && directory_is_below(k, from->parent, to->inode))
		return exchange ? -G_EINVAL : -G_ENOTEMPTY;
	if (old == new)
		return 0;
	if ((inode_at(k, from->parent)->flags ^ inode_at(k, to->parent)->flags) & INODE_FIXED)
		return -G_EXDEV; /* into or out of a file system of its own */
	if (inode_at(k, from->parent)->flags & INODE_FIXED)
		return -G_EPERM;
	if (old->flags & (INODE_MOUNT | INODE_FIXED))
		return -G_EBUSY;
	if (exchange)
		return new->flags &(INODE_MOUNT | INODE_FIXED) ? -G_EBUSY : 0;
	return may_replace(k, to, old);
}

static int exchange(struct kernel *k, const struct walk *from, const struct walk *to)
{
	struct inode *a = inode_at(k, from->inode), *b = inode_at(k, to->inode);
	struct inode *pa = inode_at(k, from->parent), *pb = inode_at(k, to->parent);
	uint64_t from_len = text_length(from->last), to_len = text_length(to->last);
	bool found;
	int err = inode_set_name(k, a, to->parent, to->last, to_len);

	if (err == 0)
		err = inode_set_name(k, b, from->parent, from->last, from_len);
	if (err != 0)
		return err;
	directory_entry(k, pa, directory_index(k, pa, from->last, from_len, &found))->inode =
		to->inode;
	directory_entry(k, pb, directory_index(k, pb, to->last, to_len, &found))->inode =
		from->inode;
	if (inode_is(a, G_S_IFDIR) != inode_is(b, G_S_IFDIR) && pa != pb) {
		int change = inode_is(a, G_S_IFDIR) ? 1 : -1;

		pa->links = pa->mount ? pa->links : (uint32_t)((int)pa->links - change);
		pb->links = pb->mount ? pb->links : (uint32_t)((int)pb->links + change);
	}
	inode_touch(k, a, false);
	inode_touch(k, b, false);
	inode_touch(k, pa, true);
	inode_touch(k, pb, true);
	return 0;
}

/* The new name first, so that running out of memory leaves the old one. */
static int move(struct kernel *k, const struct walk *from, const struct walk *to)
{
	struct inode *inode = inode_at(k, from->inode);
	uint32_t links = inode->links;
	uint64_t len = text_length(to->last);
	int err;

	if (to->inode)
		err = directory_replace(k, to->parent, to->last, len, from->inode);
	else
		err = directory_add(k, to->parent, to->last, len, from->inode);
	if (err != 0)
		return err;
	directory_remove(k, from->parent, from->last, text_length(from->last));
	inode->links = links; /* a directory's count was lost on the way */
	inode_touch(k, inode, false);
	return 0;
}

int64_t sys_renameat2(struct kernel *k, const uint64_t a[6])
{
	uint32_t flags = (uint32_t)a[4];
	char path[LIMIT_PATH];
	struct walk from, to;
	int err;

	if ((flags & G_RENAME_WHITEOUT) &&
	    !(flags & ~(uint32_t)(G_RENAME_NOREPLACE | G_RENAME_WHITEOUT)))
		return -G_EPERM; /* whiteouts are devices, which nobody can make */
	if ((flags & ~(uint32_t)(G_RENAME_NOREPLACE | G_RENAME_EXCHANGE)) ||
	    ((flags & G_RENAME_NOREPLACE) && (flags & G_RENAME_EXCHANGE)))
		return -G_EINVAL;
	err = path_in(k, a[1], path);
	if (err == 0)
		err = tree_walk(k, (int32_t)a[0], path, WALK_PARENT | WALK_NOFOLLOW, &from);
	if (err != 0)
		return err;
	err = path_in(k, a[3], path);
	if (err == 0)
		err = tree_walk(k, (int32_t)a[2], path, WALK_PARENT | WALK_NOFOLLOW, &to);
	if (err != 0) {
		walk_done(k, &from);
		return err;
	}
	err = may_rename(k, &from, &to, flags);
	if (err == 0 && from.inode != to.inode)
		err = flags & G_RENAME_EXCHANGE ? exchange(k, &from, &to) : move(k, &from, &to);
	walk_done(k, &to);
	walk_done(k, &from);
	return err;
}
