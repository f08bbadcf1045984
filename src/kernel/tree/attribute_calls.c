/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Calls that change what is said about a file (mode, owner, times), and the process's own view:
 * chdir, fchdir, umask. */
#include <string.h>

#include "kernel/file/file.h"
#include "kernel/tree/inode.h"
#include "kernel/file/io.h"

#define NS_PER_S INT64_C(1000000000)

static int may_change(const struct inode *inode)
{
	return inode->generator || (inode->flags & (INODE_FIXED | INODE_PROCESS)) ? -G_EPERM : 0;
}

/* Walks to an existing inode. at_flags: the at family's. 0 or -errno. */
static int walk_to(struct kernel *k, int32_t dfd, uint64_t path_addr, uint32_t at_flags,
		   struct walk *walk)
{
	char path[LIMIT_PATH];
	uint32_t flags = 0;
	int err = path_in(k, path_addr, path);

	if (at_flags & G_AT_SYMLINK_NOFOLLOW)
		flags |= WALK_NOFOLLOW;
	if (at_flags & G_AT_EMPTY_PATH)
		flags |= WALK_EMPTY;
	return err != 0 ? err : tree_walk(k, dfd, path, flags, walk);
}

static int change_mode(struct kernel *k, struct inode *inode, uint32_t mode)
{
	int err = may_change(inode);

	if (inode_is(inode, G_S_IFLNK))
		return -G_EOPNOTSUPP;
	if (err == 0 && (inode->seals & G_F_SEAL_EXEC) && ((inode->mode ^ mode) & 0111))
		err = -G_EPERM;
	if (err != 0)
		return err;
	inode->mode = (inode->mode & G_S_IFMT) | (mode & 07777);
	inode_touch(k, inode, false);
	return 0;
}

static int64_t chmod_at(struct kernel *k, int32_t dfd, uint64_t path_addr, uint32_t mode,
			uint32_t at_flags)
{
	struct walk walk;
	int err;

	if (at_flags & ~(uint32_t)(G_AT_SYMLINK_NOFOLLOW | G_AT_EMPTY_PATH))
		return -G_EINVAL;
	err = walk_to(k, dfd, path_addr, at_flags, &walk);
	if (err != 0)
		return err;
	err = change_mode(k, inode_at(k, walk.inode), mode);
	walk_done(k, &walk);
	return err;
}

int64_t sys_fchmod(struct kernel *k, const uint64_t a[6])
{
	const struct file *f = fd_file(k, (int32_t)a[0]);

	if (!f)
		return -G_EBADF;
	return f->inode ? change_mode(k, inode_at(k, f->inode), (uint32_t)a[1]) : -G_EPERM;
}

int64_t sys_fchmodat(struct kernel *k, const uint64_t a[6])
{
	return chmod_at(k, (int32_t)a[0], a[1], (uint32_t)a[2], 0);
}

int64_t sys_fchmodat2(struct kernel *k, const uint64_t a[6])
{
	return chmod_at(k, (int32_t)a[0], a[1], (uint32_t)a[2], (uint32_t)a[3]);
}

static int change_owner(struct kernel *k, struct inode *inode, uint32_t uid, uint32_t gid)
{
	int err = may_change(inode);

	if (err != 0)
		return err;
	if (uid != UINT32_MAX)
		inode->uid = uid;
	if (gid != UINT32_MAX)
		inode->gid = gid;
	if ((uid != UINT32_MAX || gid != UINT32_MAX) && inode_is(inode, G_S_IFREG)) {
		inode->mode &= ~(uint32_t)G_S_ISUID;
		if (inode->mode & G_S_IXGRP)
			inode->mode &= ~(uint32_t)G_S_ISGID;
	}
	inode_touch(k, inode, false);
	return 0;
}

int64_t sys_fchownat(struct kernel *k, const uint64_t a[6])
{
	uint32_t flags = (uint32_t)a[4];
	struct walk walk;
	int err;

	if (flags & ~(uint32_t)(G_AT_SYMLINK_NOFOLLOW | G_AT_EMPTY_PATH))
		return -G_EINVAL;
	err = walk_to(k, (int32_t)a[0], a[1], flags, &walk);
	if (err != 0)
		return err;
	err = change_owner(k, inode_at(k, walk.inode), (uint32_t)a[2], (uint32_t)a[3]);
	walk_done(k, &walk);
	return err;
}

int64_t sys_fchown(struct kernel *k, const uint64_t a[6])
{
	const struct file *f = fd_file(k, (int32_t)a[0]);

	if (!f)
		return -G_EBADF;
	return f->inode ? change_owner(k, inode_at(k, f->inode), (uint32_t)a[1], (uint32_t)a[2])
			: -G_EPERM;
}

static bool valid_time(const struct g_timespec *t)
{
	return (t->nsec >= 0 && t->nsec < NS_PER_S) || t->nsec == G_UTIME_NOW ||
	       t->nsec == G_UTIME_OMIT;
}

/* Times are kept in unsigned nanoseconds: what lies outside is moved to the nearest that fits, as
 * file systems do with their range. */
static uint64_t time_ns(struct kernel *k, const struct g_timespec *t)
{
	if (t->nsec == G_UTIME_NOW)
		return clock_realtime(k);
	if (t->sec < 0)
		return 0;
	if (t->sec >= INT64_MAX / NS_PER_S)
		return (uint64_t)(INT64_MAX / NS_PER_S) * (uint64_t)NS_PER_S;
	return (uint64_t)t->sec * (uint64_t)NS_PER_S + (uint64_t)t->nsec;
}

static int change_times(struct kernel *k, struct inode *inode, const struct g_timespec times[2])
{
	int err = may_change(inode);

	if (err != 0)
		return err;
	if (times[0].nsec != G_UTIME_OMIT)
		inode->atime_ns = time_ns(k, &times[0]);
	if (times[1].nsec != G_UTIME_OMIT)
		inode->mtime_ns = time_ns(k, &times[1]);
	inode_touch(k, inode, false);
	return 0;
}

int64_t sys_utimensat(struct kernel *k, const uint64_t a[6])
{
	struct g_timespec times[2] = {{.nsec = G_UTIME_NOW}, {.nsec = G_UTIME_NOW}};
	uint32_t flags = (uint32_t)a[3];
	struct walk walk;
	int err;

	if (a[2] != 0) {
		if (user_load(k, a[2], times, sizeof times) != 0)
			return -G_EFAULT;
		if (times[0].nsec == G_UTIME_OMIT && times[1].nsec == G_UTIME_OMIT)
			return 0; /* not even the path is looked at */
		if (!valid_time(&times[0]) || !valid_time(&times[1]))
			return -G_EINVAL;
	}
	if (a[1] == 0 && (int32_t)a[0] != G_AT_FDCWD) { /* futimens */
		const struct file *f = fd_file(k, (int32_t)a[0]);

		if (flags != 0)
			return -G_EINVAL;
		if (!f)
			return -G_EBADF;
		return f->inode ? change_times(k, inode_at(k, f->inode), times) : -G_EPERM;
	}
	if (flags & ~(uint32_t)(G_AT_SYMLINK_NOFOLLOW | G_AT_EMPTY_PATH))
		return -G_EINVAL;
	err = walk_to(k, (int32_t)a[0], a[1], flags, &walk);
	if (err != 0)
		return err;
	err = change_times(k, inode_at(k, walk.inode), times);
	walk_done(k, &walk);
	return err;
}

static void set_cwd(struct kernel *k, ref inode)
{
	struct fs_info *fs = AT(k, fs_info, k->process->fs);
	ref old = fs->cwd;

	inode_hold(k, inode);
	fs->cwd = inode;
	inode_drop(k, old);
}

int64_t sys_chdir(struct kernel *k, const uint64_t a[6])
{
	char path[LIMIT_PATH];
	struct walk walk;
	int err = path_in(k, a[0], path);

	if (err == 0)
		err = tree_walk(k, G_AT_FDCWD, path, WALK_DIRECTORY, &walk);
	if (err != 0)
		return err;
	set_cwd(k, walk.inode);
	walk_done(k, &walk);
	return 0;
}

int64_t sys_fchdir(struct kernel *k, const uint64_t a[6])
{
	const struct file *f = fd_any(k, (int32_t)a[0]);

	if (!f)
		return -G_EBADF;
	if (!f->inode || !inode_is(inode_at(k, f->inode), G_S_IFDIR))
		return -G_ENOTDIR;
	set_cwd(k, f->inode);
	return 0;
}

int64_t sys_umask(struct kernel *k, const uint64_t a[6])
{
	struct fs_info *fs = AT(k, fs_info, k->process->fs);
	uint32_t old = fs->umask;

	fs->umask = (uint32_t)a[0] & 0777;
	return old;
}
