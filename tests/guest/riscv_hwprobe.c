/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: basic */
#include "guest.h"

struct pair { int64_t key; uint64_t value; };

TEST(riscv_hwprobe_base_behaviour_is_ima)
{
	struct pair p = { 3, 0 };

	ORACLE(KERNEL);
	EQ(sys(__NR_riscv_hwprobe, &p, 1, 0, NULL, 0), 0);
	EQ(p.key, 3);
	EQ(p.value, 1);
}

TEST(riscv_hwprobe_extensions_have_fd_and_c_and_bit_manipulation)
{
	struct pair p = { 4, 0 };

	ORACLE(KERNEL);
	EQ(sys(__NR_riscv_hwprobe, &p, 1, 0, NULL, 0), 0);
	EQ(p.key, 4);
	EQ(p.value & 0x3b, 0x3b);
}

TEST(riscv_hwprobe_extensions_are_exactly_these)
{
	struct pair p = { 4, 0 };

	ORACLE(OURS);
	EQ(sys(__NR_riscv_hwprobe, &p, 1, 0, NULL, 0), 0);
	EQ(p.value & ~(1UL << 36), 0x3b); /* bit 36: Zihintpause */
}

TEST(riscv_hwprobe_misaligned_access_is_fast)
{
	struct pair p = { 5, 0 };

	ORACLE(OURS);
	EQ(sys(__NR_riscv_hwprobe, &p, 1, 0, NULL, 0), 0);
	EQ(p.key, 5);
	EQ(p.value & 7, 3);
}

TEST(riscv_hwprobe_highest_address_is_that_of_sv39)
{
	struct pair p = { 7, 0 };

	ORACLE(KERNEL);
	EQ(sys(__NR_riscv_hwprobe, &p, 1, 0, NULL, 0), 0);
	EQ(p.key, 7);
	EQ(p.value, 1UL << 38);
}

TEST(riscv_hwprobe_unknown_key_comes_back_as_minus_one_and_zero)
{
	struct pair p[3] = { { 9999, 77 }, { 3, 77 }, { -5, 77 } };

	ORACLE(KERNEL);
	EQ(sys(__NR_riscv_hwprobe, p, 3, 0, NULL, 0), 0);
	EQ(p[0].key, -1);
	EQ(p[0].value, 0);
	EQ(p[1].key, 3);
	EQ(p[1].value, 1);
	EQ(p[2].key, -1);
	EQ(p[2].value, 0);
}

TEST(riscv_hwprobe_with_a_cpu_set)
{
	struct pair p = { 3, 0 };
	uint64_t cpus = 1;

	ORACLE(KERNEL);
	EQ(sys(__NR_riscv_hwprobe, &p, 1, 8, &cpus, 0), 0);
	EQ(p.value, 1);
	cpus = 0;
	EQ(sys(__NR_riscv_hwprobe, &p, 1, 8, &cpus, 0), -EINVAL);
	EQ(sys(__NR_riscv_hwprobe, &p, 1, 8, BAD_POINTER, 0), -EFAULT);
}

TEST(riscv_hwprobe_errors)
{
	struct pair p = { 3, 0 };

	ORACLE(KERNEL);
	EQ(sys(__NR_riscv_hwprobe, &p, 1, 0, NULL, 0x80), -EINVAL);
	EQ(sys(__NR_riscv_hwprobe, BAD_POINTER, 1, 0, NULL, 0), -EFAULT);
	EQ(sys(__NR_riscv_hwprobe, &p, 0, 0, NULL, 0), 0);
}
