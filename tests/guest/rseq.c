/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: basic */
#include "guest.h"

TEST(rseq_does_not_exist)
{
	static char area[64] __attribute__((aligned(32)));

	ORACLE(OURS);
	EQ(sys(__NR_rseq, area, 32, 0, 0x53053053), -ENOSYS);
}
