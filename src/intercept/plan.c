/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See plan.h. */
#include "intercept/plan.h"

#include "abi/errors.h"
#include "abi/mapping.h"
#include "intercept/raw.h"
#include "intercept/text.h"
#include "isa/isa.h"

enum { REG_T0 = 5 };

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

/* 0 if the target is out of reach, which callers have excluded. */
static uint32_t jal(unsigned rd, uint64_t from, uint64_t to)
{
	struct insn insn = { .id = INSN_JAL, .rd = (uint8_t)rd, .imm = (int32_t)(to - from) };
	uint32_t out = 0;

	return isa_encode(&insn, &out) == 4 ? out : 0;
}

static void put(uint64_t at, uint32_t value)
{
	memcpy((void *)at, &value, sizeof(value));
}

static void write_gate(const struct intercept *state, const struct island *island)
{
	bool loader = island->class == CLASS_LOADER;
	uint64_t table = (uint64_t)(loader ? state->wanted_by_loader : state->wanted);
	uint64_t entry = (uint64_t)(loader ? intercept_entry_loader : intercept_entry);

	memcpy((void *)island->at, intercept_gate_model, GATE_SIZE);
	memcpy((void *)(island->at + GATE_TABLE), &table, sizeof(table));
	memcpy((void *)(island->at + GATE_ENTRY), &entry, sizeof(entry));
}

static void write_thunk(struct island *island, struct site *site)
{
	uint64_t at = island->next;

	memcpy((void *)at, intercept_thunk_model, THUNK_SIZE);
	put(at + 4, jal(REG_T0, at + 4, island->at));
	put(at + THUNK_BACK, jal(0, at + THUNK_BACK, site->at + 4));
	put(at + THUNK_LEAVE, jal(0, at + THUNK_LEAVE, site->at + 4));
	put(at + THUNK_SITE, (uint32_t)(site->at - at));
	site->thunk = at;
	site->kind = SITE_ISLAND;
	island->next += THUNK_SIZE;
}

/* An island of this object that the site reaches, with room. */
static struct island *island_for(struct intercept *state, unsigned first, uint64_t site)
{
	for (unsigned i = first; i < state->island_count; i++) {
		struct island *island = &state->islands[i];

		if (island->next + THUNK_SIZE <= island->end &&
		    distance(island->next, site) < ISLAND_REACH)
			return island;
	}
	return NULL;
}

static struct island *add_island(struct intercept *state, uint64_t at, uint64_t end,
				 enum site_class class)
{
	struct island *island = &state->islands[state->island_count++];

	*island = (struct island){
		.at = at, .end = end, .next = at + GATE_SIZE, .class = (uint8_t)class
	};
	state->mapped_bytes += end - at;
	write_gate(state, island);
	return island;
}

/* Within the object's own mapping, where libraries stand so close that there is no hole. */
static struct island *spent_island(struct intercept *state, struct code *spent,
				   const struct site *site, enum site_class class)
{
	uint64_t at = (spent->start + 7) & ~(uint64_t)7, end = spent->end;
	uint64_t page = at & ~(uint64_t)(RAW_PAGE - 1);

	if (state->island_count == ISLANDS_MAX || end < at + GATE_SIZE + THUNK_SIZE ||
	    distance(at, site->at) >= ISLAND_REACH ||
	    raw_failed(RAW3(mprotect, page, end - page, G_PROT_READ | G_PROT_WRITE)))
		return NULL;
	spent->start = spent->end;
	return add_island(state, at, end, class);
}

/* Room for the sites from here on that are within reach of each other; less if there is no hole. */
static struct island *new_island(struct intercept *state, struct maps *maps,
				 const struct site *sites, unsigned n, enum site_class class)
{
	uint64_t low = sites[0].at, high = low, size;
	unsigned count = 0;
	int64_t at = -G_ENOMEM;

	if (state->island_count == ISLANDS_MAX)
		return NULL;
	for (unsigned i = 0; i < n && sites[i].at - low < ISLAND_REACH; i++) {
		count += sites[i].kind != SITE_FILTERED;
		high = sites[i].at;
	}
	for (size = GATE_SIZE + count * THUNK_SIZE; size; size = size > RAW_PAGE ? size / 2 : 0) {
		size = (size + RAW_PAGE - 1) & ~(uint64_t)(RAW_PAGE - 1);
		/* One for all of them, or one for the first. */
		at = maps_near(maps, low, high, size, ISLAND_REACH);
		if (at < 0)
			at = maps_near(maps, low, low, size, ISLAND_REACH);
		if (at > 0 || size == RAW_PAGE)
			break;
	}
	return at < 0 ? NULL : add_island(state, (uint64_t)at, (uint64_t)at + size, class);
}

static bool filtered(const struct intercept *state, const struct site *site, enum site_class class)
{
	const uint8_t *table = class == CLASS_LOADER ? state->wanted_by_loader : state->wanted;

	return (state->sites_by_number || class == CLASS_LOADER) && site->number >= 0 &&
	       table[site->number] == WANT_NOTHING;
}

void plan_object(struct intercept *state, struct maps *maps, struct site *sites, unsigned n,
		 enum site_class class, struct code spent)
{
	unsigned first = state->island_count;

	for (unsigned i = 0; i < n; i++)
		sites[i].kind = filtered(state, &sites[i], class) ? SITE_FILTERED : SITE_UNREACHED;
	for (unsigned i = 0; i < n; i++) {
		struct island *island;

		if (sites[i].kind == SITE_UNREACHED) {
			island = island_for(state, first, sites[i].at);
			if (!island)
				island = new_island(state, maps, &sites[i], n - i, class);
			if (!island)
				island = spent_island(state, &spent, &sites[i], class);
			if (island && distance(island->next, sites[i].at) < ISLAND_REACH)
				write_thunk(island, &sites[i]);
		}
		state->kinds[sites[i].kind]++;
	}
}

void plan_seal(struct intercept *state, unsigned first)
{
	for (unsigned i = first; i < state->island_count; i++) {
		const struct island *island = &state->islands[i];

		uint64_t page = island->at & ~(uint64_t)(RAW_PAGE - 1);

		RAW3(mprotect, page, island->end - page, G_PROT_READ | G_PROT_EXEC);
		RAW3(riscv_flush_icache, island->at, island->end, 0);
	}
	__asm__ volatile("fence.i" ::: "memory");
}

int plan_patch(const struct map *map, const struct site *sites, unsigned n)
{
	uint64_t first = UINT64_MAX, last = 0;
	long done;

	for (unsigned i = 0; i < n; i++) {
		if (sites[i].kind != SITE_ISLAND)
			continue;
		if (first == UINT64_MAX)
			first = sites[i].at & ~(uint64_t)(RAW_PAGE - 1);
		last = (sites[i].at + 4 + RAW_PAGE - 1) & ~(uint64_t)(RAW_PAGE - 1);
	}
	if (first == UINT64_MAX)
		return 0;
	done = RAW3(mprotect, first, last - first, G_PROT_READ | G_PROT_WRITE);
	if (raw_failed(done))
		return (int)done;
	for (unsigned i = 0; i < n; i++)
		if (sites[i].kind == SITE_ISLAND)
			put(sites[i].at, jal(0, sites[i].at, sites[i].thunk));
	/* What was executable has to become so again; there is no way on if it does not. */
	if (raw_failed(RAW3(mprotect, first, last - first, map->prot)))
		RAW1(exit_group, 127);
	RAW3(riscv_flush_icache, first, last, 0);
	__asm__ volatile("fence.i" ::: "memory");
	return 0;
}

uint64_t plan_site_of(const struct intercept *state, uint64_t pc, unsigned *offset)
{
	for (unsigned i = 0; i < state->island_count; i++) {
		const struct island *island = &state->islands[i];
		uint64_t into = pc - island->at - GATE_SIZE, thunk;

		if (pc < island->at + GATE_SIZE || pc >= island->next)
			continue;
		*offset = (unsigned)(into % THUNK_SIZE);
		thunk = pc - *offset;
		return thunk + (uint64_t)(int64_t)(*(const int32_t *)(thunk + THUNK_SITE));
	}
	return 0;
}
