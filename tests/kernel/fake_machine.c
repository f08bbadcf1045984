/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See fake_machine.h. */
#include "fake_machine.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "kernel/thread/thread.h"

/* ---- registers ---- */

static uint64_t op_reg(void *ctx, unsigned index)
{
	struct fake *f = ctx;

	return index == TG_REG_PC ? f->regs.pc : f->regs.x[index];
}

static void op_set_reg(void *ctx, unsigned index, uint64_t value)
{
	struct fake *f = ctx;

	if (index == TG_REG_PC)
		f->regs.pc = value;
	else if (index)
		f->regs.x[index] = value;
}

static void op_save(void *ctx, struct tg_regs *out)
{
	*out = ((struct fake *)ctx)->regs;
}

static void op_restore(void *ctx, const struct tg_regs *in)
{
	struct fake *f = ctx;

	f->regs = *in;
	f->reserved = false;
}

static void op_clear_reservation(void *ctx)
{
	((struct fake *)ctx)->reserved = false;
}

static bool op_reserved(void *ctx)
{
	return ((struct fake *)ctx)->reserved;
}

static uint64_t op_retired(void *ctx)
{
	return ((struct fake *)ctx)->retired;
}

/* ---- memory ---- */

static bool there(uint64_t addr, uint64_t n)
{
	return addr >= TG_PAGE_SIZE && n <= FAKE_MEMORY && addr <= FAKE_MEMORY - n;
}

static int op_load(void *ctx, uint32_t space, uint64_t addr, void *dst, uint64_t n)
{
	(void)space;
	if (!there(addr, n))
		return -G_EFAULT;
	memcpy(dst, ((struct fake *)ctx)->memory + addr, n);
	return 0;
}

static int op_store(void *ctx, uint32_t space, uint64_t addr, const void *src, uint64_t n)
{
	(void)space;
	if (!there(addr, n))
		return -G_EFAULT;
	memcpy(((struct fake *)ctx)->memory + addr, src, n);
	return 0;
}

static int op_space_create(void *ctx, uint32_t space)
{
	(void)ctx, (void)space;
	return 0;
}

static void op_space_drop(void *ctx, uint32_t space)
{
	(void)ctx, (void)space;
}

static int op_space_clone(void *ctx, uint32_t from, uint32_t to)
{
	(void)ctx, (void)from, (void)to;
	return -G_ENOMEM;
}

static void op_space_switch(void *ctx, uint32_t space)
{
	((struct fake *)ctx)->space = space;
}

static int op_map(void *ctx, uint32_t space, uint64_t addr, uint64_t len, uint32_t prot,
		  uint32_t object, uint64_t offset, uint32_t flags)
{
	(void)ctx, (void)space, (void)addr, (void)len, (void)prot, (void)object, (void)offset,
		(void)flags;
	return 0;
}

static int op_range(void *ctx, uint32_t space, uint64_t addr, uint64_t len)
{
	(void)ctx, (void)space, (void)addr, (void)len;
	return 0;
}

static int op_protect(void *ctx, uint32_t space, uint64_t addr, uint64_t len, uint32_t prot)
{
	(void)ctx, (void)space, (void)addr, (void)len, (void)prot;
	return 0;
}

static int op_move(void *ctx, uint32_t space, uint64_t from, uint64_t to, uint64_t len)
{
	(void)ctx, (void)space, (void)from, (void)to, (void)len;
	return 0;
}

static bool op_resident(void *ctx, uint32_t space, uint64_t addr)
{
	(void)ctx, (void)space;
	return there(addr, 1);
}

static void op_touch_budget(void *ctx, uint64_t pages)
{
	(void)ctx, (void)pages;
}

static uint64_t op_touched(void *ctx)
{
	return 0;
}

/* ---- objects ---- */

static struct fake_object *object(struct fake *f, uint32_t id)
{
	for (unsigned i = 0; i < FAKE_OBJECTS; i++)
		if (f->objects[i].id == id)
			return &f->objects[i];
	return NULL;
}

static int op_object_resize(void *ctx, uint32_t id, uint64_t size)
{
	struct fake_object *o = object(ctx, id);
	uint8_t *bytes;

	if (!o || size > FAKE_MEMORY)
		return -G_ENOMEM;
	bytes = calloc(1, size + 1);
	assert(bytes);
	if (o->bytes)
		memcpy(bytes, o->bytes, o->size < size ? o->size : size);
	free(o->bytes);
	o->bytes = bytes;
	o->size = size;
	return 0;
}

static int op_object_create(void *ctx, uint32_t id, uint64_t size)
{
	struct fake_object *o = object(ctx, 0);

	if (!o)
		return -G_ENOMEM;
	o->id = id;
	return op_object_resize(ctx, id, size);
}

static void op_object_drop(void *ctx, uint32_t id)
{
	struct fake_object *o = object(ctx, id);

	if (o) {
		free(o->bytes);
		memset(o, 0, sizeof(*o));
	}
}

static int op_object_read(void *ctx, uint32_t id, uint64_t offset, void *dst, uint64_t n)
{
	const struct fake_object *o = object(ctx, id);

	if (!o || offset > o->size || n > o->size - offset)
		return -G_EINVAL;
	memcpy(dst, o->bytes + offset, n);
	return 0;
}

static int op_object_write(void *ctx, uint32_t id, uint64_t offset, const void *src, uint64_t n)
{
	struct fake_object *o = object(ctx, id);

	if (!o || offset > o->size || n > o->size - offset)
		return -G_EINVAL;
	memcpy(o->bytes + offset, src, n);
	return 0;
}

static int op_object_punch(void *ctx, uint32_t id, uint64_t offset, uint64_t n)
{
	struct fake_object *o = object(ctx, id);

	if (!o || offset > o->size || n > o->size - offset)
		return -G_EINVAL;
	memset(o->bytes + offset, 0, n);
	return 0;
}

static uint64_t op_object_seek(void *ctx, uint32_t id, uint64_t offset, bool data)
{
	const struct fake_object *o = object(ctx, id);

	return data ? offset : o->size;
}

static const struct tg_machine_ops fake_machine = {
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
	.unmap = op_range,
	.protect = op_protect,
	.discard = op_range,
	.move = op_move,
	.resident = op_resident,
	.set_touch_budget = op_touch_budget,
	.touched = op_touched,
	.object_create = op_object_create,
	.object_drop = op_object_drop,
	.object_resize = op_object_resize,
	.object_read = op_object_read,
	.object_write = op_object_write,
	.object_punch = op_object_punch,
	.object_seek = op_object_seek,
};

/* ---- the outside: there is none ---- */

static int host_output(void *ctx, int stream, const void *buf, uint64_t n)
{
	struct fake *f = ctx;

	(void)stream;
	for (uint64_t i = 0; i < n && f->output_bytes < sizeof(f->output); i++)
		f->output[f->output_bytes++] = ((const char *)buf)[i];
	return 0;
}

static int64_t host_input(void *ctx, void *buf, uint64_t n)
{
	(void)ctx, (void)buf, (void)n;
	return 0;
}

static int host_stat(void *ctx, uint32_t mount, const char *path, struct tg_node_stat *out)
{
	(void)ctx, (void)mount, (void)path, (void)out;
	return -G_ENOENT;
}

static int64_t host_readlink(void *ctx, uint32_t mount, const char *path, char *buf, uint64_t n)
{
	(void)ctx, (void)mount, (void)path, (void)buf, (void)n;
	return -G_ENOENT;
}

static int host_readdir(void *ctx, uint32_t mount, const char *path, uint64_t index, char *name,
			uint64_t n)
{
	(void)ctx, (void)mount, (void)path, (void)index, (void)name, (void)n;
	return -G_ENOENT;
}

static int host_open(void *ctx, uint32_t mount, const char *path, uint64_t *size, uint64_t *handle)
{
	(void)ctx, (void)mount, (void)path, (void)size, (void)handle;
	return -G_ENOENT;
}

static void host_event(void *ctx, const struct tg_event *event)
{
	struct fake *f = ctx;

	if (f->event_count < FAKE_EVENTS)
		f->events[f->event_count++] = *event;
}

static const struct tg_host_ops fake_host = {
	.output = host_output,
	.input = host_input,
	.stat = host_stat,
	.readlink = host_readlink,
	.readdir = host_readdir,
	.content_open = host_open,
	.event = host_event,
};

/* ---- playing the program ---- */

struct fake *fake_new(const struct tg_kernel_options *options)
{
	struct tg_kernel_options defaults = {.size = sizeof(defaults)};
	struct fake *f = calloc(1, sizeof(*f));
	int err;

	assert(f);
	f->memory = calloc(1, FAKE_MEMORY);
	f->arena = mmap(NULL, FAKE_ARENA, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert(f->memory && f->arena != MAP_FAILED);
	err = kernel_init(&f->k, f->arena, FAKE_ARENA, &fake_machine, f, &fake_host, f,
			  options ? options : &defaults);
	assert(err == 0);
	err = process_first(&f->k);
	assert(err == 0);
	f->k.current->regs.pc = FAKE_PC;
	f->run = kernel_start(&f->k);
	f->event_count = 0;
	return f;
}

void fake_free(struct fake *f)
{
	for (unsigned i = 0; i < FAKE_OBJECTS; i++)
		free(f->objects[i].bytes);
	munmap(f->arena, FAKE_ARENA);
	free(f->memory);
	free(f);
}

void fake_run(struct fake *f, uint64_t n)
{
	uint64_t end = f->retired + n;

	while (f->run.stop == TG_RUN && f->retired < end) {
		f->retired = f->run.until < end ? f->run.until : end;
		if (f->retired >= f->run.until)
			f->run = kernel_on_slice_end(&f->k);
	}
}

void fake_ecall(struct fake *f, uint64_t nr, const uint64_t args[6])
{
	f->retired++;
	f->regs.x[TG_REG_A7] = nr;
	memcpy(&f->regs.x[TG_REG_A0], args, 6 * sizeof(args[0]));
	f->run = kernel_on_ecall(&f->k);
}

int64_t fake_call(struct fake *f, uint64_t nr, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3,
		  uint64_t a4, uint64_t a5)
{
	const uint64_t args[6] = {a0, a1, a2, a3, a4, a5};
	uint32_t tid = fake_tid(f);

	fake_ecall(f, nr, args);
	if (f->run.stop != TG_RUN || fake_tid(f) != tid)
		return INT64_MIN;
	return (int64_t)f->regs.x[TG_REG_A0];
}

int64_t fake_thread(struct fake *f)
{
	return CALL(f, G_NR_clone, 0x50f00, 0x80000);
}

uint32_t fake_tid(const struct fake *f)
{
	return f->k.current ? f->k.current->tid : 0;
}

void fake_poke(struct fake *f, uint64_t addr, uint32_t word)
{
	memcpy(f->memory + addr, &word, sizeof(word));
}

uint32_t fake_peek(const struct fake *f, uint64_t addr)
{
	uint32_t word;

	memcpy(&word, f->memory + addr, sizeof(word));
	return word;
}

void fake_poke_time(struct fake *f, uint64_t addr, int64_t sec, int64_t nsec)
{
	const int64_t ts[2] = {sec, nsec};

	memcpy(f->memory + addr, ts, sizeof(ts));
}

unsigned fake_events(const struct fake *f, uint32_t kind)
{
	unsigned n = 0;

	for (unsigned i = 0; i < f->event_count; i++)
		n += f->events[i].kind == kind;
	return n;
}
