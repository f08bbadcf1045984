/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The heap of deadlines against a sorted model, CPU clocks, and the stream of entropy against its
 * published vector.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "fake_machine.h"
#include "kernel/time/clock.h"
#include "kernel/entropy.h"
#include "kernel/time/timer.h"

#define TIMERS 300

static uint64_t next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

static void the_heap_agrees_with_a_scan_after_every_change(void **state)
{
	struct fake *f = fake_new(NULL);
	uint64_t seed = 42, deadlines[TIMERS];
	ref timers[TIMERS];
	bool periodic;

	(void)state;
	for (unsigned i = 0; i < TIMERS; i++) {
		timers[i] = timer_new(&f->k, TIMER_FD, TIMER_MONOTONIC, 0, 0);
		deadlines[i] = NEVER;
	}
	assert_true(timer_next(&f->k, &periodic) == NEVER);
	assert_false(periodic);
	for (unsigned step = 0; step < 20000; step++) {
		unsigned i = next_random(&seed) % TIMERS;
		uint64_t least = NEVER;

		if (next_random(&seed) % 3) {
			deadlines[i] = 1000000 + next_random(&seed) % 500;
			assert_int_equal(timer_arm(&f->k, timers[i], deadlines[i], 0), 0);
		} else {
			deadlines[i] = NEVER;
			timer_disarm(&f->k, timers[i]);
		}
		for (unsigned j = 0; j < TIMERS; j++)
			least = deadlines[j] < least ? deadlines[j] : least;
		assert_true(timer_next(&f->k, NULL) == least);
	}
	timer_expire(&f->k, 2000000);
	assert_true(timer_next(&f->k, NULL) == NEVER);
	for (unsigned i = 0; i < TIMERS; i++)
		timer_free(&f->k, timers[i]);
	assert_int_equal(arena_check(&f->k.arena), 0);
	fake_free(f);
}

static void an_interval_timer_moves_beyond_now_in_one_step(void **state)
{
	struct fake *f = fake_new(NULL);
	ref timer = timer_new(&f->k, TIMER_FD, TIMER_MONOTONIC, 0, 0);
	bool periodic;

	(void)state;
	assert_int_equal(timer_arm(&f->k, timer, 10, 7), 0);
	timer_expire(&f->k, 10);
	assert_int_equal(timer_next(&f->k, &periodic), 17);
	assert_true(periodic);
	timer_expire(&f->k, UINT64_C(1) << 40);
	assert_int_equal(timer_next(&f->k, NULL), 10 + 7 * (((UINT64_C(1) << 40) - 10) / 7 + 1));
	assert_int_equal(timer_arm(&f->k, timer, 10, NEVER - 5), 0);
	timer_expire(&f->k, 20);
	assert_true(timer_next(&f->k, NULL) == NEVER);
	fake_free(f);
}

static void more_timers_than_the_limit_are_eagain(void **state)
{
	struct fake *f = fake_new(NULL);
	ref timer = 0;

	(void)state;
	for (unsigned i = 0; i < LIMIT_TIMERS; i++) {
		timer = timer_new(&f->k, TIMER_FD, TIMER_MONOTONIC, 0, 0);
		if (timer_arm(&f->k, timer, 100, 0))
			fail();
	}
	timer = timer_new(&f->k, TIMER_FD, TIMER_MONOTONIC, 0, 0);
	assert_int_equal(timer_arm(&f->k, timer, 100, 0), -G_EAGAIN);
	fake_free(f);
}

static void a_cpu_timer_counts_its_own_thread_only_and_cuts_its_slice(void **state)
{
	struct tg_kernel_options options = {.size = sizeof(options), .quantum = 1000};
	struct fake *f = fake_new(&options);
	ref timer, self = f->k.root->current;

	(void)state;
	fake_thread(f);
	timer = timer_new(&f->k, TIMER_FD, TIMER_CPU_THREAD, 0, self);
	assert_int_equal(timer_arm(&f->k, timer, 1501, 0), 0); /* the clone took 1 */
	assert_int_equal(cpu_timer_next(&f->k), 1500);
	fake_run(f, 1000);
	assert_int_equal(fake_tid(f), 101);
	assert_true(cpu_timer_next(&f->k) == NEVER);
	fake_run(f, 1000);
	assert_int_equal(fake_tid(f), 100);
	assert_int_equal(f->run.until, f->retired + 500);
	fake_run(f, 500);
	assert_int_equal(AT(&f->k, timer, timer)->heap_index, 0);
	assert_int_equal(f->run.until, f->retired + 500); /* the rest of its quantum */
	fake_free(f);
}

static void a_cpu_timer_of_the_process_counts_all_threads(void **state)
{
	struct tg_kernel_options options = {.size = sizeof(options), .quantum = 1000};
	struct fake *f = fake_new(&options);
	ref timer = timer_new(&f->k, TIMER_FD, TIMER_CPU_PROCESS, 0, f->k.current->process);

	(void)state;
	fake_thread(f);
	assert_int_equal(timer_arm(&f->k, timer, 1501, 2), 0);
	fake_run(f, 1000);
	assert_int_equal(fake_tid(f), 101);
	assert_int_equal(cpu_timer_next(&f->k), 500);
	fake_run(f, 500);
	assert_int_equal(cpu_timer_next(&f->k), 2);
	timer_free(&f->k, timer);
	assert_true(cpu_timer_next(&f->k) == NEVER);
	fake_free(f);
}

/* RFC 8439, appendix A.1, vector 1: key, nonce and counter all zeros. */
static void the_stream_is_chacha20_however_it_is_cut(void **state)
{
	static const uint8_t expected[] = {
		0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90, 0x40, 0x5d, 0x6a, 0xe5, 0x53, 0x86,
		0xbd, 0x28, 0xbd, 0xd2, 0x19, 0xb8, 0xa0, 0x8d, 0xed, 0x1a, 0xa8, 0x36, 0xef, 0xcc,
		0x8b, 0x77, 0x0d, 0xc7, 0xda, 0x41, 0x59, 0x7c, 0x51, 0x57, 0x48, 0x8d, 0x77, 0x24,
		0xe0, 0x3f, 0xb8, 0xd8, 0x4a, 0x37, 0x6a, 0x43, 0xb8, 0xf4, 0x15, 0x18, 0xa1, 0x1c,
		0xc3, 0x87, 0xb6, 0x69, 0xb2, 0xee, 0x65, 0x86,
		/* vector 2: the block after it */
		0x9f, 0x07, 0xe7, 0xbe, 0x55, 0x51, 0x38, 0x7a};
	struct fake *f = fake_new(NULL);
	uint8_t drawn[sizeof(expected)];

	(void)state;
	entropy_draw(&f->k, drawn, 1);
	entropy_draw(&f->k, drawn + 1, 62);
	entropy_draw(&f->k, drawn + 63, 0);
	entropy_draw(&f->k, drawn + 63, sizeof(drawn) - 63);
	assert_memory_equal(drawn, expected, sizeof(expected));
	assert_int_equal(fake_events(f, TG_EVENT_ENTROPY), 4);
	fake_free(f);
}

static void getrandom_stops_at_the_end_of_memory_with_what_it_wrote(void **state)
{
	struct fake *f = fake_new(NULL);

	(void)state;
	assert_int_equal(CALL(f, G_NR_getrandom, FAKE_MEMORY - 100, 300), 100);
	assert_int_equal(CALL(f, G_NR_getrandom, FAKE_MEMORY, 300), -G_EFAULT);
	assert_int_equal(CALL(f, G_NR_getrandom, FAKE_MEMORY, 0), 0);
	assert_int_equal(CALL(f, G_NR_getrandom, 0x2000, 8, 8), -G_EINVAL);
	assert_int_equal(CALL(f, G_NR_getrandom, 0x2000, 8, G_GRND_RANDOM | G_GRND_INSECURE),
			 -G_EINVAL);
	fake_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_heap_agrees_with_a_scan_after_every_change),
		cmocka_unit_test(an_interval_timer_moves_beyond_now_in_one_step),
		cmocka_unit_test(more_timers_than_the_limit_are_eagain),
		cmocka_unit_test(a_cpu_timer_counts_its_own_thread_only_and_cuts_its_slice),
		cmocka_unit_test(a_cpu_timer_of_the_process_counts_all_threads),
		cmocka_unit_test(the_stream_is_chacha20_however_it_is_cut),
		cmocka_unit_test(getrandom_stops_at_the_end_of_memory_with_what_it_wrote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
