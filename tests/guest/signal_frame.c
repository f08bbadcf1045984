/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: rt_sigreturn */
/* The frame that a handler finds, byte by byte, and what rt_sigreturn takes from it. */
#include "guest_fault.h"

static volatile uint64_t at_entry[4]; /* sp, ra, a1, a2 */
static unsigned char frame[1088];
static volatile uint64_t raw_regs[32];

void entry_handler(int sig);
__asm__(".text\nentry_handler:\n"
	"	la t0, at_entry\n	sd sp, 0(t0)\n	sd ra, 8(t0)\n	sd a1, 16(t0)\n	sd a2, 24(t0)\n	tail copy_frame\n");

__attribute__((used)) void copy_frame(int sig);
void copy_frame(int sig)
{
	memcpy(frame, (void *)at_entry[0], sizeof(frame));
}

static uint64_t word(int offset)
{
	uint64_t v;

	memcpy(&v, frame + offset, 8);
	return v;
}

static uint32_t half(int offset)
{
	uint32_t v;

	memcpy(&v, frame + offset, 4);
	return v;
}

/* Sets known registers, raises by an ecall, and returns the address of the instruction after it. */
static uint64_t raise_with_known_registers(void)
{
	long pid = sys(__NR_getpid), tid = sys(__NR_gettid);
	uint64_t after;
	register long a0 __asm__("a0") = pid;
	register long a1 __asm__("a1") = tid;
	register long a2 __asm__("a2") = SIGUSR1;
	register long a7 __asm__("a7") = __NR_tgkill;

	__asm__ volatile("li s2, 0x1818\n	li s3, 0x1919\n	li t3, 0x2828\n	li a5, 0x1515\n	li t1, 0x3ff\n"
			 "	fcvt.d.l f8, t1\n	fcvt.d.l f31, t3\n	fcvt.d.l f0, a5\n	li t1, 0x65\n	fscsr t1\n"
			 "	la %0, 1f\n	ecall\n1:	frcsr t1\n	fscsr zero\n"
			 : "=&r"(after), "+r"(a0) : "r"(a1), "r"(a2), "r"(a7)
			 : "memory", "s2", "s3", "t3", "a5", "t1", "f8", "f31", "f0");
	return after;
}

TEST(signal_frame_is_1088_bytes_below_the_stack_pointer_and_aligned)
{
	uint64_t after;

	ORACLE(KERNEL);
	set_handler(SIGUSR1, entry_handler, SA_SIGINFO, SIGBIT(SIGHUP));
	set_mask(SIGBIT(SIGUSR2));
	after = raise_with_known_registers();
	set_mask(0);
	EQ(at_entry[0] & 15, 0);
	EQ(((word(304 + 16) - 1088) & -16UL), at_entry[0]);
	EQ(at_entry[2], at_entry[0]);
	EQ(at_entry[3], at_entry[0] + 128);
	EQ(word(304), after);
}

TEST(signal_frame_holds_the_siginfo_at_0)
{
	ORACLE(KERNEL);
	EQ(half(0), SIGUSR1);
	EQ(half(4), 0);
	EQ((int)half(8), SI_TKILL);
	EQ(half(16), sys(__NR_getpid));
	EQ(half(20), 0);
}

TEST(signal_frame_holds_the_mask_at_168_and_the_ucontext_at_128)
{
	ORACLE(KERNEL);
	EQ(word(128), 0);
	EQ(word(136), 0);
	EQ(word(168), SIGBIT(SIGUSR2));
	EQ(half(152), SS_DISABLE);
}

TEST(signal_frame_holds_the_registers_from_304)
{
	ORACLE(KERNEL);
	EQ(word(304 + 8 * 10), 0);
	EQ(word(304 + 8 * 18), 0x1818);
	EQ(word(304 + 8 * 19), 0x1919);
	EQ(word(304 + 8 * 28), 0x2828);
	EQ(word(304 + 8 * 15), 0x1515);
	EQ(word(304 + 8 * 17), __NR_tgkill);
}

TEST(signal_frame_holds_the_float_registers_at_560_and_fcsr_at_816)
{
	double d;

	ORACLE(KERNEL);
	memcpy(&d, frame + 560, 8);
	EQ((long)d, 0x1515);
	memcpy(&d, frame + 560 + 8 * 8, 8);
	EQ((long)d, 0x3ff);
	memcpy(&d, frame + 560 + 8 * 31, 8);
	EQ((long)d, 0x2828);
	EQ(half(816), 0x65);
}

TEST(signal_frame_ends_with_a_zero_word_and_an_empty_header)
{
	ORACLE(KERNEL);
	EQ(half(1076), 0);
	EQ(half(1080), 0);
	EQ(half(1084), 0);
}

TEST(signal_handler_returns_to_the_two_instructions_that_unwinders_look_for)
{
	uint32_t code[2];

	ORACLE(KERNEL);
	memcpy(code, (void *)at_entry[1], 8);
	EQ(code[0], 0x08b00893);
	EQ(code[1], 0x00000073);
}

#define REG(uc, n) (*(volatile uint64_t *)((char *)(uc) + 176 + 8 * (n)))

static void change_registers(int sig, void *info, void *uc)
{
	REG(uc, 10) = 0xabcdef;
	REG(uc, 18) = 0x5555;
	REG(uc, 5) = 0x6666;
	*(double *)((char *)uc + 432 + 8 * 9) = 1234.0;
	*(uint64_t *)((char *)uc + 40) = SIGBIT(SIGTERM);
	*(uint32_t *)((char *)uc + 688) = 0x42;
}

TEST(rt_sigreturn_restores_what_the_handler_wrote_into_the_frame)
{
	uint64_t a0v, s2v, t0v, fcsr;
	double f9;
	long pid = sys(__NR_getpid), tid = sys(__NR_gettid);

	set_handler(SIGUSR1, change_registers, SA_SIGINFO, 0);
	register long a0 __asm__("a0") = pid;
	register long a1 __asm__("a1") = tid;
	register long a2 __asm__("a2") = SIGUSR1;
	register long a7 __asm__("a7") = __NR_tgkill;
	__asm__ volatile("li s2, 1\n	li t0, 2\n	ecall\n	mv %1, s2\n	mv %2, t0\n	frcsr %3\n	fscsr zero\n	fmv.d %4, f9\n"
			 : "+r"(a0), "=&r"(s2v), "=&r"(t0v), "=&r"(fcsr), "=&f"(f9)
			 : "r"(a1), "r"(a2), "r"(a7) : "memory", "s2", "t0", "f9");
	a0v = a0;
	EQ(a0v, 0xabcdef);
	EQ(s2v, 0x5555);
	EQ(t0v, 0x6666);
	EQ((long)f9, 1234);
	EQ(fcsr, 0x42);
	EQ(set_mask(0), SIGBIT(SIGTERM));
}

static volatile uint64_t jumped;

/* Go's preemption: the handler makes it look as if the interrupted code had called another function. */
static void inject_call(int sig, void *info, void *uc)
{
	uint64_t sp = REG(uc, 2) - 16;

	*(uint64_t *)sp = REG(uc, 1);
	REG(uc, 2) = sp;
	REG(uc, 1) = REG(uc, 0);
	extern void injected(void);
	REG(uc, 0) = (uint64_t)injected;
}

__asm__(".text\n.globl injected\ninjected:\n	la t6, jumped\n	ld t5, 0(t6)\n	addi t5, t5, 1\n	sd t5, 0(t6)\n"
	"	mv t6, ra\n	ld ra, 0(sp)\n	addi sp, sp, 16\n	jr t6\n");

TEST(rt_sigreturn_can_inject_a_call_as_go_does)
{
	long pid = sys(__NR_getpid), tid = sys(__NR_gettid);

	jumped = 0;
	set_handler(SIGUSR1, inject_call, SA_SIGINFO, 0);
	register long a0 __asm__("a0") = pid;
	register long a1 __asm__("a1") = tid;
	register long a2 __asm__("a2") = SIGUSR1;
	register long a7 __asm__("a7") = __NR_tgkill;
	__asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory", "t5", "t6", "ra");
	EQ(jumped, 1);
	EQ(a0, 0);
}

static void clobber(int sig)
{
	__asm__ volatile("li t0, -1\n	li t1, -1\n	li t2, -1\n	li t3, -1\n	li a1, -1\n	li a2, -1\n	li a7, -1\n"
			 "	fcvt.d.l f0, t0\n	fcvt.d.l f8, t0\n	fcvt.d.l f31, t0\n"
			 ::: "t0", "t1", "t2", "t3", "a1", "a2", "a7", "f0", "f31");
}

TEST(rt_sigreturn_restores_every_register_that_a_handler_clobbers)
{
	uint64_t t1v, t2v, t3v, a1v;
	double f0v;
	long pid = sys(__NR_getpid), tid = sys(__NR_gettid);

	ORACLE(KERNEL);
	set_handler(SIGUSR1, clobber, 0, 0);
	register long a0 __asm__("a0") = pid;
	register long a1 __asm__("a1") = tid;
	register long a2 __asm__("a2") = SIGUSR1;
	register long a7 __asm__("a7") = __NR_tgkill;
	__asm__ volatile("li t1, 11\n	li t2, 12\n	li t3, 13\n	fcvt.d.l f0, t3\n	ecall\n"
			 "	mv %1, t1\n	mv %2, t2\n	mv %3, t3\n	mv %4, a1\n	fmv.d %5, f0\n"
			 : "+r"(a0), "=&r"(t1v), "=&r"(t2v), "=&r"(t3v), "=&r"(a1v), "=&f"(f0v)
			 : "r"(a1), "r"(a2), "r"(a7) : "memory", "t1", "t2", "t3", "f0", "f8", "f31");
	EQ(t1v, 11);
	EQ(t2v, 12);
	EQ(t3v, 13);
	EQ(a1v, tid);
	EQ((long)f0v, 13);
}

TEST(signal_handlers_start_with_the_float_state_of_the_interrupted_code)
{
	ORACLE(KERNEL);
	set_handler(SIGUSR1, entry_handler, 0, 0);
	raise_with_known_registers();
	EQ(half(816), 0x65);
}
