/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Spaces and objects, by the operations that a kernel uses. */
#include <errno.h>

#include "bare.h"

static struct machine *machine;

static int setup(void **state)
{
	machine = bare_new(NULL);
	return 0;
}

static int teardown(void **state)
{
	machine_free(machine);
	return 0;
}

static int map(uint64_t addr, uint64_t pages, uint32_t prot, uint32_t object, uint64_t offset,
	       uint32_t flags)
{
	return OPS->map(machine, SPACE, addr, pages * PAGE, prot, object, offset, flags);
}

static uint8_t byte_at(uint64_t addr)
{
	uint8_t byte;

	assert_int_equal(OPS->load(machine, SPACE, addr, &byte, 1), 0);
	return byte;
}

static int set_byte(uint64_t addr, uint8_t byte)
{
	return OPS->store(machine, SPACE, addr, &byte, 1);
}

static bool readable(uint64_t addr)
{
	uint8_t byte;

	return OPS->load(machine, SPACE, addr, &byte, 1) == 0;
}

static void new_memory_reads_as_zeros_and_keeps_what_is_stored(void **state)
{
	assert_int_equal(byte_at(DATA + 5000), 0);
	assert_int_equal(set_byte(DATA + 5000, 7), 0);
	assert_int_equal(byte_at(DATA + 5000), 7);
}

static void unmapped_memory_is_efault(void **state)
{
	uint64_t v = 0;

	assert_int_equal(OPS->load(machine, SPACE, 0, &v, 8), -EFAULT);
	assert_int_equal(OPS->store(machine, SPACE, DATA + 4 * PAGE, &v, 1), -EFAULT);
	assert_int_equal(OPS->load(machine, SPACE, TG_ADDRESS_END, &v, 8), -EFAULT);
	assert_int_equal(OPS->load(machine, SPACE, UINT64_MAX - 3, &v, 8), -EFAULT);
	assert_int_equal(OPS->load(machine, SPACE, DATA | UINT64_C(1) << 40, &v, 8), -EFAULT);
	assert_int_equal(OPS->load(machine, 99, DATA, &v, 8), -EFAULT);
}

static void a_store_across_the_end_writes_up_to_the_faulting_page(void **state)
{
	uint8_t ones[64];

	memset(ones, 1, sizeof(ones));
	assert_int_equal(OPS->store(machine, SPACE, DATA + 4 * PAGE - 32, ones, 64), -EFAULT);
	assert_int_equal(byte_at(DATA + 4 * PAGE - 1), 1);
}

static void permissions_are_those_of_riscv_linux(void **state)
{
	map(0x100000, 1, TG_PROT_WRITE, 0, 0, 0);
	assert_true(readable(0x100000)); /* write implies read */
	map(0x100000, 1, TG_PROT_EXEC, 0, 0, 0);
	assert_false(readable(0x100000));
	assert_int_equal(set_byte(0x100000, 1), -EFAULT);
	map(0x100000, 1, TG_PROT_READ, 0, 0, 0);
	assert_true(readable(0x100000));
	assert_int_equal(set_byte(0x100000, 1), -EFAULT);
	map(0x100000, 1, 0, 0, 0, 0);
	assert_false(readable(0x100000));
}

static void arguments_outside_user_space_are_refused(void **state)
{
	assert_int_equal(map(TG_ADDRESS_END, 1, RW, 0, 0, 0), -EINVAL);
	assert_int_equal(map(TG_ADDRESS_END - PAGE, 2, RW, 0, 0, 0), -EINVAL);
	assert_int_equal(map(0x100000 + 1, 1, RW, 0, 0, 0), -EINVAL);
	assert_int_equal(map(0x100000, 0, RW, 0, 0, 0), -EINVAL);
	assert_int_equal(map(0x100000, 1, RW, 77, 0, 0), -EINVAL);
	assert_int_equal(OPS->move(machine, SPACE, DATA, DATA + PAGE, 2 * PAGE), -EINVAL);
}

static void a_reservation_of_the_whole_space_costs_nothing(void **state)
{
	uint64_t before = machine_memory_bytes(machine), pages = (TG_ADDRESS_END - 0x1000000) / PAGE;

	for (unsigned i = 0; i < 1000; i++) {
		assert_int_equal(map(0x1000000, pages, 0, 0, 0, 0), 0);
		OPS->protect(machine, SPACE, 0x1000000, pages * PAGE, i % 2 ? 0 : RW);
		OPS->discard(machine, SPACE, 0x1000000, pages * PAGE);
		OPS->unmap(machine, SPACE, 0x1000000, pages * PAGE);
	}
	assert_int_equal(machine_memory_bytes(machine), before);
}

static void unmapping_the_middle_keeps_both_ends(void **state)
{
	set_byte(DATA, 1);
	set_byte(DATA + PAGE, 2);
	set_byte(DATA + 3 * PAGE, 4);
	assert_int_equal(OPS->unmap(machine, SPACE, DATA + PAGE, 2 * PAGE), 0);
	assert_int_equal(byte_at(DATA), 1);
	assert_false(readable(DATA + PAGE));
	assert_false(readable(DATA + 2 * PAGE));
	assert_int_equal(byte_at(DATA + 3 * PAGE), 4);
	map(DATA + PAGE, 2, RW, 0, 0, 0);
	assert_int_equal(byte_at(DATA + PAGE), 0);
}

static void protecting_the_middle_leaves_the_ends_alone(void **state)
{
	set_byte(DATA + PAGE, 9);
	OPS->protect(machine, SPACE, DATA + PAGE, PAGE, TG_PROT_READ);
	assert_int_equal(set_byte(DATA + PAGE, 1), -EFAULT);
	assert_int_equal(set_byte(DATA, 1), 0);
	assert_int_equal(set_byte(DATA + 2 * PAGE, 1), 0);
	OPS->protect(machine, SPACE, DATA + PAGE, PAGE, RW);
	assert_int_equal(byte_at(DATA + PAGE), 9);
	assert_int_equal(set_byte(DATA + PAGE, 1), 0);
}

static void mapping_over_a_mapping_replaces_it(void **state)
{
	set_byte(DATA + PAGE, 9);
	map(DATA + PAGE, 1, RW, 0, 0, 0);
	assert_int_equal(byte_at(DATA + PAGE), 0);
}

static void discarded_anonymous_memory_is_zeros_again(void **state)
{
	uint64_t before = machine_memory_bytes(machine);

	set_byte(DATA + PAGE, 9);
	assert_true(OPS->resident(machine, SPACE, DATA + PAGE));
	OPS->discard(machine, SPACE, DATA, 4 * PAGE);
	assert_int_equal(byte_at(DATA + PAGE), 0);
	assert_false(OPS->resident(machine, SPACE, DATA + PAGE));
	assert_int_equal(machine_memory_bytes(machine), before);
}

static void moving_takes_pages_and_holes_along(void **state)
{
	uint64_t to = UINT64_C(0x300000000);

	map(to, 8, RW, 0, 0, 0);
	set_byte(to + PAGE, 99);
	set_byte(to + 3 * PAGE, 98);
	set_byte(to + 4 * PAGE, 97);
	set_byte(DATA, 1);
	set_byte(DATA + 3 * PAGE, 4);
	OPS->unmap(machine, SPACE, DATA + 2 * PAGE, PAGE);
	OPS->protect(machine, SPACE, DATA + 3 * PAGE, PAGE, TG_PROT_READ);
	assert_int_equal(OPS->move(machine, SPACE, DATA, to, 4 * PAGE), 0);
	assert_int_equal(byte_at(to), 1);
	assert_int_equal(byte_at(to + PAGE), 0);
	assert_false(readable(to + 2 * PAGE));
	assert_int_equal(byte_at(to + 3 * PAGE), 4);
	assert_int_equal(set_byte(to + 3 * PAGE, 1), -EFAULT);
	assert_int_equal(byte_at(to + 4 * PAGE), 97);
	assert_false(readable(DATA));
	assert_false(readable(DATA + 3 * PAGE));
}

static void moving_to_the_neighbour_and_back_changes_nothing(void **state)
{
	for (unsigned i = 0; i < 4; i++)
		set_byte(DATA + i * PAGE, (uint8_t)(i + 1));
	for (unsigned i = 0; i < 10; i++) {
		assert_int_equal(OPS->move(machine, SPACE, DATA, DATA + 4 * PAGE, 4 * PAGE), 0);
		assert_int_equal(OPS->move(machine, SPACE, DATA + 4 * PAGE, DATA, 4 * PAGE), 0);
	}
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(byte_at(DATA + i * PAGE), i + 1);
}

static void a_clone_shares_until_either_side_writes(void **state)
{
	uint8_t byte = 5, seen;
	uint64_t before;

	set_byte(DATA, 1);
	set_byte(DATA + PAGE, 2);
	before = machine_memory_bytes(machine);
	assert_int_equal(OPS->space_clone(machine, SPACE, 2), 0);
	assert_int_equal(machine_memory_bytes(machine), before);
	assert_int_equal(OPS->store(machine, 2, DATA, &byte, 1), 0);
	assert_int_equal(byte_at(DATA), 1);
	set_byte(DATA + PAGE, 6);
	OPS->load(machine, 2, DATA + PAGE, &seen, 1);
	assert_int_equal(seen, 2);
	assert_int_equal(machine_memory_bytes(machine), before + 2 * PAGE);
	OPS->space_drop(machine, 2);
	assert_int_equal(machine_memory_bytes(machine), before);
	set_byte(DATA, 3);
	assert_int_equal(machine_memory_bytes(machine), before);
}

static void shared_mappings_show_the_object_and_each_other(void **state)
{
	uint64_t v = 0;

	assert_int_equal(OPS->object_create(machine, 3, 3 * PAGE), 0);
	map(0x100000, 3, RW, 3, 0, 0);
	map(0x200000, 1, RW, 3, PAGE, 0);
	set_byte(0x101000, 42);
	assert_int_equal(byte_at(0x200000), 42);
	OPS->object_read(machine, 3, PAGE, &v, 1);
	assert_int_equal(v, 42);
	v = 43;
	assert_int_equal(OPS->object_write(machine, 3, PAGE, &v, 1), 0);
	assert_int_equal(byte_at(0x101000), 43);
	OPS->space_clone(machine, SPACE, 2);
	OPS->store(machine, 2, 0x101000, "x", 1);
	assert_int_equal(byte_at(0x200000), 'x');
}

static void private_mappings_keep_their_writes(void **state)
{
	uint8_t seen = 0;

	OPS->object_create(machine, 3, 2 * PAGE);
	OPS->object_write(machine, 3, 10, "ab", 2);
	map(0x100000, 2, RW, 3, 0, TG_MAP_PRIVATE);
	assert_int_equal(byte_at(0x10000a), 'a');
	set_byte(0x10000a, 'z');
	assert_int_equal(byte_at(0x10000b), 'b');
	OPS->object_read(machine, 3, 10, &seen, 1);
	assert_int_equal(seen, 'a');
	OPS->object_write(machine, 3, 11, "q", 1);
	assert_int_equal(byte_at(0x10000b), 'b');
	OPS->discard(machine, SPACE, 0x100000, 2 * PAGE);
	assert_int_equal(byte_at(0x10000a), 'a');
	assert_int_equal(byte_at(0x10000b), 'q');
}

static void pages_beyond_the_object_fault(void **state)
{
	OPS->object_create(machine, 3, PAGE + 1);
	map(0x100000, 4, RW, 3, 0, 0);
	map(0x200000, 4, RW, 3, 0, TG_MAP_PRIVATE);
	assert_true(readable(0x101fff)); /* the last page as a whole */
	assert_false(readable(0x102000));
	assert_int_equal(set_byte(0x202000, 1), -EFAULT);
}

static void shrinking_drops_pages_in_private_mappings_too(void **state)
{
	OPS->object_create(machine, 3, 4 * PAGE);
	map(0x100000, 4, RW, 3, 0, TG_MAP_PRIVATE);
	map(0x200000, 2, RW, 3, 2 * PAGE, 0);
	set_byte(0x100000, 1);
	set_byte(0x102000, 2);
	set_byte(0x201000, 3);
	OPS->object_resize(machine, 3, PAGE + 100);
	assert_false(readable(0x102000));
	assert_false(readable(0x201000));
	OPS->object_resize(machine, 3, 4 * PAGE);
	assert_int_equal(byte_at(0x100000), 1);
	assert_int_equal(byte_at(0x102000), 0);
	assert_int_equal(byte_at(0x201000), 0);
}

static void growing_shows_zeros_where_a_mapping_wrote_behind_the_end(void **state)
{
	uint8_t seen = 1;

	OPS->object_create(machine, 3, 100);
	map(0x100000, 1, RW, 3, 0, 0);
	set_byte(0x100000 + 200, 7);
	OPS->object_resize(machine, 3, PAGE);
	OPS->object_read(machine, 3, 200, &seen, 1);
	assert_int_equal(seen, 0);
}

static void writes_beyond_the_size_are_refused(void **state)
{
	OPS->object_create(machine, 3, 100);
	assert_int_equal(OPS->object_write(machine, 3, 99, "ab", 2), -EINVAL);
	assert_int_equal(OPS->object_write(machine, 3, UINT64_MAX, "ab", 2), -EINVAL);
	assert_int_equal(OPS->object_write(machine, 3, 98, "ab", 2), 0);
}

static void seek_finds_data_and_holes(void **state)
{
	OPS->object_create(machine, 3, 10 * PAGE + 5);
	assert_int_equal(OPS->object_seek(machine, 3, 0, true), 10 * PAGE + 5);
	OPS->object_write(machine, 3, 4 * PAGE + 7, "a", 1);
	assert_int_equal(OPS->object_seek(machine, 3, 0, true), 4 * PAGE);
	assert_int_equal(OPS->object_seek(machine, 3, 4 * PAGE + 9, true), 4 * PAGE + 9);
	assert_int_equal(OPS->object_seek(machine, 3, 4 * PAGE + 9, false), 5 * PAGE);
	assert_int_equal(OPS->object_seek(machine, 3, 3, false), 3);
	OPS->object_write(machine, 3, 10 * PAGE, "a", 1);
	assert_int_equal(OPS->object_seek(machine, 3, 10 * PAGE, false), 10 * PAGE + 5);
}

static void punching_zeroes_parts_and_frees_whole_pages(void **state)
{
	uint8_t ones[3 * 4096], seen[3 * 4096];
	uint64_t before = machine_memory_bytes(machine);

	memset(ones, 1, sizeof(ones));
	OPS->object_create(machine, 3, 3 * PAGE);
	OPS->object_write(machine, 3, 0, ones, sizeof(ones));
	OPS->object_punch(machine, 3, 100, 2 * PAGE);
	OPS->object_read(machine, 3, 0, seen, sizeof(seen));
	memset(ones + 100, 0, 2 * PAGE);
	assert_memory_equal(seen, ones, sizeof(ones));
	assert_int_equal(machine_memory_bytes(machine), before + 2 * PAGE);
	OPS->object_punch(machine, 3, 10, 20);
	OPS->object_read(machine, 3, 0, seen, sizeof(seen));
	memset(ones + 10, 0, 20);
	assert_memory_equal(seen, ones, sizeof(ones));
}

static void mappings_keep_a_dropped_object_alive(void **state)
{
	uint64_t before = machine_memory_bytes(machine);

	OPS->object_create(machine, 3, 2 * PAGE);
	OPS->object_write(machine, 3, 0, "a", 1);
	map(0x100000, 2, RW, 3, 0, 0);
	OPS->object_drop(machine, 3);
	assert_int_equal(byte_at(0x100000), 'a');
	OPS->unmap(machine, SPACE, 0x100000, PAGE);
	assert_int_equal(machine_memory_bytes(machine), before + PAGE);
	OPS->unmap(machine, SPACE, 0x101000, PAGE);
	assert_int_equal(machine_memory_bytes(machine), before);
}

static void the_touch_budget_limits_pages_written_on_touch(void **state)
{
	map(0x100000, 8, RW, 0, 0, TG_MAP_ON_TOUCH);
	OPS->set_touch_budget(machine, 2);
	assert_int_equal(set_byte(0x100000, 1), 0);
	assert_true(readable(0x103000)); /* reading is free */
	assert_int_equal(set_byte(0x101000, 1), 0);
	assert_int_equal(set_byte(0x102000, 1), -ENOMEM);
	assert_int_equal(set_byte(0x101000, 2), 0);
	assert_int_equal(set_byte(DATA, 1), 0); /* charged elsewhere */
	OPS->discard(machine, SPACE, 0x100000, PAGE);
	assert_int_equal(set_byte(0x102000, 1), 0);
	OPS->object_create(machine, 3, PAGE);
	assert_int_equal(OPS->object_write(machine, 3, 0, "a", 1), -ENOMEM);
	OPS->set_touch_budget(machine, 3);
	assert_int_equal(OPS->object_write(machine, 3, 0, "a", 1), 0);
}

struct seen_pages {
	unsigned count;
	uint64_t addr[16];
};

static int note_page(void *ctx, uint64_t addr, const uint8_t page[TG_PAGE_SIZE])
{
	struct seen_pages *seen = ctx;

	seen->addr[seen->count++] = addr;
	return seen->count == 16;
}

static void visiting_shows_pages_that_are_not_all_zero_in_order(void **state)
{
	struct seen_pages seen = {0};

	OPS->object_create(machine, 3, 8 * PAGE);
	OPS->object_write(machine, 3, 2 * PAGE, "a", 1);
	OPS->object_write(machine, 3, 4 * PAGE, "a", 1);
	map(0x200000, 4, RW, 3, PAGE, TG_MAP_PRIVATE);
	map(0x100000, 2, 0, 3, 2 * PAGE, 0); /* unreadable ones too */
	set_byte(0x203000, 0);               /* a copy that still says what the object says */
	set_byte(0x200000, 1);
	set_byte(DATA, 0); /* touched, still zeros */
	set_byte(DATA + PAGE, 1);
	machine_visit_pages(machine, SPACE, note_page, &seen);
	assert_int_equal(seen.count, 4);
	assert_int_equal(seen.addr[0], DATA + PAGE);
	assert_int_equal(seen.addr[1], 0x100000);
	assert_int_equal(seen.addr[2], 0x200000);
	assert_int_equal(seen.addr[3], 0x201000);
}

/* A model that is a plain array of pages: what each reads as, and whether it may be written. */
enum { MODEL_PAGES = 48 };

static void random_operations_agree_with_a_plain_model(void **state)
{
	static struct {
		uint32_t prot;
		bool mapped;
		uint8_t byte;
	} model[MODEL_PAGES], copy[MODEL_PAGES];
	uint64_t base = 0x40000000 - 16 * PAGE, seed = 12345;

	for (unsigned step = 0; step < 40000; step++) {
		unsigned from, len, to, op;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		op = seed >> 33 & 7;
		from = (unsigned)(seed >> 40) % MODEL_PAGES;
		len = 1 + (unsigned)(seed >> 48) % 8;
		to = (unsigned)(seed >> 56) % MODEL_PAGES;
		if (from + len > MODEL_PAGES)
			len = MODEL_PAGES - from;
		switch (op) {
		case 0:
			map(base + from * PAGE, len, seed >> 36 & 1 ? RW : 0, 0, 0, 0);
			for (unsigned i = from; i < from + len; i++) {
				model[i].mapped = true;
				model[i].prot = seed >> 36 & 1 ? RW : 0;
				model[i].byte = 0;
			}
			break;
		case 1:
			OPS->unmap(machine, SPACE, base + from * PAGE, len * PAGE);
			for (unsigned i = from; i < from + len; i++)
				model[i].mapped = false;
			break;
		case 2:
			OPS->protect(machine, SPACE, base + from * PAGE, len * PAGE,
				     seed >> 36 & 1 ? RW : TG_PROT_READ);
			for (unsigned i = from; i < from + len; i++)
				model[i].prot = seed >> 36 & 1 ? RW : TG_PROT_READ;
			break;
		case 3:
			OPS->discard(machine, SPACE, base + from * PAGE, len * PAGE);
			for (unsigned i = from; i < from + len; i++)
				model[i].byte = 0;
			break;
		case 4:
			if (to + len > MODEL_PAGES || (from < to + len && to < from + len))
				break;
			assert_int_equal(OPS->move(machine, SPACE, base + from * PAGE,
						   base + to * PAGE, len * PAGE), 0);
			memcpy(copy, model, sizeof(model));
			for (unsigned i = 0; i < len; i++) {
				model[to + i] = copy[from + i];
				model[from + i].mapped = false;
			}
			break;
		default:
			if (set_byte(base + from * PAGE + 9, (uint8_t)step) == 0)
				model[from].byte = (uint8_t)step;
			else
				assert_false(model[from].mapped && model[from].prot == RW);
		}
		for (unsigned i = 0; i < MODEL_PAGES; i++) {
			bool want = model[i].mapped && model[i].prot != 0;

			assert_int_equal(readable(base + i * PAGE), want);
			if (want)
				assert_int_equal(byte_at(base + i * PAGE + 9), model[i].byte);
		}
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(new_memory_reads_as_zeros_and_keeps_what_is_stored),
		T(unmapped_memory_is_efault),
		T(a_store_across_the_end_writes_up_to_the_faulting_page),
		T(permissions_are_those_of_riscv_linux),
		T(arguments_outside_user_space_are_refused),
		T(a_reservation_of_the_whole_space_costs_nothing),
		T(unmapping_the_middle_keeps_both_ends),
		T(protecting_the_middle_leaves_the_ends_alone),
		T(mapping_over_a_mapping_replaces_it),
		T(discarded_anonymous_memory_is_zeros_again),
		T(moving_takes_pages_and_holes_along),
		T(moving_to_the_neighbour_and_back_changes_nothing),
		T(a_clone_shares_until_either_side_writes),
		T(shared_mappings_show_the_object_and_each_other),
		T(private_mappings_keep_their_writes),
		T(pages_beyond_the_object_fault),
		T(shrinking_drops_pages_in_private_mappings_too),
		T(growing_shows_zeros_where_a_mapping_wrote_behind_the_end),
		T(writes_beyond_the_size_are_refused),
		T(seek_finds_data_and_holes),
		T(punching_zeroes_parts_and_frees_whole_pages),
		T(mappings_keep_a_dropped_object_alive),
		T(the_touch_budget_limits_pages_written_on_touch),
		T(visiting_shows_pages_that_are_not_all_zero_in_order),
		T(random_operations_agree_with_a_plain_model),
	};

	return cmocka_run_group_tests_name("space", tests, NULL, NULL);
}
