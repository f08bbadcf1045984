/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: basic */
#include "guest.h"

TEST(uname_is_a_linux_6_12_on_riscv64)
{
	char u[6][65], past = 'p';

	memset(u, '#', sizeof(u));
	EQ(sys(__NR_uname, u), 0);
	EQ(strcmp(u[0], "Linux"), 0);
	EQ(strcmp(u[4], "riscv64"), 0);
	EQ(past, 'p');
}

TEST(uname_release_starts_with_6_12)
{
	char u[6][65];

	ORACLE(KERNEL);
	EQ(sys(__NR_uname, u), 0);
	EQ(strncmp(u[2], "6.12", 4), 0);
}

TEST(uname_of_a_bad_pointer_is_efault)
{
	EQ(sys(__NR_uname, BAD_POINTER), -EFAULT);
}
