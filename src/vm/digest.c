/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * state_digest v1: SHA-256 over everything that a guest could ever observe, in one canonical order. Numbers are 64-bit little endian;
 * each section starts with its tag. docs/DETERMINISM.md lists the sections for other implementations.
 */
#include "vm/internal.h"

#include <string.h>

#include "kernel/memory/memory.h"
#include "vm/sha256.h"

static void add_u64(struct sha256 *h, uint64_t value)
{
	uint8_t bytes[8];

	for (unsigned i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
	sha256_add(h, bytes, sizeof bytes);
}

static void add_tag(struct sha256 *h, const char *tag)
{
	sha256_add(h, tag, 8);
}

static int add_page(void *ctx, uint64_t addr, const uint8_t page[TG_PAGE_SIZE])
{
	add_u64(ctx, addr);
	sha256_add(ctx, page, TG_PAGE_SIZE);
	return 0;
}

static void add_thread(struct vm *vm, struct sha256 *h, const struct thread *t)
{
	struct machine_reservation held = { 0 };

	if (t == vm->kernel.current)
		held = machine_reservation(vm->machine);
	add_tag(h, "thread\0");
	add_u64(h, t->tid);
	add_u64(h, t->regs.pc);
	for (unsigned i = 0; i < 32; i++)
		add_u64(h, t->regs.x[i]);
	for (unsigned i = 0; i < 32; i++)
		add_u64(h, t->regs.f[i]);
	add_u64(h, t->regs.fcsr);
	add_u64(h, held.width);
	add_u64(h, held.width ? held.addr : 0);
	add_u64(h, t->sigmask);
	add_u64(h, t->signals.pending);
}

static void add_process(struct vm *vm, struct sha256 *h, const struct process *p)
{
	struct kernel *k = &vm->kernel;
	const struct memory *mm = AT(k, memory, p->memory);

	add_tag(h, "process");
	add_u64(h, p->pid);
	add_u64(h, p->signals.pending);
	for (ref r = p->threads.head; r != 0;) {
		const struct thread *t = AT(k, thread, r);

		add_thread(vm, h, t);
		r = t->next;
	}
	if (!mm)
		return;
	for (uint32_t i = 0; i < mm->area_count; i++) {
		const struct area *a = memory_area_at(k, mm, i);

		add_tag(h, "area\0\0\0");
		add_u64(h, a->start);
		add_u64(h, a->end);
		add_u64(h, a->prot);
		add_u64(h, a->flags);
		add_u64(h, a->object);
		add_u64(h, a->offset);
	}
	add_tag(h, "pages\0\0");
	machine_visit_pages(vm->machine, p->space, add_page, h);
}

void vm_digest(struct vm *vm, char out[VM_DIGEST_TEXT])
{
	struct kernel *k = &vm->kernel;
	uint8_t digest[32];
	struct sha256 h;

	/* The running thread's registers are in the machine; its record must not tell when it was last switched in. */
	if (k->current)
		k->machine->save(k->machine_ctx, &k->current->regs);
	sha256_begin(&h);
	add_tag(&h, "tg1-st\0");
	add_u64(&h, TG_SEMANTICS);
	for (ref r = k->root->processes.head; r != 0;) {
		const struct process *p = AT(k, process, r);

		add_process(vm, &h, p);
		r = p->next;
	}
	for (uint32_t id = 1; id < k->root->next_object; id++) {
		uint64_t size = machine_object_size(vm->machine, id);

		if (size == 0)
			continue;
		add_tag(&h, "object\0");
		add_u64(&h, id);
		add_u64(&h, size);
		machine_visit_object(vm->machine, id, add_page, &h);
	}
	add_tag(&h, "arena\0\0");
	sha256_add(&h, k->arena.base, arena_used(&k->arena));
	sha256_end(&h, digest);
	memcpy(out, "tg1-sha256:", 11);
	sha256_hex(digest, out + 11);
}
