/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Calls about the extent and the storage of a file: truncate, fallocate, the sync family, hints. */
#include <string.h>

#include "kernel/file/file.h"
#include "kernel/tree/inode.h"
#include "kernel/memory/memory.h"
#include "kernel/file/io.h"

static int64_t truncate_inode(struct kernel *k, struct inode *inode, uint64_t size)
{
	uint64_t beyond = 1;
	uint64_t old = inode->size;
	int err = 0;

	if (size > old)
		err = limit_write(k, size - 1, &beyond);
	if (err == 0)
		err = inode_resize(k, inode, size);
	if (err == 0 && size != old)
		inode_touch(k, inode, true);
	return err;
}

int64_t sys_truncate(struct kernel *k, const uint64_t a[6])
{
	char path[LIMIT_PATH];
	struct inode *inode;
	struct walk walk;
	int64_t result;
	int err;

	if ((int64_t)a[1] < 0)
		return -G_EINVAL;
	err = path_in(k, a[0], path);
	if (err == 0)
		err = tree_walk(k, G_AT_FDCWD, path, 0, &walk);
	if (err != 0)
		return err;
	inode = inode_at(k, walk.inode);
	if (inode_is(inode, G_S_IFDIR))
		result = -G_EISDIR;
	else if (!inode_is(inode, G_S_IFREG))
		result = -G_EINVAL;
	else if (inode->generator)
		result = -G_EACCES;
	else if (inode->executing)
		result = -G_ETXTBSY;
	else
		result = truncate_inode(k, inode, a[1]);
	walk_done(k, &walk);
	return result;
}

int64_t sys_ftruncate(struct kernel *k, const uint64_t a[6])
{
	struct file *f = fd_file(k, (int32_t)a[0]);

	if ((int64_t)a[1] < 0)
		return -G_EINVAL;
	if (!f)
		return -G_EBADF;
	if (f->kind != FILE_REGULAR || !file_writable(f))
		return -G_EINVAL;
	return truncate_inode(k, inode_at(k, f->inode), a[1]);
}

static int punch(struct kernel *k, struct inode *inode, uint64_t offset, uint64_t len)
{
	if (inode->seals & (G_F_SEAL_WRITE | G_F_SEAL_FUTURE_WRITE))
		return -G_EPERM;
	if (offset >= inode->size)
		return 0;
	if (len > inode->size - offset)
		len = inode->size - offset;
	return k->machine->object_punch(k->machine_ctx, inode->object, offset, len);
}

/* Can the memory limit not hold what the range lacks, whatever the file has already? Said at once, not after
 * all the memory that there is has been filled. */
static bool never_fits(struct kernel *k, const struct inode *inode, uint64_t bytes)
{
	const struct memory_accounts *accounts = AT(k, memory_accounts, k->root->memory_accounts);
	uint64_t limit = k->options.memory_limit / G_PAGE_SIZE, has = inode_blocks(k, inode) / 8;
	uint64_t used = (accounts ? accounts->charged_pages : 0) + k->machine->touched(k->machine_ctx);

	return bytes / G_PAGE_SIZE > (limit > used ? limit - used : 0) + has;
}

/* Gives every hole of the range pages of its own, so that later writes there cannot run out of
 * memory. */
static int allocate(struct kernel *k, struct inode *inode, uint64_t offset, uint64_t end)
{
	static const uint8_t zeros[G_PAGE_SIZE];
	uint64_t at = offset & ~UINT64_C(4095), bytes = end < inode->size ? end : inode->size;

	if (bytes > offset && never_fits(k, inode, bytes - offset))
		return -G_ENOSPC;
	while (at < end && at < inode->size) {
		uint64_t hole = k->machine->object_seek(k->machine_ctx, inode->object, at, false),
			 n;

		if (hole >= end || hole >= inode->size)
			break;
		hole &= ~UINT64_C(4095);
		n = inode->size - hole < sizeof zeros ? inode->size - hole : sizeof zeros;
		if (k->machine->object_write(k->machine_ctx, inode->object, hole, zeros, n) != 0)
			return -G_ENOSPC;
		at = hole + G_PAGE_SIZE;
	}
	return 0;
}

int64_t sys_fallocate(struct kernel *k, const uint64_t a[6])
{
	struct file *f = fd_file(k, (int32_t)a[0]);
	uint32_t mode = (uint32_t)a[1];
	uint64_t offset = a[2], len = a[3], end = offset + len, n = len, old;
	struct inode *inode;
	int err;

	if (!f)
		return -G_EBADF;
	if ((int64_t)offset < 0 || (int64_t)len <= 0)
		return -G_EINVAL;
	if (mode & ~(uint32_t)0x7f)
		return -G_EOPNOTSUPP;
	if ((mode & G_FALLOC_FL_PUNCH_HOLE) && !(mode & G_FALLOC_FL_KEEP_SIZE))
		return -G_EOPNOTSUPP;
	if (!file_writable(f))
		return -G_EBADF;
	if (f->kind != FILE_REGULAR)
		return f->kind == FILE_DIRECTORY    ? -G_EISDIR
		       : !file_kinds[f->kind]->seek ? -G_ESPIPE
						    : -G_ENODEV;
	if (end < offset || end > LIMIT_FILE_BYTES)
		return -G_EFBIG;
	if (mode & ~(uint32_t)(G_FALLOC_FL_KEEP_SIZE | G_FALLOC_FL_PUNCH_HOLE))
		return -G_EOPNOTSUPP; /* as tmpfs */
	inode = inode_at(k, f->inode);
	err = inode_load(k, inode);
	if (err != 0)
		return err;
	if (mode & G_FALLOC_FL_PUNCH_HOLE) {
		err = punch(k, inode, offset, len);
		if (err == 0)
			inode_touch(k, inode, true);
		return err;
	}
	old = inode->size;
	if (end > old && (inode->seals & G_F_SEAL_GROW))
		return -G_EPERM;
	if (end > old && !(mode & G_FALLOC_FL_KEEP_SIZE)) {
		err = limit_write(k, end - 1, &n);
		if (err == 0)
			err = inode_resize(k, inode, end);
	}
	if (err == 0)
		err = allocate(k, inode, offset, end);
	if (err == -G_ENOSPC && inode->size != old)
		inode_resize(k, inode, old);
	if (err == 0)
		inode_touch(k, inode, false);
	return err;
}

/* Everything that is written is where it shall be already. */
static int64_t sync_call(struct kernel *k, int32_t fd)
{
	const struct file *f = fd_file(k, fd);

	if (!f)
		return -G_EBADF;
	return f->kind == FILE_REGULAR || f->kind == FILE_DIRECTORY ? 0 : -G_EINVAL;
}

int64_t sys_fsync(struct kernel *k, const uint64_t a[6])
{
	return sync_call(k, (int32_t)a[0]);
}

int64_t sys_fdatasync(struct kernel *k, const uint64_t a[6])
{
	return sync_call(k, (int32_t)a[0]);
}

int64_t sys_sync(struct kernel *k, const uint64_t a[6])
{
	return 0;
}

int64_t sys_syncfs(struct kernel *k, const uint64_t a[6])
{
	return fd_file(k, (int32_t)a[0]) ? 0 : -G_EBADF;
}

int64_t sys_sync_file_range(struct kernel *k, const uint64_t a[6])
{
	const struct file *f = fd_file(k, (int32_t)a[0]);
	int64_t end;

	if (!f)
		return -G_EBADF;
	if ((uint32_t)a[3] & ~(uint32_t)(G_SYNC_FILE_RANGE_WAIT_BEFORE | G_SYNC_FILE_RANGE_WRITE |
					 G_SYNC_FILE_RANGE_WAIT_AFTER))
		return -G_EINVAL;
	if ((int64_t)a[1] < 0 || __builtin_add_overflow((int64_t)a[1], (int64_t)a[2], &end) ||
	    end < (int64_t)a[1])
		return -G_EINVAL;
	return f->kind == FILE_REGULAR || f->kind == FILE_DIRECTORY ? 0 : -G_ESPIPE;
}

int64_t sys_fadvise64(struct kernel *k, const uint64_t a[6])
{
	const struct file *f = fd_file(k, (int32_t)a[0]);

	if (!f)
		return -G_EBADF;
	if (!f->inode)
		return -G_ESPIPE;
	if ((int64_t)a[2] < 0 || (uint32_t)a[3] > G_POSIX_FADV_NOREUSE)
		return -G_EINVAL;
	return 0;
}

int64_t sys_readahead(struct kernel *k, const uint64_t a[6])
{
	const struct file *f = fd_file(k, (int32_t)a[0]);

	if (!f || !file_readable(f))
		return -G_EBADF;
	return f->kind == FILE_REGULAR ? 0 : -G_EINVAL;
}
