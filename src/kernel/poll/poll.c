/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* ppoll and pselect6: one wait over many files. The sets are copied in once; a resumed call looks at the copy. */
#include <string.h>

#include "kernel/signal/signal.h"
#include "kernel/stream/stream.h"

uint32_t file_poll(struct kernel *k, struct file *f)
{
	const struct file_operations *ops = file_kinds[f->kind];

	return ops->poll ? ops->poll(k, f) : G_POLLIN | G_POLLOUT | G_POLLRDNORM | G_POLLWRNORM;
}

ref file_queue(struct kernel *k, struct file *f)
{
	const struct file_operations *ops = file_kinds[f->kind];

	return ops->queue ? ops->queue(k, f, false) : f->queue;
}

/* A timeout argument to a deadline in words[0]. 0 or -errno. */
static int64_t read_timeout(struct kernel *k, uint64_t addr)
{
	struct g_timespec timeout;

	k->current->wait.words[0] = NEVER;
	if (!addr)
		return 0;
	if (user_load(k, addr, &timeout, sizeof timeout) != 0)
		return -G_EFAULT;
	if (!timespec_valid(&timeout))
		return -G_EINVAL;
	k->current->wait.words[0] = deadline_after(clock_now(k), timespec_ns(&timeout));
	return 0;
}

/* What is left goes back into the caller's timespec; a page that cannot be written is no error (the result is already there). */
static void write_timeout(struct kernel *k, uint64_t addr)
{
	uint64_t deadline = k->current->wait.words[0], now = clock_now(k);
	struct g_timespec left = { 0 };

	if (!addr || deadline == NEVER)
		return;
	if (deadline > now)
		left = timespec_of(deadline - now);
	user_store(k, addr, &left, sizeof left);
}

static int64_t read_sigmask(struct kernel *k, uint64_t addr, uint64_t size)
{
	uint64_t mask;

	if (!addr)
		return 0;
	if (size != G_SIGSET_SIZE)
		return -G_EINVAL;
	if (user_load(k, addr, &mask, sizeof mask) != 0)
		return -G_EFAULT;
	signal_set_temporary_mask(k, mask);
	return 0;
}

/* Nothing is ready: parks, or says why not. 0: the time is up. */
static int64_t wait_or_end(struct kernel *k)
{
	uint64_t deadline = k->current->wait.words[0];

	if (clock_now(k) >= deadline)
		return 0;
	if (signal_pending(k, k->current))
		return -K_ERESTARTNOHAND;
	return wait_park(k, deadline);
}

/* ---- ppoll ---- */

static uint32_t check_pollfd(struct kernel *k, const struct g_pollfd *p)
{
	struct file *f;

	if (p->fd < 0)
		return 0;
	f = fd_file(k, p->fd);
	if (!f)
		return G_POLLNVAL;
	return file_poll(k, f) & ((uint16_t)p->events | G_POLLERR | G_POLLHUP);
}

static uint64_t check_pollfds(struct kernel *k, struct g_pollfd *fds, uint64_t n)
{
	uint64_t ready = 0;

	for (uint64_t i = 0; i < n; i++) {
		fds[i].revents = (int16_t)check_pollfd(k, &fds[i]);
		ready += fds[i].revents != 0;
	}
	return ready;
}

static int wait_on_pollfds(struct kernel *k, const struct g_pollfd *fds, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++) {
		struct file *f = fds[i].fd >= 0 ? fd_file(k, fds[i].fd) : NULL;
		ref queue = f ? file_queue(k, f) : 0;
		int err = queue ? wait_on(k, queue, (uint16_t)fds[i].events | G_POLLERR | G_POLLHUP) : 0;

		if (err != 0)
			return err;
	}
	return 0;
}

static int64_t poll_now(struct kernel *k, uint64_t addr, struct g_pollfd *fds, uint64_t n)
{
	uint64_t ready = check_pollfds(k, fds, n);
	int64_t result;
	int err;

	if (ready == 0 && clock_now(k) < k->current->wait.words[0] && !signal_pending(k, k->current)) {
		err = wait_on_pollfds(k, fds, n);
		if (err != 0)
			return err;
	}
	result = ready ? (int64_t)ready : wait_or_end(k);
	if (result == CALL_WAIT)
		return result;
	for (uint64_t i = 0; i < n; i++) {
		if (user_store(k, addr + i * sizeof *fds + offsetof(struct g_pollfd, revents), &fds[i].revents, 2) != 0)
			return -G_EFAULT;
	}
	return result;
}

int64_t sys_ppoll(struct kernel *k, const uint64_t a[6])
{
	struct wait *wait = &k->current->wait;
	uint64_t n = (uint32_t)a[1];
	int64_t result;
	ref block;

	if (!wait->resuming) {
		result = read_timeout(k, a[2]);
		if (result == 0)
			result = read_sigmask(k, a[3], a[4]);
		if (result != 0)
			return result;
		if (n > k->process->rlimits[G_RLIMIT_NOFILE].cur)
			return -G_EINVAL;
		block = n ? arena_alloc(&k->arena, n * sizeof(struct g_pollfd)) : 0;
		if (n && !block)
			return -G_ENOMEM;
		wait_pin_block(k, block);
		if (n && user_load(k, a[0], arena_at(&k->arena, block), n * sizeof(struct g_pollfd)) != 0)
			return -G_EFAULT;
	}
	result = poll_now(k, a[0], arena_at(&k->arena, wait->pin_block), n);
	if (result != CALL_WAIT)
		write_timeout(k, a[2]);
	return result;
}

/* ---- pselect6 ---- */

enum { SET_READ, SET_WRITE, SET_EXCEPT, SETS };

static const uint32_t set_events[SETS] = {
	[SET_READ] = G_POLLRDNORM | G_POLLRDBAND | G_POLLIN | G_POLLHUP | G_POLLERR,
	[SET_WRITE] = G_POLLWRBAND | G_POLLWRNORM | G_POLLOUT | G_POLLERR,
	[SET_EXCEPT] = G_POLLPRI,
};

/* The block holds SETS input bitmaps of `words` words each, then as many for the results. */
static bool test_bit(const uint64_t *set, uint64_t bit)
{
	return set[bit / 64] >> (bit % 64) & 1;
}

/* Number of ready bits, or -G_EBADF. waits: adds us to the queues instead. */
static int64_t select_scan(struct kernel *k, uint64_t *sets, uint64_t words, uint64_t n, bool waits)
{
	uint64_t *out = sets + SETS * words;
	int64_t ready = 0;

	for (uint64_t fd = 0; fd < n; fd++) {
		uint32_t wanted = 0, events;
		struct file *f;
		int err;

		for (uint32_t s = 0; s < SETS; s++)
			wanted |= test_bit(sets + s * words, fd) ? set_events[s] : 0;
		if (wanted == 0)
			continue;
		f = fd_file(k, (int32_t)fd);
		if (!f)
			return -G_EBADF;
		if (waits) {
			err = file_queue(k, f) ? wait_on(k, file_queue(k, f), wanted) : 0;
			if (err != 0)
				return err;
			continue;
		}
		events = file_poll(k, f);
		for (uint32_t s = 0; s < SETS; s++) {
			if (test_bit(sets + s * words, fd) && (events & set_events[s])) {
				out[s * words + fd / 64] |= UINT64_C(1) << (fd % 64);
				ready++;
			}
		}
	}
	return ready;
}

static int64_t select_copy_in(struct kernel *k, const uint64_t a[6], uint64_t words)
{
	ref block = arena_alloc(&k->arena, words ? 2 * SETS * words * 8 : 8);
	uint64_t *sets = arena_at(&k->arena, block);

	if (!sets)
		return -G_ENOMEM;
	wait_pin_block(k, block);
	for (uint32_t s = 0; s < SETS; s++) {
		if (a[1 + s] && words && user_load(k, a[1 + s], sets + s * words, words * 8) != 0)
			return -G_EFAULT;
	}
	return 0;
}

static int64_t select_begin(struct kernel *k, const uint64_t a[6], uint64_t words)
{
	struct g_sigset_argpack pack = { 0 };
	int64_t result;

	if (a[5] && user_load(k, a[5], &pack, sizeof pack) != 0)
		return -G_EFAULT;
	result = read_timeout(k, a[4]);
	if (result == 0)
		result = read_sigmask(k, pack.set, pack.size);
	if (result != 0)
		return result;
	if ((int32_t)a[0] < 0)
		return -G_EINVAL;
	return select_copy_in(k, a, words);
}

int64_t sys_pselect6(struct kernel *k, const uint64_t a[6])
{
	struct wait *wait = &k->current->wait;
	uint64_t n = (uint32_t)a[0], limit = AT(k, fd_table, k->process->files)->capacity, words;
	uint64_t *sets;
	int64_t result;

	if (!wait->resuming) {
		limit = limit < 64 ? 64 : limit; /* Linux's smallest table: descriptors beyond it are not looked at */
		wait->words[1] = n < limit ? n : limit;
		result = select_begin(k, a, (wait->words[1] + 63) / 64);
		if (result != 0)
			return result;
	}
	n = wait->words[1];
	words = (n + 63) / 64;
	sets = arena_at(&k->arena, wait->pin_block);
	memset(sets + SETS * words, 0, SETS * words * 8);
	result = select_scan(k, sets, words, n, false);
	if (result == 0 && clock_now(k) < wait->words[0] && !signal_pending(k, k->current))
		result = select_scan(k, sets, words, n, true);
	if (result == 0)
		result = wait_or_end(k);
	if (result == CALL_WAIT)
		return result;
	for (uint32_t s = 0; s < SETS && result >= 0; s++) {
		if (a[1 + s] && words && user_store(k, a[1 + s], sets + (SETS + s) * words, words * 8) != 0)
			result = -G_EFAULT;
	}
	write_timeout(k, a[4]);
	return result;
}
