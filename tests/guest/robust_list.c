/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: set_robust_list exit */
#include "guest_thread.h"

struct node { struct node *next; volatile uint32_t word; uint32_t pad; };
static struct { struct node *next; long offset; struct node *pending; } head;
static struct node held, pending;
static volatile long tid;

static void die_holding(void *arg)
{
	tid = sys(__NR_gettid);
	held.next = (struct node *)&head;
	held.word = (uint32_t)tid | 0x80000000u;
	pending.word = (uint32_t)tid;
	head.next = &held;
	head.offset = offsetof(struct node, word);
	head.pending = &pending;
	sys(__NR_set_robust_list, &head, sizeof(head));
	sys(__NR_exit, 0);
}

static volatile long woken = -1;

static void wait_on_held(void *arg)
{
	while (held.word == 0)
		sleep_ms(1);
	woken = futex(&held.word, FUTEX_WAIT, held.word, NULL, NULL, 0);
}

TEST(robust_list_marks_the_locks_of_a_dead_thread_and_wakes_a_waiter)
{
	struct thread t, w;

	ORACLE(KERNEL);
	thread_start(&t, die_holding, NULL);
	thread_join(&t);
	EQ(held.word, 0xc0000000u);
	EQ(pending.word, 0x40000000u);
	held.word = 0;
	woken = -1;
	thread_start(&w, wait_on_held, NULL);
	settle();
	held.word = 1;
	settle();
	EQ(futex(&held.word, FUTEX_WAKE, 1, NULL, NULL, 0), 1);
	thread_join(&w);
	EQ(woken, 0);
}

TEST(robust_list_leaves_words_that_belong_to_others)
{
	static struct node other;
	struct thread t;

	ORACLE(KERNEL);
	other.word = 12345;
	thread_start(&t, die_holding, NULL);
	thread_join(&t);
	EQ(other.word, 12345);
}
