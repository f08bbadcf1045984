/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Address spaces on the real machine: the area table's rules as sentences, and long random scripts of memory calls against a model that
 * knows nothing but an array of pages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>

#include "kernel/memory/area.h"
#include "kernel/thread/thread.h"
#include "machine/machine.h"

#define PAGE 4096ul
#define ARENA_BYTES (64ul << 20)
#define BASE 0x20000000ul /* of the window that tests map in */
#define RW (G_PROT_READ | G_PROT_WRITE)
#define ANON (G_MAP_PRIVATE | G_MAP_ANONYMOUS)
#define SHARED (G_MAP_SHARED | G_MAP_ANONYMOUS)
#define HERE G_MAP_FIXED

struct world {
	struct kernel k;
	struct machine *machine;
	struct tg_host_ops host;
	void *arena;
};

static struct world *world_new(uint64_t memory_limit)
{
	struct world *w = calloc(1, sizeof(*w));
	struct machine_config config = { .engine = "simple" };
	struct tg_kernel_options options = { .size = sizeof(options), .memory_limit = memory_limit };

	w->arena = mmap(NULL, ARENA_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert_int_equal(machine_new(&w->machine, &config), 0);
	assert_int_equal(kernel_init(&w->k, w->arena, ARENA_BYTES, &machine_ops, w->machine, &w->host, NULL, &options), 0);
	assert_int_equal(process_first(&w->k), 0);
	return w;
}

static void world_free(struct world *w)
{
	assert_int_equal(arena_check(&w->k.arena), 0);
	machine_free(w->machine);
	munmap(w->arena, ARENA_BYTES);
	free(w);
}

static struct memory *mm_of(struct world *w)
{
	return memory_current(&w->k);
}

#define ARGS(...) ((const uint64_t[6]){ __VA_ARGS__ })
#define MMAP(w, addr, len, prot, flags) sys_mmap(&(w)->k, ARGS(addr, len, prot, flags, (uint64_t)-1, 0))
#define MUNMAP(w, addr, len) sys_munmap(&(w)->k, ARGS(addr, len))
#define MPROTECT(w, addr, len, prot) sys_mprotect(&(w)->k, ARGS(addr, len, prot))
#define MREMAP(w, addr, old, new, flags, to) sys_mremap(&(w)->k, ARGS(addr, old, new, flags, to))
#define MADVISE(w, addr, len, advice) sys_madvise(&(w)->k, ARGS(addr, len, advice))

/* ---- what must hold of every table ---- */

static void verify_table(struct world *w)
{
	struct memory *mm = mm_of(w);
	uint64_t total = 0, locked = 0, data = 0, charged = 0, last = 0;

	assert_true(mm->area_count <= LIMIT_AREAS);
	for (uint32_t i = 0; i < mm->area_count; i++) {
		const struct area *a = memory_area_at(&w->k, mm, i), *b = memory_area_at(&w->k, mm, i + 1);

		assert_true(a->start >= last && a->start < a->end && a->end <= TG_ADDRESS_END && !(a->start % PAGE) && !(a->end % PAGE));
		assert_true(!(a->prot & ~a->max_prot));
		assert_true(!a->inode == !a->object);
		last = a->end;
		total += area_pages(a);
		locked += a->flags & AREA_LOCKED ? area_pages(a) : 0;
		data += area_is_data(a->prot, a->flags) ? area_pages(a) : 0;
		charged += a->flags & AREA_ACCOUNT ? area_pages(a) : 0;
		if (memory_accountable(a->prot, a->flags))
			assert_true(a->flags & AREA_ACCOUNT);
		/* Neighbours that are alike have been merged. */
		assert_false(b && a->end == b->start && a->prot == b->prot && a->flags == b->flags && a->max_prot == b->max_prot &&
		             a->object == b->object && !a->name && !b->name &&
		             (!a->object || a->offset + (a->end - a->start) == b->offset));
	}
	assert_true(mm->total_pages == total && mm->locked_pages == locked && mm->data_pages == data && mm->charged_pages == charged);
	assert_true(AT(&w->k, memory_accounts, w->k.root->memory_accounts)->charged_pages == charged);
}

static uint32_t areas(struct world *w)
{
	return mm_of(w)->area_count;
}

/* ---- sentences ---- */

static void neighbours_that_are_alike_are_one_area(void **state)
{
	struct world *w = world_new(0);
	(void)state;

	assert_true(MMAP(w, BASE, 2 * PAGE, RW, ANON | HERE) == (int64_t)BASE);
	assert_true(MMAP(w, BASE + 2 * PAGE, PAGE, RW, ANON | HERE) == (int64_t)(BASE + 2 * PAGE));
	assert_int_equal(areas(w), 1);
	assert_int_equal(MPROTECT(w, BASE + PAGE, PAGE, G_PROT_READ), 0);
	assert_int_equal(areas(w), 3);
	assert_int_equal(MPROTECT(w, BASE + PAGE, PAGE, RW), 0);
	assert_int_equal(areas(w), 1);
	assert_int_equal(MUNMAP(w, BASE + PAGE, PAGE), 0);
	assert_int_equal(areas(w), 2);
	verify_table(w);
	world_free(w);
}

static void shared_anonymous_areas_do_not_merge_and_keep_their_offsets_when_split(void **state)
{
	struct world *w = world_new(0);
	const struct area *a;
	(void)state;

	MMAP(w, BASE, 2 * PAGE, RW, SHARED | HERE);
	MMAP(w, BASE + 2 * PAGE, 2 * PAGE, RW, SHARED | HERE);
	assert_int_equal(areas(w), 2);
	MPROTECT(w, BASE + PAGE, PAGE, G_PROT_READ);
	a = memory_area(&w->k, mm_of(w), BASE + PAGE);
	assert_int_equal(a->offset, PAGE);
	MPROTECT(w, BASE + PAGE, PAGE, RW);
	assert_int_equal(areas(w), 2);
	verify_table(w);
	world_free(w);
}

static void a_limit_on_memory_is_enomem_where_it_is_charged(void **state)
{
	struct world *w = world_new(100 * PAGE);
	(void)state;

	assert_int_equal(MMAP(w, 0, 101 * PAGE, RW, ANON), -G_ENOMEM);
	assert_true(MMAP(w, BASE, 1000 * PAGE, G_PROT_NONE, ANON | HERE) > 0);
	assert_int_equal(MPROTECT(w, BASE, 100 * PAGE, RW), 0);
	assert_int_equal(MPROTECT(w, BASE + 200 * PAGE, PAGE, RW), -G_ENOMEM);
	assert_int_equal(MUNMAP(w, BASE + 10 * PAGE, PAGE), 0);
	assert_int_equal(MPROTECT(w, BASE + 200 * PAGE, PAGE, RW), 0);
	verify_table(w);
	/* Replacing what is charged costs nothing. */
	assert_true(MMAP(w, BASE, 10 * PAGE, RW, ANON | HERE) > 0);
	/* And what is charged when it is touched can be mapped at any size. */
	assert_true(MMAP(w, 0, 100000 * PAGE, RW, ANON | G_MAP_NORESERVE) > 0);
	assert_true(MMAP(w, 0, 100000 * PAGE, RW, SHARED) > 0);
	verify_table(w);
	world_free(w);
}

static void a_page_that_is_charged_when_touched_stops_the_run_at_the_limit(void **state)
{
	struct world *w = world_new(4 * PAGE);
	uint64_t one = 1, at;
	int result = 0;
	(void)state;

	MMAP(w, BASE, 64 * PAGE, RW, ANON | HERE | G_MAP_NORESERVE);
	for (at = 0; at < 64 && !result; at++)
		result = user_store(&w->k, BASE + at * PAGE, &one, sizeof(one));
	assert_int_equal(result, -G_ENOMEM);
	assert_int_equal(w->k.stop, TG_STOP_MEMORY_LIMIT);
	assert_in_range(at, 4, 6);
	world_free(w);
}

static void touched_and_charged_pages_share_one_limit(void **state)
{
	struct world *w = world_new(100 * PAGE);
	uint64_t one = 1;
	(void)state;

	MMAP(w, BASE, 64 * PAGE, RW, SHARED | HERE);
	for (uint64_t i = 0; i < 40; i++)
		assert_int_equal(user_store(&w->k, BASE + i * PAGE, &one, 8), 0);
	assert_int_equal(MMAP(w, 0, 61 * PAGE, RW, ANON), -G_ENOMEM);
	assert_true(MMAP(w, 2 * BASE, 60 * PAGE, RW, ANON | HERE) > 0);
	assert_int_equal(user_store(&w->k, BASE + 50 * PAGE, &one, 8), -G_ENOMEM);
	w->k.stop = TG_RUN;
	assert_int_equal(MUNMAP(w, 2 * BASE, PAGE), 0);
	assert_int_equal(user_store(&w->k, BASE + 50 * PAGE, &one, 8), 0);
	assert_int_equal(MUNMAP(w, BASE, 64 * PAGE), 0); /* the last view: its pages are free again */
	assert_true(MMAP(w, 0, 41 * PAGE, RW, ANON) > 0);
	verify_table(w);
	world_free(w);
}

static void the_number_of_areas_is_limited(void **state)
{
	struct world *w = world_new(0);
	uint64_t i = 0;
	(void)state;

	while (MMAP(w, BASE + 2 * i * PAGE, PAGE, RW, ANON | HERE) > 0)
		i++;
	assert_int_equal(i, LIMIT_AREAS);
	assert_int_equal(MMAP(w, 0, PAGE, RW, ANON), -G_ENOMEM);
	/* Unmapping works, and makes room. */
	assert_int_equal(MUNMAP(w, BASE, PAGE), 0);
	assert_true(MMAP(w, BASE + 4 * i * PAGE, 3 * PAGE, RW, ANON | HERE) > 0);
	/* A split needs room, too. */
	assert_int_equal(MUNMAP(w, BASE + (4 * i + 1) * PAGE, PAGE), -G_ENOMEM);
	assert_int_equal(MPROTECT(w, BASE + 4 * i * PAGE, PAGE, G_PROT_READ), -G_ENOMEM);
	assert_int_equal(MPROTECT(w, BASE + 4 * i * PAGE, 3 * PAGE, G_PROT_READ), 0);
	verify_table(w);
	world_free(w);
}

static void the_stack_grows_to_a_touched_page_and_no_further_than_its_limits(void **state)
{
	struct world *w = world_new(0);
	uint64_t top = TG_ADDRESS_END, one = 1;
	struct memory *mm = mm_of(w);
	(void)state;

	assert_true(memory_map(&w->k, mm, top - 4 * PAGE, 4 * PAGE, RW, G_MAP_PRIVATE | HERE, 0, 0, 0, AREA_STACK | AREA_GROWSDOWN, 7) > 0);
	assert_true(memory_fault(&w->k, TG_CAUSE_STORE_PAGE, top - 100 * PAGE + 8));
	assert_int_equal(user_store(&w->k, top - 100 * PAGE, &one, 8), 0);
	assert_true(memory_area(&w->k, mm, top - 1)->start == top - 100 * PAGE);
	verify_table(w);
	assert_false(memory_fault(&w->k, TG_CAUSE_STORE_PAGE, top - LIMIT_STACK_BYTES - 1));
	assert_true(memory_fault(&w->k, TG_CAUSE_LOAD_PAGE, top - LIMIT_STACK_BYTES));
	/* user_store grows it as well. */
	w->k.process->rlimits[G_RLIMIT_STACK].cur = 2 * LIMIT_STACK_BYTES;
	assert_int_equal(user_store(&w->k, top - LIMIT_STACK_BYTES - 8, &one, 8), 0);
	/* Not into the gap that is kept above an accessible mapping. */
	MMAP(w, top - 4096 * PAGE, PAGE, G_PROT_READ, ANON | HERE);
	assert_true(memory_fault(&w->k, TG_CAUSE_STORE_PAGE, top - 3000 * PAGE));
	assert_false(memory_fault(&w->k, TG_CAUSE_STORE_PAGE, top - 4000 * PAGE));
	verify_table(w);
	world_free(w);
}

static void a_name_belongs_to_a_range_and_keeps_it_apart(void **state)
{
	struct world *w = world_new(0);
	struct memory *mm = mm_of(w);
	(void)state;

	MMAP(w, BASE, 8 * PAGE, RW, ANON | HERE);
	assert_int_equal(memory_set_name(&w->k, mm, BASE + 2 * PAGE, 2 * PAGE, "heap"), 0);
	assert_int_equal(areas(w), 3);
	assert_string_equal(arena_at(&w->k.arena, memory_area(&w->k, mm, BASE + 2 * PAGE)->name), "heap");
	assert_int_equal(memory_set_name(&w->k, mm, BASE + 4 * PAGE, PAGE, "heap"), 0);
	assert_int_equal(areas(w), 3); /* the same name again: one area of three pages */
	assert_int_equal(MUNMAP(w, BASE + 3 * PAGE, PAGE), 0);
	assert_int_equal(memory_set_name(&w->k, mm, BASE, 8 * PAGE, NULL), -G_ENOMEM);
	assert_int_equal(areas(w), 2);
	verify_table(w);
	world_free(w);
}

static void mremap_of_length_zero_makes_a_second_view_of_shared_memory(void **state)
{
	struct world *w = world_new(0);
	uint64_t tag = 77, seen = 0;
	int64_t second;
	(void)state;

	MMAP(w, BASE, 4 * PAGE, RW, SHARED | HERE);
	second = MREMAP(w, BASE + PAGE, 0, 2 * PAGE, G_MREMAP_MAYMOVE, 0);
	assert_true(second > 0 && second != (int64_t)BASE);
	assert_int_equal(user_store(&w->k, BASE + 2 * PAGE, &tag, 8), 0);
	assert_int_equal(user_load(&w->k, (uint64_t)second + PAGE, &seen, 8), 0);
	assert_int_equal(seen, 77);
	assert_int_equal(areas(w), 2); /* looking into the middle has not split the first view */
	verify_table(w);
	assert_int_equal(MUNMAP(w, BASE, 4 * PAGE), 0);
	assert_int_equal(user_load(&w->k, (uint64_t)second + PAGE, &seen, 8), 0);
	assert_int_equal(seen, 77);
	verify_table(w);
	world_free(w);
}

static void a_space_that_ends_gives_everything_back(void **state)
{
	struct world *w = world_new(0);
	uint64_t used = 0, one = 1;
	(void)state;

	for (int round = 0; round < 3; round++) {
		ref memory;
		uint64_t now;

		MMAP(w, 0, 100 * PAGE, RW, ANON);
		MMAP(w, BASE, 100 * PAGE, RW, SHARED | HERE);
		assert_int_equal(user_store(&w->k, BASE, &one, 8), 0);
		memory_release(&w->k, w->k.process->memory);
		assert_int_equal(AT(&w->k, memory_accounts, w->k.root->memory_accounts)->charged_pages, 0);
		assert_int_equal(machine_memory_bytes(w->machine), 0);
		now = arena_used(&w->k.arena);
		assert_true(!round || now == used);
		used = now;
		assert_int_equal(memory_new(&w->k, &memory), 0);
		w->k.process->memory = memory;
		w->k.process->space = AT(&w->k, memory, memory)->space;
	}
	world_free(w);
}

/* ---- the model ---- */

#define PAGES 48
#define CELLS 100000

struct model {
	struct world *w;
	struct {
		bool mapped, shared;
		uint32_t prot, cell;
	} pages[PAGES];
	uint64_t cells[CELLS]; /* contents: one word a page */
	uint32_t cell_count;
	uint64_t random;
};

static uint64_t draw(struct model *m, uint64_t below)
{
	m->random ^= m->random << 13;
	m->random ^= m->random >> 7;
	m->random ^= m->random << 17;
	return m->random % below;
}

static uint32_t new_cell(struct model *m)
{
	assert_true(m->cell_count < CELLS);
	return m->cell_count++;
}

static void verify_pages(struct model *m)
{
	for (uint32_t i = 0; i < PAGES; i++) {
		uint64_t at = BASE + i * PAGE, seen = 0;
		const struct area *a = memory_area(&m->w->k, mm_of(m->w), at);
		bool readable = m->pages[i].mapped && (m->pages[i].prot & RW);

		assert_int_equal(!!a, m->pages[i].mapped);
		if (a) {
			assert_int_equal(a->prot, m->pages[i].prot);
			assert_int_equal(!!(a->flags & AREA_SHARED), m->pages[i].shared);
		}
		assert_int_equal(machine_ops.load(m->w->machine, m->w->k.process->space, at, &seen, 8), readable ? 0 : -G_EFAULT);
		if (readable)
			assert_true(seen == m->cells[m->pages[i].cell]);
		if (readable || !m->pages[i].mapped) /* a store of what is there already */
			assert_int_equal(machine_ops.store(m->w->machine, m->w->k.process->space, at, &seen, 8),
			                 m->pages[i].mapped && (m->pages[i].prot & G_PROT_WRITE) ? 0 : -G_EFAULT);
	}
	verify_table(m->w);
}

static void unmap_pages(struct model *m, uint32_t first, uint32_t n)
{
	for (uint32_t i = first; i < first + n; i++)
		m->pages[i].mapped = false;
}

static void do_map(struct model *m, uint32_t first, uint32_t n)
{
	static const uint32_t prots[] = { G_PROT_NONE, G_PROT_READ, RW, RW, RW, RW | G_PROT_EXEC, G_PROT_WRITE };
	uint32_t prot = prots[draw(m, 7)];
	bool shared = draw(m, 3) == 0;
	uint32_t more = (draw(m, 4) == 0 ? G_MAP_NORESERVE : 0) | (draw(m, 4) == 0 ? G_MAP_POPULATE : 0);

	assert_true(MMAP(m->w, BASE + first * PAGE, n * PAGE, prot, (shared ? SHARED : ANON) | HERE | more) ==
	            (int64_t)(BASE + first * PAGE));
	for (uint32_t i = first; i < first + n; i++) {
		m->pages[i].mapped = true;
		m->pages[i].shared = shared;
		m->pages[i].prot = prot;
		m->pages[i].cell = new_cell(m);
	}
}

static void do_protect(struct model *m, uint32_t first, uint32_t n)
{
	uint32_t prot = (uint32_t)draw(m, 8), i;
	int64_t result = MPROTECT(m->w, BASE + first * PAGE, n * PAGE, prot);

	for (i = first; i < first + n && m->pages[i].mapped; i++)
		m->pages[i].prot = prot;
	assert_int_equal(result, i == first + n ? 0 : -G_ENOMEM);
}

static void do_discard(struct model *m, uint32_t first, uint32_t n)
{
	bool hole = false;
	int64_t result = MADVISE(m->w, BASE + first * PAGE, n * PAGE, G_MADV_DONTNEED);

	for (uint32_t i = first; i < first + n; i++) {
		if (!m->pages[i].mapped)
			hole = true;
		else if (!m->pages[i].shared)
			m->pages[i].cell = new_cell(m);
	}
	assert_int_equal(result, hole ? -G_ENOMEM : 0);
}

static void do_flags(struct model *m, uint32_t first, uint32_t n)
{
	static const uint32_t advice[] = { G_MADV_DONTFORK, G_MADV_DOFORK, G_MADV_DONTDUMP, G_MADV_DODUMP, G_MADV_HUGEPAGE, G_MADV_NOHUGEPAGE };
	bool hole = false;

	for (uint32_t i = first; i < first + n; i++)
		hole |= !m->pages[i].mapped;
	assert_int_equal(MADVISE(m->w, BASE + first * PAGE, n * PAGE, advice[draw(m, 6)]), hole ? -G_ENOMEM : 0);
}

static void do_store(struct model *m, uint32_t first, uint32_t n)
{
	for (uint32_t i = first; i < first + n; i++) {
		uint64_t tag = 1 + draw(m, UINT64_MAX);
		bool writable = m->pages[i].mapped && (m->pages[i].prot & G_PROT_WRITE);

		assert_int_equal(machine_ops.store(m->w->machine, m->w->k.process->space, BASE + i * PAGE, &tag, 8), writable ? 0 : -G_EFAULT);
		if (writable)
			m->cells[m->pages[i].cell] = tag;
	}
}

/* Moves or shrinks inside the window; whether one area holds the source is asked of the table, which verify_table has checked. */
static void do_remap(struct model *m, uint32_t first, uint32_t n)
{
	bool keep = draw(m, 3) == 0;
	uint32_t new_n = keep ? n : 1 + (uint32_t)draw(m, 6), to = (uint32_t)draw(m, PAGES - new_n), kept;
	const struct area *a;
	int64_t result = MREMAP(m->w, BASE + first * PAGE, n * PAGE, new_n * PAGE,
	                        G_MREMAP_MAYMOVE | G_MREMAP_FIXED | (keep ? G_MREMAP_DONTUNMAP : 0), BASE + to * PAGE);

	kept = n < new_n ? n : new_n;
	if (!m->pages[first].mapped) {
		assert_int_equal(result, -G_EFAULT);
		return;
	}
	if (first < to + new_n && to < first + n) {
		assert_int_equal(result, -G_EINVAL);
		return;
	}
	unmap_pages(m, to, new_n); /* also when the call fails later, as on Linux */
	if (n > new_n)
		unmap_pages(m, first + new_n, n - new_n);
	if (result < 0) {
		a = memory_area(&m->w->k, mm_of(m->w), BASE + first * PAGE);
		assert_int_equal(result, -G_EFAULT);
		assert_true(!a || a->end < BASE + (first + kept) * PAGE);
		return;
	}
	for (uint32_t i = 0; i < new_n; i++) {
		m->pages[to + i] = m->pages[first + (i < kept ? i : 0)];
		if (i >= kept)
			m->pages[to + i].cell = new_cell(m);
	}
	for (uint32_t i = first; keep && i < first + kept; i++)
		if (!m->pages[i].shared)
			m->pages[i].cell = new_cell(m);
	if (!keep)
		unmap_pages(m, first, kept);
	/* Shared memory beyond its end is not there: this model has no such pages. */
	if (new_n > n && m->pages[to].shared) {
		assert_int_equal(MUNMAP(m->w, BASE + (to + n) * PAGE, (new_n - n) * PAGE), 0);
		unmap_pages(m, to + n, new_n - n);
	}
}

static void random_scripts_of_memory_calls_agree_with_an_array_of_pages(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 12; seed++) {
		struct model *m = calloc(1, sizeof(*m));

		m->random = seed * 0x9e3779b97f4a7c15;
		m->w = world_new(0);
		for (int step = 0; step < 600; step++) {
			uint32_t first = (uint32_t)draw(m, PAGES), n = 1 + (uint32_t)draw(m, 8);

			if (first + n > PAGES)
				n = PAGES - first;
			switch (draw(m, 9)) {
			case 0:
			case 1: do_map(m, first, n); break;
			case 2:
				assert_int_equal(MUNMAP(m->w, BASE + first * PAGE, n * PAGE), 0);
				unmap_pages(m, first, n);
				break;
			case 3: do_protect(m, first, n); break;
			case 4: do_discard(m, first, n); break;
			case 5: do_flags(m, first, n); break;
			case 6:
			case 7: do_store(m, first, n); break;
			default: do_remap(m, first, n); break;
			}
			verify_pages(m);
		}
		world_free(m->w);
		free(m);
	}
}

/* ---- hostile arguments ---- */

static uint64_t wild(struct model *m, bool address)
{
	static const uint64_t edges[] = { 0, 1, PAGE - 1, PAGE, 65536, 65535, (1ul << 38) - PAGE, 1ul << 38, (1ul << 38) + PAGE, 1ul << 63,
		                          -PAGE, -1ul, 0x7fffffffffffffff, BASE };

	switch (draw(m, 8)) {
	case 0: return edges[draw(m, sizeof(edges) / sizeof(*edges))];
	case 1: return draw(m, UINT64_MAX);
	case 2: return draw(m, 1ul << 39) & -PAGE;
	case 3: return address ? BASE + draw(m, 64 * PAGE) : draw(m, 64 * PAGE);
	default: return address ? BASE + draw(m, 64) * PAGE : draw(m, 64) * PAGE;
	}
}

static void wild_arguments_never_break_the_table(void **state)
{
	static call_handler *const calls[] = { sys_mmap, sys_mmap, sys_mmap, sys_munmap, sys_mprotect, sys_mremap, sys_mremap, sys_madvise,
		                               sys_brk, sys_mlock, sys_mlock2, sys_munlock, sys_mlockall, sys_munlockall, sys_msync, sys_mincore };
	static const uint64_t map_flags[] = { ANON, SHARED, ANON | HERE, SHARED | HERE, ANON | G_MAP_NORESERVE, ANON | G_MAP_GROWSDOWN,
		                              ANON | G_MAP_FIXED_NOREPLACE, ANON | G_MAP_LOCKED, ANON | G_MAP_POPULATE, G_MAP_ANONYMOUS | G_MAP_DROPPABLE };
	(void)state;

	for (uint64_t seed = 1; seed <= 8; seed++) {
		struct model *m = calloc(1, sizeof(*m));

		m->random = seed * 0xd1342543de82ef95;
		m->w = world_new(256 * PAGE);
		for (int step = 0; step < 3000; step++) {
			call_handler *call = calls[draw(m, sizeof(calls) / sizeof(*calls))];
			uint64_t a[6] = { wild(m, true), wild(m, false), draw(m, 16), draw(m, 8), (uint64_t)-1, 0 };
			int64_t result;

			if (call == sys_mmap)
				a[3] = draw(m, 8) ? map_flags[draw(m, sizeof(map_flags) / sizeof(*map_flags))] : wild(m, false);
			else if (call == sys_mremap)
				a[2] = wild(m, false), a[4] = wild(m, true);
			else if (call == sys_madvise)
				a[2] = draw(m, 28);
			else if (call == sys_mincore)
				a[2] = wild(m, true);
			else if (call == sys_mlockall)
				a[0] = draw(m, 5);
			result = call(&m->w->k, a);
			assert_true(result >= -G_MAX_ERRNO && result <= (int64_t)TG_ADDRESS_END);
			m->w->k.stop = TG_RUN; /* a mincore vector or a stack that hits the limit */
			verify_table(m->w);
		}
		world_free(m->w);
		free(m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neighbours_that_are_alike_are_one_area),
		cmocka_unit_test(shared_anonymous_areas_do_not_merge_and_keep_their_offsets_when_split),
		cmocka_unit_test(a_limit_on_memory_is_enomem_where_it_is_charged),
		cmocka_unit_test(a_page_that_is_charged_when_touched_stops_the_run_at_the_limit),
		cmocka_unit_test(touched_and_charged_pages_share_one_limit),
		cmocka_unit_test(the_number_of_areas_is_limited),
		cmocka_unit_test(the_stack_grows_to_a_touched_page_and_no_further_than_its_limits),
		cmocka_unit_test(a_name_belongs_to_a_range_and_keeps_it_apart),
		cmocka_unit_test(mremap_of_length_zero_makes_a_second_view_of_shared_memory),
		cmocka_unit_test(a_space_that_ends_gives_everything_back),
		cmocka_unit_test(random_scripts_of_memory_calls_agree_with_an_array_of_pages),
		cmocka_unit_test(wild_arguments_never_break_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
