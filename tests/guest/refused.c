/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: io_uring_setup bpf perf_event_open seccomp ptrace setxattr mount */
/* tier: basic */
/* What a program asks for and does not get is said, never faked. */
#include "guest.h"

static long is_refusal(long r)
{
	return r == -EPERM || r == -ENOSYS || r == -EACCES || r == -EOPNOTSUPP;
}

TEST(calls_that_an_unprivileged_container_refuses_are_refused)
{
	ORACLE(OURS);
	CHECK(is_refusal(sys(__NR_io_uring_setup, 8, NULL)));
	CHECK(is_refusal(sys(__NR_bpf, 0, NULL, 0)));
	CHECK(is_refusal(sys(__NR_perf_event_open, NULL, 0, -1, -1, 0)));
	CHECK(is_refusal(sys(__NR_seccomp, 1, 0, NULL)));
	CHECK(is_refusal(sys(__NR_ptrace, 0, 0, 0, 0)));
	CHECK(is_refusal(sys(__NR_mount, "a", "/tmp", "tmpfs", 0, NULL)));
	CHECK(is_refusal(sys(__NR_setxattr, "/tmp", "user.a", "b", 1, 0)));
}

TEST(numbers_that_no_kernel_has_are_enosys)
{
	EQ(sys(2000), -ENOSYS);
	EQ(sys(100000), -ENOSYS);
	EQ(sys(-1), -ENOSYS);
	EQ(sys(-1000000000000), -ENOSYS);
	EQ(sys(1UL << 40), -ENOSYS);
	EQ(sys(244), -ENOSYS);
}

TEST(legacy_numbers_do_not_exist_on_riscv)
{
	EQ(sys(38, AT_FDCWD, "/tmp/a", AT_FDCWD, "/tmp/b"), -ENOSYS);
	EQ(sys(1025), -ENOSYS);
	EQ(sys(1079), -ENOSYS);
}
