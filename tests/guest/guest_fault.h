/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Touches memory that may fault and says how: the signal, its code and its address. One fault at a time, one thread. */
#ifndef GUEST_FAULT_H
#define GUEST_FAULT_H

#include "guest.h"

static volatile int fault_signal, fault_code;
static volatile uint64_t fault_address, fault_pc, fault_resume;

/* The handler leaves through the frame: pc is set to the place that the probing code chose. */
unused static void fault_handler(int sig, void *info, void *context)
{
	fault_signal = sig;
	fault_code = *(int *)((char *)info + 8);
	fault_address = *(uint64_t *)((char *)info + 16);
	fault_pc = *(uint64_t *)((char *)context + 176);
	*(uint64_t *)((char *)context + 176) = fault_resume;
}

unused static void fault_catch(void)
{
	for (int sig = SIGILL; sig <= SIGSEGV; sig++)
		if (sig == SIGILL || sig == SIGTRAP || sig == SIGBUS || sig == SIGSEGV)
			set_handler(sig, fault_handler, SA_SIGINFO | SA_NODEFER, 0);
}

/* Each probe returns 0 when nothing happened, else signal * 100 + si_code. */
#define FAULT_PROBE(before, insn, ...) \
	do { \
		long fault_scratch; \
		fault_signal = fault_code = 0; \
		fault_address = 0; \
		__asm__ volatile("la %0, 1f\n\tsd %0, %1\n\t" before insn "\n1:" \
				 : "=&r"(fault_scratch), "=m"(fault_resume) \
				 : __VA_ARGS__ \
				 : "memory", "ra", "t0", "t1"); \
	} while (0)

unused static long fault_load(const volatile void *at)
{
	FAULT_PROBE("", "lb t0, 0(%2)", "r"(at));
	return fault_signal * 100 + fault_code;
}

unused static long fault_store(volatile void *at)
{
	FAULT_PROBE("", "sb zero, 0(%2)", "r"(at));
	return fault_signal * 100 + fault_code;
}

/* Calls code that must return, or fault. */
unused static long fault_call(const void *at)
{
	FAULT_PROBE("", "jalr ra, 0(%2)", "r"(at));
	return fault_signal * 100 + fault_code;
}

#define FAULT_MAPERR (SIGSEGV * 100 + 1)
#define FAULT_ACCERR (SIGSEGV * 100 + 2)
#define FAULT_BUS_ADRERR (SIGBUS * 100 + 2)
#define FAULT_ILLOPC (SIGILL * 100 + 1)
#define FAULT_TRAP_BRKPT (SIGTRAP * 100 + 1)

/* Two instructions that any page can hold: li a0, N; ret. */
unused static void write_return_code(uint32_t *at, int value)
{
	at[0] = 0x00000513u | (uint32_t)value << 20;
	at[1] = 0x00008067u;
}

#endif
