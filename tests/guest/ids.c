/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* host: root */
/* covers: getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getgroups getpgid getsid setuid setgid setresuid setresgid setreuid setregid setfsuid setfsgid */
/* tier: advanced */
#include "guest.h"

TEST(ids_user_and_group_are_zero)
{
	EQ(sys(__NR_getuid), 0);
	EQ(sys(__NR_geteuid), 0);
	EQ(sys(__NR_getgid), 0);
	EQ(sys(__NR_getegid), 0);
}

TEST(ids_all_three_are_written)
{
	unsigned int r = 9, e = 9, s = 9;

	EQ(sys(__NR_getresuid, &r, &e, &s), 0);
	EQ(r | e | s, 0);
	r = e = s = 9;
	EQ(sys(__NR_getresgid, &r, &e, &s), 0);
	EQ(r | e | s, 0);
	EQ(sys(__NR_getresuid, BAD_POINTER, &e, &s), -EFAULT);
	EQ(sys(__NR_getresgid, &r, BAD_POINTER, &s), -EFAULT);
}

TEST(ids_of_the_process_are_positive_and_stable)
{
	CHECK(sys(__NR_getpid) > 1);
	EQ(sys(__NR_getpid), sys(__NR_getpid));
	EQ(sys(__NR_gettid), sys(__NR_getpid));
	CHECK(sys(__NR_getppid) >= 0);
}

TEST(ids_pid_is_100)
{
	ORACLE(OURS);
	EQ(sys(__NR_getpid), 100);
}

TEST(ids_process_group_and_session_exist)
{
	OK(sys(__NR_getpgid, 0));
	OK(sys(__NR_getsid, 0));
	EQ(sys(__NR_getpgid, sys(__NR_getpid)), sys(__NR_getpgid, 0));
	EQ(sys(__NR_getpgid, 0x3fffffff), -ESRCH);
	EQ(sys(__NR_getsid, 0x3fffffff), -ESRCH);
}

TEST(ids_can_be_set_to_what_they_are)
{
	EQ(sys(__NR_setuid, 0), 0);
	EQ(sys(__NR_setgid, 0), 0);
	EQ(sys(__NR_setresuid, 0, -1, 0), 0);
	EQ(sys(__NR_setresgid, 0, -1, 0), 0);
	EQ(sys(__NR_setreuid, -1, 0), 0);
	EQ(sys(__NR_setregid, -1, 0), 0);
	EQ(sys(__NR_setfsuid, 0), 0);
	EQ(sys(__NR_setfsgid, 0), 0);
	EQ(sys(__NR_setuid, -1), -EINVAL);
}

TEST(ids_groups_can_be_asked)
{
	unsigned int list[64];

	OK(sys(__NR_getgroups, 0, NULL));
	OK(sys(__NR_getgroups, 64, list));
	EQ(sys(__NR_getgroups, -1, list), -EINVAL);
}
