/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: set_tid_address set_robust_list get_robust_list gettid */
/* tier: advanced */
#include "guest.h"

TEST(set_tid_address_returns_the_thread_id)
{
	static int word;

	EQ(sys(__NR_set_tid_address, &word), sys(__NR_gettid));
	EQ(sys(__NR_gettid), sys(__NR_getpid));
	EQ(sys(__NR_set_tid_address, NULL), sys(__NR_gettid));
	EQ(word, 0);
}

TEST(set_robust_list_takes_a_head_of_24_bytes_only)
{
	static struct { void *next; long offset; void *pending; } head;
	void *where = NULL;
	size_t len = 0;

	ORACLE(KERNEL);
	head.next = &head;
	EQ(sys(__NR_set_robust_list, &head, 24), 0);
	EQ(sys(__NR_set_robust_list, &head, 23), -EINVAL);
	EQ(sys(__NR_get_robust_list, 0, &where, &len), 0);
	EQ(where, &head);
	EQ(len, 24);
	EQ(sys(__NR_get_robust_list, 0x3fffffff, &where, &len), -ESRCH);
	EQ(sys(__NR_get_robust_list, 0, BAD_POINTER, &len), -EFAULT);
	EQ(sys(__NR_set_robust_list, NULL, 24), 0);
}
