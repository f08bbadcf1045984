/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* eventfd: a counter that can be waited for. */
#include "kernel/stream/stream.h"

struct eventfd {
	uint64_t count;
	uint32_t semaphore, reserved;
};

static struct eventfd *eventfd_of(struct kernel *k, const struct file *f)
{
	return AT(k, eventfd, f->data);
}

static int64_t eventfd_read(struct kernel *k, struct file *f, struct io *io, uint64_t *position)
{
	struct eventfd *e = eventfd_of(k, f);
	uint64_t value = e->semaphore ? 1 : e->count;

	(void)position;
	if (io->left < sizeof value)
		return -G_EINVAL;
	if (e->count == 0)
		return -G_EAGAIN;
	e->count -= value;
	wake_all(k, f->queue, G_POLLOUT | G_POLLWRNORM);
	return io_put(k, io, &value, sizeof value) != 0 ? -G_EFAULT : (int64_t)sizeof value;
}

static int64_t eventfd_write(struct kernel *k, struct file *f, struct io *io, uint64_t *position)
{
	struct eventfd *e = eventfd_of(k, f);
	struct io start = *io;
	uint64_t value;

	(void)position;
	if (io->left < sizeof value)
		return -G_EINVAL;
	if (io_get(k, io, &value, sizeof value) != 0)
		return -G_EFAULT;
	if (value == UINT64_MAX)
		return -G_EINVAL;
	if (UINT64_MAX - 1 - e->count < value) {
		*io = start; /* nothing was taken: the call may wait and come again */
		return -G_EAGAIN;
	}
	e->count += value;
	wake_all(k, f->queue, G_POLLIN | G_POLLRDNORM);
	return sizeof value;
}

static uint32_t eventfd_poll(struct kernel *k, struct file *f)
{
	uint64_t count = eventfd_of(k, f)->count;

	return (count > 0 ? G_POLLIN | G_POLLRDNORM : 0) | (count < UINT64_MAX - 1 ? G_POLLOUT | G_POLLWRNORM : 0) |
	       (count == UINT64_MAX ? G_POLLERR : 0);
}

static void eventfd_release(struct kernel *k, struct file *f)
{
	arena_free(&k->arena, f->data);
}

const struct file_operations eventfd_operations = {
	.read = eventfd_read,
	.write = eventfd_write,
	.poll = eventfd_poll,
	.seek = stream_seek,
	.release = eventfd_release,
};

int64_t stream_seek(struct kernel *k, struct file *f, int64_t offset, uint32_t whence)
{
	(void)k, (void)f, (void)offset, (void)whence;
	return 0;
}

int64_t stream_install(struct kernel *k, uint32_t kind, uint32_t flags, ref data, bool cloexec)
{
	ref r = data ? file_new(k, kind, flags) : 0;
	struct file *f = AT(k, file, r);

	if (f)
		f->queue = wait_queue_new(k);
	if (!f || !f->queue) {
		arena_free(&k->arena, r);
		arena_free(&k->arena, data);
		return -G_ENOMEM;
	}
	f->data = data;
	return fd_install(k, r, cloexec ? G_FD_CLOEXEC : 0, 0);
}

int64_t sys_eventfd2(struct kernel *k, const uint64_t a[6])
{
	uint32_t flags = (uint32_t)a[1];
	ref data;

	if (flags & ~(uint32_t)(G_EFD_SEMAPHORE | G_EFD_CLOEXEC | G_EFD_NONBLOCK))
		return -G_EINVAL;
	data = NEW(k, eventfd);
	if (data)
		*AT(k, eventfd, data) = (struct eventfd){ .count = (uint32_t)a[0], .semaphore = flags & G_EFD_SEMAPHORE };
	return stream_install(k, FILE_EVENTFD, G_O_RDWR | (flags & G_EFD_NONBLOCK), data, flags & G_EFD_CLOEXEC);
}
