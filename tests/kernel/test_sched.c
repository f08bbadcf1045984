/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The scheduler's rules, one by one: where slices end, who runs next, what a quantum may change,
 * how time passes when nobody runs.
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
#include "kernel/time/timer.h"

#define TIME    0x2000 /* a timespec for calls */
#define QUANTUM 1000

static struct fake *with(struct tg_kernel_options options)
{
	options.size = sizeof(options);
	return fake_new(&options);
}

static int64_t sleep_ns(struct fake *f, uint64_t ns)
{
	fake_poke_time(f, TIME, (int64_t)(ns / 1000000000), (int64_t)(ns % 1000000000));
	return CALL(f, G_NR_nanosleep, TIME);
}

static void one_thread_runs_without_slices(void **state)
{
	struct fake *f = with((struct tg_kernel_options){.quantum = QUANTUM});

	(void)state;
	assert_int_equal(f->run.stop, TG_RUN);
	assert_true(f->run.until == UINT64_MAX);
	fake_run(f, 50 * QUANTUM);
	assert_int_equal(fake_events(f, TG_EVENT_PREEMPT), 0);
	assert_int_equal(f->k.root->quantum_end, 0);
	fake_free(f);
}

static void the_quantum_leaves_no_trace_in_a_program_of_one_thread(void **state)
{
	struct fake *a = with((struct tg_kernel_options){.quantum = 7});
	struct fake *b = with((struct tg_kernel_options){.quantum = 1000000});

	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		struct fake *both[] = {a, b};

		for (unsigned j = 0; j < 2; j++) {
			fake_run(both[j], 100 + i);
			CALL(both[j], G_NR_gettid);
			sleep_ns(both[j], 50 + i);
			CALL(both[j], G_NR_sched_yield);
		}
	}
	assert_int_equal(arena_used(&a->k.arena), arena_used(&b->k.arena));
	assert_memory_equal(a->k.arena.base, b->k.arena.base, arena_used(&a->k.arena));
	fake_free(a);
	fake_free(b);
}

static void two_threads_take_turns_at_exact_counts(void **state)
{
	struct fake *f = with((struct tg_kernel_options){.quantum = QUANTUM});
	uint64_t start;

	(void)state;
	assert_int_equal(fake_thread(f), 101);
	start = f->retired; /* the clone's count: the quantum begins with the second thread */
	assert_int_equal(f->run.until, start + QUANTUM);
	fake_run(f, QUANTUM - 1);
	assert_int_equal(fake_tid(f), 100);
	fake_run(f, 1);
	assert_int_equal(fake_tid(f), 101);
	assert_int_equal(f->retired, start + QUANTUM);
	assert_int_equal(f->run.until, start + 2 * QUANTUM);
	fake_run(f, QUANTUM);
	assert_int_equal(fake_tid(f), 100);
	assert_int_equal(fake_events(f, TG_EVENT_PREEMPT), 2);
	fake_free(f);
}

static void a_child_starts_with_zero_behind_the_ecall_and_the_given_stack(void **state)
{
	struct fake *f = fake_new(NULL);

	(void)state;
	f->regs.x[5] = 77;
	f->regs.f[3] = 99;
	memset(f->memory + 0x7f000, 0xaa, 0x1000);
	assert_int_equal(fake_thread(f), 101);
	CALL(f, G_NR_sched_yield);
	assert_int_equal(fake_tid(f), 101);
	assert_int_equal(f->regs.x[TG_REG_A0], 0);
	assert_int_equal(f->regs.x[TG_REG_SP], 0x80000);
	assert_int_equal(f->regs.pc, FAKE_PC + 4);
	assert_int_equal(f->regs.x[5], 77);
	assert_int_equal(f->regs.f[3], 99);
	for (unsigned i = 0; i < 0x1000; i++)
		assert_int_equal(f->memory[0x7f000 + i], 0xaa);
	fake_free(f);
}

static void yield_goes_to_the_tail_and_wakes_nobody_early(void **state)
{
	struct fake *f = fake_new(NULL);

	(void)state;
	assert_int_equal(CALL(f, G_NR_sched_yield), 0);
	fake_thread(f);
	fake_thread(f);
	for (unsigned i = 1; i <= 9; i++) {
		CALL(f, G_NR_sched_yield);
		assert_int_equal(fake_tid(f), 100 + i % 3);
	}
	fake_free(f);
}

static void a_deadline_cuts_the_slice_and_the_quantum_goes_on(void **state)
{
	struct fake *f = with((struct tg_kernel_options){.quantum = QUANTUM});
	uint64_t armed, woken;

	(void)state;
	fake_thread(f);
	fake_thread(f);
	/* 100 sleeps for 300 ns; 101 runs from its park on */
	sleep_ns(f, 300);
	armed = f->retired;
	assert_int_equal(fake_tid(f), 101);
	assert_int_equal(f->run.until, armed + 300);
	fake_run(f, 300);
	/* woken to the tail behind 102, while 101 keeps the rest of its quantum */
	woken = f->retired;
	assert_int_equal(woken, armed + 300);
	assert_int_equal(fake_tid(f), 101);
	assert_int_equal(f->run.until, armed + QUANTUM);
	fake_run(f, QUANTUM - 300);
	assert_int_equal(fake_tid(f), 102);
	fake_run(f, QUANTUM);
	assert_int_equal(fake_tid(f), 100);
	assert_int_equal(f->regs.x[TG_REG_A0], 0);
	fake_free(f);
}

static void equal_deadlines_fire_in_the_order_of_arming(void **state)
{
	struct fake *f = fake_new(NULL);

	(void)state;
	fake_thread(f);
	fake_thread(f);
	/* 100, 101 and 102 sleep until one moment, armed in that order at different counts */
	for (unsigned i = 0; i < 3; i++) {
		fake_poke_time(f, TIME, 0, 5000);
		CALL(f, G_NR_clock_nanosleep, G_CLOCK_MONOTONIC, G_TIMER_ABSTIME, TIME);
	}
	assert_int_equal(kernel_now_ns(&f->k), 5000);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(fake_tid(f), 100 + i);
		assert_int_equal(f->regs.x[TG_REG_A0], 0);
		CALL(f, G_NR_sched_yield);
	}
	fake_free(f);
}

static void nobody_to_run_skips_to_the_deadline_exactly(void **state)
{
	struct fake *f = fake_new(NULL);
	uint64_t before;

	(void)state;
	fake_run(f, 123);
	before = kernel_now_ns(&f->k);
	assert_int_equal(sleep_ns(f, 7200 * UINT64_C(1000000000)), 0);
	/* the ecall itself takes one */
	assert_int_equal(kernel_now_ns(&f->k), before + 1 + 7200 * UINT64_C(1000000000));
	assert_int_equal(f->retired, 124);
	fake_free(f);
}

static void no_deadline_is_a_deadlock_with_names(void **state)
{
	struct fake *f = fake_new(NULL);
	char text[300];

	(void)state;
	fake_thread(f);
	CALL(f, G_NR_futex, 0x3000, G_FUTEX_WAIT, 0);
	assert_int_equal(f->run.stop, TG_RUN);
	CALL(f, G_NR_futex, 0x3004, G_FUTEX_WAIT, 0);
	assert_int_equal(f->run.stop, TG_STOP_DEADLOCK);
	kernel_describe_waits(&f->k, text, sizeof(text));
	assert_string_equal(text, "tid 100 waits in futex(0x3000, 0x0, 0x0, 0x0, 0x0, 0x0)\n"
				  "tid 101 waits in futex(0x3004, 0x0, 0x0, 0x0, 0x0, 0x0)\n");
	kernel_describe_waits(&f->k, text, 10);
	assert_string_equal(text, "tid 100 w");
	fake_free(f);
}

static void a_timer_that_wakes_nobody_is_not_waited_for_for_ever(void **state)
{
	struct fake *f = fake_new(NULL);
	ref timer;

	(void)state;
	timer = timer_new(&f->k, TIMER_FD, TIMER_MONOTONIC, 0, 0);
	assert_int_equal(timer_arm(&f->k, timer, 1, 1), 0);
	CALL(f, G_NR_futex, 0x3000, G_FUTEX_WAIT, 0);
	assert_int_equal(f->run.stop, TG_STOP_IDLE);
	fake_free(f);
}

static void a_sleeper_without_end_is_stopped_and_one_with_work_is_not(void **state)
{
	struct fake *f = fake_new(NULL);
	unsigned n = 0;

	(void)state;
	while (f->run.stop == TG_RUN && n < 100000) {
		sleep_ns(f, 1000000000);
		n++;
	}
	assert_int_equal(f->run.stop, TG_STOP_IDLE);
	assert_in_range(n, 3599, 3602);
	fake_free(f);
	f = fake_new(NULL);
	for (n = 0; n < 4000; n++) {
		fake_run(f, 50000000); /* a twentieth of each second */
		sleep_ns(f, 950000000);
	}
	assert_int_equal(f->run.stop, TG_RUN);
	fake_free(f);
}

static void a_few_long_sleeps_are_no_idling(void **state)
{
	struct fake *f = fake_new(NULL);

	(void)state;
	for (unsigned n = 0; n < LIMIT_IDLE_SKIPS; n++)
		assert_int_equal(sleep_ns(f, 86400 * UINT64_C(1000000000)), 0);
	assert_int_equal(f->run.stop, TG_RUN);
	fake_free(f);
}

static void a_reservation_extends_the_slice_by_single_steps_up_to_its_limit(void **state)
{
	struct fake *f = with((struct tg_kernel_options){.quantum = QUANTUM});
	uint64_t end;

	(void)state;
	fake_thread(f);
	end = f->run.until;
	f->reserved = true;
	f->retired = end;
	for (unsigned i = 0; i < LIMIT_RESERVATION_EXTENSION; i++) {
		f->run = kernel_on_slice_end(&f->k);
		assert_int_equal(f->run.until, end + i + 1);
		assert_int_equal(fake_tid(f), 100);
		f->retired++;
	}
	f->run = kernel_on_slice_end(&f->k);
	assert_int_equal(fake_tid(f), 101);
	assert_false(f->reserved);
	/* and it ends at once when the reservation is given up */
	end = f->run.until;
	f->retired = end;
	f->reserved = true;
	f->run = kernel_on_slice_end(&f->k);
	assert_int_equal(fake_tid(f), 101);
	f->reserved = false;
	f->retired++;
	f->run = kernel_on_slice_end(&f->k);
	assert_int_equal(fake_tid(f), 100);
	fake_free(f);
}

static void an_ecall_drops_the_reservation(void **state)
{
	struct fake *f = fake_new(NULL);

	(void)state;
	f->reserved = true;
	CALL(f, G_NR_gettid);
	assert_false(f->reserved);
	fake_free(f);
}

static void the_instruction_limit_is_exact(void **state)
{
	struct fake *f = with((struct tg_kernel_options){.insn_limit = 5000, .quantum = QUANTUM});

	(void)state;
	fake_thread(f);
	f->reserved = true;
	fake_run(f, 100000);
	assert_int_equal(f->run.stop, TG_STOP_INSN_LIMIT);
	assert_int_equal(f->retired, 5000);
	fake_free(f);
}

static void a_thread_s_instructions_are_its_own(void **state)
{
	struct fake *f = with((struct tg_kernel_options){.quantum = QUANTUM});
	struct thread *first = f->k.current;

	(void)state;
	fake_run(f, 10);
	fake_thread(f);
	fake_run(f, QUANTUM + 200); /* 11 + QUANTUM for the first, 200 for the second so far */
	assert_int_equal(clock_thread_insns(&f->k, first), 11 + QUANTUM);
	assert_int_equal(clock_thread_insns(&f->k, f->k.current), 200);
	assert_int_equal(clock_process_insns(&f->k, f->k.process), 211 + QUANTUM);
	/* an ended thread's stay with the process */
	CALL(f, G_NR_exit, 0);
	assert_int_equal(fake_tid(f), 100);
	assert_int_equal(clock_process_insns(&f->k, f->k.process), 212 + QUANTUM);
	fake_free(f);
}

static void the_clock_s_ratio_is_exact_and_does_not_overflow(void **state)
{
	struct fake *f =
		with((struct tg_kernel_options){.ns_per_insn_num = 10, .ns_per_insn_den = 3});

	(void)state;
	assert_int_equal(clock_ns_of(&f->k, 1), 3);
	assert_int_equal(clock_ns_of(&f->k, 2), 6);
	assert_int_equal(clock_ns_of(&f->k, 3), 10);
	for (uint64_t ns = 0; ns < 1000; ns++) {
		uint64_t n = clock_insns_for(&f->k, ns);

		assert_true(clock_ns_of(&f->k, n) >= ns);
		assert_true(n == 0 || clock_ns_of(&f->k, n - 1) < ns);
	}
	assert_true(clock_ns_of(&f->k, UINT64_C(1) << 62) == UINT64_C(15372286728091293013));
	assert_true(clock_ns_of(&f->k, UINT64_C(1) << 63) == NEVER);
	assert_true(clock_insns_for(&f->k, NEVER - 1) == UINT64_C(5534023222112865485));
	fake_free(f);
	f = with((struct tg_kernel_options){.ns_per_insn_num = 1, .ns_per_insn_den = UINT32_MAX});
	assert_true(clock_ns_of(&f->k, UINT64_C(1) << 63) == 2147483648u);
	assert_true(clock_insns_for(&f->k, UINT64_C(1) << 40) == NEVER);
	fake_free(f);
}

static void a_thread_on_the_clock_sees_time_move(void **state)
{
	struct fake *f = fake_new(NULL);
	uint64_t a, b;

	(void)state;
	CALL(f, G_NR_clock_gettime, G_CLOCK_MONOTONIC, TIME);
	memcpy(&a, f->memory + TIME + 8, sizeof(a));
	CALL(f, G_NR_clock_gettime, G_CLOCK_MONOTONIC, TIME);
	memcpy(&b, f->memory + TIME + 8, sizeof(b));
	assert_int_equal(b, a + 1);
	fake_free(f);
}

static void a_tier_above_the_limit_is_refused_and_told(void **state)
{
	struct fake *f = with((struct tg_kernel_options){.tier = TG_TIER_BASIC});

	(void)state;
	assert_int_equal(CALL(f, G_NR_sched_yield), -G_ENOSYS);
	assert_int_equal(f->events[f->event_count - 1].kind, TG_EVENT_RETURN);
	assert_int_equal(f->events[f->event_count - 1].outcome, TG_OUTCOME_REFUSED);
	assert_int_equal(CALL(f, G_NR_gettid), 100);
	assert_int_equal(f->events[f->event_count - 1].outcome, TG_OUTCOME_DONE);
	fake_free(f);
}

static void numbers_nobody_has_and_fixed_refusals_are_told_apart(void **state)
{
	struct fake *f = fake_new(NULL);
	static const uint64_t unknown[] = {463,        500,        0x10000000,
					   UINT32_MAX, UINT64_MAX, UINT64_C(1) << 32 | 178};

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		uint64_t pc = f->regs.pc;

		assert_int_equal(CALL(f, unknown[i], 1, 2, 3), -G_ENOSYS);
		assert_int_equal(f->events[f->event_count - 1].outcome, TG_OUTCOME_UNKNOWN);
		assert_true(f->events[f->event_count - 1].nr == unknown[i]);
		assert_int_equal(f->regs.pc, pc + 4);
		assert_int_equal(f->regs.x[11], 2);
	}
	assert_int_equal(CALL(f, G_NR_bpf), -G_EPERM);
	assert_int_equal(f->events[f->event_count - 1].outcome, TG_OUTCOME_REFUSED);
	fake_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_thread_runs_without_slices),
		cmocka_unit_test(the_quantum_leaves_no_trace_in_a_program_of_one_thread),
		cmocka_unit_test(two_threads_take_turns_at_exact_counts),
		cmocka_unit_test(a_child_starts_with_zero_behind_the_ecall_and_the_given_stack),
		cmocka_unit_test(yield_goes_to_the_tail_and_wakes_nobody_early),
		cmocka_unit_test(a_deadline_cuts_the_slice_and_the_quantum_goes_on),
		cmocka_unit_test(equal_deadlines_fire_in_the_order_of_arming),
		cmocka_unit_test(nobody_to_run_skips_to_the_deadline_exactly),
		cmocka_unit_test(no_deadline_is_a_deadlock_with_names),
		cmocka_unit_test(a_timer_that_wakes_nobody_is_not_waited_for_for_ever),
		cmocka_unit_test(a_sleeper_without_end_is_stopped_and_one_with_work_is_not),
		cmocka_unit_test(a_few_long_sleeps_are_no_idling),
		cmocka_unit_test(a_reservation_extends_the_slice_by_single_steps_up_to_its_limit),
		cmocka_unit_test(an_ecall_drops_the_reservation),
		cmocka_unit_test(the_instruction_limit_is_exact),
		cmocka_unit_test(a_thread_s_instructions_are_its_own),
		cmocka_unit_test(the_clock_s_ratio_is_exact_and_does_not_overflow),
		cmocka_unit_test(a_thread_on_the_clock_sees_time_move),
		cmocka_unit_test(a_tier_above_the_limit_is_refused_and_told),
		cmocka_unit_test(numbers_nobody_has_and_fixed_refusals_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
