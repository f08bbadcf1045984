/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Socket pairs (AF_UNIX): queues of messages between two ends. A stream's messages run together when they are read; datagrams and
 * packets keep their borders. There are no names and no network.
 */
#include "kernel/stream/socket.h"

#include <string.h>

#include "kernel/stream/pipe.h"
#include "kernel/stream/stream.h"

enum { QUEUE_BYTES = QUEUE_BYTES_MAX, DATAGRAMS_MAX = 11, STREAM_CHUNK = 32768 }; /* Linux's wmem_default; max_dgram_qlen + 1 */

struct message {
	ref next, prev;
	ref bytes;          /* block, 0 for an empty datagram */
	uint32_t length, taken;
};

struct socket *socket_of(struct kernel *k, const struct file *f)
{
	return AT(k, socket, f->data);
}

static void tell(struct kernel *k, const struct socket *s, uint32_t events)
{
	if (s && s->queue)
		wake_all(k, s->queue, events);
}

static bool keeps_borders(const struct socket *s)
{
	return s->type != G_SOCK_STREAM;
}

static void message_free(struct kernel *k, struct socket *s, ref r)
{
	arena_free(&k->arena, AT(k, message, r)->bytes);
	LIST_REMOVE(k, &s->messages, r, message, next, prev);
	s->message_count--;
	arena_free(&k->arena, r);
}

/* ---- receiving ---- */

/* Copies from the queue's head; the flags of the call are in words[SOCKET_FLAGS_WORD]. Returns bytes moved
 * (or, with MSG_TRUNC, there were). */
static int64_t take_datagram(struct kernel *k, struct socket *s, struct io *io, uint32_t flags)
{
	ref r = s->messages.head;
	struct message *m = AT(k, message, r);
	uint32_t length = m->length;
	uint64_t n = io->left < length ? io->left : length;

	if (n > 0 && io_put(k, io, arena_at(&k->arena, m->bytes), n) != 0)
		return -G_EFAULT;
	if (n < length)
		k->current->wait.words[SOCKET_RESULT_WORD] |= G_MSG_TRUNC;
	if (!(flags & G_MSG_PEEK)) {
		s->bytes -= length;
		message_free(k, s, r);
	}
	return flags & G_MSG_TRUNC ? length : (int64_t)n;
}

static int64_t take_stream(struct kernel *k, struct socket *s, struct io *io, uint32_t flags)
{
	int64_t done = 0;

	for (ref r = s->messages.head; r != 0 && io->left > 0;) {
		struct message *m = AT(k, message, r);
		uint64_t n = m->length - m->taken < io->left ? m->length - m->taken : io->left;
		ref next = m->next;

		if (io_put(k, io, (uint8_t *)arena_at(&k->arena, m->bytes) + m->taken, n) != 0)
			return done ? done : -G_EFAULT;
		done += (int64_t)n;
		if (!(flags & G_MSG_PEEK)) {
			m->taken += (uint32_t)n;
			s->bytes -= (uint32_t)n;
			if (m->taken == m->length)
				message_free(k, s, r);
		}
		r = next;
	}
	return done;
}

static int64_t socket_read(struct kernel *k, struct file *f, struct io *io, uint64_t *position)
{
	struct socket *s = socket_of(k, f), *peer = AT(k, socket, s->peer);
	uint32_t flags = (uint32_t)k->current->wait.words[SOCKET_FLAGS_WORD];
	bool ended = !peer || (s->shut & SOCKET_SHUT_READ) || (peer->shut & SOCKET_SHUT_WRITE);
	uint64_t wanted = io->left < s->capacity ? io->left : s->capacity;
	int64_t n;

	(void)position;
	if (s->error && s->message_count == 0) {
		n = -(int64_t)s->error;
		s->error = 0;
		return n;
	}
	if (s->message_count == 0) {
		if (ended)
			return s->type == G_SOCK_DGRAM && !(s->shut & SOCKET_SHUT_READ) ? -G_EAGAIN : 0;
		return io->left == 0 && !keeps_borders(s) ? 0 : -G_EAGAIN;
	}
	if ((flags & G_MSG_WAITALL) && !keeps_borders(s) && s->bytes < wanted && !ended)
		return -G_EAGAIN;
	n = keeps_borders(s) ? take_datagram(k, s, io, flags) : take_stream(k, s, io, flags);
	if (n >= 0 && !(flags & G_MSG_PEEK))
		tell(k, peer, G_POLLOUT | G_POLLWRNORM);
	return n;
}

/* ---- sending ---- */

static bool has_room(const struct socket *to, uint64_t n)
{
	if (to->type == G_SOCK_DGRAM && to->message_count >= DATAGRAMS_MAX)
		return false;
	return to->bytes + n <= to->capacity;
}

static int64_t socket_write(struct kernel *k, struct file *f, struct io *io, uint64_t *position)
{
	struct socket *s = socket_of(k, f), *peer = AT(k, socket, s->peer);
	struct message *m;
	uint64_t n = io->left;
	ref r;

	(void)position;
	if (s->shut & SOCKET_SHUT_WRITE)
		return -G_EPIPE;
	if (!peer)
		return s->type == G_SOCK_DGRAM ? -G_ECONNREFUSED : -G_EPIPE;
	if (peer->shut & SOCKET_SHUT_READ)
		return -G_EPIPE;
	if (keeps_borders(s)) {
		if (n > s->capacity)
			return -G_EMSGSIZE;
	} else {
		if (n == 0)
			return 0;
		n = n < STREAM_CHUNK ? n : STREAM_CHUNK;
		if (peer->bytes < peer->capacity && n > peer->capacity - peer->bytes)
			n = peer->capacity - peer->bytes;
	}
	if (!has_room(peer, n))
		return -G_EAGAIN;
	r = NEW(k, message);
	m = AT(k, message, r);
	if (!m)
		return -G_ENOBUFS;
	m->bytes = n ? arena_alloc(&k->arena, n) : 0;
	if (n && !m->bytes) {
		arena_free(&k->arena, r);
		return -G_ENOBUFS;
	}
	m->length = (uint32_t)n;
	if (n && io_get(k, io, arena_at(&k->arena, m->bytes), n) != 0) {
		arena_free(&k->arena, m->bytes);
		arena_free(&k->arena, r);
		return -G_EFAULT;
	}
	LIST_APPEND(k, &peer->messages, r, message, next, prev);
	peer->message_count++;
	peer->bytes += (uint32_t)n;
	tell(k, peer, G_POLLIN | G_POLLRDNORM);
	return (int64_t)n;
}

/* ---- readiness and end ---- */

static uint32_t socket_poll(struct kernel *k, struct file *f)
{
	const struct socket *s = socket_of(k, f), *peer = AT(k, socket, s->peer);
	bool connected_kind = s->type != G_SOCK_DGRAM;
	bool no_more = (s->shut & SOCKET_SHUT_READ) || (connected_kind && (!peer || (peer->shut & SOCKET_SHUT_WRITE)));
	bool closed = (connected_kind && !peer) || (no_more && (s->shut & SOCKET_SHUT_WRITE));
	uint32_t events = 0;

	if (s->error)
		events |= G_POLLERR;
	if (closed)
		events |= G_POLLHUP;
	if (no_more)
		events |= G_POLLRDHUP | G_POLLIN | G_POLLRDNORM;
	if (s->message_count > 0)
		events |= G_POLLIN | G_POLLRDNORM;
	/* writable when a good part is free, as sock_writeable() */
	if (!peer || (has_room(peer, 1) && peer->bytes * 2 <= peer->capacity))
		events |= G_POLLOUT | G_POLLWRNORM | G_POLLWRBAND;
	return events;
}

static ref socket_queue(struct kernel *k, struct file *f, bool for_write)
{
	const struct socket *s = socket_of(k, f);

	(void)for_write;
	return s->queue;
}

static int socket_stat(struct kernel *k, struct file *f, struct g_stat *out)
{
	stream_stat(out, G_S_IFSOCK | 0777, socket_of(k, f)->number);
	return 0;
}

static int64_t socket_readable_bytes(struct kernel *k, struct file *f)
{
	const struct socket *s = socket_of(k, f);
	const struct message *first = AT(k, message, s->messages.head);

	return keeps_borders(s) ? (first ? first->length : 0) : s->bytes;
}

static void socket_release(struct kernel *k, struct file *f)
{
	struct socket *s = socket_of(k, f), *peer = AT(k, socket, s->peer);

	if (peer) {
		peer->peer = 0;
		if (s->message_count > 0 && s->type != G_SOCK_DGRAM)
			peer->error = G_ECONNRESET;
		tell(k, peer, G_POLLIN | G_POLLOUT | G_POLLHUP | G_POLLRDHUP);
	}
	while (s->messages.head)
		message_free(k, s, s->messages.head);
	wait_queue_free(k, s->queue);
	arena_free(&k->arena, f->data);
}

void socket_shut(struct kernel *k, struct socket *s, uint32_t how)
{
	struct socket *peer = AT(k, socket, s->peer);

	s->shut |= how;
	tell(k, s, 0);
	tell(k, peer, 0);
}

const struct file_operations socket_operations = {
	.read = socket_read,
	.write = socket_write,
	.poll = socket_poll,
	.queue = socket_queue,
	.stat = socket_stat,
	.release = socket_release,
	.readable_bytes = socket_readable_bytes,
};

/* ---- pairs ---- */

static ref socket_new(struct kernel *k, uint32_t type, uint32_t flags)
{
	ref data = NEW(k, socket), r = data ? file_new(k, FILE_SOCKET, G_O_RDWR | flags) : 0;
	struct socket *s = AT(k, socket, data);

	if (r)
		s->queue = wait_queue_new(k);
	if (!r || !s->queue) {
		arena_free(&k->arena, data);
		arena_free(&k->arena, r);
		return 0;
	}
	s->type = type;
	s->capacity = QUEUE_BYTES;
	s->number = stream_number(k);
	AT(k, file, r)->data = data;
	return r;
}

int64_t sys_socketpair(struct kernel *k, const uint64_t a[6])
{
	uint32_t domain = (uint32_t)a[0], type = (uint32_t)a[1] & G_SOCK_TYPE_MASK, flags = (uint32_t)a[1] & ~(uint32_t)G_SOCK_TYPE_MASK;
	ref first, second;

	if (flags & ~(uint32_t)(G_SOCK_CLOEXEC | G_SOCK_NONBLOCK))
		return -G_EINVAL;
	if (domain != G_AF_UNIX)
		return -G_EAFNOSUPPORT;
	if ((int32_t)a[2] != 0 && (int32_t)a[2] != G_AF_UNIX)
		return -G_EPROTONOSUPPORT;
	if (type == G_SOCK_RAW) /* as af_unix does */
		type = G_SOCK_DGRAM;
	if (type != G_SOCK_STREAM && type != G_SOCK_DGRAM && type != G_SOCK_SEQPACKET)
		return -G_ESOCKTNOSUPPORT;
	first = socket_new(k, type, flags & G_SOCK_NONBLOCK);
	second = first ? socket_new(k, type, flags & G_SOCK_NONBLOCK) : 0;
	if (!second) {
		if (first)
			file_drop(k, first);
		return -G_ENFILE;
	}
	socket_of(k, AT(k, file, first))->peer = AT(k, file, second)->data;
	socket_of(k, AT(k, file, second))->peer = AT(k, file, first)->data;
	return stream_install_pair(k, first, second, flags & G_SOCK_CLOEXEC, a[3]);
}
