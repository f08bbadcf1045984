/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "guest_thread.h"

struct args { uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup; };

static volatile long seen[4];
static char stack[65536] __attribute__((aligned(16)));

static long clone3(struct args *a, size_t size, void (*fn)(void))
{
	register long a7 __asm__("a7") = 435;
	register long a0 __asm__("a0") = (long)a;
	register long a1 __asm__("a1") = (long)size;
	register void *a2 __asm__("a2") = (void *)fn;

	__asm__ volatile("ecall\n	bnez a0, 1f\n	jalr a2\n	li a0, 0\n	li a7, 93\n	ecall\n1:\n"
			 : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory", "ra");
	return a0;
}

static void note(void)
{
	long tp;

	__asm__ volatile("mv %0, tp" : "=r"(tp));
	seen[0] = sys(__NR_gettid);
	seen[1] = tp;
	seen[2] = (long)__builtin_frame_address(0);
}

TEST(clone3_starts_a_thread_at_the_end_of_its_stack)
{
	volatile int ctid = 1, ptid = 0;
	struct args a = { .flags = THREAD_FLAGS | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID,
			  .child_tid = (uint64_t)&ctid, .parent_tid = (uint64_t)&ptid, .stack = (uint64_t)stack,
			  .stack_size = sizeof(stack), .tls = 0x77777770 };
	long tid;

	ORACLE(KERNEL);
	tid = clone3(&a, sizeof(a), note);
	CHECK(tid > 0);
	EQ(ptid, tid);
	while (ctid)
		futex(&ctid, FUTEX_WAIT, 1, NULL, NULL, 0);
	EQ(seen[0], tid);
	EQ(seen[1], 0x77777770);
	CHECK(seen[2] > (long)stack && seen[2] <= (long)stack + (long)sizeof(stack));
}

TEST(clone3_accepts_the_first_version_of_its_argument)
{
	volatile int ctid = 1;
	struct args a = { .flags = THREAD_FLAGS | CLONE_CHILD_CLEARTID, .child_tid = (uint64_t)&ctid,
			  .stack = (uint64_t)stack, .stack_size = sizeof(stack) };

	ORACLE(KERNEL);
	CHECK(clone3(&a, 64, note) > 0);
	while (ctid)
		futex(&ctid, FUTEX_WAIT, 1, NULL, NULL, 0);
}

TEST(clone3_errors)
{
	struct args a = { .flags = THREAD_FLAGS, .stack = (uint64_t)stack, .stack_size = sizeof(stack) };
	struct { struct args a; uint64_t more; } big = { a, 1 };

	ORACLE(KERNEL);
	EQ(clone3(&a, 63, note), -EINVAL);
	EQ(clone3(&a, PAGE + 1, note), -E2BIG);
	EQ(clone3(&big.a, sizeof(big), note), -E2BIG);
	EQ(clone3(BAD_POINTER, sizeof(a), note), -EFAULT);
	a.stack_size = 0;
	EQ(clone3(&a, sizeof(a), note), -EINVAL);
	a = (struct args){ .flags = THREAD_FLAGS, .stack_size = 4096 };
	EQ(clone3(&a, sizeof(a), note), -EINVAL);
	a = (struct args){ .flags = CLONE_THREAD | CLONE_VM, .stack = (uint64_t)stack, .stack_size = sizeof(stack) };
	EQ(clone3(&a, sizeof(a), note), -EINVAL);
	a = (struct args){ .flags = THREAD_FLAGS, .stack = (uint64_t)stack, .stack_size = sizeof(stack), .exit_signal = SIGCHLD };
	EQ(clone3(&a, sizeof(a), note), -EINVAL);
}
