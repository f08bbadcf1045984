/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: sched_get_priority_max sched_get_priority_min sched_getattr sched_setattr sched_getparam sched_setparam sched_getscheduler sched_setscheduler sched_rr_get_interval getpriority setpriority */
/* host: nice-0 */
#include "guest.h"
#include <sched.h>

TEST(sched_get_priority_limits)
{
	EQ(sys(__NR_sched_get_priority_max, SCHED_OTHER), 0);
	EQ(sys(__NR_sched_get_priority_min, SCHED_OTHER), 0);
	EQ(sys(__NR_sched_get_priority_max, SCHED_FIFO), 99);
	EQ(sys(__NR_sched_get_priority_min, SCHED_RR), 1);
	EQ(sys(__NR_sched_get_priority_max, SCHED_BATCH), 0);
	EQ(sys(__NR_sched_get_priority_max, 99), -EINVAL);
	EQ(sys(__NR_sched_get_priority_min, -1), -EINVAL);
}

TEST(sched_policy_is_the_time_shared_one)
{
	int priority = 77;

	EQ(sys(__NR_sched_getscheduler, 0), SCHED_OTHER);
	EQ(sys(__NR_sched_getscheduler, 0x3fffffff), -ESRCH);
	EQ(sys(__NR_sched_getscheduler, -1), -EINVAL);
	EQ(sys(__NR_sched_getparam, 0, &priority), 0);
	EQ(priority, 0);
	EQ(sys(__NR_sched_getparam, 0, NULL), -EINVAL);
	EQ(sys(__NR_sched_getparam, 0x3fffffff, &priority), -ESRCH);
}

TEST(sched_set_to_the_time_shared_policies)
{
	int zero = 0, one = 1;

	EQ(sys(__NR_sched_setscheduler, 0, SCHED_BATCH, &zero), 0);
	EQ(sys(__NR_sched_getscheduler, 0), SCHED_BATCH);
	EQ(sys(__NR_sched_setscheduler, 0, SCHED_OTHER, &zero), 0);
	EQ(sys(__NR_sched_setscheduler, 0, SCHED_OTHER, &one), -EINVAL);
	EQ(sys(__NR_sched_setscheduler, 0, 99, &zero), -EINVAL);
	EQ(sys(__NR_sched_setscheduler, 0, SCHED_OTHER, NULL), -EINVAL);
	EQ(sys(__NR_sched_setparam, 0, &zero), 0);
	EQ(sys(__NR_sched_setparam, 0, &one), -EINVAL);
	EQ(sys(__NR_sched_setparam, 0x3fffffff, &zero), -ESRCH);
}

TEST(sched_getattr_fills_48_bytes_or_more)
{
	struct { uint32_t size, policy; uint64_t flags; int32_t nice; uint32_t priority; uint64_t r, d, p; uint32_t lo, hi; } a;

	memset(&a, 0xff, sizeof(a));
	EQ(sys(__NR_sched_getattr, 0, &a, 48, 0), 0);
	CHECK(a.size >= 48);
	EQ(a.policy, SCHED_OTHER);
	EQ(a.nice, 0);
	EQ(a.priority, 0);
	EQ(sys(__NR_sched_getattr, 0, &a, 10, 0), -EINVAL);
	EQ(sys(__NR_sched_getattr, 0, &a, 48, 1), -EINVAL);
	EQ(sys(__NR_sched_getattr, 0x3fffffff, &a, 48, 0), -ESRCH);
	memset(&a, 0, sizeof(a));
	a.size = 48;
	EQ(sys(__NR_sched_setattr, 0, &a, 0), 0);
	EQ(sys(__NR_sched_setattr, 0, &a, 9), -EINVAL);
	EQ(sys(__NR_sched_setattr, 0, NULL, 0), -EINVAL);
}

TEST(sched_rr_get_interval_writes_a_time)
{
	struct timespec t = { -1, -1 };

	EQ(sys(__NR_sched_rr_get_interval, 0, &t), 0);
	EQ(t.tv_sec, 0);
	CHECK(t.tv_nsec >= 0);
	EQ(sys(__NR_sched_rr_get_interval, 0x3fffffff, &t), -ESRCH);
	EQ(sys(__NR_sched_rr_get_interval, 0, BAD_POINTER), -EFAULT);
}

TEST(priority_is_twenty_less_the_nice_value)
{
	EQ(sys(__NR_getpriority, 0, 0), 20);
	EQ(sys(__NR_setpriority, 0, 0, 5), 0);
	EQ(sys(__NR_getpriority, 0, 0), 15);
	EQ(sys(__NR_setpriority, 0, 0, 100), 0);
	EQ(sys(__NR_getpriority, 0, 0), 1);
	EQ(sys(__NR_getpriority, 9, 0), -EINVAL);
	EQ(sys(__NR_getpriority, 0, 0x3fffffff), -ESRCH);
	EQ(sys(__NR_setpriority, 9, 0, 0), -EINVAL);
}
