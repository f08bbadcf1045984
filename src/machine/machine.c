/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The machine's life: making, freeing, running, and what digests ask of it. */
#include "machine/machine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "machine/hart.h"

static const struct engine *engine_named(const char *name)
{
	const struct engine *engine = engines;

	if (!name) {
		while (engine[1].name)
			engine++;
		return engine;
	}
	for (; engine->name; engine++) {
		if (strcmp(engine->name, name) == 0)
			return engine;
	}
	return NULL;
}

int machine_new(struct machine **out, const struct machine_config *config)
{
	const struct engine *engine = engine_named(config->engine);
	struct machine *machine;
	int err = 0;

	if (!engine)
		return -EINVAL;
	machine = calloc(1, sizeof(*machine));
	if (!machine)
		return -ENOMEM;
	machine->pool.budget = UINT64_MAX;
	machine->time = config->time;
	machine->time_ctx = config->time_ctx;
	machine->engine = engine;
	if (engine->open)
		err = engine->open(machine);
	if (err < 0) {
		free(machine);
		return err;
	}
	*out = machine;
	return 0;
}

void machine_free(struct machine *machine)
{
	uint64_t id;
	void *at;

	if (!machine)
		return;
	for (id = 0; (at = radix_next(&machine->spaces, &id)); id++)
		space_free(at);
	for (id = 0; (at = radix_next(&machine->objects, &id)); id++)
		object_put(at);
	radix_clear(&machine->spaces);
	radix_clear(&machine->objects);
	if (machine->engine->close)
		machine->engine->close(machine);
	free(machine);
}

const char *machine_engine_name(unsigned i)
{
	for (unsigned k = 0; engines[k].name; k++) {
		if (k == i)
			return engines[k].name;
	}
	return NULL;
}

const char *machine_engine(const struct machine *machine)
{
	return machine->engine->name;
}

void machine_run(struct machine *machine, uint64_t until, struct machine_trap *trap)
{
	*trap = (struct machine_trap){.kind = MACHINE_SLICE_END};
	if (machine->retired < until)
		machine->engine->run(machine, until, trap);
}

struct machine_reservation machine_reservation(const struct machine *machine)
{
	return machine->reservation;
}

int machine_visit_pages(struct machine *machine, uint32_t space,
			int (*visit)(void *ctx, uint64_t addr, const uint8_t page[TG_PAGE_SIZE]),
			void *ctx)
{
	struct space *at = radix_get(&machine->spaces, space);

	return at ? space_visit(at, visit, ctx) : 0;
}

int machine_visit_object(struct machine *machine, uint32_t object,
			 int (*visit)(void *ctx, uint64_t offset, const uint8_t page[TG_PAGE_SIZE]),
			 void *ctx)
{
	struct object *at = radix_get(&machine->objects, object);
	struct frame *frame;
	int result;

	if (!at)
		return 0;
	for (uint64_t page = 0; (frame = radix_next(&at->frames, &page)); page++) {
		if (memcmp(frame->bytes, frame_zeros, TG_PAGE_SIZE) == 0)
			continue;
		result = visit(ctx, page * TG_PAGE_SIZE, frame->bytes);
		if (result != 0)
			return result;
	}
	return 0;
}

uint64_t machine_object_size(struct machine *machine, uint32_t object)
{
	struct object *at = radix_get(&machine->objects, object);

	return at ? at->size : 0;
}

uint64_t machine_memory_bytes(const struct machine *machine)
{
	return machine->pool.in_use * TG_PAGE_SIZE;
}

uint64_t machine_peak_memory_bytes(const struct machine *machine)
{
	return machine->pool.peak * TG_PAGE_SIZE;
}
