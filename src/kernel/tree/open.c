/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* openat, openat2: from a path and flags to a descriptor. See open(2), openat2(2). */
#include <string.h>

#include "kernel/file/file_kinds.h"
#include "kernel/tree/inode.h"
#include "kernel/file/io.h"
#include "kernel/text.h"

#define OPEN_KNOWN                                                                                 \
	(G_O_ACCMODE | G_O_CREAT | G_O_EXCL | G_O_NOCTTY | G_O_TRUNC | G_O_APPEND | G_O_NONBLOCK | \
	 G_O_SYNC | G_O_ASYNC | G_O_DIRECT | G_O_LARGEFILE | G_O_DIRECTORY | G_O_NOFOLLOW |        \
	 G_O_NOATIME | G_O_CLOEXEC | G_O_PATH | G_O_TMPFILE_BIT)
#define OPEN_PATH_KNOWN (G_O_DIRECTORY | G_O_NOFOLLOW | G_O_PATH | G_O_CLOEXEC)
#define RESOLVE_KNOWN                                                                              \
	(G_RESOLVE_NO_XDEV | G_RESOLVE_NO_MAGICLINKS | G_RESOLVE_NO_SYMLINKS | G_RESOLVE_BENEATH | \
	 G_RESOLVE_IN_ROOT | G_RESOLVE_CACHED)

/* Combinations that both calls refuse. */
static int check_flags(uint32_t flags)
{
	if ((flags & G_O_CREAT) && (flags & G_O_DIRECTORY) && !(flags & G_O_TMPFILE_BIT))
		return -G_EINVAL;
	if (flags & G_O_TMPFILE_BIT) {
		if ((flags & G_O_CREAT) || !(flags & G_O_DIRECTORY))
			return -G_EINVAL;
		if ((flags & G_O_ACCMODE) == G_O_RDONLY)
			return -G_EINVAL;
	}
	return 0;
}

/* A magic link led to a file without an inode: a description of the same thing. */
static int reopen(struct kernel *k, ref file, uint32_t flags, ref *out)
{
	struct file *f = AT(k, file, file);

	if (flags & (G_O_PATH | G_O_DIRECTORY))
		return flags & G_O_DIRECTORY ? -G_ENOTDIR : -G_ENXIO;
	return file_kinds[f->kind]->reopen ? file_kinds[f->kind]->reopen(k, f, flags, out)
					   : -G_ENXIO;
}

static int open_tmpfile(struct kernel *k, ref dir, uint32_t flags, uint32_t mode, ref *out)
{
	char name[LIMIT_PATH], digits[TEXT_DECIMAL];
	int64_t n = tree_path(k, dir, name, sizeof name - 64);
	struct inode *inode;
	int err;
	ref r;

	if (inode_at(k, dir)->flags & INODE_FIXED)
		return -G_EOPNOTSUPP;
	if (n < 0)
		n = 0;
	r = inode_anonymous(k, "#", mode & ~umask_of(k));
	if (!r)
		return -G_ENOSPC;
	inode = inode_at(k, r);
	text_decimal(digits, inode->number);
	n += (int64_t)text_copy(name + n, sizeof name - (uint64_t)n, n > 1 ? "/#" : "#");
	n += (int64_t)text_copy(name + n, sizeof name - (uint64_t)n, digits);
	n += (int64_t)text_copy(name + n, sizeof name - (uint64_t)n, " (deleted)");
	err = inode_set_name(k, inode, 0, name, (uint64_t)n);
	if (!(flags & G_O_EXCL))
		inode->flags |= INODE_LINKABLE;
	if (err == 0)
		err = file_open_inode(k, r, flags, out);
	inode_drop(k, r);
	return err;
}

/* O_CREAT found a name, or makes it. *made says which. The inode is held. */
static int find_or_create(struct kernel *k, const struct walk *walk, uint32_t flags, uint32_t mode,
			  ref *inode, bool *made)
{
	*made = false;
	if (walk->parent && walk->last_kind != WALK_LAST_NORMAL)
		return flags & G_O_EXCL ? -G_EEXIST : -G_EISDIR;
	if (walk->trailing)
		return -G_EISDIR;
	if (walk->inode) {
		if (flags & G_O_EXCL)
			return -G_EEXIST;
		*inode = walk->inode;
		inode_hold(k, *inode);
		return 0;
	}
	*made = true;
	if (inode_at(k, walk->parent)->flags & INODE_FIXED)
		return tree_refusal(k, walk->parent, -G_EACCES);
	return tree_create(k, walk, G_S_IFREG | (mode & 07777), inode);
}

static int open_found(struct kernel *k, ref r, uint32_t flags, bool made, ref *out)
{
	struct inode *inode = inode_at(k, r);
	bool directory = inode_is(inode, G_S_IFDIR), writes = (flags & G_O_ACCMODE) != G_O_RDONLY;
	int err;

	if ((flags & G_O_DIRECTORY) && !directory)
		return -G_ENOTDIR;
	if (flags & G_O_PATH)
		return file_open_inode(k, r, flags, out);
	if (directory && (writes || (flags & (G_O_CREAT | G_O_TRUNC))))
		return -G_EISDIR;
	err = file_open_inode(k, r, flags, out);
	if (err == 0 && (flags & G_O_TRUNC) && !made && inode_is(inode, G_S_IFREG) &&
	    !inode->generator) {
		err = inode_resize(k, inode, 0);
		if (err == 0)
			inode_touch(k, inode, true);
		else
			file_drop(k, *out);
	}
	return err;
}

static int open_path(struct kernel *k, int32_t dfd, const char *path, uint32_t flags, uint32_t mode,
		     uint32_t walk_flags, ref *out)
{
	struct walk walk;
	bool made = false;
	ref inode = 0;
	int err;

	if ((flags & G_O_NOFOLLOW) || ((flags & G_O_CREAT) && (flags & G_O_EXCL)))
		walk_flags |= WALK_NOFOLLOW;
	if (flags & G_O_CREAT)
		walk_flags |= WALK_PARENT;
	if (flags & G_O_TMPFILE_BIT)
		walk_flags |= WALK_DIRECTORY;
	err = tree_walk(k, dfd, path, walk_flags | WALK_ANY_FILE, &walk);
	if (err != 0)
		return err;
	if (!walk.inode && walk.file) {
		err = flags & G_O_EXCL && flags & G_O_CREAT ? -G_EEXIST
							    : reopen(k, walk.file, flags, out);
	} else if (flags & G_O_TMPFILE_BIT) {
		err = open_tmpfile(k, walk.inode, flags, mode, out);
	} else {
		if (flags & G_O_CREAT)
			err = find_or_create(k, &walk, flags, mode, &inode, &made);
		else
			inode_hold(k, inode = walk.inode);
		if (err == 0)
			err = open_found(k, inode, flags, made, out);
		inode_drop(k, inode);
	}
	walk_done(k, &walk);
	return err;
}

static int64_t open_call(struct kernel *k, int32_t dfd, uint64_t path_addr, uint32_t flags,
			 uint32_t mode, uint32_t walk_flags)
{
	char path[LIMIT_PATH];
	int64_t fd;
	ref file;
	int err = path_in(k, path_addr, path);

	if (err != 0)
		return err;
	if (!path[0])
		return -G_ENOENT;
	fd = fd_free(k, 0); /* before anything is made */
	if (fd < 0)
		return fd;
	err = open_path(k, dfd, path, flags, mode, walk_flags, &file);
	return err != 0 ? err : fd_install(k, file, flags & G_O_CLOEXEC ? G_FD_CLOEXEC : 0, 0);
}

int64_t sys_openat(struct kernel *k, const uint64_t a[6])
{
	uint32_t flags = ((uint32_t)a[2] & OPEN_KNOWN) | G_O_LARGEFILE;
	int err;

	if (flags & G_O_PATH)
		flags &= OPEN_PATH_KNOWN;
	err = check_flags(flags);
	return err != 0 ? err : open_call(k, (int32_t)a[0], a[1], flags, (uint32_t)a[3] & 07777, 0);
}

/* A structure that may have grown since: known bytes are copied, unknown ones must be zeros. */
static int how_in(struct kernel *k, uint64_t addr, uint64_t size, struct g_open_how *how)
{
	uint8_t rest[64];

	if (size < sizeof *how)
		return -G_EINVAL;
	if (size > G_PAGE_SIZE)
		return -G_E2BIG;
	if (user_load(k, addr, how, sizeof *how) != 0)
		return -G_EFAULT;
	for (uint64_t at = sizeof *how; at < size; at += sizeof rest) {
		uint64_t n = size - at < sizeof rest ? size - at : sizeof rest;

		if (user_load(k, addr + at, rest, n) != 0)
			return -G_EFAULT;
		for (uint64_t i = 0; i < n; i++)
			if (rest[i] != 0)
				return -G_E2BIG;
	}
	return 0;
}

int64_t sys_openat2(struct kernel *k, const uint64_t a[6])
{
	static const struct {
		uint32_t resolve, walk;
	} map[] = {
		{G_RESOLVE_NO_XDEV, WALK_NO_XDEV},
		{G_RESOLVE_NO_MAGICLINKS, WALK_NO_MAGICLINKS},
		{G_RESOLVE_NO_SYMLINKS, WALK_NO_SYMLINKS},
		{G_RESOLVE_BENEATH, WALK_BENEATH},
		{G_RESOLVE_IN_ROOT, WALK_IN_ROOT},
	};
	struct g_open_how how;
	uint32_t walk_flags = 0, flags;
	int err = how_in(k, a[2], a[3], &how);

	if (err != 0)
		return err;
	if ((how.flags & ~(uint64_t)OPEN_KNOWN) || (how.resolve & ~(uint64_t)RESOLVE_KNOWN))
		return -G_EINVAL;
	if ((how.resolve & G_RESOLVE_BENEATH) && (how.resolve & G_RESOLVE_IN_ROOT))
		return -G_EINVAL;
	flags = (uint32_t)how.flags | G_O_LARGEFILE;
	if (flags & (G_O_CREAT | G_O_TMPFILE_BIT) ? (how.mode & ~UINT64_C(07777)) != 0
						  : how.mode != 0)
		return -G_EINVAL;
	if (flags & G_O_PATH) {
		if (how.flags & ~(uint64_t)OPEN_PATH_KNOWN)
			return -G_EINVAL;
		flags &= OPEN_PATH_KNOWN;
	}
	err = check_flags(flags);
	if (err != 0)
		return err;
	if ((how.resolve & G_RESOLVE_CACHED) && (flags & (G_O_TRUNC | G_O_CREAT | G_O_TMPFILE_BIT)))
		return -G_EAGAIN;
	for (unsigned i = 0; i < sizeof map / sizeof map[0]; i++)
		if (how.resolve & map[i].resolve)
			walk_flags |= map[i].walk;
	return open_call(k, (int32_t)a[0], a[1], flags, (uint32_t)how.mode, walk_flags);
}
