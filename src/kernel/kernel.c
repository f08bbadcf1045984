/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The kernel's handle: making it, stopping it, events, guest memory access, and lists of arena
 * records. Refuses to know calls.
 */
#include "kernel/kernel.h"

#include <string.h>

#include "kernel/entropy.h"
#include "kernel/thread/futex.h"
#include "kernel/memory/memory.h"
#include "kernel/tree/tree.h"

#define FIRST_PID       100
#define DEFAULT_QUANTUM 100000
#define DEFAULT_MEMORY  (UINT64_C(4) << 30)
#define DEFAULT_IDLE_NS (UINT64_C(3600) * 1000000000)
#define CPUS_MAX        64 /* bits of the affinity masks that calls hand out */

static int options_take(struct tg_kernel_options *out, const struct tg_kernel_options *in)
{
	memset(out, 0, sizeof(*out));
	if (in->size < sizeof(in->size))
		return -G_EINVAL;
	memcpy(out, in, in->size < sizeof(*out) ? in->size : sizeof(*out));
	out->size = sizeof(*out);
	if (!out->ns_per_insn_num && !out->ns_per_insn_den)
		out->ns_per_insn_num = out->ns_per_insn_den = 1;
	/* A ratio of 0 would stop the clock for a program that spins on it. */
	if (!out->ns_per_insn_num || !out->ns_per_insn_den || out->tier > TG_TIER_FULL ||
	    out->cpus > CPUS_MAX)
		return -G_EINVAL;
	if (!out->quantum)
		out->quantum = DEFAULT_QUANTUM;
	if (!out->cpus)
		out->cpus = 1;
	if (!out->tier)
		out->tier = TG_TIER_FULL;
	if (!out->insn_limit)
		out->insn_limit = NEVER;
	if (!out->memory_limit)
		out->memory_limit = DEFAULT_MEMORY;
	if (!out->virtual_limit_ns)
		out->virtual_limit_ns = DEFAULT_IDLE_NS;
	return 0;
}

static int handle_make(struct kernel *k, const struct tg_machine_ops *machine, void *machine_ctx,
		       const struct tg_host_ops *host, void *host_ctx,
		       const struct tg_kernel_options *options)
{
	memset(k, 0, sizeof(*k));
	k->machine = machine;
	k->machine_ctx = machine_ctx;
	k->host = host;
	k->host_ctx = host_ctx;
	return options_take(&k->options, options);
}

int kernel_init(struct kernel *k, void *arena, uint64_t arena_bytes,
		const struct tg_machine_ops *machine, void *machine_ctx,
		const struct tg_host_ops *host, void *host_ctx,
		const struct tg_kernel_options *options)
{
	int err = handle_make(k, machine, machine_ctx, host, host_ctx, options);
	ref root;

	if (err)
		return err;
	err = arena_init(&k->arena, arena, arena_bytes);
	if (err)
		return err;
	root = NEW(k, root);
	if (!root)
		return -G_ENOMEM;
	arena_set_root(&k->arena, root);
	k->root = AT(k, root, root);
	k->root->next_tid = FIRST_PID;
	k->root->next_space = 1;
	k->root->next_object = 1;
	err = entropy_init(k, k->options.entropy_seed);
	if (!err)
		err = futex_init(k);
	return err ? err : tree_init(k);
}

int kernel_attach(struct kernel *k, void *arena, uint64_t arena_bytes,
		  const struct tg_machine_ops *machine, void *machine_ctx,
		  const struct tg_host_ops *host, void *host_ctx,
		  const struct tg_kernel_options *options)
{
	int err = handle_make(k, machine, machine_ctx, host, host_ctx, options);

	if (err)
		return err;
	err = arena_attach(&k->arena, arena, arena_bytes);
	if (err)
		return err;
	if (arena_size(&k->arena, arena_root(&k->arena)) != sizeof(struct root))
		return -G_EINVAL;
	k->root = AT(k, root, arena_root(&k->arena));
	k->current = AT(k, thread, k->root->current);
	k->process = k->current ? AT(k, process, k->current->process) : NULL;
	return k->root->current && !k->process ? -G_EINVAL : 0;
}

void kernel_stop(struct kernel *k, uint32_t stop, int32_t status)
{
	if (k->stop != TG_RUN)
		return;
	k->stop = stop;
	k->status = status;
}

void kernel_event(struct kernel *k, const struct tg_event *event)
{
	struct tg_event copy = *event;

	if (!k->host->event)
		return;
	copy.retired = k->machine->retired(k->machine_ctx);
	k->host->event(k->host_ctx, &copy);
}

/* ---- guest memory ---- */

static int access_result(struct kernel *k, int err)
{
	if (err == -G_ENOMEM)
		kernel_stop(k, TG_STOP_MEMORY_LIMIT, 0);
	return err;
}

int process_load(struct kernel *k, const struct process *p, uint64_t addr, void *dst, uint64_t n)
{
	int err;

	if (!n)
		return 0;
	err = k->machine->load(k->machine_ctx, p->space, addr, dst, n);
	if (err == -G_EFAULT && memory_grow(k, p, addr))
		err = k->machine->load(k->machine_ctx, p->space, addr, dst, n);
	return access_result(k, err);
}

int process_store(struct kernel *k, const struct process *p, uint64_t addr, const void *src,
		  uint64_t n)
{
	int err;

	if (!n)
		return 0;
	err = k->machine->store(k->machine_ctx, p->space, addr, src, n);
	if (err == -G_EFAULT && memory_grow(k, p, addr))
		err = k->machine->store(k->machine_ctx, p->space, addr, src, n);
	return access_result(k, err);
}

int user_load(struct kernel *k, uint64_t addr, void *dst, uint64_t n)
{
	return process_load(k, k->process, addr, dst, n);
}

int user_store(struct kernel *k, uint64_t addr, const void *src, uint64_t n)
{
	return process_store(k, k->process, addr, src, n);
}

int64_t user_string(struct kernel *k, uint64_t addr, char *dst, uint64_t size)
{
	uint64_t done = 0;

	while (done < size) {
		uint64_t chunk = TG_PAGE_SIZE - (addr + done) % TG_PAGE_SIZE;
		const char *end;
		int err;

		/* Never past the page that holds the end: the next one may not be there. */
		if (chunk > 256)
			chunk = 256;
		if (chunk > size - done)
			chunk = size - done;
		err = user_load(k, addr + done, dst + done, chunk);
		if (err)
			return err;
		for (end = dst + done; end < dst + done + chunk; end++)
			if (!*end)
				return end - dst;
		done += chunk;
	}
	return -G_ENAMETOOLONG;
}

/* ---- lists ---- */

static ref *link_of(struct kernel *k, ref item, uint32_t offset)
{
	return (ref *)((uint8_t *)arena_at(&k->arena, item) + offset);
}

void list_insert_before(struct kernel *k, struct list *list, ref item, ref before,
			uint32_t next_offset, uint32_t prev_offset)
{
	ref prev = before ? *link_of(k, before, prev_offset) : list->tail;

	*link_of(k, item, next_offset) = before;
	*link_of(k, item, prev_offset) = prev;
	if (prev)
		*link_of(k, prev, next_offset) = item;
	else
		list->head = item;
	if (before)
		*link_of(k, before, prev_offset) = item;
	else
		list->tail = item;
}

void list_append(struct kernel *k, struct list *list, ref item, uint32_t next_offset,
		 uint32_t prev_offset)
{
	list_insert_before(k, list, item, 0, next_offset, prev_offset);
}

void list_remove(struct kernel *k, struct list *list, ref item, uint32_t next_offset,
		 uint32_t prev_offset)
{
	ref next = *link_of(k, item, next_offset), prev = *link_of(k, item, prev_offset);

	if (prev)
		*link_of(k, prev, next_offset) = next;
	else
		list->head = next;
	if (next)
		*link_of(k, next, prev_offset) = prev;
	else
		list->tail = prev;
	*link_of(k, item, next_offset) = 0;
	*link_of(k, item, prev_offset) = 0;
}
