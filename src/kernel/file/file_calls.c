/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* read, write and their vector and positional forms; lseek. Refuses to know what a file is: that is
 * file_operations'. */
#include "kernel/file/file.h"
#include "kernel/file/io.h"

/* A single buffer or a vector at the position of the description. */
static int64_t stream_call(struct kernel *k, const uint64_t a[6], bool vector, bool write)
{
	struct file *f = call_file(k, (int32_t)a[0]);
	struct io io;
	int64_t n;

	if (!f || !(write ? file_writable(f) : file_readable(f)))
		return -G_EBADF;
	n = vector ? io_from_iovec(k, &io, a[1], a[2]) : io_from_buffer(k, &io, a[1], a[2]);
	if (n < 0)
		return n;
	return file_transfer(k, f, &io, &f->offset, write, 0);
}

static int64_t positional_call(struct kernel *k, const uint64_t a[6], uint64_t position,
			       bool vector, bool write)
{
	struct file *f;
	struct io io;
	int64_t n;

	if ((int64_t)position < 0)
		return -G_EINVAL;
	f = call_file(k, (int32_t)a[0]);
	if (!f)
		return -G_EBADF;
	if (!file_kinds[f->kind]->positional)
		return -G_ESPIPE;
	if (!(write ? file_writable(f) : file_readable(f)))
		return -G_EBADF;
	n = vector ? io_from_iovec(k, &io, a[1], a[2]) : io_from_buffer(k, &io, a[1], a[2]);
	if (n < 0)
		return n;
	return file_transfer(k, f, &io, &position, write, 0);
}

int64_t sys_read(struct kernel *k, const uint64_t a[6])
{
	return stream_call(k, a, false, false);
}

int64_t sys_write(struct kernel *k, const uint64_t a[6])
{
	return stream_call(k, a, false, true);
}

int64_t sys_readv(struct kernel *k, const uint64_t a[6])
{
	return stream_call(k, a, true, false);
}

int64_t sys_writev(struct kernel *k, const uint64_t a[6])
{
	return stream_call(k, a, true, true);
}

int64_t sys_pread64(struct kernel *k, const uint64_t a[6])
{
	return positional_call(k, a, a[3], false, false);
}

int64_t sys_pwrite64(struct kernel *k, const uint64_t a[6])
{
	return positional_call(k, a, a[3], false, true);
}

int64_t sys_preadv(struct kernel *k, const uint64_t a[6])
{
	return positional_call(k, a, a[3], true, false);
}

int64_t sys_pwritev(struct kernel *k, const uint64_t a[6])
{
	return positional_call(k, a, a[3], true, true);
}

/*
 * preadv2(2): position -1 is the description's own. Flags that change where and how are honoured, the
 * caching hints have nothing to do. Files of the tree cannot be asked not to wait, as on tmpfs.
 */
static int64_t vector2(struct kernel *k, const uint64_t a[6], bool write)
{
	const uint32_t known = G_RWF_HIPRI | G_RWF_DSYNC | G_RWF_SYNC | G_RWF_NOWAIT |
			       G_RWF_APPEND | G_RWF_NOAPPEND;
	uint32_t rwf = (uint32_t)a[5], kept;
	uint64_t position = a[3], *at;
	struct file *f = call_file(k, (int32_t)a[0]);
	struct io io;
	int64_t n;

	if ((int64_t)position < -1)
		return -G_EINVAL;
	if (!f)
		return -G_EBADF;
	if (position != UINT64_MAX && !file_kinds[f->kind]->positional)
		return -G_ESPIPE;
	if (!(write ? file_writable(f) : file_readable(f)))
		return -G_EBADF;
	n = io_from_iovec(k, &io, a[1], a[2]);
	if (n <= 0)
		return n;
	if ((rwf & ~known) || ((rwf & G_RWF_NOWAIT) && f->inode))
		return -G_EOPNOTSUPP;
	if ((rwf & G_RWF_APPEND) && (rwf & G_RWF_NOAPPEND))
		return -G_EINVAL;
	at = position == UINT64_MAX ? &f->offset : &position;
	kept = f->flags;
	if (rwf & G_RWF_APPEND)
		f->flags |= G_O_APPEND;
	if (rwf & G_RWF_NOAPPEND)
		f->flags &= ~(uint32_t)G_O_APPEND;
	n = file_transfer(k, f, &io, at, write, rwf & G_RWF_NOWAIT ? G_O_NONBLOCK : 0);
	f->flags = kept;
	return n;
}

int64_t sys_preadv2(struct kernel *k, const uint64_t a[6])
{
	return vector2(k, a, false);
}

int64_t sys_pwritev2(struct kernel *k, const uint64_t a[6])
{
	return vector2(k, a, true);
}

int64_t sys_lseek(struct kernel *k, const uint64_t a[6])
{
	struct file *f = fd_file(k, (int32_t)a[0]);
	uint32_t whence = (uint32_t)a[2];

	if (!f)
		return -G_EBADF;
	if (whence > G_SEEK_HOLE)
		return -G_EINVAL;
	if (!file_kinds[f->kind]->seek)
		return -G_ESPIPE;
	return file_kinds[f->kind]->seek(k, f, (int64_t)a[1], whence);
}
