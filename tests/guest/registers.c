/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* host: root */
/* covers: getuid close nanosleep */
/* tier: advanced */
/* An ecall changes a0 and nothing else, whether it succeeds or fails: a1 above all, and every f register. */
#include "guest.h"

static uint64_t in[32], out[32], fin[32], fout[32];

/* Loads every register that may be loaded from in[], makes the call in in[17], stores what is there afterwards. */
__asm__(".text\n.globl registers_probe\nregisters_probe:\n"
	"	addi sp, sp, -128\n"
	"	sd ra, 0(sp)\n	sd s0, 8(sp)\n	sd s1, 16(sp)\n	sd s2, 24(sp)\n	sd s3, 32(sp)\n"
	"	sd s4, 40(sp)\n	sd s5, 48(sp)\n	sd s6, 56(sp)\n	sd s7, 64(sp)\n	sd s8, 72(sp)\n"
	"	sd s9, 80(sp)\n	sd s10, 88(sp)\n	sd s11, 96(sp)\n	sd gp, 104(sp)\n	sd tp, 112(sp)\n"
	"	csrw fcsr, zero\n"
	"	mv t6, a2\n"
	"	.altmacro\n	.macro each_f op, base\n	.set i, 0\n	.rept 32\n	each_one_f \\op, %i, \\base\n	.set i, i+1\n	.endr\n	.endm\n"
	"	.macro each_one_f op, n, base\n	\\op f\\n, (\\n * 8)(\\base)\n	.endm\n"
	"	each_f fld, a2\n"
	"	sd a1, 120(sp)\n"
	"	mv t6, a0\n"
	"	ld ra, 8(t6)\n	ld gp, 24(t6)\n	ld tp, 32(t6)\n	ld t0, 40(t6)\n	ld t1, 48(t6)\n	ld t2, 56(t6)\n"
	"	ld s0, 64(t6)\n	ld s1, 72(t6)\n	ld a0, 80(t6)\n	ld a1, 88(t6)\n	ld a2, 96(t6)\n	ld a3, 104(t6)\n"
	"	ld a4, 112(t6)\n	ld a5, 120(t6)\n	ld a6, 128(t6)\n	ld a7, 136(t6)\n	ld s2, 144(t6)\n"
	"	ld s3, 152(t6)\n	ld s4, 160(t6)\n	ld s5, 168(t6)\n	ld s6, 176(t6)\n	ld s7, 184(t6)\n"
	"	ld s8, 192(t6)\n	ld s9, 200(t6)\n	ld s10, 208(t6)\n	ld s11, 216(t6)\n	ld t3, 224(t6)\n"
	"	ld t4, 232(t6)\n	ld t5, 240(t6)\n	ld t6, 248(t6)\n"
	"	ecall\n"
	"	addi sp, sp, -16\n	sd t6, 0(sp)\n	ld t6, 136(sp)\n"
	"	sd ra, 8(t6)\n	sd gp, 24(t6)\n	sd tp, 32(t6)\n	sd t0, 40(t6)\n	sd t1, 48(t6)\n	sd t2, 56(t6)\n"
	"	sd s0, 64(t6)\n	sd s1, 72(t6)\n	sd a0, 80(t6)\n	sd a1, 88(t6)\n	sd a2, 96(t6)\n	sd a3, 104(t6)\n"
	"	sd a4, 112(t6)\n	sd a5, 120(t6)\n	sd a6, 128(t6)\n	sd a7, 136(t6)\n	sd s2, 144(t6)\n"
	"	sd s3, 152(t6)\n	sd s4, 160(t6)\n	sd s5, 168(t6)\n	sd s6, 176(t6)\n	sd s7, 184(t6)\n"
	"	sd s8, 192(t6)\n	sd s9, 200(t6)\n	sd s10, 208(t6)\n	sd s11, 216(t6)\n	sd t3, 224(t6)\n"
	"	sd t4, 232(t6)\n	sd t5, 240(t6)\n"
	"	ld t5, 0(sp)\n	sd t5, 248(t6)\n	addi sp, sp, 16\n"
	"	addi t5, t6, 256\n"
	"	each_f fsd, t5\n"
	"	ld ra, 0(sp)\n	ld s0, 8(sp)\n	ld s1, 16(sp)\n	ld s2, 24(sp)\n	ld s3, 32(sp)\n"
	"	ld s4, 40(sp)\n	ld s5, 48(sp)\n	ld s6, 56(sp)\n	ld s7, 64(sp)\n	ld s8, 72(sp)\n"
	"	ld s9, 80(sp)\n	ld s10, 88(sp)\n	ld s11, 96(sp)\n	ld gp, 104(sp)\n	ld tp, 112(sp)\n"
	"	addi sp, sp, 128\n	ret\n");
void registers_probe(const uint64_t *regs, uint64_t *result, const uint64_t *fregs);

static uint64_t result[64];

static void prepare(long nr, uint64_t a0, uint64_t a1)
{
	for (uint64_t i = 0; i < 32; i++) {
		in[i] = 0x1111111111111111ul * (i % 15 + 1) + i;
		fin[i] = 0x3ff0000000000000ul + i * 0x123456789abul;
	}
	in[10] = a0;
	in[11] = a1;
	in[17] = nr;
	registers_probe(in, result, fin);
	memcpy(out, result, sizeof(out));
	memcpy(fout, result + 32, sizeof(fout));
}

static long first_changed(void)
{
	for (int i = 1; i < 32; i++)
		if (i != 2 && i != 10 && in[i] != out[i])
			return i;
	for (int i = 0; i < 32; i++)
		if (fin[i] != fout[i])
			return 100 + i;
	return 0;
}

TEST(registers_all_survive_a_call_that_succeeds)
{
	prepare(__NR_getuid, 0, 0x5555);
	EQ(out[10], 0);
	EQ(first_changed(), 0);
}

TEST(registers_all_survive_a_call_that_fails_and_errno_is_in_a0_alone)
{
	prepare(__NR_close, 99, 0x7777);
	EQ(out[10], -EBADF);
	EQ(out[11], 0x7777);
	EQ(first_changed(), 0);
}

TEST(registers_all_survive_a_number_that_does_not_exist)
{
	prepare(4000, 1, 2);
	EQ(out[10], -ENOSYS);
	EQ(first_changed(), 0);
	prepare(-1L, 1, 2);
	EQ(out[10], -ENOSYS);
	EQ(first_changed(), 0);
}

TEST(registers_all_survive_a_sleep)
{
	static struct timespec ts = { 0, 1000 };

	prepare(__NR_nanosleep, (uint64_t)&ts, 0);
	EQ(out[10], 0);
	EQ(first_changed(), 0);
}
