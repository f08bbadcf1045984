/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: basic */
#include "guest.h"

static char stack[16384] __attribute__((aligned(16)));

TEST(sigaltstack_starts_disabled)
{
	stack_t ss;

	memset(&ss, 0xff, sizeof(ss));
	EQ(sys(__NR_sigaltstack, NULL, &ss), 0);
	EQ(ss.ss_sp, NULL);
	EQ(ss.ss_flags, SS_DISABLE);
	EQ(ss.ss_size, 0);
}

TEST(sigaltstack_sets_and_tells)
{
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) }, old;

	EQ(sys(__NR_sigaltstack, &ss, NULL), 0);
	EQ(sys(__NR_sigaltstack, NULL, &old), 0);
	EQ(old.ss_sp, stack);
	EQ(old.ss_size, sizeof(stack));
	EQ(old.ss_flags, 0);
	ss.ss_flags = SS_DISABLE;
	EQ(sys(__NR_sigaltstack, &ss, &old), 0);
	EQ(old.ss_sp, stack);
	EQ(sys(__NR_sigaltstack, NULL, &old), 0);
	EQ(old.ss_flags, SS_DISABLE);
	EQ(old.ss_size, 0);
}

TEST(sigaltstack_smaller_than_the_minimum_is_enomem)
{
	stack_t ss = { .ss_sp = stack, .ss_size = 2047 };

	EQ(sys(__NR_sigaltstack, &ss, NULL), -ENOMEM);
	ss.ss_size = 2048;
	EQ(sys(__NR_sigaltstack, &ss, NULL), 0);
	ss.ss_flags = SS_DISABLE;
	EQ(sys(__NR_sigaltstack, &ss, NULL), 0);
}

TEST(sigaltstack_errors)
{
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack), .ss_flags = 99 };

	EQ(sys(__NR_sigaltstack, &ss, NULL), -EINVAL);
	EQ(sys(__NR_sigaltstack, BAD_POINTER, NULL), -EFAULT);
	EQ(sys(__NR_sigaltstack, NULL, BAD_POINTER), -EFAULT);
	EQ(sys(__NR_sigaltstack, NULL, NULL), 0);
}
