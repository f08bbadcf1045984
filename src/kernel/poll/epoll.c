/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * epoll. Each item is a permanent node in the queue of the file that it watches; a wake moves the item to the tail of the ready list.
 * epoll_wait walks that list from its head, asks each file what holds now, and puts level-triggered items back at the tail.
 */
#include <string.h>

#include "kernel/signal/signal.h"
#include "kernel/stream/stream.h"

struct epoll {
	ref items;              /* first struct epoll_item */
	struct list ready;      /* struct epoll_item by ready_next */
	uint64_t round;         /* root->wake_round when the watchers were told last, or the depth was found */
	uint32_t depth;         /* of that round */
	uint32_t reserved;
};

struct epoll_item {
	ref epoll;              /* struct epoll */
	ref watcher;            /* struct file of the epoll */
	ref file;               /* the watched description */
	ref node;               /* struct wait_node in its queue, or 0 */
	ref next, prev;         /* in epoll->items */
	ref file_next, file_prev; /* in file->epoll_items */
	ref ready_next, ready_prev;
	uint64_t data;
	int32_t fd;
	uint32_t events;        /* as given, with ERR and HUP; only private bits are left when a one-shot item has fired */
	uint32_t is_ready;
	uint32_t reserved;
};

#define PRIVATE_BITS (G_EPOLLWAKEUP | G_EPOLLONESHOT | G_EPOLLET | G_EPOLLEXCLUSIVE)

static void ready_add(struct kernel *k, struct epoll *ep, ref item)
{
	struct epoll_item *it = AT(k, epoll_item, item);

	if (it->is_ready)
		return;
	it->is_ready = 1;
	LIST_APPEND(k, &ep->ready, item, epoll_item, ready_next, ready_prev);
}

static void ready_remove(struct kernel *k, struct epoll *ep, ref item)
{
	struct epoll_item *it = AT(k, epoll_item, item);

	if (!it->is_ready)
		return;
	it->is_ready = 0;
	LIST_REMOVE(k, &ep->ready, item, epoll_item, ready_next, ready_prev);
}

/* Once in a wake, however many ways lead here: with nested epolls these grow as a power of their number. */
static void wake_watchers(struct kernel *k, const struct epoll_item *it)
{
	const struct file *watcher = AT(k, file, it->watcher);
	struct epoll *ep = AT(k, epoll, it->epoll);

	if (k->wake_nesting > 0 && ep->round == k->root->wake_round)
		return;
	ep->round = k->root->wake_round;
	if (watcher)
		wake_all(k, watcher->queue, G_POLLIN | G_POLLRDNORM);
}

void epoll_item_woken(struct kernel *k, ref item, uint32_t events)
{
	struct epoll_item *it = AT(k, epoll_item, item);

	if (!it || !(it->events & ~PRIVATE_BITS) || (events && !(events & it->events)))
		return;
	ready_add(k, AT(k, epoll, it->epoll), item);
	wake_watchers(k, it);
}

static uint32_t item_events(struct kernel *k, const struct epoll_item *it)
{
	struct file *f = AT(k, file, it->file);

	return f ? file_poll(k, f) & it->events & ~PRIVATE_BITS : 0;
}

static void item_free(struct kernel *k, ref item)
{
	struct epoll_item *it = AT(k, epoll_item, item);
	struct epoll *ep = AT(k, epoll, it->epoll);
	struct file *f = AT(k, file, it->file);

	ready_remove(k, ep, item);
	if (it->node)
		wait_node_free(k, it->node);
	if (it->prev)
		AT(k, epoll_item, it->prev)->next = it->next;
	else
		ep->items = it->next;
	if (it->next)
		AT(k, epoll_item, it->next)->prev = it->prev;
	if (it->file_prev)
		AT(k, epoll_item, it->file_prev)->file_next = it->file_next;
	else
		f->epoll_items = it->file_next;
	if (it->file_next)
		AT(k, epoll_item, it->file_next)->file_prev = it->file_prev;
	arena_free(&k->arena, item);
}

void epoll_file_gone(struct kernel *k, struct file *f)
{
	while (f->epoll_items != 0)
		item_free(k, f->epoll_items);
}

static uint32_t epoll_poll(struct kernel *k, struct file *f)
{
	struct epoll *ep = AT(k, epoll, f->data);

	/* What is not ready after all leaves the list, so that it is asked once and not by every epoll above. */
	for (ref r = ep->ready.head; r != 0; r = ep->ready.head) {
		if (item_events(k, AT(k, epoll_item, r)))
			return G_POLLIN | G_POLLRDNORM;
		ready_remove(k, ep, r);
	}
	return 0;
}

static void epoll_release(struct kernel *k, struct file *f)
{
	struct epoll *ep = AT(k, epoll, f->data);

	while (ep->items != 0)
		item_free(k, ep->items);
	arena_free(&k->arena, f->data);
}

const struct file_operations epoll_operations = {
	.poll = epoll_poll,
	.seek = stream_seek,
	.release = epoll_release,
};

int64_t sys_epoll_create1(struct kernel *k, const uint64_t a[6])
{
	if ((uint32_t)a[0] & ~(uint32_t)G_EPOLL_CLOEXEC)
		return -G_EINVAL;
	return stream_install(k, FILE_EPOLL, G_O_RDWR, NEW(k, epoll), (uint32_t)a[0] & G_EPOLL_CLOEXEC);
}

/* ---- epoll_ctl ---- */

static ref find(struct kernel *k, const struct epoll *ep, ref file, int32_t fd)
{
	for (ref r = ep->items; r != 0;) {
		const struct epoll_item *it = AT(k, epoll_item, r);

		if (it->file == file && it->fd == fd)
			return r;
		r = it->next;
	}
	return 0;
}

/*
 * How deep epolls are nested below this file (0: it is none), or LIMIT_EPOLL_DEPTH + 1 when `root` is among them
 * or it is too deep. Each epoll
 * is looked into once in a round.
 */
static uint32_t depth_below(struct kernel *k, ref file, ref root, uint32_t level)
{
	const struct file *f = AT(k, file, file);
	struct epoll *ep;
	uint32_t deepest = 0;

	if (file == root || level > LIMIT_EPOLL_DEPTH)
		return LIMIT_EPOLL_DEPTH + 1;
	if (f->kind != FILE_EPOLL)
		return 0;
	ep = AT(k, epoll, f->data);
	if (ep->round == k->root->wake_round)
		return ep->depth;
	for (ref r = ep->items; r != 0;) {
		const struct epoll_item *it = AT(k, epoll_item, r);
		uint32_t below = AT(k, file, it->file)->kind == FILE_EPOLL ? depth_below(k, it->file, root, level + 1) : 0;

		if (below > deepest)
			deepest = below;
		r = it->next;
	}
	ep->round = k->root->wake_round;
	ep->depth = deepest + 1;
	return ep->depth;
}

static uint32_t depth_above(struct kernel *k, const struct file *f, uint32_t level)
{
	struct epoll *ep = AT(k, epoll, f->data);
	uint32_t highest = 0;

	if (level > LIMIT_EPOLL_DEPTH)
		return level;
	if (ep->round == k->root->wake_round)
		return ep->depth;
	for (ref r = f->epoll_items; r != 0;) {
		const struct epoll_item *it = AT(k, epoll_item, r);
		uint32_t above = 1 + depth_above(k, AT(k, file, it->watcher), level + 1);

		if (above > highest)
			highest = above;
		r = it->file_next;
	}
	ep->round = k->root->wake_round;
	ep->depth = highest;
	return highest;
}

static bool nests_too_deep(struct kernel *k, ref watcher, ref target)
{
	uint32_t below, above;

	k->root->wake_round++;
	below = depth_below(k, target, watcher, 1);
	if (below > LIMIT_EPOLL_DEPTH)
		return true;
	k->root->wake_round++;
	above = depth_above(k, AT(k, file, watcher), 1);
	k->root->wake_round++; /* nobody has been told of anything */
	return below + above + 1 > LIMIT_EPOLL_DEPTH;
}

static int64_t add(struct kernel *k, ref watcher, ref target, int32_t fd, const struct g_epoll_event *event)
{
	struct file *w = AT(k, file, watcher), *f = AT(k, file, target);
	struct epoll *ep = AT(k, epoll, w->data);
	struct epoll_item *it;
	ref item, queue = file_queue(k, f);

	if (f->kind == FILE_EPOLL && nests_too_deep(k, watcher, target))
		return -G_ELOOP;
	item = NEW(k, epoll_item);
	it = AT(k, epoll_item, item);
	if (!it)
		return -G_ENOMEM;
	it->epoll = w->data;
	it->watcher = watcher;
	it->file = target;
	it->fd = fd;
	it->events = event->events | G_EPOLLERR | G_EPOLLHUP;
	it->data = event->data;
	if (queue) {
		it->node = wait_node_for_epoll(k, queue, item);
		if (!it->node) {
			arena_free(&k->arena, item);
			return -G_ENOMEM;
		}
	}
	it->next = ep->items;
	if (ep->items)
		AT(k, epoll_item, ep->items)->prev = item;
	ep->items = item;
	it->file_next = f->epoll_items;
	if (f->epoll_items)
		AT(k, epoll_item, f->epoll_items)->file_prev = item;
	f->epoll_items = item;
	if (item_events(k, it))
		epoll_item_woken(k, item, 0);
	return 0;
}

static int64_t modify(struct kernel *k, ref item, const struct g_epoll_event *event)
{
	struct epoll_item *it = AT(k, epoll_item, item);

	if ((it->events & G_EPOLLEXCLUSIVE) || (event->events & G_EPOLLEXCLUSIVE))
		return -G_EINVAL;
	it->events = event->events | G_EPOLLERR | G_EPOLLHUP;
	it->data = event->data;
	if (item_events(k, it))
		epoll_item_woken(k, item, 0);
	return 0;
}

static int64_t check_exclusive(const struct file *target, uint32_t op, uint32_t events)
{
	const uint32_t allowed = G_EPOLLIN | G_EPOLLOUT | G_EPOLLERR | G_EPOLLHUP | G_EPOLLWAKEUP | G_EPOLLET | G_EPOLLEXCLUSIVE;

	if (!(events & G_EPOLLEXCLUSIVE) || op == G_EPOLL_CTL_DEL)
		return 0;
	if (op == G_EPOLL_CTL_MOD || target->kind == FILE_EPOLL || (events & ~allowed))
		return -G_EINVAL;
	return 0;
}

int64_t sys_epoll_ctl(struct kernel *k, const uint64_t a[6])
{
	int32_t op = (int32_t)a[1], fd = (int32_t)a[2];
	ref watcher = fd_ref(k, (int32_t)a[0]), target = fd_ref(k, fd), item;
	struct g_epoll_event event = { 0 };
	struct file *w = fd_file(k, (int32_t)a[0]), *f = fd_file(k, fd);
	int64_t err;

	if (op != G_EPOLL_CTL_DEL && user_load(k, a[3], &event, sizeof event) != 0)
		return -G_EFAULT;
	if (!w || !f)
		return -G_EBADF;
	if (!file_kinds[f->kind]->poll)
		return -G_EPERM;
	if (watcher == target || w->kind != FILE_EPOLL)
		return -G_EINVAL;
	err = check_exclusive(f, (uint32_t)op, event.events);
	if (err != 0)
		return err;
	item = find(k, AT(k, epoll, w->data), target, fd);
	switch (op) {
	case G_EPOLL_CTL_ADD:
		return item ? -G_EEXIST : add(k, watcher, target, fd, &event);
	case G_EPOLL_CTL_DEL:
		if (!item)
			return -G_ENOENT;
		item_free(k, item);
		return 0;
	case G_EPOLL_CTL_MOD:
		return item ? modify(k, item, &event) : -G_ENOENT;
	default:
		return -G_EINVAL;
	}
}

/* ---- epoll_wait ---- */

/* Takes up to max events off the ready list. Their number, or -G_EFAULT when not even one could be stored. */
static int64_t harvest(struct kernel *k, struct epoll *ep, uint64_t addr, int64_t max)
{
	ref last = ep->ready.tail, r = ep->ready.head;
	int64_t n = 0;

	while (r != 0 && n < max) {
		struct epoll_item *it = AT(k, epoll_item, r);
		struct g_epoll_event event = { .events = item_events(k, it), .data = it->data };
		ref item = r;

		r = item == last ? 0 : it->ready_next;
		if (event.events == 0) {
			ready_remove(k, ep, item);
			continue;
		}
		if (user_store(k, addr + (uint64_t)n * sizeof event, &event, sizeof event) != 0)
			return n ? n : -G_EFAULT;
		n++;
		ready_remove(k, ep, item);
		if (it->events & G_EPOLLONESHOT)
			it->events &= PRIVATE_BITS;
		else if (!(it->events & G_EPOLLET))
			ready_add(k, ep, item);
	}
	return n;
}

static int64_t epoll_wait_on(struct kernel *k, const uint64_t a[6])
{
	struct wait *wait = &k->current->wait;
	struct file *f = call_file(k, (int32_t)a[0]);
	int64_t n;
	int err;

	if (!f)
		return -G_EBADF;
	if (f->kind != FILE_EPOLL)
		return -G_EINVAL;
	n = harvest(k, AT(k, epoll, f->data), a[1], (int32_t)a[2]);
	if (n != 0)
		return n;
	if (clock_now(k) >= wait->words[0])
		return 0;
	if (signal_pending(k, k->current))
		return -G_EINTR;
	err = wait_on(k, f->queue, G_POLLIN);
	return err != 0 ? err : wait_park(k, wait->words[0]);
}

/* The arguments that epoll_pwait and epoll_pwait2 share. 0 or -errno. */
static int64_t begin(struct kernel *k, const uint64_t a[6])
{
	int32_t max = (int32_t)a[2];
	uint64_t mask;

	if (a[4]) {
		if (a[5] != G_SIGSET_SIZE)
			return -G_EINVAL;
		if (user_load(k, a[4], &mask, sizeof mask) != 0)
			return -G_EFAULT;
		signal_set_temporary_mask(k, mask);
	}
	if (max <= 0 || max > INT32_MAX / (int32_t)sizeof(struct g_epoll_event))
		return -G_EINVAL;
	/* access_ok: the whole array must be in the user's half */
	if (a[1] >= TG_ADDRESS_END || (uint64_t)max * sizeof(struct g_epoll_event) > TG_ADDRESS_END - a[1])
		return -G_EFAULT;
	return 0;
}

int64_t sys_epoll_pwait(struct kernel *k, const uint64_t a[6])
{
	struct wait *wait = &k->current->wait;
	int32_t timeout_ms = (int32_t)a[3];
	int64_t err;

	if (!wait->resuming) {
		err = begin(k, a);
		if (err != 0)
			return err;
		wait->words[0] = timeout_ms < 0 ? NEVER : deadline_after(clock_now(k), (uint64_t)timeout_ms * 1000000);
	}
	return epoll_wait_on(k, a);
}

int64_t sys_epoll_pwait2(struct kernel *k, const uint64_t a[6])
{
	struct wait *wait = &k->current->wait;
	struct g_timespec timeout;
	int64_t err;

	if (!wait->resuming) {
		wait->words[0] = NEVER;
		if (a[3]) {
			if (user_load(k, a[3], &timeout, sizeof timeout) != 0)
				return -G_EFAULT;
			if (!timespec_valid(&timeout))
				return -G_EINVAL;
			wait->words[0] = deadline_after(clock_now(k), timespec_ns(&timeout));
		}
		err = begin(k, a);
		if (err != 0)
			return err;
	}
	return epoll_wait_on(k, a);
}
