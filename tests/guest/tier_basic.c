/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: clone futex */
/* runs: ours */
/* tier: basic */
/* tollgate: --tier=basic */
#include "guest.h"
#include <sched.h>

TEST(tier_basic_answers_enosys_above_itself)
{
	static volatile int word;
	struct timespec t = { 0, 1 };
	int p[2];

	EQ(sys(__NR_clone, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD, 0, 0, 0, 0), -ENOSYS);
	EQ(sys(__NR_futex, &word, 0, 0, &t, NULL, 0), -ENOSYS);
	EQ(sys(__NR_nanosleep, &t, NULL), -ENOSYS);
	EQ(sys(__NR_pipe2, p, 0), -ENOSYS);
	EQ(sys(__NR_epoll_create1, 0), -ENOSYS);
	EQ(sys(__NR_getpid), 100);
}
