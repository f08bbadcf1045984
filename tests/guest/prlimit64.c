/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: prlimit64 getrlimit setrlimit */
/* tier: basic */
#include "guest.h"

struct limit { uint64_t cur, max; };

TEST(prlimit64_writes_the_old_limits)
{
	struct limit l = { 1, 2 };

	EQ(sys(__NR_prlimit64, 0, 3, NULL, &l), 0);
	EQ(l.cur, 8 << 20);
	EQ(l.max, -1UL);
	l = (struct limit){ 1, 2 };
	EQ(sys(__NR_prlimit64, 0, 7, NULL, &l), 0);
	CHECK(l.cur >= 1024);
	CHECK(l.max >= l.cur);
}

TEST(prlimit64_sets_and_returns_the_old_at_once)
{
	struct limit old, set, now;

	EQ(sys(__NR_prlimit64, 0, 7, NULL, &old), 0);
	set = (struct limit){ 100, old.max };
	EQ(sys(__NR_prlimit64, 0, 7, &set, &now), 0);
	EQ(now.cur, old.cur);
	EQ(sys(__NR_prlimit64, sys(__NR_getpid), 7, NULL, &now), 0);
	EQ(now.cur, 100);
	EQ(now.max, old.max);
	EQ(sys(__NR_prlimit64, 0, 7, &old, NULL), 0);
}

TEST(prlimit64_errors)
{
	struct limit l = { 10, 5 };

	EQ(sys(__NR_prlimit64, 0, 16, NULL, &l), -EINVAL);
	EQ(sys(__NR_prlimit64, 0, 7, &l, NULL), -EINVAL);
	EQ(sys(__NR_prlimit64, 0, 7, NULL, BAD_POINTER), -EFAULT);
	EQ(sys(__NR_prlimit64, 0, 7, BAD_POINTER, NULL), -EFAULT);
	EQ(sys(__NR_prlimit64, 0x3fffffff, 7, NULL, &l), -ESRCH);
}

TEST(prlimit64_every_resource_can_be_read)
{
	struct limit l;

	for (int i = 0; i < 16; i++) {
		l = (struct limit){ 7, 5 };
		EQ(sys(__NR_prlimit64, 0, i, NULL, &l), 0);
		CHECK(l.cur <= l.max);
	}
}

TEST(getrlimit_and_setrlimit_are_the_same_limits)
{
	struct limit l, now;

	EQ(sys(__NR_getrlimit, 7, &l), 0);
	now = (struct limit){ l.cur - 1, l.max };
	EQ(sys(__NR_setrlimit, 7, &now), 0);
	EQ(sys(__NR_prlimit64, 0, 7, NULL, &now), 0);
	EQ(now.cur, l.cur - 1);
	EQ(sys(__NR_setrlimit, 7, &l), 0);
	EQ(sys(__NR_getrlimit, 99, &l), -EINVAL);
	EQ(sys(__NR_getrlimit, 7, BAD_POINTER), -EFAULT);
}
