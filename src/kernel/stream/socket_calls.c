/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The socket calls, for socket pairs. */
#include "kernel/stream/socket.h"

#include <string.h>

#include "kernel/stream/stream.h"

static struct file *socket_file(struct kernel *k, int32_t fd, int64_t *err)
{
	struct file *f = call_file(k, fd);

	*err = !f ? -G_EBADF : f->kind != FILE_SOCKET ? -G_ENOTSOCK : 0;
	return *err ? NULL : f;
}

static uint32_t transfer_flags(uint32_t flags)
{
	return flags & G_MSG_DONTWAIT ? G_O_NONBLOCK : 0;
}

/* ---- sending ---- */

static int64_t send_io(struct kernel *k, struct file *f, struct io *io, uint32_t flags)
{
	const struct socket *s = socket_of(k, f), *peer = AT(k, socket, s->peer);
	uint64_t position = 0;

	if (flags & G_MSG_OOB)
		return -G_EOPNOTSUPP;
	if ((flags & G_MSG_NOSIGNAL) && s->type != G_SOCK_DGRAM &&
	    (!peer || (s->shut & SOCKET_SHUT_WRITE) || (peer->shut & SOCKET_SHUT_READ)))
		return -G_EPIPE; /* the transfer would send SIGPIPE */
	k->current->wait.words[SOCKET_FLAGS_WORD] = flags;
	return file_transfer(k, f, io, &position, true, transfer_flags(flags));
}

int64_t sys_sendto(struct kernel *k, const uint64_t a[6])
{
	int64_t err;
	struct file *f = socket_file(k, (int32_t)a[0], &err);
	struct io io;

	if (!f)
		return err;
	if (a[4] && (int32_t)a[5] != 0)
		return socket_of(k, f)->type == G_SOCK_DGRAM ? -G_ECONNREFUSED : -G_EISCONN;
	err = io_from_buffer(k, &io, a[1], a[2]);
	return err < 0 ? err : send_io(k, f, &io, (uint32_t)a[3]);
}

int64_t sys_sendmsg(struct kernel *k, const uint64_t a[6])
{
	int64_t err;
	struct file *f = socket_file(k, (int32_t)a[0], &err);
	struct g_msghdr msg;
	struct io io;

	if (!f)
		return err;
	if (user_load(k, a[1], &msg, sizeof msg) != 0)
		return -G_EFAULT;
	if (msg.control && msg.controllen)
		return -G_EOPNOTSUPP;
	if (msg.name && msg.namelen)
		return socket_of(k, f)->type == G_SOCK_DGRAM ? -G_ECONNREFUSED : -G_EISCONN;
	if (msg.iovlen > LIMIT_IOVECS)
		return -G_EMSGSIZE;
	err = io_from_iovec(k, &io, msg.iov, msg.iovlen);
	return err < 0 ? err : send_io(k, f, &io, (uint32_t)a[2]);
}

/* ---- receiving ---- */

static int64_t receive_io(struct kernel *k, struct file *f, struct io *io, uint32_t flags)
{
	uint64_t position = 0;

	if (flags & (G_MSG_OOB | G_MSG_ERRQUEUE))
		return flags & G_MSG_OOB ? -G_EOPNOTSUPP : -G_EAGAIN;
	k->current->wait.words[SOCKET_FLAGS_WORD] = flags;
	k->current->wait.words[SOCKET_RESULT_WORD] = 0;
	return file_transfer(k, f, io, &position, false, transfer_flags(flags));
}

/* The other end of a pair has no name. 0 or -G_EFAULT/-G_EINVAL. */
static int64_t store_no_name(struct kernel *k, uint64_t addr, uint64_t len_addr, uint32_t full_length)
{
	uint16_t family = G_AF_UNIX;
	int32_t room;

	if (user_load(k, len_addr, &room, sizeof room) != 0)
		return -G_EFAULT;
	if (room < 0)
		return -G_EINVAL;
	if (full_length && user_store(k, addr, &family, (uint32_t)room < full_length ? (uint32_t)room : full_length) != 0)
		return -G_EFAULT;
	return user_store(k, len_addr, &full_length, sizeof full_length) != 0 ? -G_EFAULT : 0;
}

int64_t sys_recvfrom(struct kernel *k, const uint64_t a[6])
{
	int64_t n, err;
	struct file *f = socket_file(k, (int32_t)a[0], &err);
	struct io io;

	if (!f)
		return err;
	err = io_from_buffer(k, &io, a[1], a[2]);
	if (err < 0)
		return err;
	n = receive_io(k, f, &io, (uint32_t)a[3]);
	if (n < 0 || !a[4] || !a[5])
		return n;
	err = store_no_name(k, a[4], a[5], 0);
	return err < 0 ? err : n;
}

int64_t sys_recvmsg(struct kernel *k, const uint64_t a[6])
{
	int64_t n, err;
	struct file *f = socket_file(k, (int32_t)a[0], &err);
	struct g_msghdr msg;
	struct io io;

	if (!f)
		return err;
	if (user_load(k, a[1], &msg, sizeof msg) != 0)
		return -G_EFAULT;
	if (msg.iovlen > LIMIT_IOVECS)
		return -G_EMSGSIZE;
	err = io_from_iovec(k, &io, msg.iov, msg.iovlen);
	if (err < 0)
		return err;
	n = receive_io(k, f, &io, (uint32_t)a[2]);
	if (n < 0)
		return n;
	msg.namelen = 0;
	msg.controllen = 0;
	msg.flags = (uint32_t)k->current->wait.words[SOCKET_RESULT_WORD];
	return user_store(k, a[1], &msg, sizeof msg) != 0 ? -G_EFAULT : n;
}

/* ---- the rest ---- */

int64_t sys_shutdown(struct kernel *k, const uint64_t a[6])
{
	uint32_t how = (uint32_t)a[1];
	int64_t err;
	struct file *f = socket_file(k, (int32_t)a[0], &err);

	if (!f)
		return err;
	if (how > G_SHUT_RDWR)
		return -G_EINVAL;
	socket_shut(k, socket_of(k, f), how + 1); /* RD, WR, RDWR are 1, 2, 3 as bits */
	return 0;
}

int64_t sys_getsockname(struct kernel *k, const uint64_t a[6])
{
	int64_t err;

	return socket_file(k, (int32_t)a[0], &err) ? store_no_name(k, a[1], a[2], sizeof(uint16_t)) : err;
}

int64_t sys_getpeername(struct kernel *k, const uint64_t a[6])
{
	int64_t err;
	const struct file *f = socket_file(k, (int32_t)a[0], &err);

	if (!f)
		return err;
	if (!socket_of(k, f)->peer)
		return -G_ENOTCONN;
	return store_no_name(k, a[1], a[2], sizeof(uint16_t));
}

int64_t sys_setsockopt(struct kernel *k, const uint64_t a[6])
{
	int64_t err;
	struct file *f = socket_file(k, (int32_t)a[0], &err);
	struct socket *s, *peer;
	int32_t value;

	if (!f)
		return err;
	if ((int32_t)a[4] < (int32_t)sizeof value)
		return -G_EINVAL;
	if (user_load(k, a[3], &value, sizeof value) != 0)
		return -G_EFAULT;
	if ((int32_t)a[1] != G_SOL_SOCKET)
		return -G_EOPNOTSUPP;
	s = socket_of(k, f);
	peer = AT(k, socket, s->peer);
	/* Linux doubles the value for its bookkeeping and never goes below its minimum. Our one queue is the receiver's. */
	value = value < 2304 ? 2304 : value > QUEUE_BYTES_MAX ? QUEUE_BYTES_MAX : value;
	switch ((int32_t)a[2]) {
	case G_SO_SNDBUF:
		if (peer)
			peer->capacity = (uint32_t)value * 2;
		return 0;
	case G_SO_RCVBUF:
		s->capacity = (uint32_t)value * 2;
		return 0;
	default:
		return -G_ENOPROTOOPT;
	}
}

static int64_t socket_option(struct kernel *k, struct socket *s, int32_t option, int32_t *value)
{
	const struct socket *peer = AT(k, socket, s->peer);

	switch (option) {
	case G_SO_TYPE:
		*value = (int32_t)s->type;
		return 0;
	case G_SO_DOMAIN:
		*value = G_AF_UNIX;
		return 0;
	case G_SO_ERROR:
		*value = (int32_t)s->error;
		s->error = 0;
		return 0;
	case G_SO_SNDBUF:
		*value = (int32_t)(peer ? peer->capacity : s->capacity);
		return 0;
	case G_SO_RCVBUF:
		*value = (int32_t)s->capacity;
		return 0;
	case G_SO_PROTOCOL:
	case G_SO_ACCEPTCONN:
	case G_SO_REUSEADDR:
	case G_SO_BROADCAST:
	case G_SO_KEEPALIVE:
	case G_SO_PASSCRED:
		*value = 0;
		return 0;
	default:
		return -G_ENOPROTOOPT;
	}
}

int64_t sys_getsockopt(struct kernel *k, const uint64_t a[6])
{
	int64_t err;
	struct file *f = socket_file(k, (int32_t)a[0], &err);
	struct g_ucred cred = { .pid = (int32_t)k->process->pid };
	const void *from = &cred;
	uint32_t n = sizeof cred;
	int32_t room, value;

	if (!f)
		return err;
	if (user_load(k, a[4], &room, sizeof room) != 0)
		return -G_EFAULT;
	if (room < 0)
		return -G_EINVAL;
	if ((int32_t)a[1] != G_SOL_SOCKET)
		return -G_EOPNOTSUPP;
	if ((int32_t)a[2] != G_SO_PEERCRED) {
		err = socket_option(k, socket_of(k, f), (int32_t)a[2], &value);
		if (err != 0)
			return err;
		from = &value;
		n = sizeof value;
	}
	n = (uint32_t)room < n ? (uint32_t)room : n;
	if (user_store(k, a[3], from, n) != 0 || user_store(k, a[4], &n, sizeof n) != 0)
		return -G_EFAULT;
	return 0;
}
