/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: futex */
/* tier: basic */
/* Load-reserved and store-conditional are not plain loads and stores. */
#include "guest.h"

static uint32_t area[8] __attribute__((aligned(16)));

TEST(sc_without_a_reservation_fails_and_stores_nothing)
{
	long rd;

	area[0] = 5;
	/* A lone SC first, so that no reservation is left. */
	__asm__ volatile("sc.w %0, zero, (%1)\n	li t0, 9\n	sc.w %0, t0, (%1)" : "=&r"(rd) : "r"(area + 4) : "memory", "t0");
	EQ(rd, 1);
	EQ(area[4], 0);
}

TEST(sc_after_lr_of_the_same_word_succeeds)
{
	long rd;

	area[0] = 5;
	__asm__ volatile("li t1, 8\n	lr.w t0, (%1)\n	sc.w %0, t1, (%1)" : "=&r"(rd) : "r"(area) : "memory", "t0", "t1");
	EQ(rd, 0);
	EQ(area[0], 8);
	__asm__ volatile("sc.w %0, zero, (%1)" : "=&r"(rd) : "r"(area) : "memory");
	EQ(rd, 1);
	EQ(area[0], 8);
}

TEST(sc_to_another_address_fails)
{
	long rd;

	area[0] = 5;
	area[4] = 6;
	__asm__ volatile("lr.w t0, (%1)\n	sc.w %0, zero, (%2)" : "=&r"(rd) : "r"(area), "r"(area + 4) : "memory", "t0");
	EQ(rd, 1);
	EQ(area[4], 6);
}

TEST(sc_of_another_width_fails)
{
	long rd;

	ORACLE(OURS);
	area[0] = 5;
	__asm__ volatile("lr.d t0, (%1)\n	sc.w %0, zero, (%1)" : "=&r"(rd) : "r"(area) : "memory", "t0");
	EQ(rd, 1);
	EQ(area[0], 5);
	__asm__ volatile("lr.w t0, (%1)\n	sc.d %0, zero, (%1)" : "=&r"(rd) : "r"(area) : "memory", "t0");
	EQ(rd, 1);
	EQ(area[0], 5);
}

TEST(sc_to_the_neighbouring_word_fails)
{
	long rd;

	area[1] = 7;
	__asm__ volatile("lr.w t0, (%1)\n	sc.w %0, zero, (%2)" : "=&r"(rd) : "r"(area), "r"(area + 1) : "memory", "t0");
	EQ(rd, 1);
	EQ(area[1], 7);
}

TEST(reservation_is_lost_by_a_system_call)
{
	long rd;

	ORACLE(OURS);
	area[0] = 5;
	__asm__ volatile("lr.w t0, (%1)\n	li a7, 172\n	ecall\n	sc.w %0, zero, (%1)"
			 : "=&r"(rd) : "r"(area) : "memory", "t0", "a0", "a7");
	EQ(rd, 1);
	EQ(area[0], 5);
}

TEST(reservation_survives_ones_own_store_on_our_machine)
{
	long rd;

	ORACLE(OURS);
	area[0] = area[2] = 5;
	__asm__ volatile("lr.w t0, (%1)\n	sw zero, 8(%1)\n	li t1, 3\n	sc.w %0, t1, (%1)"
			 : "=&r"(rd) : "r"(area) : "memory", "t0", "t1");
	EQ(rd, 0);
	EQ(area[0], 3);
}

TEST(lr_sign_extends_and_amo_returns_the_old_value)
{
	long v, old;

	area[0] = 0x80000001;
	__asm__ volatile("lr.w %0, (%1)" : "=r"(v) : "r"(area) : "memory");
	EQ(v, (int)0x80000001);
	__asm__ volatile("li t0, 2\n	amoadd.w %0, t0, (%1)" : "=&r"(old) : "r"(area) : "memory", "t0");
	EQ(old, (int)0x80000001);
	EQ(area[0], 0x80000003);
	__asm__ volatile("li t0, 1\n	amomaxu.w %0, t0, (%1)" : "=&r"(old) : "r"(area) : "memory", "t0");
	EQ(area[0], 0x80000003);
	__asm__ volatile("li t0, 1\n	amomax.w %0, t0, (%1)" : "=&r"(old) : "r"(area) : "memory", "t0");
	EQ(area[0], 1);
}
