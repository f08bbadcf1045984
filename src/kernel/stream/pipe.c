/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Pipes: a ring of bytes between two kinds of descriptions. What a description with O_DIRECT writes are packets: places in the stream where
 * a read ends, and what it does not take of one is gone.
 */
#include "kernel/stream/pipe.h"

#include <string.h>

#include "kernel/stream/stream.h"

enum { PIPE_ATOMIC = 4096 }; /* PIPE_BUF: writes up to this are never mixed with others; the most that a packet has */

#define PACKETS_MAX (LIMIT_PIPE_BYTES_MAX / PIPE_ATOMIC)

/* Positions in the stream, counted from the pipe's first byte. */
struct packet {
	uint64_t start, end;
};

struct pipe {
	ref buffer;                   /* block of `capacity` bytes */
	ref packets;                  /* block: a ring of struct packet[PACKETS_MAX]; 0 before the first one */
	uint64_t taken;               /* position of the ring's first byte */
	ref read_queue, write_queue;  /* struct wait_queue */
	uint64_t number;              /* inode */
	uint32_t capacity, start, length;
	uint32_t readers, writers;    /* descriptions */
	uint32_t first_packet, packet_count;
	uint32_t tail;                /* bytes of the last page, if they are plain ones: more may join them */
};

uint64_t stream_number(struct kernel *k)
{
	struct streams *s = AT(k, streams, k->root->streams);

	if (!s) {
		k->root->streams = NEW(k, streams);
		s = AT(k, streams, k->root->streams);
	}
	return s ? STREAM_FIRST_NUMBER + s->next_number++ : STREAM_FIRST_NUMBER;
}

void stream_stat(struct g_stat *out, uint32_t mode, uint64_t number)
{
	memset(out, 0, sizeof *out);
	out->dev = STREAM_DEVICE;
	out->ino = number;
	out->mode = mode;
	out->nlink = 1;
	out->blksize = G_PAGE_SIZE;
}

static struct pipe *pipe_of(struct kernel *k, const struct file *f)
{
	return AT(k, pipe, f->data);
}

static uint32_t space_left(const struct pipe *p)
{
	return p->capacity - p->length;
}

/* No room for a small write: a packet takes a page's place, however short it is. */
static bool full(const struct pipe *p)
{
	return space_left(p) < PIPE_ATOMIC || p->packet_count >= p->capacity / PIPE_ATOMIC;
}

static struct packet *packet_at(struct kernel *k, const struct pipe *p, uint32_t index)
{
	struct packet *packets = arena_at(&k->arena, p->packets);

	return &packets[(p->first_packet + index) % PACKETS_MAX];
}

/* Copies between the ring and the io; `at` is relative to the ring's start. */
static int ring_move(struct kernel *k, struct pipe *p, struct io *io, uint32_t at, uint32_t n, bool out)
{
	uint8_t *bytes = arena_at(&k->arena, p->buffer);

	while (n > 0) {
		uint32_t from = (p->start + at) % p->capacity, run = p->capacity - from < n ? p->capacity - from : n;
		int err = out ? io_put(k, io, bytes + from, run) : io_get(k, io, bytes + from, run);

		if (err != 0)
			return err;
		at += run;
		n -= run;
	}
	return 0;
}

static int64_t pipe_read(struct kernel *k, struct file *f, struct io *io, uint64_t *position)
{
	struct pipe *p = pipe_of(k, f);
	uint64_t left = io->left;
	uint32_t n = left < p->length ? (uint32_t)left : p->length;
	bool was_full = full(p);
	uint64_t gone = n;

	(void)position;
	if (left == 0)
		return 0;
	if (n == 0)
		return p->writers == 0 ? 0 : -G_EAGAIN;
	if (p->packet_count > 0 && p->taken + n > packet_at(k, p, 0)->start) {
		gone = packet_at(k, p, 0)->end - p->taken;
		n = n < gone ? n : (uint32_t)gone;
	}
	if (ring_move(k, p, io, 0, n, true) != 0)
		return -G_EFAULT;
	if (p->packet_count > 0 && p->taken + n > packet_at(k, p, 0)->start) {
		*packet_at(k, p, 0) = (struct packet){ 0 };
		p->first_packet = (p->first_packet + 1) % PACKETS_MAX;
		p->packet_count--;
	}
	p->start = (uint32_t)((p->start + gone) % p->capacity);
	p->length -= (uint32_t)gone;
	p->taken += gone;
	if (was_full)
		wake_all(k, p->write_queue, G_POLLOUT | G_POLLWRNORM);
	return n;
}

/* How much of a write Linux puts into the last page, whatever it is: what exceeds whole pages, behind plain bytes, if all of it fits. */
static uint32_t joins(const struct pipe *p, uint64_t n)
{
	uint32_t odd = (uint32_t)(n % PIPE_ATOMIC);

	return p->length > 0 && p->tail > 0 && p->tail + odd <= PIPE_ATOMIC && odd <= space_left(p) ? odd : 0;
}

/* As many packets as there is room for, of a page each but for the last. */
static int64_t write_packets(struct kernel *k, struct pipe *p, struct io *io)
{
	int64_t done = joins(p, io->left);

	if (done > 0 && ring_move(k, p, io, p->length, (uint32_t)done, false) != 0)
		return -G_EFAULT;
	p->length += (uint32_t)done;
	p->tail += (uint32_t)done;
	if (p->packets == 0)
		p->packets = arena_alloc(&k->arena, PACKETS_MAX * sizeof(struct packet));
	if (p->packets == 0 && done == 0)
		return -G_ENOMEM;
	while (p->packets != 0 && io->left > 0 && !full(p)) {
		uint32_t n = io->left < PIPE_ATOMIC ? (uint32_t)io->left : PIPE_ATOMIC;
		uint64_t start = p->taken + p->length;

		if (ring_move(k, p, io, p->length, n, false) != 0)
			return done > 0 ? done : -G_EFAULT;
		*packet_at(k, p, p->packet_count++) = (struct packet){ start, start + n };
		p->length += n;
		p->tail = 0;
		done += n;
	}
	if (done > 0)
		wake_all(k, p->read_queue, G_POLLIN | G_POLLRDNORM);
	return done > 0 ? done : -G_EAGAIN;
}

static int64_t pipe_write(struct kernel *k, struct file *f, struct io *io, uint64_t *position)
{
	struct pipe *p = pipe_of(k, f);
	uint32_t room = space_left(p), n = io->left < room ? (uint32_t)io->left : room, joined;

	(void)position;
	if (p->readers == 0)
		return -G_EPIPE;
	if (io->left == 0)
		return 0;
	if (f->flags & G_O_DIRECT)
		return write_packets(k, p, io);
	if (n == 0 || (n < io->left && io->left <= PIPE_ATOMIC) || (p->packet_count > 0 && full(p)))
		return -G_EAGAIN;
	joined = joins(p, n);
	if (ring_move(k, p, io, p->length, n, false) != 0)
		return -G_EFAULT;
	p->tail = joined == n ? p->tail + n : (n - joined - 1) % PIPE_ATOMIC + 1;
	p->length += n;
	wake_all(k, p->read_queue, G_POLLIN | G_POLLRDNORM);
	return n;
}

static uint32_t pipe_read_poll(struct kernel *k, struct file *f)
{
	const struct pipe *p = pipe_of(k, f);

	return (p->length ? G_POLLIN | G_POLLRDNORM : 0) | (p->writers == 0 ? G_POLLHUP : 0);
}

static uint32_t pipe_write_poll(struct kernel *k, struct file *f)
{
	const struct pipe *p = pipe_of(k, f);

	return (!full(p) ? G_POLLOUT | G_POLLWRNORM : 0) | (p->readers == 0 ? G_POLLERR : 0);
}

static ref pipe_read_queue(struct kernel *k, struct file *f, bool for_write)
{
	(void)for_write;
	return pipe_of(k, f)->read_queue;
}

static ref pipe_write_queue(struct kernel *k, struct file *f, bool for_write)
{
	(void)for_write;
	return pipe_of(k, f)->write_queue;
}

static int pipe_stat(struct kernel *k, struct file *f, struct g_stat *out)
{
	stream_stat(out, G_S_IFIFO | 0600, pipe_of(k, f)->number);
	return 0;
}

static int64_t pipe_readable_bytes(struct kernel *k, struct file *f)
{
	return pipe_of(k, f)->length;
}

/* Sizes are powers of two of at least a page; shrinking below what is in it fails. */
static int64_t pipe_size(struct kernel *k, struct file *f, uint64_t bytes)
{
	struct pipe *p = pipe_of(k, f);
	uint32_t capacity = G_PAGE_SIZE;
	uint8_t *to;
	const uint8_t *from;
	ref fresh;

	if (bytes == 0)
		return p->capacity;
	if (bytes > UINT32_MAX / 2)
		return -G_EINVAL;
	if (bytes > LIMIT_PIPE_BYTES_MAX)
		return -G_EPERM;
	while (capacity < bytes)
		capacity *= 2;
	if (capacity < p->length || capacity / PIPE_ATOMIC < p->packet_count)
		return -G_EBUSY;
	fresh = arena_alloc(&k->arena, capacity);
	if (fresh == 0)
		return -G_ENOMEM;
	to = arena_at(&k->arena, fresh);
	from = arena_at(&k->arena, p->buffer);
	for (uint32_t i = 0; i < p->length; i++)
		to[i] = from[(p->start + i) % p->capacity];
	arena_free(&k->arena, p->buffer);
	p->buffer = fresh;
	p->capacity = capacity;
	p->start = 0;
	return capacity;
}

static void pipe_release(struct kernel *k, struct file *f)
{
	struct pipe *p = pipe_of(k, f);

	if (f->kind == FILE_PIPE_READ && --p->readers == 0)
		wake_all(k, p->write_queue, G_POLLERR | G_POLLOUT);
	else if (f->kind == FILE_PIPE_WRITE && --p->writers == 0)
		wake_all(k, p->read_queue, G_POLLHUP | G_POLLIN);
	if (p->readers != 0 || p->writers != 0)
		return;
	wait_queue_free(k, p->read_queue);
	wait_queue_free(k, p->write_queue);
	arena_free(&k->arena, p->packets);
	arena_free(&k->arena, p->buffer);
	arena_free(&k->arena, f->data);
}

static ref description(struct kernel *k, ref pipe, uint32_t kind, uint32_t flags)
{
	ref r = file_new(k, kind, flags | (kind == FILE_PIPE_READ ? G_O_RDONLY : G_O_WRONLY));

	if (r) {
		AT(k, file, r)->data = pipe;
		*(kind == FILE_PIPE_READ ? &AT(k, pipe, pipe)->readers : &AT(k, pipe, pipe)->writers) += 1;
	}
	return r;
}

static int pipe_reopen(struct kernel *k, struct file *f, uint32_t flags, ref *out)
{
	uint32_t access = flags & G_O_ACCMODE;

	if (access == G_O_RDWR)
		return -G_EACCES;
	*out = description(k, f->data, access == G_O_RDONLY ? FILE_PIPE_READ : FILE_PIPE_WRITE,
	                   flags & (G_O_NONBLOCK | G_O_DIRECT));
	return *out ? 0 : -G_ENFILE;
}

const struct file_operations pipe_read_operations = {
	.read = pipe_read,
	.poll = pipe_read_poll,
	.queue = pipe_read_queue,
	.stat = pipe_stat,
	.release = pipe_release,
	.reopen = pipe_reopen,
	.readable_bytes = pipe_readable_bytes,
	.pipe_size = pipe_size,
};

const struct file_operations pipe_write_operations = {
	.write = pipe_write,
	.poll = pipe_write_poll,
	.queue = pipe_write_queue,
	.stat = pipe_stat,
	.release = pipe_release,
	.reopen = pipe_reopen,
	.readable_bytes = pipe_readable_bytes,
	.pipe_size = pipe_size,
};

static ref pipe_new(struct kernel *k)
{
	ref r = NEW(k, pipe);
	struct pipe *p = AT(k, pipe, r);

	if (!p)
		return 0;
	p->capacity = LIMIT_PIPE_BYTES;
	p->buffer = arena_alloc(&k->arena, p->capacity);
	p->read_queue = wait_queue_new(k);
	p->write_queue = wait_queue_new(k);
	p->number = stream_number(k);
	if (p->buffer && p->read_queue && p->write_queue)
		return r;
	arena_free(&k->arena, p->buffer);
	wait_queue_free(k, p->read_queue);
	wait_queue_free(k, p->write_queue);
	arena_free(&k->arena, r);
	return 0;
}

int64_t stream_install_pair(struct kernel *k, ref first, ref second, bool cloexec, uint64_t addr)
{
	int32_t fds[2];
	int64_t fd;

	fd = fd_install(k, first, cloexec ? G_FD_CLOEXEC : 0, 0);
	if (fd < 0) {
		file_drop(k, second);
		return fd;
	}
	fds[0] = (int32_t)fd;
	fd = fd_install(k, second, cloexec ? G_FD_CLOEXEC : 0, 0);
	if (fd >= 0) {
		fds[1] = (int32_t)fd;
		if (user_store(k, addr, fds, sizeof fds) == 0)
			return 0;
		fd_close(k, fds[1]);
		fd = -G_EFAULT;
	}
	fd_close(k, fds[0]);
	return fd;
}

int64_t sys_pipe2(struct kernel *k, const uint64_t a[6])
{
	uint32_t flags = (uint32_t)a[1];
	ref pipe, reader, writer;

	if (flags & ~(uint32_t)(G_O_CLOEXEC | G_O_NONBLOCK | G_O_DIRECT))
		return -G_EINVAL;
	pipe = pipe_new(k);
	if (!pipe)
		return -G_ENFILE;
	reader = description(k, pipe, FILE_PIPE_READ, flags & G_O_NONBLOCK);
	writer = description(k, pipe, FILE_PIPE_WRITE, flags & (G_O_NONBLOCK | G_O_DIRECT));
	if (reader && writer)
		return stream_install_pair(k, reader, writer, flags & G_O_CLOEXEC, a[0]);
	if (reader)
		file_drop(k, reader);
	else if (writer)
		file_drop(k, writer);
	else
		arena_free(&k->arena, pipe); /* nothing of it can be reached: the next run out of memory will stop us anyway */
	return -G_ENFILE;
}
