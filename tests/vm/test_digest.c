/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What state_digest v1 sees: every kind of state flipped in place, one at a time; and what it must not see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "kernel/file/file.h"
#include "kernel/memory/memory.h"
#include "kernel/signal/signal.h"
#include "kernel/time/timer.h"
#include "kernel/wait.h"
#include "vm/internal.h"

#include "tiny.h"

#define SPIN 0x0000006fu /* j . */

struct world {
	struct vm *vm;
	char before[VM_DIGEST_TEXT];
};

static struct vm *run_tiny(const uint32_t *code, size_t words, uint64_t limit, uint64_t quantum)
{
	const char *argv[] = { "/prog/tiny", NULL }, *envp[] = { NULL }, *why = NULL;
	char *path = tiny_program(code, words);
	struct vm_mount mount = { .host = path, .guest = "/prog/tiny" };
	struct vm_options options = { .engine = "simple", .mounts = &mount, .mount_count = 1, .stdin_fd = -1, .stdout_fd = 1, .stderr_fd = 2 };
	struct kernel_program program = { .path = "/prog/tiny", .argv = argv, .envp = envp, .want_vdso = 1 };
	struct vm *vm = NULL;
	size_t bad;

	options.kernel.size = sizeof options.kernel;
	options.kernel.insn_limit = limit;
	options.kernel.quantum = quantum;
	assert_int_equal(vm_new(&vm, &options, &bad), 0);
	assert_int_equal(vm_load(vm, &program, &why), 0);
	vm_run(vm);
	unlink(path);
	free(path);
	return vm;
}

static int begin(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	const uint32_t code[] = { SPIN };

	w->vm = run_tiny(code, 1, 1000, 0);
	assert_int_equal(vm_summary(w->vm)->stop, TG_STOP_INSN_LIMIT);
	vm_digest(w->vm, w->before);
	*state = w;
	return 0;
}

static int end(void **state)
{
	struct world *w = *state;

	vm_free(w->vm);
	free(w);
	return 0;
}

static int same(struct world *w)
{
	char now[VM_DIGEST_TEXT];

	vm_digest(w->vm, now);
	return strcmp(now, w->before) == 0;
}

static void the_digest_of_one_state_is_one_digest(void **state)
{
	assert_true(same(*state));
}

static void every_integer_register_and_the_pc_are_in_it(void **state)
{
	struct world *w = *state;

	for (unsigned i = 1; i <= TG_REG_PC; i++) {
		uint64_t old = machine_ops.reg(w->vm->machine, i);

		for (unsigned bit = 0; bit < 63; bit += 20) {
			machine_ops.set_reg(w->vm->machine, i, old ^ UINT64_C(2) << bit); /* bit 0 of a pc is always 0 */
			assert_false(same(w));
		}
		machine_ops.set_reg(w->vm->machine, i, old);
	}
	assert_true(same(w));
}

static void every_float_register_and_fcsr_are_in_it(void **state)
{
	struct world *w = *state;
	struct tg_regs regs, changed;

	machine_ops.save(w->vm->machine, &regs);
	for (unsigned i = 0; i < 32; i++) {
		changed = regs;
		changed.f[i] ^= UINT64_C(1) << (2 * i);
		machine_ops.restore(w->vm->machine, &changed);
		assert_false(same(w));
	}
	changed = regs;
	changed.fcsr ^= 1;
	machine_ops.restore(w->vm->machine, &changed);
	assert_false(same(w));
	machine_ops.restore(w->vm->machine, &regs);
	assert_true(same(w));
}

static void a_held_reservation_is_in_it(void **state)
{
	const uint32_t with[] = { 0x00000517, 0x100527af, SPIN }; /* auipc a0, 0; lr.w a5, (a0) */
	const uint32_t without[] = { 0x00000517, 0x00052783, SPIN }; /* auipc a0, 0; lw a5, (a0) */
	struct vm *a = run_tiny(with, 3, 100, 0);
	struct vm *b;
	char first[VM_DIGEST_TEXT], second[VM_DIGEST_TEXT];

	(void)state;
	assert_int_equal(machine_reservation(a->machine).width, 4);
	vm_digest(a, first);
	machine_ops.clear_reservation(a->machine);
	vm_digest(a, second);
	assert_string_not_equal(first, second);
	b = run_tiny(without, 3, 100, 0);
	assert_int_equal(machine_reservation(b->machine).width, 0);
	vm_free(a);
	vm_free(b);
}

static void every_byte_of_a_page_is_in_it(void **state)
{
	struct world *w = *state;
	uint8_t byte;

	for (uint64_t addr = TINY_BASE; addr < TINY_BASE + 0x3000; addr += 511) {
		assert_int_equal(machine_ops.load(w->vm->machine, w->vm->kernel.process->space, addr, &byte, 1), 0);
		byte ^= 0x10;
		assert_int_equal(machine_ops.store(w->vm->machine, w->vm->kernel.process->space, addr, &byte, 1), 0);
		assert_false(same(w));
		byte ^= 0x10;
		assert_int_equal(machine_ops.store(w->vm->machine, w->vm->kernel.process->space, addr, &byte, 1), 0);
	}
	assert_true(same(w));
}

static void a_page_of_zeros_that_was_written_is_as_one_never_touched(void **state)
{
	struct world *w = *state;
	uint8_t zero[64] = { 0 };

	assert_int_equal(machine_ops.store(w->vm->machine, w->vm->kernel.process->space, TINY_BASE + 0x2000, zero, sizeof zero), 0);
	assert_true(same(w));
}

static void a_descriptor_offset_is_in_it(void **state)
{
	struct world *w = *state;
	struct file *f = fd_file(&w->vm->kernel, 1);

	assert_non_null(f);
	f->offset++;
	assert_false(same(w));
	f->offset--;
	assert_true(same(w));
}

static void a_signal_mask_and_a_pending_signal_are_in_it(void **state)
{
	struct world *w = *state;
	struct kernel *k = &w->vm->kernel;
	struct g_siginfo info = { .signo = G_SIGUSR1 };

	k->current->sigmask ^= G_SIGBIT(G_SIGUSR1);
	assert_false(same(w));
	vm_digest(w->vm, w->before);
	assert_int_equal(signal_send_thread(k, k->current, &info, 0), 0);
	assert_false(same(w));
}

static void an_armed_timer_and_its_deadline_are_in_it(void **state)
{
	struct world *w = *state;
	struct kernel *k = &w->vm->kernel;
	ref timer = timer_new(k, TIMER_REAL, TIMER_MONOTONIC, k->current->process, 0);

	assert_int_equal(timer_arm(k, timer, 5000, 0), 0);
	assert_false(same(w));
	vm_digest(w->vm, w->before);
	AT(k, timer, timer)->deadline_ns++;
	assert_false(same(w));
}

static void an_area_without_any_page_is_in_it(void **state)
{
	struct world *w = *state;
	struct kernel *k = &w->vm->kernel;
	struct memory *mm = AT(k, memory, k->process->memory);
	int64_t at = memory_map(k, mm, 0, 0x4000, G_PROT_READ, G_MAP_PRIVATE | G_MAP_ANONYMOUS, 0, 0, 0, 0, 7);

	assert_true(at > 0);
	assert_false(same(w));
}

static void the_quantum_of_a_single_thread_is_not_in_it(void **state)
{
	const uint32_t code[] = { 0x00150513, 0xffdff06f }; /* addi a0, a0, 1; j .-4 */
	char first[VM_DIGEST_TEXT] = "", next[VM_DIGEST_TEXT];

	(void)state;
	for (uint64_t quantum = 1; quantum < 3000; quantum = quantum * 3 + 1) {
		struct vm *vm = run_tiny(code, 2, 4001, quantum);

		vm_digest(vm, next);
		if (*first)
			assert_string_equal(first, next);
		memcpy(first, next, sizeof first);
		vm_free(vm);
	}
}

static void two_machines_in_one_process_do_not_see_each_other(void **state)
{
	struct world *w = *state;
	const uint32_t code[] = { SPIN };
	struct vm *other = run_tiny(code, 1, 1000, 0);
	char theirs[VM_DIGEST_TEXT];

	vm_digest(other, theirs);
	assert_string_equal(theirs, w->before);
	machine_ops.set_reg(other->machine, 5, 1);
	vm_digest(other, theirs);
	assert_string_not_equal(theirs, w->before);
	assert_true(same(w));
	vm_free(other);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(the_digest_of_one_state_is_one_digest),
		T(every_integer_register_and_the_pc_are_in_it),
		T(every_float_register_and_fcsr_are_in_it),
		T(a_held_reservation_is_in_it),
		T(every_byte_of_a_page_is_in_it),
		T(a_page_of_zeros_that_was_written_is_as_one_never_touched),
		T(a_descriptor_offset_is_in_it),
		T(a_signal_mask_and_a_pending_signal_are_in_it),
		T(an_armed_timer_and_its_deadline_are_in_it),
		T(an_area_without_any_page_is_in_it),
		T(the_quantum_of_a_single_thread_is_not_in_it),
		T(two_machines_in_one_process_do_not_see_each_other),
	};

	return cmocka_run_group_tests_name("state digest", tests, NULL, NULL);
}
