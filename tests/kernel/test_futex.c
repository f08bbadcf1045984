/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Futexes where a guest program cannot easily look: owned locks of threads that end, restarts,
 * limits of lists, what stays behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "fake_machine.h"
#include "kernel/thread/futex.h"
#include "kernel/signal/signal.h"

#define WORD  0x3000u
#define OTHER 0x3010u
#define TIME  0x2000u
#define LIST  0x5000u

static int64_t op(struct fake *f, uint64_t addr, uint32_t command, uint32_t value, uint64_t fourth,
		  uint64_t addr2, uint32_t value3)
{
	return CALL(f, G_NR_futex, addr, command, value, fourth, addr2, value3);
}

static void go_to(struct fake *f, uint32_t tid)
{
	for (unsigned i = 0; i < 10 && fake_tid(f) != tid; i++)
		CALL(f, G_NR_sched_yield);
	assert_int_equal(fake_tid(f), tid);
}

/* No waiter is left in any queue, and none is counted. */
static void assert_no_waiters(struct fake *f)
{
	static const struct futex_table empty;

	assert_memory_equal(AT(&f->k, futex_table, f->k.root->futexes), &empty, sizeof(empty));
}

static void a_wait_that_ends_leaves_nothing_behind(void **state)
{
	struct fake *f = fake_new(NULL);
	uint64_t used;

	(void)state;
	fake_poke_time(f, TIME, 0, 1000);
	op(f, WORD, G_FUTEX_WAIT, 0, TIME, 0, 0);
	used = arena_used(&f->k.arena);
	for (unsigned i = 0; i < 10000; i++)
		assert_int_equal(op(f, WORD, G_FUTEX_WAIT, 0, TIME, 0, 0), -G_ETIMEDOUT);
	assert_int_equal(arena_used(&f->k.arena), used);
	assert_no_waiters(f);
	fake_free(f);
}

static void a_wake_after_the_deadline_but_before_the_thread_runs_counts(void **state)
{
	struct fake *f = fake_new(NULL);

	(void)state;
	fake_thread(f);
	fake_poke_time(f, TIME, 0, 100);
	op(f, WORD, G_FUTEX_WAIT, 0, TIME, 0, 0); /* 100 waits, 101 runs */
	fake_run(f, 200);
	assert_int_equal(fake_tid(f), 101);
	assert_int_equal(op(f, WORD, G_FUTEX_WAKE, 1, 0, 0, 0), 1);
	go_to(f, 100);
	assert_int_equal(f->regs.x[TG_REG_A0], 0);
	assert_no_waiters(f);
	fake_free(f);
}

static void private_and_shared_waits_on_one_word_do_not_meet(void **state)
{
	struct fake *f = fake_new(NULL);

	(void)state;
	fake_thread(f);
	op(f, WORD, G_FUTEX_WAIT, 0, 0, 0, 0);
	assert_int_equal(op(f, WORD, G_FUTEX_WAKE | G_FUTEX_PRIVATE_FLAG, 1, 0, 0, 0), 0);
	assert_int_equal(op(f, WORD, G_FUTEX_WAKE, 1, 0, 0, 0), 1);
	fake_free(f);
}

static void a_private_wake_needs_no_memory_and_a_shared_one_does(void **state)
{
	struct fake *f = fake_new(NULL);

	(void)state;
	assert_int_equal(op(f, 0x10000000, G_FUTEX_WAKE | G_FUTEX_PRIVATE_FLAG, 1, 0, 0, 0), 0);
	assert_int_equal(op(f, 0x10000000, G_FUTEX_WAKE, 1, 0, 0, 0), -G_EFAULT);
	assert_int_equal(op(f, UINT64_C(1) << 63, G_FUTEX_WAKE | G_FUTEX_PRIVATE_FLAG, 1, 0, 0, 0),
			 -G_EFAULT);
	assert_int_equal(op(f, WORD + 2, G_FUTEX_WAKE, 1, 0, 0, 0), -G_EINVAL);
	fake_free(f);
}

static void the_owner_s_end_hands_the_lock_on_marked_as_died(void **state)
{
	struct fake *f = fake_new(NULL);

	(void)state;
	fake_thread(f);
	fake_thread(f);
	go_to(f, 101);
	assert_int_equal(op(f, WORD, G_FUTEX_LOCK_PI, 0, 0, 0, 0), 0);
	assert_int_equal(fake_peek(f, WORD), 101);
	go_to(f, 102);
	op(f, WORD, G_FUTEX_LOCK_PI, 0, 0, 0, 0);
	go_to(f, 100);
	op(f, WORD, G_FUTEX_LOCK_PI, 0, 0, 0, 0);
	assert_int_equal(fake_tid(f), 101);
	assert_int_equal(fake_peek(f, WORD), 101 | G_FUTEX_WAITERS);
	CALL(f, G_NR_exit, 0);
	assert_int_equal(fake_tid(f), 102);
	assert_int_equal(f->regs.x[TG_REG_A0], 0);
	assert_int_equal(fake_peek(f, WORD), 102 | G_FUTEX_WAITERS | G_FUTEX_OWNER_DIED);
	/* the other waiter waits for the new owner */
	assert_int_equal(op(f, WORD, G_FUTEX_UNLOCK_PI, 0, 0, 0, 0), 0);
	assert_int_equal(fake_peek(f, WORD), 100 | G_FUTEX_WAITERS);
	go_to(f, 100);
	assert_int_equal(f->regs.x[TG_REG_A0], 0);
	assert_int_equal(op(f, WORD, G_FUTEX_UNLOCK_PI, 0, 0, 0, 0), 0);
	assert_int_equal(fake_peek(f, WORD), 0);
	assert_no_waiters(f);
	fake_free(f);
}

static void locks_that_wait_for_each_other_are_edeadlk(void **state)
{
	struct fake *f = fake_new(NULL);

	(void)state;
	fake_thread(f);
	assert_int_equal(op(f, WORD, G_FUTEX_LOCK_PI, 0, 0, 0, 0), 0);
	assert_int_equal(op(f, WORD, G_FUTEX_LOCK_PI, 0, 0, 0, 0), -G_EDEADLK);
	go_to(f, 101);
	assert_int_equal(op(f, OTHER, G_FUTEX_LOCK_PI, 0, 0, 0, 0), 0);
	op(f, WORD, G_FUTEX_LOCK_PI, 0, 0, 0, 0);
	assert_int_equal(fake_tid(f), 100);
	assert_int_equal(op(f, OTHER, G_FUTEX_LOCK_PI, 0, 0, 0, 0), -G_EDEADLK);
	fake_free(f);
}

static void plain_and_owned_operations_on_one_word_are_einval(void **state)
{
	struct fake *f = fake_new(NULL);

	(void)state;
	fake_thread(f);
	assert_int_equal(op(f, WORD, G_FUTEX_LOCK_PI, 0, 0, 0, 0), 0);
	go_to(f, 101);
	op(f, WORD, G_FUTEX_LOCK_PI, 0, 0, 0, 0);
	assert_int_equal(op(f, WORD, G_FUTEX_WAKE, 1, 0, 0, 0), -G_EINVAL);
	assert_int_equal(op(f, WORD, G_FUTEX_REQUEUE, 1, 1, OTHER, 0), -G_EINVAL);
	fake_poke(f, WORD, 4711); /* somebody overwrites the owner */
	assert_int_equal(op(f, WORD, G_FUTEX_LOCK_PI, 0, 0, 0, 0), -G_EINVAL);
	assert_int_equal(op(f, WORD, G_FUTEX_UNLOCK_PI, 0, 0, 0, 0), -G_EPERM);
	fake_free(f);
}

static void a_handler_ends_a_timed_wait_and_restarts_an_untimed_one_and_a_lock(void **state)
{
	static const struct {
		uint32_t command;
		bool timed;
		int64_t result; /* 1: the call runs again */
	} rows[] = {
		{G_FUTEX_WAIT, false, 1},
		{G_FUTEX_WAIT, true, -G_EINTR},
		{G_FUTEX_WAIT_BITSET, true, -G_EINTR},
		{G_FUTEX_LOCK_PI, true, 1},
	};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct fake *f = fake_new(NULL);
		const struct g_sigaction action = {.handler = 0x9000, .flags = G_SA_RESTART};
		uint64_t pc;

		memcpy(f->memory + 0x4000, &action, sizeof(action));
		assert_int_equal(CALL(f, G_NR_rt_sigaction, G_SIGUSR1, 0x4000, 0, 8), 0);
		fake_thread(f);
		go_to(f, 101);
		if (rows[i].command == G_FUTEX_LOCK_PI)
			op(f, WORD, G_FUTEX_LOCK_PI, 0, 0, 0, 0);
		go_to(f, 100);
		f->regs.x[TG_REG_SP] = 0x60000;
		pc = f->regs.pc;
		fake_poke_time(f, TIME, 4000000000, 0);
		op(f, WORD, rows[i].command, 0, rows[i].timed ? TIME : 0, 0, UINT32_MAX);
		assert_int_equal(fake_tid(f), 101);
		assert_int_equal(CALL(f, G_NR_tgkill, 100, 100, G_SIGUSR1), 0);
		go_to(f, 100);
		assert_int_equal(f->regs.pc, 0x9000);
		assert_int_equal(CALL(f, G_NR_rt_sigreturn),
				 rows[i].result == 1 ? (int64_t)WORD : rows[i].result);
		assert_int_equal(f->regs.pc, rows[i].result == 1 ? pc : pc + 4);
		assert_no_waiters(f);
		fake_free(f);
	}
}

static void a_robust_list_that_runs_in_a_circle_ends_at_its_limit(void **state)
{
	struct fake *f = fake_new(NULL);
	const uint64_t head[3] = {LIST + 0x100, 0x20, 0}, self = LIST + 0x100;

	(void)state;
	fake_thread(f);
	go_to(f, 101);
	memcpy(f->memory + LIST, head, sizeof(head));
	memcpy(f->memory + LIST + 0x100, &self, sizeof(self)); /* its own successor */
	fake_poke(f, LIST + 0x120, 101 | G_FUTEX_WAITERS);
	assert_int_equal(CALL(f, G_NR_set_robust_list, LIST, 24), 0);
	CALL(f, G_NR_exit, 0);
	assert_int_equal(fake_tid(f), 100);
	assert_int_equal(fake_peek(f, LIST + 0x120), G_FUTEX_OWNER_DIED | G_FUTEX_WAITERS);
	fake_free(f);
}

static void a_pending_unlock_of_a_dead_thread_wakes_somebody(void **state)
{
	struct fake *f = fake_new(NULL);
	const uint64_t head[3] = {LIST, 0x20,
				  LIST + 0x200}; /* an empty list, and an operation in progress */

	(void)state;
	fake_thread(f);
	op(f, LIST + 0x220, G_FUTEX_WAIT, 0, 0, 0, 0);
	assert_int_equal(fake_tid(f), 101);
	memcpy(f->memory + LIST, head, sizeof(head));
	assert_int_equal(CALL(f, G_NR_set_robust_list, LIST, 24), 0);
	CALL(f, G_NR_exit, 0);
	assert_int_equal(fake_tid(f), 100);
	assert_int_equal(f->regs.x[TG_REG_A0], 0);
	fake_free(f);
}

static void wild_robust_lists_harm_nobody(void **state)
{
	static const uint64_t heads[][3] = {
		{1, 0, 0},
		{UINT64_MAX, UINT64_MAX, UINT64_MAX},
		{0x10, 1, 0x10},
		{LIST + 0x100, UINT64_C(1) << 63, LIST + 1},
	};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct fake *f = fake_new(NULL);

		fake_thread(f);
		go_to(f, 101);
		memcpy(f->memory + LIST, heads[i], sizeof(heads[i]));
		CALL(f, G_NR_set_robust_list, i == 3 ? UINT64_MAX - 7 : LIST, 24);
		CALL(f, G_NR_exit, 0);
		assert_int_equal(fake_tid(f), 100);
		fake_free(f);
	}
}

static void waitv_reports_the_last_of_several_and_leaves_all_queues(void **state)
{
	struct fake *f = fake_new(NULL);
	struct g_futex_waitv v[3] = {0};

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		v[i] = (struct g_futex_waitv){.uaddr = WORD + 4 * i,
					      .flags = G_FUTEX2_SIZE_U32 | G_FUTEX2_PRIVATE};
	memcpy(f->memory + 0x6000, v, sizeof(v));
	fake_thread(f);
	CALL(f, G_NR_futex_waitv, 0x6000, 3);
	assert_int_equal(fake_tid(f), 101);
	assert_int_equal(op(f, WORD + 8, G_FUTEX_WAKE | G_FUTEX_PRIVATE_FLAG, 1, 0, 0, 0), 1);
	assert_int_equal(op(f, WORD, G_FUTEX_WAKE | G_FUTEX_PRIVATE_FLAG, 1, 0, 0, 0), 1);
	go_to(f, 100);
	assert_int_equal(f->regs.x[TG_REG_A0], 2);
	assert_no_waiters(f);
	fake_free(f);
}

static void an_ending_thread_clears_its_id_and_wakes_its_joiner(void **state)
{
	struct fake *f = fake_new(NULL);

	(void)state;
	fake_poke(f, WORD, 101);
	assert_int_equal(CALL(f, G_NR_clone, 0x50f00 | G_CLONE_CHILD_CLEARTID, 0x80000, 0, 0, WORD),
			 101);
	op(f, WORD, G_FUTEX_WAIT, 101, 0, 0, 0);
	assert_int_equal(fake_tid(f), 101);
	CALL(f, G_NR_exit, 0);
	assert_int_equal(fake_tid(f), 100);
	assert_int_equal(f->regs.x[TG_REG_A0], 0);
	assert_int_equal(fake_peek(f, WORD), 0);
	/* the last one's end is the program's, with its code */
	CALL(f, G_NR_exit, 0x1234);
	assert_int_equal(f->run.stop, TG_STOP_EXITED);
	assert_int_equal(f->run.status, 0x34);
	fake_free(f);
}

static void threads_up_to_the_limit_then_eagain(void **state)
{
	struct fake *f = fake_new(NULL);

	(void)state;
	for (unsigned i = 1; i < LIMIT_THREADS; i++)
		if (fake_thread(f) != 100 + (int64_t)i)
			fail();
	assert_int_equal(fake_thread(f), -G_EAGAIN);
	assert_int_equal(arena_check(&f->k.arena), 0);
	fake_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wait_that_ends_leaves_nothing_behind),
		cmocka_unit_test(a_wake_after_the_deadline_but_before_the_thread_runs_counts),
		cmocka_unit_test(private_and_shared_waits_on_one_word_do_not_meet),
		cmocka_unit_test(a_private_wake_needs_no_memory_and_a_shared_one_does),
		cmocka_unit_test(the_owner_s_end_hands_the_lock_on_marked_as_died),
		cmocka_unit_test(locks_that_wait_for_each_other_are_edeadlk),
		cmocka_unit_test(plain_and_owned_operations_on_one_word_are_einval),
		cmocka_unit_test(
			a_handler_ends_a_timed_wait_and_restarts_an_untimed_one_and_a_lock),
		cmocka_unit_test(a_robust_list_that_runs_in_a_circle_ends_at_its_limit),
		cmocka_unit_test(a_pending_unlock_of_a_dead_thread_wakes_somebody),
		cmocka_unit_test(wild_robust_lists_harm_nobody),
		cmocka_unit_test(waitv_reports_the_last_of_several_and_leaves_all_queues),
		cmocka_unit_test(an_ending_thread_clears_its_id_and_wakes_its_joiner),
		cmocka_unit_test(threads_up_to_the_limit_then_eagain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
