/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "guest.h"

TEST(membarrier_query_has_the_private_expedited_bits)
{
	long bits = sys(__NR_membarrier, 0, 0, 0);

	ORACLE(KERNEL);
	CHECK(bits > 0);
	EQ(bits & 0x18, 0x18);
}

TEST(membarrier_private_expedited_needs_registration)
{
	ORACLE(KERNEL);
	EQ(sys(__NR_membarrier, 8, 0, 0), -EPERM);
	EQ(sys(__NR_membarrier, 16, 0, 0), 0);
	EQ(sys(__NR_membarrier, 8, 0, 0), 0);
}

TEST(membarrier_errors)
{
	ORACLE(KERNEL);
	EQ(sys(__NR_membarrier, 1 << 20, 0, 0), -EINVAL);
	EQ(sys(__NR_membarrier, 0, 99, 0), -EINVAL);
}
