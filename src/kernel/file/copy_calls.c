/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Calls that move bytes from file to file: sendfile, copy_file_range. Refuses to know guest
 * buffers. */
#include <string.h>

#include "kernel/file/file.h"
#include "kernel/tree/inode.h"
#include "kernel/file/io.h"
#include "kernel/signal/signal.h"

/* Reads at *from, writes at *to, at most `left` bytes and one page; both advance by what was
 * written. Bytes, 0 at the end, -errno. */
static int64_t copy_some(struct kernel *k, struct file *in, uint64_t *from, struct file *out,
			 uint64_t *to, uint64_t left)
{
	uint8_t page[G_PAGE_SIZE];
	uint64_t at = *from;
	struct io io;
	int64_t n;

	io_from_kernel(&io, page, left < sizeof page ? left : sizeof page);
	n = file_kinds[in->kind]->read(k, in, &io, &at);
	if (n <= 0)
		return n;
	io_from_kernel(&io, page, (uint64_t)n);
	n = file_kinds[out->kind]->write(k, out, &io, to);
	if (n > 0)
		*from += (uint64_t)n;
	return n;
}

/* Waits until the output takes more; what is done so far stays in the thread's words, the position
 * where it belongs. */
static int64_t sendfile_wait(struct kernel *k, struct file *out, uint64_t done)
{
	const struct file_operations *ops = file_kinds[out->kind];
	ref queue = ops->queue ? ops->queue(k, out, true) : out->queue;
	int err;

	if (!queue)
		return -G_EAGAIN;
	k->current->wait.words[0] = done;
	err = wait_on(k, queue, G_POLLOUT | G_POLLERR | G_POLLHUP);
	return err != 0 ? err : wait_park(k, NEVER);
}

static int64_t sendfile_loop(struct kernel *k, struct file *in, uint64_t *from, struct file *out,
			     uint64_t count)
{
	uint64_t done = k->current->wait.resuming ? k->current->wait.words[0] : 0;
	int64_t n = 0;

	while (done < count) {
		n = copy_some(k, in, from, out, &out->offset, count - done);
		if (n <= 0)
			break;
		done += (uint64_t)n;
	}
	if (n == -G_EPIPE)
		send_own_signal(k, G_SIGPIPE);
	if (n == -G_EAGAIN && !(out->flags & G_O_NONBLOCK)) {
		if (!signal_pending(k, k->current))
			return sendfile_wait(k, out, done);
		n = -K_ERESTARTSYS;
	}
	return done > 0 || n >= 0 ? (int64_t)done : n;
}

int64_t sys_sendfile(struct kernel *k, const uint64_t a[6])
{
	struct file *out = call_file(k, (int32_t)a[0]), *in = fd_file(k, (int32_t)a[1]);
	uint64_t position, count = a[3] < G_MAX_RW_COUNT ? a[3] : G_MAX_RW_COUNT;
	int64_t result;

	if (a[2] != 0 && user_load(k, a[2], &position, sizeof position) != 0)
		return -G_EFAULT;
	if (!in || !file_readable(in))
		return -G_EBADF;
	if (a[2] != 0 && !file_kinds[in->kind]->positional)
		return -G_ESPIPE;
	if (a[2] != 0 && (int64_t)position < 0)
		return -G_EINVAL;
	if ((int64_t)a[3] < 0)
		return -G_EINVAL;
	if (!out || !file_writable(out))
		return -G_EBADF;
	if (out->kind == FILE_PIPE_WRITE && (file_kinds[out->kind]->poll(k, out) & G_POLLERR)) {
		send_own_signal(
			k, G_SIGPIPE); /* nobody reads: said even if there is nothing to send */
		return -G_EPIPE;
	}
	/* splice(2): the input must have pages, an output that is no pipe must not be in append
	 * mode */
	if (!file_kinds[in->kind]->positional || in->kind == FILE_DIRECTORY ||
	    !file_kinds[out->kind]->write ||
	    ((out->flags & G_O_APPEND) && out->kind != FILE_PIPE_WRITE))
		return -G_EINVAL;
	result = sendfile_loop(k, in, a[2] != 0 ? &position : &in->offset, out, count);
	if (a[2] != 0 && user_store(k, a[2], &position, sizeof position) != 0 && result >= 0)
		return -G_EFAULT;
	return result;
}

static int range_position(struct kernel *k, uint64_t addr, const struct file *f, uint64_t *position)
{
	*position = f->offset;
	if (addr != 0 && user_load(k, addr, position, sizeof *position) != 0)
		return -G_EFAULT;
	return 0;
}

static int may_copy(const struct file *in, const struct file *out, uint64_t from, uint64_t to,
		    uint64_t len)
{
	if (in->kind == FILE_DIRECTORY || out->kind == FILE_DIRECTORY)
		return -G_EISDIR;
	if (in->kind != FILE_REGULAR || out->kind != FILE_REGULAR)
		return -G_EINVAL;
	if (!file_readable(in) || !file_writable(out) || (out->flags & G_O_APPEND))
		return -G_EBADF;
	if (from + len < from || to + len < to)
		return -G_EOVERFLOW;
	return 0;
}

int64_t sys_copy_file_range(struct kernel *k, const uint64_t a[6])
{
	struct file *in = fd_file(k, (int32_t)a[0]), *out = fd_file(k, (int32_t)a[2]);
	uint64_t len = a[4], from, to, done = 0, size;
	int64_t n = 0;
	int err;

	if (!in || !out)
		return -G_EBADF;
	err = range_position(k, a[1], in, &from);
	if (err == 0)
		err = range_position(k, a[3], out, &to);
	if (err == 0 && (uint32_t)a[5] != 0)
		err = -G_EINVAL;
	if (err == 0)
		err = may_copy(in, out, from, to, len);
	if (err != 0)
		return err;
	size = inode_at(k, in->inode)->size;
	if (from >= size)
		len = 0;
	else if (len > size - from)
		len = size - from;
	if (len > G_MAX_RW_COUNT)
		len = G_MAX_RW_COUNT;
	if (in->inode == out->inode && from < to + len && to < from + len)
		return -G_EINVAL;
	while (done < len) {
		n = copy_some(k, in, &from, out, &to, len - done);
		if (n <= 0)
			break;
		done += (uint64_t)n;
	}
	if (a[1] == 0)
		in->offset = from;
	else if (user_store(k, a[1], &from, sizeof from) != 0)
		return -G_EFAULT;
	if (a[3] == 0)
		out->offset = to;
	else if (user_store(k, a[3], &to, sizeof to) != 0)
		return -G_EFAULT;
	return done > 0 || n >= 0 ? (int64_t)done : n;
}
