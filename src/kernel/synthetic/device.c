/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The memory devices: null, zero, full, random, urandom. See null(4), random(4). Refuses to know
 * where in the tree they are. */
#include <string.h>

#include "kernel/entropy.h"
#include "kernel/file/file_kinds.h"
#include "kernel/tree/inode.h"

enum device { DEVICE_NULL, DEVICE_ZERO, DEVICE_FULL, DEVICE_RANDOM };

int device_minor(uint32_t major, uint32_t minor, uint32_t *out)
{
	if (major != 1)
		return -G_ENXIO; /* a tty that no session has */
	switch (minor) {
	case 3:
		*out = DEVICE_NULL;
		return 0;
	case 5:
		*out = DEVICE_ZERO;
		return 0;
	case 7:
		*out = DEVICE_FULL;
		return 0;
	case 8:
	case 9:
		*out = DEVICE_RANDOM;
		return 0;
	default:
		return -G_ENXIO;
	}
}

static int64_t device_read(struct kernel *k, struct file *f, struct io *io, uint64_t *position)
{
	uint8_t bytes[1024];
	uint64_t done = 0;

	if (f->minor == DEVICE_NULL)
		return 0;
	memset(bytes, 0, sizeof bytes);
	while (io->left > 0) {
		uint64_t chunk = io->left < sizeof bytes ? io->left : sizeof bytes,
			 before = io->left;
		int err;

		if (f->minor == DEVICE_RANDOM)
			entropy_draw(k, bytes, chunk);
		err = io_put(k, io, bytes, chunk);
		done += before - io->left;
		if (err != 0)
			return done > 0 ? (int64_t)done : err;
	}
	return (int64_t)done;
}

static int64_t device_write(struct kernel *k, struct file *f, struct io *io, uint64_t *position)
{
	int64_t n = (int64_t)io->left;

	if (f->minor == DEVICE_FULL)
		return -G_ENOSPC;
	io->left = 0;
	return n; /* random(4): mixed into the pool; ours is a fixed stream, which a guest cannot
		     steer */
}

static int64_t device_seek(struct kernel *k, struct file *f, int64_t offset, uint32_t whence)
{
	if (f->minor != DEVICE_RANDOM) {
		f->offset = 0; /* as Linux's null_lseek */
		return 0;
	}
	return whence <= G_SEEK_END ? 0 : -G_EINVAL;
}

static int64_t device_mmap_object(struct kernel *k, struct file *f, uint64_t offset, uint64_t len)
{
	return f->minor == DEVICE_ZERO ? 0 : -G_ENODEV; /* object 0: anonymous memory */
}

const struct file_operations device_operations = {
	.read = device_read,
	.write = device_write,
	.seek = device_seek,
	.mmap_object = device_mmap_object,
	.positional = true,
};
