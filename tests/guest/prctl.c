/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: basic */
#include "guest.h"
#include <sys/prctl.h>

TEST(prctl_name_is_cut_at_15_bytes)
{
	char name[17];

	memset(name, '#', sizeof(name));
	EQ(sys(__NR_prctl, PR_SET_NAME, "a name longer than fifteen"), 0);
	EQ(sys(__NR_prctl, PR_GET_NAME, name), 0);
	EQ(strcmp(name, "a name longer t"), 0);
	EQ(name[16], '#');
	EQ(sys(__NR_prctl, PR_SET_NAME, BAD_POINTER), -EFAULT);
	EQ(sys(__NR_prctl, PR_GET_NAME, BAD_POINTER), -EFAULT);
}

TEST(prctl_dumpable_is_one_and_can_be_cleared)
{
	EQ(sys(__NR_prctl, PR_GET_DUMPABLE), 1);
	EQ(sys(__NR_prctl, PR_SET_DUMPABLE, 0), 0);
	EQ(sys(__NR_prctl, PR_GET_DUMPABLE), 0);
	EQ(sys(__NR_prctl, PR_SET_DUMPABLE, 1), 0);
	EQ(sys(__NR_prctl, PR_SET_DUMPABLE, 5), -EINVAL);
}

TEST(prctl_no_new_privs_is_set_once_for_all)
{
	EQ(sys(__NR_prctl, PR_GET_NO_NEW_PRIVS), 0);
	EQ(sys(__NR_prctl, PR_SET_NO_NEW_PRIVS, 0), -EINVAL);
	EQ(sys(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1), 0);
	EQ(sys(__NR_prctl, PR_GET_NO_NEW_PRIVS), 1);
}

TEST(prctl_vma_names_are_taken)
{
	char *p = map_pages(1, PROT_READ | PROT_WRITE);
	long r = sys(__NR_prctl, 0x53564d41, 0, p, PAGE, "heap of a test");

	CHECK(r == 0 || r == -EINVAL);
	sys(__NR_munmap, p, PAGE);
}

TEST(prctl_capability_reads)
{
	long r = sys(__NR_prctl, PR_CAPBSET_READ, 0);

	CHECK(r == 0 || r == 1);
	EQ(sys(__NR_prctl, PR_CAPBSET_READ, 999), -EINVAL);
}

TEST(prctl_timer_slack_and_keep_capabilities)
{
	CHECK(sys(__NR_prctl, PR_GET_TIMERSLACK) >= 0);
	EQ(sys(__NR_prctl, PR_SET_TIMERSLACK, 12345), 0);
	EQ(sys(__NR_prctl, PR_GET_TIMERSLACK), 12345);
	EQ(sys(__NR_prctl, PR_GET_KEEPCAPS), 0);
	EQ(sys(__NR_prctl, PR_SET_KEEPCAPS, 1), 0);
	EQ(sys(__NR_prctl, PR_GET_KEEPCAPS), 1);
	EQ(sys(__NR_prctl, PR_SET_KEEPCAPS, 2), -EINVAL);
}

TEST(prctl_unknown_option_is_einval)
{
	EQ(sys(__NR_prctl, 123456), -EINVAL);
}
