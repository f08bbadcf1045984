/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Wait queues, parking and waking, and what a call holds while it lasts. Refuses to know who runs
 * next (sched.c) and what is waited for.
 */
#include "kernel/wait.h"

#include <string.h>

#include "kernel/file/file.h"
#include "kernel/sched.h"
#include "kernel/stream/stream.h"
#include "kernel/thread/thread.h"
#include "kernel/time/timer.h"

ref wait_queue_new(struct kernel *k)
{
	return NEW(k, wait_queue);
}

void wait_queue_free(struct kernel *k, ref queue)
{
	arena_free(&k->arena, queue);
}

int wait_on(struct kernel *k, ref queue, uint32_t interest)
{
	struct wait_queue *q = AT(k, wait_queue, queue);
	ref r = q ? NEW(k, wait_node) : 0;
	struct wait_node *node = AT(k, wait_node, r);

	if (!node)
		return -G_ENOMEM;
	node->queue = queue;
	node->owner = k->root->current;
	node->owner_next = k->current->wait.nodes;
	node->kind = WAIT_NODE_THREAD;
	node->interest = interest;
	k->current->wait.nodes = r;
	LIST_APPEND(k, &q->nodes, r, wait_node, next, prev);
	return 0;
}

ref wait_node_for_epoll(struct kernel *k, ref queue, ref item)
{
	struct wait_queue *q = AT(k, wait_queue, queue);
	ref r = q ? NEW(k, wait_node) : 0;
	struct wait_node *node = AT(k, wait_node, r);

	if (!node)
		return 0;
	node->queue = queue;
	node->owner = item;
	node->kind = WAIT_NODE_EPOLL;
	LIST_APPEND(k, &q->nodes, r, wait_node, next, prev);
	return r;
}

void wait_node_free(struct kernel *k, ref r)
{
	struct wait_node *node = AT(k, wait_node, r);
	struct wait_queue *q = node ? AT(k, wait_queue, node->queue) : NULL;

	if (q)
		LIST_REMOVE(k, &q->nodes, r, wait_node, next, prev);
	arena_free(&k->arena, r);
}

/* Leaves all queues and gives the deadline's timer back. */
static void wait_leave(struct kernel *k, struct thread *t)
{
	while (t->wait.nodes) {
		ref r = t->wait.nodes;
		struct wait_node *node = AT(k, wait_node, r);
		struct wait_queue *q = AT(k, wait_queue, node->queue);

		t->wait.nodes = node->owner_next;
		if (q)
			LIST_REMOVE(k, &q->nodes, r, wait_node, next, prev);
		arena_free(&k->arena, r);
	}
	timer_free(k, t->wait.timer);
	t->wait.timer = 0;
}

int64_t wait_park(struct kernel *k, uint64_t deadline_ns)
{
	struct thread *t = k->current;

	t->wait.deadline_ns = deadline_ns;
	if (deadline_ns < INT64_MAX) { /* the end of Linux's time: nobody gets there */
		int err = -G_ENOMEM;

		t->wait.timer = timer_new(k, TIMER_WAIT, TIMER_MONOTONIC, k->root->current, 0);
		if (t->wait.timer)
			err = timer_arm(k, t->wait.timer, deadline_ns, 0);
		if (err) {
			wait_leave(k, t);
			return err;
		}
	}
	t->state = THREAD_WAITING;
	t->wait.reason = WAKE_NONE;
	return CALL_WAIT;
}

void wake_thread(struct kernel *k, struct thread *t, uint32_t reason)
{
	if (!thread_waits(t))
		return;
	wait_leave(k, t);
	t->wait.reason = reason;
	sched_ready(k, t);
}

void wake_all(struct kernel *k, ref queue, uint32_t events)
{
	struct wait_queue *q = AT(k, wait_queue, queue);
	ref r = q ? q->nodes.head : 0;

	if (k->wake_nesting++ == 0)
		k->root->wake_round++;
	while (r) {
		struct wait_node *node = AT(k, wait_node, r);
		ref owner = node->owner;

		if (events && node->interest && !(node->interest & events)) {
			r = node->next;
		} else if (node->kind == WAIT_NODE_EPOLL) {
			/* May wake threads that wait here, too; its own node stays where it is. */
			epoll_item_woken(k, owner, events);
			r = node->next;
		} else {
			/* All of a thread's nodes go at once; in one queue they stand together. */
			do {
				r = node->next;
				node = AT(k, wait_node, r);
			} while (node && node->kind == WAIT_NODE_THREAD && node->owner == owner);
			wake_thread(k, AT(k, thread, owner), WAKE_EVENT);
		}
	}
	k->wake_nesting--;
}

/* ---- pins ---- */

void wait_pin_file(struct kernel *k, ref file)
{
	ref old = k->current->wait.pin_file;

	file_hold(k, file);
	k->current->wait.pin_file = file;
	if (old)
		file_drop(k, old);
}

void wait_pin_block(struct kernel *k, ref block)
{
	arena_free(&k->arena, k->current->wait.pin_block);
	k->current->wait.pin_block = block;
}

void wait_call_over(struct kernel *k, struct thread *t)
{
	ref file = t->wait.pin_file;

	wait_leave(k, t);
	arena_free(&k->arena, t->wait.pin_block);
	memset(&t->wait, 0, sizeof(t->wait));
	if (file)
		file_drop(k, file);
}
