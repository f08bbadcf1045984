/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: wait4 waitid */
#include "guest.h"

TEST(wait_without_children_is_echild)
{
	int status;
	siginfo_t info;

	EQ(sys(__NR_wait4, -1, &status, 0, NULL), -ECHILD);
	EQ(sys(__NR_wait4, -1, &status, 1, NULL), -ECHILD);
	EQ(sys(__NR_waitid, 0, 0, &info, 4, NULL), -ECHILD);
}
