/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Threads made by the bare clone call: no library, no thread-local storage; tp is the parent's. */
#ifndef GUEST_THREAD_H
#define GUEST_THREAD_H

#include "guest.h"
#include <sched.h>
#include <linux/futex.h>

#define THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)

/* clone(flags, stack, ptid, tls, ctid), then fn(arg) and exit in the child. The stack grows down from its end. */
long guest_clone(unsigned long flags, void *stack_end, int *ptid, void *tls, int *ctid, void (*fn)(void *), void *arg);
__asm__(".text\nguest_clone:\n"
	"	addi a1, a1, -16\n	sd a5, 0(a1)\n	sd a6, 8(a1)\n	li a7, 220\n	ecall\n	beqz a0, 1f\n	ret\n"
	"1:	ld a1, 0(sp)\n	ld a0, 8(sp)\n	jalr a1\n	li a0, 0\n	li a7, 93\n	ecall\n");

struct thread {
	volatile int tid;       /* zeroed and woken by the kernel when the thread ends */
	int reserved;
	long id;                /* the id it had */
	char *stack;
};

#define THREAD_STACK (16 * PAGE)

unused static long thread_start(struct thread *t, void (*fn)(void *), void *arg)
{
	t->stack = map_pages(16, PROT_READ | PROT_WRITE);
	t->id = guest_clone(THREAD_FLAGS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID, t->stack + THREAD_STACK,
			    (int *)&t->tid, NULL, (int *)&t->tid, fn, arg);
	return t->id;
}

unused static long futex(volatile void *word, int op, uint32_t value, void *timeout_or_count, volatile void *word2,
			 uint32_t value3)
{
	return sys(__NR_futex, word, op, value, timeout_or_count, word2, value3);
}

unused static void thread_join(struct thread *t)
{
	int tid;

	while ((tid = t->tid) != 0)
		futex(&t->tid, FUTEX_WAIT, tid, NULL, NULL, 0);
	sys(__NR_munmap, t->stack, THREAD_STACK);
}

#endif
