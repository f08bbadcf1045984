/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: mmap rt_sigaction */
#include "guest_fault.h"

static __attribute__((noinline)) long recurse(long n)
{
	volatile char page[4000];

	page[0] = (char)n;
	return n == 0 ? page[0] : recurse(n - 1) + page[0] - (char)n;
}

TEST(stack_grows_to_seven_mebibytes)
{
	EQ(recurse(1700), 0);
}

static char alt[16384] __attribute__((aligned(16)));
static volatile int overflows;
static volatile uint64_t saved_sp, saved_pc;

static void on_overflow(int sig, void *info, void *uc)
{
	overflows++;
	*(uint64_t *)((char *)uc + 176) = saved_pc;
	*(uint64_t *)((char *)uc + 176 + 16) = saved_sp;
}

TEST(stack_overflow_is_a_segv_on_the_alternate_stack)
{
	stack_t ss = { .ss_sp = alt, .ss_size = sizeof(alt) }, off = { .ss_flags = SS_DISABLE };

	sys(__NR_sigaltstack, &ss, NULL);
	set_handler(SIGSEGV, on_overflow, SA_SIGINFO | SA_ONSTACK, 0);
	__asm__ volatile("la t0, 2f\n	sd t0, %0\n	sd sp, %1\n1:	addi sp, sp, -1024\n	sd zero, 0(sp)\n	j 1b\n2:\n"
			 : "=m"(saved_pc), "=m"(saved_sp) : : "memory", "t0");
	EQ(overflows, 1);
	sys(__NR_sigaltstack, &off, NULL);
	set_handler(SIGSEGV, SIG_DFL, 0, 0);
}
