/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The hart's way to memory: checked loads, stores and fetches with exact faults. */
#include "machine/hart.h"

#include <errno.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "guest memory is little-endian");

bool hart_fault(struct machine *machine, struct machine_trap *trap, uint32_t cause, uint64_t tval)
{
	machine->reservation = (struct machine_reservation){0};
	trap->kind = MACHINE_FAULT;
	trap->cause = cause;
	trap->tval = tval;
	return false;
}

/* How many of the bytes lie in addr's page. */
static unsigned in_first_page(uint64_t addr, unsigned bytes)
{
	unsigned room = TG_PAGE_SIZE - (unsigned)(addr % TG_PAGE_SIZE);

	return room < bytes ? room : bytes;
}

static bool see(struct machine *machine, uint64_t addr, enum space_access access,
		struct page_view *view, struct machine_trap *trap)
{
	if (machine->space && space_see(machine->space, addr, access, view))
		return true;
	return hart_fault(machine, trap,
			  access == SPACE_FETCH ? TG_CAUSE_FETCH_PAGE : TG_CAUSE_LOAD_PAGE, addr);
}

bool hart_load(struct machine *machine, uint64_t addr, unsigned bytes, uint64_t *value,
	       struct machine_trap *trap)
{
	unsigned first = in_first_page(addr, bytes);
	uint8_t buffer[8] = {0};
	struct page_view view;

	if (!see(machine, addr, SPACE_READ, &view, trap))
		return false;
	memcpy(buffer, view.bytes + addr % TG_PAGE_SIZE, first);
	if (first < bytes) {
		if (!see(machine, addr + first, SPACE_READ, &view, trap))
			return false;
		memcpy(buffer + first, view.bytes, bytes - first);
	}
	memcpy(value, buffer, sizeof(*value));
	return true;
}

static bool own(struct machine *machine, uint64_t addr, struct frame **frame,
		struct machine_trap *trap)
{
	int err = machine->space ? space_own(machine->space, addr, frame) : -EFAULT;

	if (err == 0)
		return true;
	return hart_fault(machine, trap,
			  err == -ENOMEM ? TG_CAUSE_MEMORY_LIMIT : TG_CAUSE_STORE_PAGE, addr);
}

bool hart_store(struct machine *machine, uint64_t addr, unsigned bytes, uint64_t value,
		struct machine_trap *trap)
{
	unsigned first = in_first_page(addr, bytes), at = addr % TG_PAGE_SIZE;
	struct frame *low, *high = NULL;

	if (!own(machine, addr, &low, trap))
		return false;
	/* Both pages before the first byte: a straddling store has all of its effect or none. */
	if (first < bytes && !own(machine, addr + first, &high, trap))
		return false;
	memcpy(low->bytes + at, &value, first);
	frame_written(&machine->pool, low, at, first);
	if (first < bytes) {
		memcpy(high->bytes, (const uint8_t *)&value + first, bytes - first);
		frame_written(&machine->pool, high, 0, bytes - first);
	}
	return true;
}

bool hart_fetch(struct machine *machine, struct insn *out, struct machine_trap *trap)
{
	uint64_t pc = machine->regs.pc;
	struct page_view view;
	uint16_t low, high = 0;

	if (!see(machine, pc, SPACE_FETCH, &view, trap))
		return false;
	memcpy(&low, view.bytes + pc % TG_PAGE_SIZE, 2);
	if (isa_length(low) == 4) {
		if ((pc + 2) % TG_PAGE_SIZE == 0 && !see(machine, pc + 2, SPACE_FETCH, &view, trap))
			return false;
		memcpy(&high, view.bytes + (pc + 2) % TG_PAGE_SIZE, 2);
	}
	isa_decode((uint32_t)high << 16 | low, out);
	return true;
}
