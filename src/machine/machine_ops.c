/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The operations that a kernel uses: ids to things, arguments checked, then the room's own functions. */
#include "tollgate/machine_ops.h"

#include <errno.h>
#include <string.h>

#include "machine/hart.h"

/* ---- registers ---- */

static uint64_t op_reg(void *ctx, unsigned index)
{
	const struct machine *machine = ctx;

	return index == TG_REG_PC ? machine->regs.pc : machine->regs.x[index & 31];
}

static void op_set_reg(void *ctx, unsigned index, uint64_t value)
{
	struct machine *machine = ctx;

	if (index == TG_REG_PC)
		machine->regs.pc = value & ~UINT64_C(1); /* as sepc, whose bit 0 reads as zero */
	else if (index % 32 != 0)
		machine->regs.x[index & 31] = value;
}

static void op_save(void *ctx, struct tg_regs *out)
{
	*out = ((struct machine *)ctx)->regs;
}

static void op_clear_reservation(void *ctx)
{
	((struct machine *)ctx)->reservation = (struct machine_reservation){0};
}

static void op_restore(void *ctx, const struct tg_regs *in)
{
	struct machine *machine = ctx;

	machine->regs = *in;
	machine->regs.pc &= ~UINT64_C(1);
	machine->regs.x[0] = 0;
	machine->regs.fcsr &= 0xff;
	machine->regs.reserved = 0;
	op_clear_reservation(ctx);
}

static bool op_reserved(void *ctx)
{
	return ((struct machine *)ctx)->reservation.width != 0;
}

static uint64_t op_retired(void *ctx)
{
	return ((struct machine *)ctx)->retired;
}

/* ---- spaces ---- */

static struct space *space_of(void *ctx, uint32_t id)
{
	return radix_get(&((struct machine *)ctx)->spaces, id);
}

static struct object *object_of(void *ctx, uint32_t id)
{
	return id ? radix_get(&((struct machine *)ctx)->objects, id) : NULL;
}

/* A range of whole pages, not empty, inside user space. */
static bool range_ok(uint64_t addr, uint64_t len)
{
	return addr % TG_PAGE_SIZE == 0 && len % TG_PAGE_SIZE == 0 && len > 0 &&
	       addr < TG_ADDRESS_END && len <= TG_ADDRESS_END - addr;
}

static int op_load(void *ctx, uint32_t space, uint64_t addr, void *dst, uint64_t n)
{
	struct space *at = space_of(ctx, space);

	return at ? space_load(at, addr, dst, n) : -EFAULT;
}

static int op_store(void *ctx, uint32_t space, uint64_t addr, const void *src, uint64_t n)
{
	struct space *at = space_of(ctx, space);

	return at ? space_store(at, addr, src, n) : -EFAULT;
}

static int add_space(struct machine *machine, uint32_t id, struct space *space)
{
	if (!space)
		return -ENOMEM;
	if (radix_set(&machine->spaces, id, space) < 0) {
		space_free(space);
		return -ENOMEM;
	}
	return 0;
}

static int op_space_create(void *ctx, uint32_t space)
{
	struct machine *machine = ctx;

	if (space_of(ctx, space))
		return -EEXIST;
	return add_space(machine, space, space_new(&machine->pool));
}

static void op_space_drop(void *ctx, uint32_t space)
{
	struct machine *machine = ctx;
	struct space *at = radix_remove(&machine->spaces, space);

	if (at && machine->space == at)
		machine->space = NULL;
	space_free(at);
	machine->pool.generation++;
	machine->pool.code_generation++;
}

static int op_space_clone(void *ctx, uint32_t from, uint32_t to)
{
	struct space *at = space_of(ctx, from);

	if (!at)
		return -EINVAL;
	if (space_of(ctx, to))
		return -EEXIST;
	return add_space(ctx, to, space_clone(at));
}

static void op_space_switch(void *ctx, uint32_t space)
{
	struct machine *machine = ctx;
	struct space *at = space_of(ctx, space);

	if (at != machine->space) {
		machine->pool.generation++;
		machine->pool.code_generation++;
	}
	machine->space = at;
}

static int op_map(void *ctx, uint32_t space, uint64_t addr, uint64_t len, uint32_t prot,
		  uint32_t object, uint64_t offset, uint32_t flags)
{
	struct space *at = space_of(ctx, space);
	struct object *what = object_of(ctx, object);

	if (!at || !range_ok(addr, len) || (object && !what))
		return -EINVAL;
	if (what && (offset % TG_PAGE_SIZE != 0 || offset > INT64_MAX - len))
		return -EINVAL;
	return space_map(at, &(struct range){.start = addr, .end = addr + len, .object = what,
					     .offset = what ? offset : 0, .prot = prot & 7,
					     .flags = flags});
}

static int op_unmap(void *ctx, uint32_t space, uint64_t addr, uint64_t len)
{
	struct space *at = space_of(ctx, space);

	return at && range_ok(addr, len) ? space_unmap(at, addr, addr + len) : -EINVAL;
}

static int op_protect(void *ctx, uint32_t space, uint64_t addr, uint64_t len, uint32_t prot)
{
	struct space *at = space_of(ctx, space);

	return at && range_ok(addr, len) ? space_protect(at, addr, addr + len, prot & 7) : -EINVAL;
}

static int op_discard(void *ctx, uint32_t space, uint64_t addr, uint64_t len)
{
	struct space *at = space_of(ctx, space);

	if (!at || !range_ok(addr, len))
		return -EINVAL;
	space_discard(at, addr, addr + len);
	return 0;
}

static int op_move(void *ctx, uint32_t space, uint64_t from, uint64_t to, uint64_t len)
{
	struct space *at = space_of(ctx, space);

	if (!at || !range_ok(from, len) || !range_ok(to, len) ||
	    (from < to + len && to < from + len))
		return -EINVAL;
	return space_move(at, from, to, len);
}

static bool op_resident(void *ctx, uint32_t space, uint64_t addr)
{
	struct space *at = space_of(ctx, space);

	return at && space_resident(at, addr);
}

static void op_set_touch_budget(void *ctx, uint64_t pages)
{
	((struct machine *)ctx)->pool.budget = pages;
}

static uint64_t op_touched(void *ctx)
{
	return ((struct machine *)ctx)->pool.charged;
}

/* ---- objects ---- */

static int op_object_create(void *ctx, uint32_t object, uint64_t size)
{
	struct machine *machine = ctx;
	struct object *made;

	if (object == 0 || size > INT64_MAX)
		return -EINVAL;
	if (object_of(ctx, object))
		return -EEXIST;
	made = object_new(&machine->pool, size);
	if (!made)
		return -ENOMEM;
	if (radix_set(&machine->objects, object, made) < 0) {
		object_put(made);
		return -ENOMEM;
	}
	return 0;
}

static void op_object_drop(void *ctx, uint32_t object)
{
	struct machine *machine = ctx;
	struct object *at = object ? radix_remove(&machine->objects, object) : NULL;

	if (at)
		object_put(at);
}

static int op_object_resize(void *ctx, uint32_t object, uint64_t size)
{
	struct machine *machine = ctx;
	struct object *at = object_of(ctx, object);
	struct space *space;
	bool shorter;

	if (!at || size > INT64_MAX)
		return -EINVAL;
	shorter = size < at->size;
	object_resize(at, size);
	for (uint64_t id = 0; shorter && (space = radix_next(&machine->spaces, &id)); id++)
		space_truncated(space, at);
	return 0;
}

static int op_object_read(void *ctx, uint32_t object, uint64_t offset, void *dst, uint64_t n)
{
	const struct object *at = object_of(ctx, object);

	if (!at || offset > INT64_MAX || n > INT64_MAX)
		return -EINVAL;
	object_read(at, offset, dst, n);
	return 0;
}

static int op_object_write(void *ctx, uint32_t object, uint64_t offset, const void *src, uint64_t n)
{
	struct object *at = object_of(ctx, object);

	return at ? object_write(at, offset, src, n) : -EINVAL;
}

static int op_object_punch(void *ctx, uint32_t object, uint64_t offset, uint64_t n)
{
	struct object *at = object_of(ctx, object);

	if (!at)
		return -EINVAL;
	object_punch(at, offset, n);
	return 0;
}

static uint64_t op_object_seek(void *ctx, uint32_t object, uint64_t offset, bool data)
{
	const struct object *at = object_of(ctx, object);

	return at ? object_seek(at, offset, data) : 0;
}

const struct tg_machine_ops machine_ops = {
	.reg = op_reg,
	.set_reg = op_set_reg,
	.save = op_save,
	.restore = op_restore,
	.clear_reservation = op_clear_reservation,
	.reserved = op_reserved,
	.retired = op_retired,
	.load = op_load,
	.store = op_store,
	.space_create = op_space_create,
	.space_drop = op_space_drop,
	.space_clone = op_space_clone,
	.space_switch = op_space_switch,
	.map = op_map,
	.unmap = op_unmap,
	.protect = op_protect,
	.discard = op_discard,
	.move = op_move,
	.resident = op_resident,
	.set_touch_budget = op_set_touch_budget,
	.touched = op_touched,
	.object_create = op_object_create,
	.object_drop = op_object_drop,
	.object_resize = op_object_resize,
	.object_read = op_object_read,
	.object_write = op_object_write,
	.object_punch = op_object_punch,
	.object_seek = op_object_seek,
};
