/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: sched_getaffinity sched_setaffinity getcpu */
/* tier: advanced */
#include "guest.h"

TEST(sched_getaffinity_returns_the_number_of_bytes_written)
{
	uint64_t m[16];

	memset(m, 0xff, sizeof(m));
	EQ(sys(__NR_sched_getaffinity, 0, 8, m), 8);
	CHECK(m[0] & 1);
	EQ(m[1], -1UL);
}

TEST(sched_getaffinity_of_a_large_buffer_writes_no_more_than_it_says)
{
	uint64_t m[16];
	long n;

	memset(m, 0xff, sizeof(m));
	n = sys(__NR_sched_getaffinity, 0, sizeof(m), m);
	CHECK(n >= 8 && n % 8 == 0 && n <= (long)sizeof(m));
	for (size_t i = n / 8; i < 16; i++)
		EQ(m[i], -1UL);
}

TEST(sched_getaffinity_of_one_hart_has_one_bit)
{
	uint64_t m = 0;

	ORACLE(KERNEL);
	EQ(sys(__NR_sched_getaffinity, 0, 8, &m), 8);
	EQ(m, 1);
}

TEST(sched_getaffinity_errors)
{
	uint64_t m[2];

	EQ(sys(__NR_sched_getaffinity, 0, 7, m), -EINVAL);
	EQ(sys(__NR_sched_getaffinity, 0, 9, m), -EINVAL);
	EQ(sys(__NR_sched_getaffinity, 0, 8, BAD_POINTER), -EFAULT);
	EQ(sys(__NR_sched_getaffinity, 0x3fffffff, 8, m), -ESRCH);
}

TEST(sched_setaffinity_to_the_only_hart_succeeds_and_to_none_is_einval)
{
	uint64_t m = 1;

	EQ(sys(__NR_sched_setaffinity, 0, 8, &m), 0);
	m = 0;
	EQ(sys(__NR_sched_setaffinity, 0, 8, &m), -EINVAL);
	EQ(sys(__NR_sched_setaffinity, 0, 8, BAD_POINTER), -EFAULT);
	m = 1;
	EQ(sys(__NR_sched_setaffinity, 0x3fffffff, 8, &m), -ESRCH);
}

TEST(getcpu_writes_both_words)
{
	unsigned int cpu = 99, node = 99;

	EQ(sys(__NR_getcpu, &cpu, &node, NULL), 0);
	EQ(cpu, 0);
	EQ(node, 0);
	EQ(sys(__NR_getcpu, NULL, NULL, NULL), 0);
	EQ(sys(__NR_getcpu, BAD_POINTER, NULL, NULL), -EFAULT);
}
