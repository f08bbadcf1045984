/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* exit: 200 */
/* tier: basic */
#include "guest.h"

TEST(exit_group_ends_with_the_low_eight_bits)
{
	guest_line("ok ", "exit_group_ends_with_the_low_eight_bits", NULL);
	sys(__NR_exit_group, -56);
	CHECK(0);
}
