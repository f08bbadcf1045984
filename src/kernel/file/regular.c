/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Regular files: bytes between an object of the machine and the caller. Refuses to know paths. */
#include <string.h>

#include "kernel/file/file_kinds.h"
#include "kernel/tree/inode.h"
#include "kernel/file/io.h"

static int64_t regular_read(struct kernel *k, struct file *f, struct io *io, uint64_t *position)
{
	struct inode *inode = inode_at(k, f->inode);
	uint8_t page[G_PAGE_SIZE];
	uint64_t done = 0;

	while (io->left > 0 && *position < inode->size) {
		uint64_t chunk = sizeof page - *position % sizeof page, before = io->left;
		int err;

		if (chunk > io->left)
			chunk = io->left;
		if (chunk > inode->size - *position)
			chunk = inode->size - *position;
		err = k->machine->object_read(k->machine_ctx, inode->object, *position, page,
					      chunk);
		if (err == 0)
			err = io_put(k, io, page, chunk);
		done += before - io->left;
		*position += before - io->left;
		if (err != 0)
			return done > 0 ? (int64_t)done : err;
	}
	return (int64_t)done;
}

static int64_t regular_write(struct kernel *k, struct file *f, struct io *io, uint64_t *position)
{
	struct inode *inode = inode_at(k, f->inode);
	uint8_t page[G_PAGE_SIZE];
	uint64_t done = 0, n = io->left;
	uint64_t at = f->flags & G_O_APPEND ? inode->size : *position; /* moves only if bytes do */
	int err;

	if (n == 0)
		return 0;
	err = limit_write(k, at, &n);
	if (err == 0 && (inode->seals & (G_F_SEAL_WRITE | G_F_SEAL_FUTURE_WRITE)))
		err = -G_EPERM;
	if (err == 0)
		err = inode_load(k, inode);
	while (err == 0 && done < n) {
		uint64_t chunk = sizeof page - at % sizeof page, before = io->left, got;
		int64_t wrote = 0;

		if (chunk > n - done)
			chunk = n - done;
		if (!(inode->seals & G_F_SEAL_GROW) || at + chunk <= inode->size)
			err = io_get(k, io, page, chunk);
		else
			err = -G_EPERM;
		got = before - io->left;
		if (got > 0) {
			wrote = inode_write(k, inode, at, page, got);
			if (wrote < 0)
				err = (int)wrote;
			else
				done += got, at += got;
		}
	}
	if (done > 0) {
		*position = at;
		inode_touch(k, inode, true);
	}
	return done > 0 ? (int64_t)done : err;
}

int64_t seek_in(struct kernel *k, struct file *f, int64_t offset, uint32_t whence, uint64_t size,
		uint32_t object)
{
	int64_t from = 0, to;

	switch (whence) {
	case G_SEEK_SET:
		break;
	case G_SEEK_CUR:
		from = (int64_t)f->offset;
		break;
	case G_SEEK_END:
		from = (int64_t)size;
		break;
	case G_SEEK_DATA:
	case G_SEEK_HOLE:
		if (offset < 0 || (uint64_t)offset >= size)
			return -G_ENXIO;
		if (object)
			to = (int64_t)k->machine->object_seek(
				k->machine_ctx, object, (uint64_t)offset, whence == G_SEEK_DATA);
		else
			to = whence == G_SEEK_DATA ? offset : (int64_t)size;
		if (whence == G_SEEK_DATA && (uint64_t)to >= size)
			return -G_ENXIO;
		if ((uint64_t)to > size)
			to = (int64_t)size;
		f->offset = (uint64_t)to;
		return to;
	default:
		return -G_EINVAL;
	}
	if (__builtin_add_overflow(from, offset, &to))
		return -G_EOVERFLOW;
	if (to < 0 || (uint64_t)to > LIMIT_FILE_BYTES)
		return -G_EINVAL;
	f->offset = (uint64_t)to;
	return to;
}

static int64_t regular_seek(struct kernel *k, struct file *f, int64_t offset, uint32_t whence)
{
	const struct inode *inode = inode_at(k, f->inode);

	return seek_in(k, f, offset, whence, inode->size, inode->object);
}

static int64_t regular_mmap_object(struct kernel *k, struct file *f, uint64_t offset, uint64_t len)
{
	struct inode *inode = inode_at(k, f->inode);
	int err = inode_load(k, inode);

	return err != 0 ? err : (int64_t)inode->object;
}

static int64_t regular_readable(struct kernel *k, struct file *f)
{
	const struct inode *inode = inode_at(k, f->inode);

	return (int64_t)(inode->size - f->offset);
}

const struct file_operations regular_operations = {
	.read = regular_read,
	.write = regular_write,
	.seek = regular_seek,
	.mmap_object = regular_mmap_object,
	.readable_bytes = regular_readable,
	.positional = true,
};
