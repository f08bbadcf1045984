/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Calls that ask about a file: fstat, newfstatat, statx, statfs, faccessat, readlinkat, getcwd.
 * Nothing here changes anything. */
#include <string.h>

#include "kernel/file/file.h"
#include "kernel/tree/inode.h"
#include "kernel/file/io.h"

/* What a path or, when it is empty, a descriptor is. 0 or -errno. btime: of the inode, or 0. */
static int stat_at(struct kernel *k, int32_t dfd, uint64_t path_addr, uint32_t at_flags,
		   struct g_stat *st, uint64_t *btime_ns)
{
	uint32_t flags = WALK_ANY_FILE;
	char path[LIMIT_PATH];
	struct walk walk;
	int err = 0;

	if (at_flags & G_AT_EMPTY_PATH)
		flags |= WALK_EMPTY;
	if (at_flags & G_AT_SYMLINK_NOFOLLOW)
		flags |= WALK_NOFOLLOW;
	if (path_addr == 0 && (at_flags & G_AT_EMPTY_PATH))
		path[0] = 0; /* as since 6.11 */
	else
		err = path_in(k, path_addr, path);
	if (err == 0)
		err = tree_walk(k, dfd, path, flags, &walk);
	if (err != 0)
		return err;
	*btime_ns = walk.inode ? inode_at(k, walk.inode)->btime_ns : 0;
	if (walk.inode)
		inode_stat(k, inode_at(k, walk.inode), st);
	else
		err = file_stat(k, AT(k, file, walk.file), st);
	walk_done(k, &walk);
	return err;
}

int64_t sys_fstat(struct kernel *k, const uint64_t a[6])
{
	struct file *f = fd_any(k, (int32_t)a[0]);
	struct g_stat st;
	int err;

	if (!f)
		return -G_EBADF;
	err = file_stat(k, f, &st);
	return err != 0 ? err : user_store(k, a[1], &st, sizeof st);
}

int64_t sys_newfstatat(struct kernel *k, const uint64_t a[6])
{
	uint32_t flags = (uint32_t)a[3];
	struct g_stat st;
	uint64_t btime;
	int err;

	if (flags & ~(uint32_t)(G_AT_SYMLINK_NOFOLLOW | G_AT_NO_AUTOMOUNT | G_AT_EMPTY_PATH |
				G_AT_STATX_SYNC_TYPE))
		return -G_EINVAL;
	err = stat_at(k, (int32_t)a[0], a[1], flags, &st, &btime);
	return err != 0 ? err : user_store(k, a[2], &st, sizeof st);
}

static struct g_statx_timestamp statx_time(struct g_timespec t)
{
	return (struct g_statx_timestamp){.sec = t.sec, .nsec = (uint32_t)t.nsec};
}

int64_t sys_statx(struct kernel *k, const uint64_t a[6])
{
	uint32_t flags = (uint32_t)a[2], mask = (uint32_t)a[3];
	struct g_statx x;
	struct g_stat st;
	uint64_t btime;
	int err;

	if ((mask & G_STATX__RESERVED) || (flags & G_AT_STATX_SYNC_TYPE) == G_AT_STATX_SYNC_TYPE)
		return -G_EINVAL;
	if (flags & ~(uint32_t)(G_AT_SYMLINK_NOFOLLOW | G_AT_NO_AUTOMOUNT | G_AT_EMPTY_PATH |
				G_AT_STATX_SYNC_TYPE))
		return -G_EINVAL;
	err = stat_at(k, (int32_t)a[0], a[1], flags, &st, &btime);
	if (err != 0)
		return err;
	memset(&x, 0, sizeof x);
	x.mask = G_STATX_BASIC_STATS | G_STATX_BTIME |
		 (mask & (G_STATX_MNT_ID | G_STATX_MNT_ID_UNIQUE));
	x.blksize = (uint32_t)st.blksize;
	x.nlink = st.nlink;
	x.uid = st.uid;
	x.gid = st.gid;
	x.mode = (uint16_t)st.mode;
	x.ino = st.ino;
	x.size = (uint64_t)st.size;
	x.blocks = (uint64_t)st.blocks;
	x.attributes_mask = G_STATX_ATTR_AUTOMOUNT | G_STATX_ATTR_MOUNT_ROOT | G_STATX_ATTR_DAX;
	x.atime = statx_time(st.atime);
	x.mtime = statx_time(st.mtime);
	x.ctime = statx_time(st.ctime);
	x.btime.sec = (int64_t)(btime / 1000000000u);
	x.btime.nsec = (uint32_t)(btime % 1000000000u);
	x.rdev_major = (uint32_t)(st.rdev >> 8 & 0xfff);
	x.rdev_minor = (uint32_t)((st.rdev & 0xff) | (st.rdev >> 12 & 0xfff00));
	x.dev_major = (uint32_t)(st.dev >> 8);
	x.dev_minor = (uint32_t)(st.dev & 0xff);
	if (x.mask & (G_STATX_MNT_ID | G_STATX_MNT_ID_UNIQUE))
		x.mnt_id = 1;
	return user_store(k, a[4], &x, sizeof x);
}

/* One file system of a fixed size, so that free space does not tell what the host has; /proc and
 * /sys have none. */
static int64_t statfs_of(struct kernel *k, ref inode, uint64_t addr)
{
	const struct tree *tree = tree_of(k);
	struct g_statfs fs;

	memset(&fs, 0, sizeof fs);
	fs.type = G_TMPFS_MAGIC;
	fs.bsize = fs.frsize = G_PAGE_SIZE;
	fs.namelen = LIMIT_NAME;
	fs.flags = G_ST_VALID | G_ST_RELATIME;
	if (!inode) {
		fs.type = G_PIPEFS_MAGIC;
	} else if (directory_is_below(k, inode, tree->proc)) {
		fs.type = G_PROC_SUPER_MAGIC;
	} else if (directory_is_below(k, inode, tree->sys)) {
		fs.type = G_SYSFS_MAGIC;
	} else {
		fs.blocks = 1 << 20;
		fs.bfree = fs.bavail = 1 << 19;
		fs.files = LIMIT_INODES;
		fs.ffree = LIMIT_INODES / 2;
		fs.fsid[0] = (int32_t)TREE_DEVICE;
	}
	return user_store(k, addr, &fs, sizeof fs);
}

int64_t sys_statfs(struct kernel *k, const uint64_t a[6])
{
	char path[LIMIT_PATH];
	struct walk walk;
	int64_t result;
	int err = path_in(k, a[0], path);

	if (err == 0)
		err = tree_walk(k, G_AT_FDCWD, path, WALK_ANY_FILE, &walk);
	if (err != 0)
		return err;
	result = statfs_of(k, walk.inode, a[1]);
	walk_done(k, &walk);
	return result;
}

int64_t sys_fstatfs(struct kernel *k, const uint64_t a[6])
{
	const struct file *f = fd_any(k, (int32_t)a[0]);

	return f ? statfs_of(k, f->inode, a[1]) : -G_EBADF;
}

/* uid 0 may read and write everything, and execute what anybody may execute. */
static int64_t access_at(struct kernel *k, int32_t dfd, uint64_t path_addr, uint32_t mode,
			 uint32_t at_flags)
{
	char path[LIMIT_PATH];
	struct walk walk;
	int err;

	if (mode & ~(uint32_t)(G_R_OK | G_W_OK | G_X_OK))
		return -G_EINVAL;
	if (at_flags & ~(uint32_t)(G_AT_EACCESS | G_AT_SYMLINK_NOFOLLOW | G_AT_EMPTY_PATH))
		return -G_EINVAL;
	err = path_in(k, path_addr, path);
	if (err == 0)
		err = tree_walk(k, dfd, path,
				WALK_ANY_FILE |
					(at_flags & G_AT_SYMLINK_NOFOLLOW ? WALK_NOFOLLOW : 0) |
					(at_flags & G_AT_EMPTY_PATH ? WALK_EMPTY : 0),
				&walk);
	if (err != 0)
		return err;
	if ((mode & G_X_OK) && walk.inode) {
		const struct inode *inode = inode_at(k, walk.inode);

		if (!inode_is(inode, G_S_IFDIR) && !(inode->mode & 0111))
			err = -G_EACCES;
	}
	walk_done(k, &walk);
	return err;
}

int64_t sys_faccessat(struct kernel *k, const uint64_t a[6])
{
	return access_at(k, (int32_t)a[0], a[1], (uint32_t)a[2], 0);
}

int64_t sys_faccessat2(struct kernel *k, const uint64_t a[6])
{
	return access_at(k, (int32_t)a[0], a[1], (uint32_t)a[2], (uint32_t)a[3]);
}

int64_t sys_readlinkat(struct kernel *k, const uint64_t a[6])
{
	int32_t size = (int32_t)a[3];
	char path[LIMIT_PATH];
	struct walk walk;
	int64_t n;
	int err;

	if (size <= 0)
		return -G_EINVAL;
	err = path_in(k, a[1], path);
	if (err == 0)
		err = tree_walk(k, (int32_t)a[0], path, WALK_NOFOLLOW | WALK_EMPTY, &walk);
	if (err != 0)
		return err;
	n = inode_readlink(k, inode_at(k, walk.inode), path,
			   sizeof path < (uint32_t)size ? sizeof path : (uint32_t)size);
	if (n == -G_EINVAL && !path[0])
		n = -G_ENOENT;
	walk_done(k, &walk);
	if (n > 0 && user_store(k, a[2], path, (uint64_t)n) != 0)
		return -G_EFAULT;
	return n;
}

int64_t sys_getcwd(struct kernel *k, const uint64_t a[6])
{
	const struct fs_info *fs = AT(k, fs_info, k->process->fs);
	ref cwd = fs && fs->cwd ? fs->cwd : tree_of(k)->root;
	char path[LIMIT_PATH];
	int64_t n;

	if (inode_at(k, cwd)->flags & INODE_UNLINKED)
		return -G_ENOENT;
	n = tree_path(k, cwd, path, sizeof path);
	if (n < 0)
		return n;
	if ((uint64_t)n + 1 > a[1])
		return -G_ERANGE;
	return user_store(k, a[0], path, (uint64_t)n + 1) != 0 ? -G_EFAULT : n + 1;
}
