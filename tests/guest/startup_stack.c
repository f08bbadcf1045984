/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: execve */
/* tier: basic */
/* cflags: -nostartfiles */
/* The stack and the registers at the very first instruction, before any library has run. */
#define GUEST_NO_MAIN
#include "guest.h"

static uint64_t first_sp, first[32];
void startup_main(uint64_t *regs);

__asm__(".text\n.globl _start\n_start:\n"
	"	.option push\n	.option norelax\n"
	"	addi sp, sp, -256\n"
	"	sd ra, 8(sp)\n	sd gp, 24(sp)\n	sd tp, 32(sp)\n	sd t0, 40(sp)\n	sd t1, 48(sp)\n	sd t2, 56(sp)\n"
	"	sd s0, 64(sp)\n	sd s1, 72(sp)\n	sd a0, 80(sp)\n	sd a1, 88(sp)\n	sd a2, 96(sp)\n	sd a3, 104(sp)\n"
	"	sd a4, 112(sp)\n	sd a5, 120(sp)\n	sd a6, 128(sp)\n	sd a7, 136(sp)\n	sd s2, 144(sp)\n"
	"	sd s3, 152(sp)\n	sd s4, 160(sp)\n	sd s5, 168(sp)\n	sd s6, 176(sp)\n	sd s7, 184(sp)\n"
	"	sd s8, 192(sp)\n	sd s9, 200(sp)\n	sd s10, 208(sp)\n	sd s11, 216(sp)\n	sd t3, 224(sp)\n"
	"	sd t4, 232(sp)\n	sd t5, 240(sp)\n	sd t6, 248(sp)\n"
	"	la gp, __global_pointer$\n	.option pop\n"
	"	mv a0, sp\n	tail startup_main\n");

TEST(startup_stack_pointer_is_aligned_to_16)
{
	EQ(first_sp & 15, 0);
}

TEST(startup_stack_starts_with_argc_and_argv)
{
	const uint64_t *sp = (const uint64_t *)first_sp;

	EQ(sp[0], 1);
	CHECK(sp[1] > first_sp);
	EQ(sp[2], 0);
}

TEST(startup_stack_strings_lie_above_the_vectors_in_order)
{
	const uint64_t *sp = (const uint64_t *)first_sp, *e = sp + 3;
	const char *last = (const char *)sp[1];

	EQ(strcmp(last + strlen(last) - 13, "startup_stack"), 0);
	last += strlen(last) + 1;
	for (; *e; e++) {
		EQ(*e, last);
		last += strlen(last) + 1;
	}
	for (e++; e[0]; e += 2)
		if (e[0] == 31)
			EQ(e[1], last);
}

TEST(startup_stack_is_writable_far_below)
{
	volatile char *p = (volatile char *)first_sp;

	for (long i = 0; i < (4 << 20); i += PAGE)
		p[-i - 1024 * 8] = 1;
	EQ(p[-8192], 1);
}

TEST(startup_registers_are_zero_but_sp)
{
	ORACLE(OURS);
	for (int i = 1; i < 32; i++)
		if (i != 2)
			EQ(first[i], 0);
}

TEST(startup_stack_is_not_executable)
{
	const uint64_t *sp = (const uint64_t *)first_sp;

	CHECK(sp != NULL);
	EQ(sys(__NR_mprotect, first_sp & -PAGE, PAGE, PROT_READ | PROT_WRITE), 0);
}

void startup_main(uint64_t *regs)
{
	char **env;

	first_sp = (uint64_t)regs + 256;
	memcpy(first, regs, sizeof(first));
	env = (char **)(first_sp + 24);
	environ = env;
	sys(__NR_exit_group, guest_run_all());
	__builtin_unreachable();
}
