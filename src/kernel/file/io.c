/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Moving bytes between guest buffers and files. Refuses to know what a file is. */
#include "kernel/file/io.h"

#include <string.h>

#include "kernel/signal/signal.h"

#define IOV_KEPT (sizeof((struct io *)0)->iov / sizeof(struct g_iovec))

int path_in(struct kernel *k, uint64_t addr, char *buf)
{
	int64_t n = user_string(k, addr, buf, LIMIT_PATH);

	return n < 0 ? (int)n : 0;
}

static bool segment(struct kernel *k, const struct io *io, uint64_t index, struct g_iovec *out)
{
	if (index < IOV_KEPT) {
		*out = io->iov[index];
		return true;
	}
	return user_load(k, io->iov_addr + index * sizeof *out, out, sizeof *out) == 0;
}

int64_t io_from_iovec(struct kernel *k, struct io *io, uint64_t iov, uint64_t count)
{
	memset(io, 0, sizeof *io);
	if (count > LIMIT_IOVECS)
		return -G_EINVAL;
	io->iov_addr = iov;
	io->count = count;
	if (count > 0 && user_load(k, iov, io->iov,
				   (count < IOV_KEPT ? count : IOV_KEPT) * sizeof io->iov[0]) != 0)
		return -G_EFAULT;
	for (uint64_t i = 0; i < count; i++) {
		struct g_iovec v;

		if (!segment(k, io, i, &v))
			return -G_EFAULT;
		if ((int64_t)v.len < 0)
			return -G_EINVAL;
		if (!user_range(v.base, v.len))
			return -G_EFAULT;
		if (v.len > G_MAX_RW_COUNT - io->left)
			v.len = G_MAX_RW_COUNT - io->left;
		io->left += v.len;
	}
	return (int64_t)io->left;
}

int64_t io_from_buffer(struct kernel *k, struct io *io, uint64_t addr, uint64_t n)
{
	memset(io, 0, sizeof *io);
	if (!user_range(addr, n))
		return -G_EFAULT;
	if (n > G_MAX_RW_COUNT)
		n = G_MAX_RW_COUNT;
	io->iov[0] = (struct g_iovec){.base = addr, .len = n};
	io->count = 1;
	io->left = n;
	return (int64_t)n;
}

void io_from_kernel(struct io *io, void *buf, uint64_t n)
{
	memset(io, 0, sizeof *io);
	io->kernel = buf;
	io->left = n;
}

/* One contiguous guest range. On a fault, *done says how much went before it. */
static int move_range(struct kernel *k, uint64_t addr, uint8_t *p, uint64_t n, bool to_guest,
		      uint64_t *done)
{
	*done = 0;
	while (*done < n) {
		uint64_t chunk = G_PAGE_SIZE - (addr + *done) % G_PAGE_SIZE;
		int err;

		if (chunk > n - *done)
			chunk = n - *done;
		err = to_guest ? user_store(k, addr + *done, p + *done, chunk)
			       : user_load(k, addr + *done, p + *done, chunk);
		if (err != 0)
			return err;
		*done += chunk;
	}
	return 0;
}

static int move(struct kernel *k, struct io *io, uint8_t *p, uint64_t n, bool to_guest)
{
	if (io->kernel) {
		memcpy(to_guest ? io->kernel : p, to_guest ? p : io->kernel, n);
		io->kernel += n;
		io->left -= n;
		return 0;
	}
	while (n > 0) {
		struct g_iovec v;
		uint64_t chunk, done;
		int err;

		if (io->index >= io->count || !segment(k, io, io->index, &v))
			return -G_EFAULT;
		if (v.len <= io->skip) {
			io->index++;
			io->skip = 0;
			continue;
		}
		chunk = v.len - io->skip < n ? v.len - io->skip : n;
		err = move_range(k, v.base + io->skip, p, chunk, to_guest, &done);
		io->skip += done;
		io->left -= done;
		p += done;
		n -= done;
		if (err != 0)
			return err;
	}
	return 0;
}

int io_put(struct kernel *k, struct io *io, const void *src, uint64_t n)
{
	return move(k, io, (uint8_t *)(uintptr_t)src, n, true);
}

int io_get(struct kernel *k, struct io *io, void *dst, uint64_t n)
{
	return move(k, io, dst, n, false);
}

void send_own_signal(struct kernel *k, int32_t signo)
{
	struct g_siginfo info = siginfo_of(signo, G_SI_USER);

	info.rt.pid = (int32_t)k->process->pid;
	signal_send_thread(k, k->current, &info, 0);
}

int limit_write(struct kernel *k, uint64_t offset, uint64_t *n)
{
	uint64_t limit = k->process->rlimits[G_RLIMIT_FSIZE].cur;

	if (offset >= limit) {
		send_own_signal(k, G_SIGXFSZ);
		return -G_EFBIG;
	}
	if (limit > LIMIT_FILE_BYTES)
		limit = LIMIT_FILE_BYTES;
	if (offset >= limit)
		return -G_EFBIG;
	if (*n > limit - offset)
		*n = limit - offset;
	return 0;
}

/* Where a transfer stands while its call waits: in a block that the thread owns, since another
 * thread may change the guest's iovecs. */
struct transfer_state {
	struct io io;
	uint64_t done;
};

static int64_t park(struct kernel *k, struct file *f, const struct io *io, uint64_t done,
		    bool write)
{
	const struct file_operations *ops = file_kinds[f->kind];
	struct wait *wait = &k->current->wait;
	struct transfer_state *state;
	ref queue = ops->queue ? ops->queue(k, f, write) : f->queue;
	int err;

	if (!queue)
		return -G_EAGAIN;
	if (!wait->pin_block) {
		ref block = NEW(k, transfer_state);

		if (!block)
			return -G_ENOMEM;
		wait_pin_block(k, block);
	}
	state = AT(k, transfer_state, wait->pin_block);
	state->io = *io;
	state->done = done;
	err = wait_on(k, queue, (write ? G_POLLOUT : G_POLLIN) | G_POLLERR | G_POLLHUP);
	return err != 0 ? err : wait_park(k, NEVER);
}

int64_t file_transfer(struct kernel *k, struct file *f, struct io *io, uint64_t *position,
		      bool write, uint32_t flags)
{
	const struct file_operations *ops = file_kinds[f->kind];
	const struct wait *wait = &k->current->wait;
	int64_t n = 0;
	uint64_t done = 0;

	if (!(write ? file_writable(f) : file_readable(f)))
		return -G_EBADF;
	if (!(write ? ops->write : ops->read))
		return -G_EINVAL;
	if (io->left == 0 && (f->kind == FILE_PIPE_READ || f->kind == FILE_PIPE_WRITE))
		return 0; /* whatever the state of the other end */
	if (wait->resuming && wait->pin_block && !io->kernel) {
		const struct transfer_state *state = AT(k, transfer_state, wait->pin_block);

		*io = state->io;
		done = state->done;
	}
	do {
		n = write ? ops->write(k, f, io, position) : ops->read(k, f, io, position);
		if (n <= 0)
			break;
		done += (uint64_t)n;
	} while (write && io->left > 0 && f->kind != FILE_REGULAR);
	if (n == -G_EPIPE)
		send_own_signal(k, G_SIGPIPE);
	if (n == -G_EAGAIN && !((f->flags | flags) & G_O_NONBLOCK) && !io->kernel) {
		int64_t result;

		if (signal_pending(k, k->current))
			return done > 0 ? (int64_t)done : -K_ERESTARTSYS;
		result = park(k, f, io, done, write);
		return result == CALL_WAIT || done == 0 ? result : (int64_t)done;
	}
	return done > 0 || n >= 0 ? (int64_t)done : n;
}
