/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: rt_sigreturn */
/* cflags: -fexceptions -fasynchronous-unwind-tables -O1 */
/* An unwinder walks from a handler through the signal frame into the interrupted code. */
#include "guest.h"
#include <unwind.h>

static volatile int depth, found;
void interrupted(void);

static _Unwind_Reason_Code step(struct _Unwind_Context *context, void *arg)
{
	uint64_t pc = _Unwind_GetIP(context);

	depth++;
	if (pc >= (uint64_t)interrupted && pc < (uint64_t)interrupted + 64)
		found = 1;
	return depth < 30 ? _URC_NO_REASON : _URC_END_OF_STACK;
}

static void handler(int sig)
{
	_Unwind_Backtrace(step, NULL);
}

__asm__(".text\n.globl interrupted\n.type interrupted, @function\ninterrupted:\n	.cfi_startproc\n"
	"	addi sp, sp, -16\n	.cfi_def_cfa_offset 16\n	sd ra, 8(sp)\n	.cfi_offset ra, -8\n"
	"	li a7, 172\n	ecall\n	mv s2, a0\n	li a7, 178\n	ecall\n	mv a1, a0\n	mv a0, s2\n	li a2, 10\n	li a7, 131\n	ecall\n"
	"	ld ra, 8(sp)\n	addi sp, sp, 16\n	ret\n	.cfi_endproc\n.size interrupted, .-interrupted\n");

__attribute__((noinline)) static void call_interrupted(void)
{
	__asm__ volatile("call interrupted" ::: "memory", "ra", "s2", "a0", "a1", "a2", "a7", "t0", "t1", "t2", "t3", "t4",
			 "t5", "t6", "a3", "a4", "a5", "a6");
}

TEST(unwinding_from_a_handler_reaches_the_interrupted_function)
{
	ORACLE(KERNEL);
	set_handler(SIGUSR1, handler, 0, 0);
	call_interrupted();
	EQ(found, 1);
	CHECK(depth >= 3);
}
