/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: rt_sigaction */
/* Exceptions become signals with the right number, code, address and pc. */
#include "guest_fault.h"

TEST(fault_load_of_unmapped_memory_is_segv_maperr_with_the_address)
{
	char *p = map_pages(2, PROT_READ | PROT_WRITE);

	ORACLE(KERNEL);
	fault_catch();
	EQ(sys(__NR_munmap, p, 2 * PAGE), 0);
	EQ(fault_load(p + 123), FAULT_MAPERR);
	EQ(fault_address, p + 123);
	EQ(fault_store(p + PAGE + 1), FAULT_MAPERR);
	EQ(fault_address, p + PAGE + 1);
}

TEST(fault_of_a_wild_address_is_segv_maperr)
{
	ORACLE(KERNEL);
	fault_catch();
	EQ(fault_load((void *)0x7ffffffff000), FAULT_MAPERR);
	EQ(fault_address, 0x7ffffffff000);
	EQ(fault_load((void *)-8L), FAULT_MAPERR);
	EQ(fault_address, -8L);
	EQ(fault_store((void *)(1L << 38)), FAULT_MAPERR);
}

TEST(fault_fetch_from_nowhere_has_pc_and_address_equal)
{
	ORACLE(KERNEL);
	fault_catch();
	EQ(fault_call((void *)0x1000), FAULT_MAPERR);
	EQ(fault_address, 0x1000);
	EQ(fault_pc, 0x1000);
	EQ(fault_call(NULL), FAULT_MAPERR);
	EQ(fault_address, 0);
}

static long execute_word(uint32_t insn)
{
	static uint32_t *code;

	if (!code)
		code = (uint32_t *)map_pages(1, PROT_READ | PROT_WRITE | PROT_EXEC);
	code[0] = insn;
	code[1] = 0x00008067;
	sys(__NR_riscv_flush_icache, 0, 0, 0);
	__asm__ volatile("fence.i" ::: "memory");
	return fault_call(code);
}

TEST(fault_illegal_instructions_are_sigill_illopc)
{
	fault_catch();
	EQ(execute_word(0x00000000), FAULT_ILLOPC);
	EQ(fault_address, fault_pc);
	EQ(execute_word(0xffffffff), FAULT_ILLOPC);
	EQ(execute_word(0x30200073), FAULT_ILLOPC); /* mret */
	EQ(execute_word(0x10200073), FAULT_ILLOPC); /* sret */
	EQ(execute_word(0x30002573), FAULT_ILLOPC); /* csrr a0, mstatus */
	EQ(execute_word(0xc0001573), FAULT_ILLOPC); /* csrrw a0, cycle, zero: read-only */
}

TEST(fault_ebreak_is_sigtrap_at_its_own_address)
{
	fault_catch();
	EQ(execute_word(0x00100073), FAULT_TRAP_BRKPT);
	EQ(fault_address, fault_pc);
	EQ(execute_word(0x80829002), FAULT_TRAP_BRKPT); /* c.ebreak; ret */
	EQ(fault_address, fault_pc);
}

TEST(fault_misaligned_loads_and_stores_work)
{
	char b[16];
	volatile uint64_t *p = (uint64_t *)(b + 3);

	*p = 0x1122334455667788;
	EQ(*p, 0x1122334455667788);
	EQ(b[3], (char)0x88);
}

TEST(fault_misaligned_atomics_are_sigbus)
{
	static uint64_t area[2];

	ORACLE(KERNEL);
	fault_catch();
	FAULT_PROBE("", "amoadd.w t0, zero, (%2)", "r"((char *)area + 1));
	EQ(fault_signal * 100 + fault_code, SIGBUS * 100 + 1);
	EQ(area[0], 0);
}

/* The emulated board that a real kernel runs on lets these through; the specification does not. */
TEST(fault_misaligned_lr_and_sc_are_sigbus)
{
	static uint64_t area[2];

	ORACLE(OURS);
	fault_catch();
	FAULT_PROBE("", "lr.d t0, (%2)", "r"((char *)area + 4));
	EQ(fault_signal, SIGBUS);
	FAULT_PROBE("", "sc.w t0, zero, (%2)", "r"((char *)area + 2));
	EQ(fault_signal, SIGBUS);
}

TEST(fault_of_a_store_that_straddles_into_unmapped_memory_changes_nothing)
{
	char *p = map_pages(2, PROT_READ | PROT_WRITE);

	ORACLE(KERNEL);
	fault_catch();
	EQ(sys(__NR_munmap, p + PAGE, PAGE), 0);
	p[PAGE - 1] = 0x5a;
	FAULT_PROBE("li t0, -1\n	", "sd t0, 0(%2)", "r"(p + PAGE - 4));
	EQ(fault_signal * 100 + fault_code, FAULT_MAPERR);
	EQ(p[PAGE - 1], 0x5a);
	EQ(p[PAGE - 4], 0);
	sys(__NR_munmap, p, PAGE);
}

TEST(fault_fetch_that_straddles_into_unmapped_memory_reports_the_second_page)
{
	char *p = map_pages(2, PROT_READ | PROT_WRITE | PROT_EXEC);

	ORACLE(KERNEL);
	fault_catch();
	EQ(sys(__NR_munmap, p + PAGE, PAGE), 0);
	*(uint16_t *)(p + PAGE - 2) = 0x0513; /* first half of li a0, N */
	EQ(sys(__NR_riscv_flush_icache, 0, 0, 0), 0);
	EQ(fault_call(p + PAGE - 2), FAULT_MAPERR);
	EQ(fault_address, p + PAGE);
	EQ(fault_pc, p + PAGE - 2);
	sys(__NR_munmap, p, PAGE);
}

static volatile int normal_events;

static void count_and_repair(int sig, siginfo_t *info, void *uc)
{
	normal_events++;
	sys(__NR_mprotect, (long)info->si_addr & -PAGE, PAGE, PROT_READ | PROT_WRITE);
}

TEST(fault_as_a_normal_event_is_repaired_and_the_instruction_runs_again)
{
	volatile char *p = map_pages(4, PROT_NONE);

	ORACLE(KERNEL);
	set_handler(SIGSEGV, count_and_repair, SA_SIGINFO, 0);
	normal_events = 0;
	for (int i = 0; i < 4; i++)
		p[i * PAGE + 7] = (char)(i + 1);
	EQ(normal_events, 4);
	for (int i = 0; i < 4; i++)
		EQ(p[i * PAGE + 7], i + 1);
	EQ(normal_events, 4);
	sys(__NR_munmap, p, 4 * PAGE);
}
