/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The arena by its contract: zeros, generations, determinism, reuse of memory, refusal of damaged
 * images.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "abi/errors.h"
#include "kernel/arena.h"

#define CAPACITY (UINT64_C(64) << 20)

static void arena_make(struct arena *a)
{
	void *base = aligned_alloc(4096, CAPACITY);

	assert_non_null(base);
	memset(base, 0, CAPACITY);
	assert_int_equal(arena_init(a, base, CAPACITY), 0);
	assert_int_equal(arena_check(a), 0);
}

static int zeros(const void *p, uint64_t n)
{
	const uint8_t *b = p;

	for (uint64_t i = 0; i < n; i++)
		if (b[i])
			return 0;
	return 1;
}

static void an_arena_too_small_is_refused(void **state)
{
	struct arena a;
	static _Alignas(16) uint8_t little[4096];

	(void)state;
	assert_int_equal(arena_init(&a, little, sizeof(little)), -G_ENOMEM);
}

static void blocks_are_zero_aligned_and_apart(void **state)
{
	static const uint64_t sizes[] = {0,    1,    15,    16,    17,     100,    4000,
					 8176, 8177, 16368, 16369, 100000, 5000000};
	struct arena a;
	ref r[13];

	(void)state;
	arena_make(&a);
	for (unsigned i = 0; i < 13; i++) {
		uint8_t *p;

		r[i] = arena_alloc(&a, sizes[i]);
		p = arena_at(&a, r[i]);
		assert_non_null(p);
		assert_int_equal((uintptr_t)p % 16, 0);
		assert_int_equal(arena_size(&a, r[i]), sizes[i]);
		assert_true(zeros(p, sizes[i]));
		memset(p, 0x80 + i, sizes[i]);
	}
	for (unsigned i = 0; i < 13; i++) {
		const uint8_t *p = arena_at(&a, r[i]);

		for (uint64_t j = 0; j < sizes[i]; j++)
			if (p[j] != 0x80 + i)
				fail();
	}
	assert_int_equal(arena_check(&a), 0);
	free(a.base);
}

static void a_freed_block_is_gone_zeroed_and_its_ref_stays_stale(void **state)
{
	struct arena a;
	ref keep, r, again;
	uint8_t *p;

	(void)state;
	arena_make(&a);
	keep = arena_alloc(&a, 40);
	r = arena_alloc(&a, 40);
	p = arena_at(&a, r);
	memset(p, 0xff, 40);
	arena_free(&a, r);
	assert_true(zeros(p, 40));
	assert_null(arena_at(&a, r));
	arena_free(&a, r);
	again = arena_alloc(&a, 40);
	assert_ptr_equal(arena_at(&a, again), p);
	assert_true(again != r);
	assert_null(arena_at(&a, r));
	assert_non_null(arena_at(&a, keep));
	assert_int_equal(arena_check(&a), 0);
	free(a.base);
}

static void contents_that_look_like_a_tag_make_no_ref_valid(void **state)
{
	struct arena a;
	ref outer;
	uint32_t *p;

	(void)state;
	arena_make(&a);
	outer = arena_alloc(&a, 8000);
	p = arena_at(&a, outer);
	for (unsigned i = 0; i < 2000; i++)
		p[i] = 7;
	for (uint64_t unit = 0; unit < 2048; unit++)
		if (unit != (uint32_t)outer)
			assert_null(
				arena_at(&a, UINT64_C(7) << 32 | ((uint32_t)outer + unit - 1024)));
	assert_null(arena_at(&a, 0));
	assert_null(arena_at(&a, UINT64_MAX));
	assert_null(arena_at(&a, UINT64_C(7) << 32 | 0xffffffff));
	free(a.base);
}

static void the_same_calls_give_the_same_refs_and_bytes(void **state)
{
	struct arena a, b;
	uint64_t seed = 1;
	ref live[64] = {0};

	(void)state;
	arena_make(&a);
	arena_make(&b);
	for (unsigned i = 0; i < 5000; i++) {
		unsigned slot;
		uint64_t size;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		slot = seed >> 58;
		size = (seed >> 30) % (seed >> 57 & 1 ? 200 : 40000);
		arena_free(&a, live[slot]);
		arena_free(&b, live[slot]);
		live[slot] = arena_alloc(&a, size);
		assert_int_equal(arena_alloc(&b, size), live[slot]);
	}
	assert_int_equal(arena_used(&a), arena_used(&b));
	assert_memory_equal(a.base, b.base, arena_used(&a));
	assert_int_equal(arena_check(&a), 0);
	free(a.base);
	free(b.base);
}

static void freed_runs_join_and_the_top_falls_back(void **state)
{
	struct arena a;
	uint64_t before;
	ref r[8], big;

	(void)state;
	arena_make(&a);
	before = arena_used(&a);
	for (unsigned i = 0; i < 8; i++)
		r[i] = arena_alloc(&a, 100000);
	big = arena_alloc(&a, 20000);
	for (unsigned i = 0; i < 8; i++)
		arena_free(&a, r[i * 3 % 8]);
	assert_int_equal(arena_check(&a), 0);
	/* Eight neighbours are one hole now: what fits in all of them does not raise the top. */
	r[0] = arena_used(&a);
	r[1] = arena_alloc(&a, 800000);
	assert_int_equal(arena_used(&a), r[0]);
	arena_free(&a, r[1]);
	arena_free(&a, big);
	assert_int_equal(arena_used(&a), before);
	assert_int_equal(arena_check(&a), 0);
	free(a.base);
}

static void capacity_is_an_error_not_an_accident(void **state)
{
	struct arena a;
	unsigned n = 0;
	ref first, r, last = 0;

	(void)state;
	arena_make(&a);
	assert_int_equal(arena_alloc(&a, (UINT64_C(1) << 30) + 1), 0);
	assert_int_equal(arena_alloc(&a, UINT64_MAX), 0);
	assert_int_equal(arena_alloc(&a, CAPACITY), 0);
	first = arena_alloc(&a, 1 << 20);
	while ((r = arena_alloc(&a, 1 << 20))) {
		last = r;
		n++;
	}
	assert_in_range(n, 58, 63);
	assert_true(arena_used(&a) <= CAPACITY);
	assert_int_equal(arena_check(&a), 0);
	assert_non_null(arena_at(&a, first));
	arena_free(&a, last);
	assert_int_not_equal(arena_alloc(&a, 1 << 20), 0);
	free(a.base);
}

static void resize_keeps_the_head_and_zeroes_the_rest(void **state)
{
	static const uint64_t sizes[] = {10, 30, 20, 9000, 9001, 100, 200000, 8192, 3};
	struct arena a;
	ref r, old;
	uint64_t least = 10;

	(void)state;
	arena_make(&a);
	r = arena_alloc(&a, 10);
	memset(arena_at(&a, r), 0xee, 10);
	for (unsigned i = 1; i < 9; i++) {
		const uint8_t *p;

		old = r;
		r = arena_resize(&a, old, sizes[i]);
		assert_null(arena_at(&a, old));
		assert_int_equal(arena_size(&a, r), sizes[i]);
		p = arena_at(&a, r);
		if (sizes[i] < least)
			least = sizes[i];
		for (uint64_t j = 0; j < sizes[i]; j++)
			assert_int_equal(p[j], j < least ? 0xee : 0);
	}
	old = r;
	assert_int_equal(arena_resize(&a, r, CAPACITY), 0);
	assert_non_null(arena_at(&a, old));
	assert_int_equal(arena_check(&a), 0);
	free(a.base);
}

static void groups_beyond_the_first_get_their_descriptors(void **state)
{
	struct arena a;
	ref big, small[100];

	(void)state;
	arena_make(&a);
	big = arena_alloc(&a, 40 << 20); /* crosses two groups of 16 MiB at once */
	assert_non_null(arena_at(&a, big));
	for (unsigned i = 0; i < 100; i++) {
		small[i] = arena_alloc(&a, 7000);
		assert_non_null(arena_at(&a, small[i]));
	}
	assert_int_equal(arena_check(&a), 0);
	arena_free(&a, big);
	assert_int_equal(arena_check(&a), 0);
	big = arena_alloc(&a, 39 << 20);
	assert_true(zeros(arena_at(&a, big), 39 << 20));
	for (unsigned i = 0; i < 100; i++)
		arena_free(&a, small[i]);
	assert_int_equal(arena_check(&a), 0);
	free(a.base);
}

static void attach_takes_an_image_and_refuses_a_damaged_one(void **state)
{
	struct arena a, b;
	uint64_t used, refused = 0;
	uint8_t *copy;
	ref r, s;

	(void)state;
	arena_make(&a);
	r = arena_alloc(&a, 100);
	s = arena_alloc(&a, 100);
	arena_free(&a, arena_alloc(&a, 50000));
	arena_set_root(&a, r);
	memset(arena_at(&a, r), 1, 100);
	arena_free(&a, s);
	used = arena_used(&a);
	copy = aligned_alloc(4096, CAPACITY);
	memset(copy, 0, CAPACITY);
	memcpy(copy, a.base, used);
	assert_int_equal(arena_attach(&b, copy, CAPACITY), 0);
	assert_int_equal(arena_root(&b), r);
	assert_memory_equal(arena_at(&b, r), arena_at(&a, r), 100);
	assert_int_equal(arena_alloc(&b, 77), arena_alloc(&a, 77));
	memcpy(copy, a.base, used);
	for (uint64_t i = 0; i < used; i++) {
		copy[i] ^= 0x41;
		if (arena_attach(&b, copy, CAPACITY))
			refused++;
		copy[i] ^= 0x41;
	}
	/* All but block contents, sizes, generations, and the root's ref are checked. */
	assert_true(refused > used - 300);
	free(copy);
	free(a.base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_arena_too_small_is_refused),
		cmocka_unit_test(blocks_are_zero_aligned_and_apart),
		cmocka_unit_test(a_freed_block_is_gone_zeroed_and_its_ref_stays_stale),
		cmocka_unit_test(contents_that_look_like_a_tag_make_no_ref_valid),
		cmocka_unit_test(the_same_calls_give_the_same_refs_and_bytes),
		cmocka_unit_test(freed_runs_join_and_the_top_falls_back),
		cmocka_unit_test(capacity_is_an_error_not_an_accident),
		cmocka_unit_test(resize_keeps_the_head_and_zeroes_the_rest),
		cmocka_unit_test(groups_beyond_the_first_get_their_descriptors),
		cmocka_unit_test(attach_takes_an_image_and_refuses_a_damaged_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
