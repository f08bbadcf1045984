/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: clone gettid */
#include "guest_thread.h"

static volatile long seen[8];
static char stack[65536] __attribute__((aligned(16)));
static volatile int tid_word;

static void wait_for_zero(volatile int *word)
{
	int v;

	while ((v = *word) != 0)
		futex(word, FUTEX_WAIT, v, NULL, NULL, 0);
}

static void note_ids(void *arg)
{
	seen[0] = sys(__NR_gettid);
	seen[1] = sys(__NR_getpid);
	seen[2] = (long)arg;
}

TEST(clone_returns_the_id_of_a_thread_that_really_runs)
{
	struct thread t;

	memset((void *)seen, 0, sizeof(seen));
	CHECK(thread_start(&t, note_ids, (void *)0x1234) > 0);
	thread_join(&t);
	EQ(seen[0], t.id);
	EQ(seen[1], sys(__NR_getpid));
	EQ(seen[2], 0x1234);
	CHECK(t.id != sys(__NR_gettid));
}

TEST(clone_ids_grow)
{
	struct thread a, b;

	thread_start(&a, note_ids, NULL);
	thread_start(&b, note_ids, NULL);
	thread_join(&a);
	thread_join(&b);
	CHECK(b.id > a.id);
}

TEST(clone_parent_settid_is_written_before_the_parent_returns)
{
	volatile int ptid = -1;
	long tid;

	tid_word = 1;
	tid = guest_clone(THREAD_FLAGS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID, stack + sizeof(stack), (int *)&ptid, NULL,
			  (int *)&tid_word, note_ids, NULL);
	EQ(ptid, tid);
	wait_for_zero(&tid_word);
}

static void note_word(void *arg)
{
	seen[0] = *(volatile int *)arg;
	seen[1] = sys(__NR_gettid);
}

TEST(clone_child_settid_is_written_before_the_child_runs)
{
	struct thread t;
	volatile int word = -1;

	t.stack = map_pages(16, PROT_READ | PROT_WRITE);
	t.id = guest_clone(THREAD_FLAGS | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID, t.stack + THREAD_STACK, NULL, NULL,
			   (int *)&word, note_word, (void *)&word);
	CHECK(t.id > 0);
	settle();
	wait_for_zero(&word);
	EQ(seen[0], t.id);
	EQ(seen[1], t.id);
	EQ(word, 0);
	sys(__NR_munmap, t.stack, THREAD_STACK);
}

TEST(clone_cleartid_stores_zero_and_wakes_one)
{
	struct thread t;

	thread_start(&t, note_ids, NULL);
	thread_join(&t);
	EQ(t.tid, 0);
}

static void note_tp(void *arg)
{
	long tp;

	__asm__ volatile("mv %0, tp" : "=r"(tp));
	seen[0] = tp;
}

TEST(clone_settls_sets_tp_and_without_it_tp_is_inherited)
{
	struct thread t;
	long tp;

	__asm__ volatile("mv %0, tp" : "=r"(tp));
	thread_start(&t, note_tp, NULL);
	thread_join(&t);
	EQ(seen[0], tp);
	tid_word = 1;
	OK(guest_clone(THREAD_FLAGS | CLONE_SETTLS | CLONE_CHILD_CLEARTID, stack + sizeof(stack), NULL, (void *)0x123456789a8,
		       (int *)&tid_word, note_tp, NULL));
	wait_for_zero(&tid_word);
	EQ(seen[0], 0x123456789a8);
	__asm__ volatile("mv %0, tp" : "=r"(seen[1]));
	EQ(seen[1], tp);
}

/* As Go's runtime does it: no ids, no TLS, and the child takes what it needs from just below its new stack pointer. */
static long go_like_clone(void *stack_end, void *a, void *b, void *c)
{
	register long a7 __asm__("a7") = __NR_clone;
	register long a0 __asm__("a0") = 0x50f00;
	register long a1 __asm__("a1") = (long)stack_end;
	register long a2 __asm__("a2") = 0;
	register long a3 __asm__("a3") = 0;
	register long a4 __asm__("a4") = 0;
	register void *x __asm__("t0") = a;
	register void *y __asm__("t1") = b;
	register void *z __asm__("t2") = c;

	__asm__ volatile("sd t0, -8(a1)\n	sd t1, -16(a1)\n	sd t2, -24(a1)\n	li t0, 1234\n	sd t0, -32(a1)\n"
			 "	li t1, 0\n	li t2, 0\n	ecall\n	bnez a0, 2f\n"
			 "	ld t0, -8(sp)\n	ld t1, -16(sp)\n	ld t2, -24(sp)\n	ld a3, -32(sp)\n"
			 "	sd t0, 0(t2)\n	sd t1, 8(t2)\n	sd a3, 16(t2)\n"
			 "	li a7, 178\n	ecall\n	sd a0, 24(t2)\n"
			 "	li a7, 93\n	li a0, 0\n	ecall\n2:\n"
			 : "+r"(a0), "+r"(x), "+r"(y), "+r"(z)
			 : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4)
			 : "memory");
	return a0;
}

TEST(clone_writes_nothing_just_below_the_stack_pointer_of_the_child)
{
	char *end = stack + sizeof(stack);
	long tid;

	memset((void *)seen, 0, sizeof(seen));
	tid = go_like_clone(end, (void *)0x1111, (void *)0x2222, (void *)seen);
	CHECK(tid > 0);
	for (int i = 0; i < 1000 && seen[3] == 0; i++)
		sleep_ms(1);
	settle();
	EQ(seen[0], 0x1111);
	EQ(seen[1], 0x2222);
	EQ(seen[2], 1234);
	EQ(seen[3], tid);
}

static uint64_t child_regs[64];
/* Loads known values everywhere, clones, and the child stores all of its registers. */
long registers_clone(unsigned long flags, void *stack_end, volatile int *ctid, uint64_t *save);
__asm__(".text\nregisters_clone:\n"
	"	addi sp, sp, -112\n	sd ra, 0(sp)\n"
	"	sd s0, 8(sp)\n	sd s1, 16(sp)\n	sd s2, 24(sp)\n	sd s3, 32(sp)\n	sd s4, 40(sp)\n	sd s5, 48(sp)\n"
	"	sd s6, 56(sp)\n	sd s7, 64(sp)\n	sd s8, 72(sp)\n	sd s9, 80(sp)\n	sd s10, 88(sp)\n	sd s11, 96(sp)\n"
	"	mv a4, a2\n	mv t6, a3\n	li a2, 302\n	li a3, 303\n	li a5, 305\n	li a6, 306\n"
	"	li t0, 105\n	li t1, 106\n	li t2, 107\n	li s0, 108\n	li s1, 109\n	li s2, 118\n	li s3, 119\n"
	"	li s4, 120\n	li s5, 121\n	li s6, 122\n	li s7, 123\n	li s8, 124\n	li s9, 125\n	li s10, 126\n"
	"	li s11, 127\n	li t3, 128\n	li t4, 129\n	li t5, 130\n	li ra, 101\n"
	"	fcvt.d.l f0, t0\n	fcvt.d.l f31, t1\n	fcvt.d.l f8, s0\n	fsrmi 3\n	fsflagsi 5\n"
	"	li a7, 220\n	ecall\n	bnez a0, 1f\n"
	"	sd ra, 8(t6)\n	sd t0, 40(t6)\n	sd t1, 48(t6)\n	sd t2, 56(t6)\n	sd s0, 64(t6)\n	sd s1, 72(t6)\n"
	"	sd a0, 80(t6)\n	sd a2, 96(t6)\n	sd a3, 104(t6)\n	sd a5, 120(t6)\n	sd a6, 128(t6)\n	sd a7, 136(t6)\n"
	"	sd s2, 144(t6)\n	sd s3, 152(t6)\n	sd s4, 160(t6)\n	sd s5, 168(t6)\n	sd s6, 176(t6)\n"
	"	sd s7, 184(t6)\n	sd s8, 192(t6)\n	sd s9, 200(t6)\n	sd s10, 208(t6)\n	sd s11, 216(t6)\n"
	"	sd t3, 224(t6)\n	sd t4, 232(t6)\n	sd t5, 240(t6)\n	sd sp, 16(t6)\n"
	"	fcvt.l.d t0, f0\n	sd t0, 256(t6)\n	fcvt.l.d t0, f31\n	sd t0, 264(t6)\n"
	"	fcvt.l.d t0, f8\n	sd t0, 272(t6)\n	frcsr t0\n	sd t0, 280(t6)\n"
	"	li a0, 0\n	li a7, 93\n	ecall\n"
	"1:	fscsr zero\n	ld ra, 0(sp)\n"
	"	ld s0, 8(sp)\n	ld s1, 16(sp)\n	ld s2, 24(sp)\n	ld s3, 32(sp)\n	ld s4, 40(sp)\n	ld s5, 48(sp)\n"
	"	ld s6, 56(sp)\n	ld s7, 64(sp)\n	ld s8, 72(sp)\n	ld s9, 80(sp)\n	ld s10, 88(sp)\n	ld s11, 96(sp)\n"
	"	addi sp, sp, 112\n	ret\n");

TEST(clone_child_has_every_register_of_the_parent_but_a0_and_sp)
{
	tid_word = 1;
	OK(registers_clone(THREAD_FLAGS | CLONE_CHILD_CLEARTID, stack + sizeof(stack), &tid_word, child_regs));
	wait_for_zero(&tid_word);
	EQ(child_regs[10], 0);
	EQ(child_regs[2], stack + sizeof(stack));
	EQ(child_regs[1], 101);
	for (int i = 5; i < 31; i++) {
		if (i >= 10 && i < 18)
			continue;
		EQ(child_regs[i], 100 + i);
	}
	EQ(child_regs[12], 302);
	EQ(child_regs[13], 303);
	EQ(child_regs[15], 305);
	EQ(child_regs[16], 306);
	EQ(child_regs[17], 220);
	EQ(child_regs[32], 105);
	EQ(child_regs[33], 106);
	EQ(child_regs[34], 108);
	EQ(child_regs[35] & 0xe0, 3 << 5);
}

static void note_mask(void *arg)
{
	unsigned long m = 0;
	stack_t ss;

	sys(__NR_rt_sigprocmask, SIG_BLOCK, NULL, &m, 8);
	seen[0] = (long)m;
	sys(__NR_sigaltstack, NULL, &ss);
	seen[1] = ss.ss_flags;
}

TEST(clone_child_inherits_the_signal_mask_and_not_the_alternate_stack)
{
	static char alt[8192];
	stack_t ss = { .ss_sp = alt, .ss_size = sizeof(alt) }, off = { .ss_flags = SS_DISABLE };
	struct thread t;

	EQ(sys(__NR_sigaltstack, &ss, NULL), 0);
	set_mask(SIGBIT(SIGUSR1) | SIGBIT(40));
	thread_start(&t, note_mask, NULL);
	thread_join(&t);
	set_mask(0);
	EQ(sys(__NR_sigaltstack, &off, NULL), 0);
	EQ(seen[0], SIGBIT(SIGUSR1) | SIGBIT(40));
	EQ(seen[1], SS_DISABLE);
}

static void set_everything(void *arg)
{
	sys(__NR_chdir, "/tmp");
	seen[0] = sys(__NR_openat, AT_FDCWD, "/dev/null", O_RDONLY, 0);
	set_handler(SIGUSR2, SIG_IGN, 0, 0);
	set_mask(SIGBIT(SIGHUP));
}

TEST(clone_threads_share_files_directory_and_handlers_and_not_masks)
{
	struct ksigaction sa;
	struct thread t;
	char b[16];

	thread_start(&t, set_everything, NULL);
	thread_join(&t);
	EQ(sys(__NR_fcntl, seen[0], F_GETFD), 0);
	EQ(close_fd(seen[0]), 0);
	EQ(sys(__NR_getcwd, b, 16), 5);
	EQ(sys(__NR_chdir, "/"), 0);
	EQ(sys(__NR_rt_sigaction, SIGUSR2, NULL, &sa, 8), 0);
	EQ(sa.handler, SIG_IGN);
	EQ(set_mask(0), 0);
}

TEST(clone_flags_that_need_each_other_are_einval)
{
	EQ(guest_clone(CLONE_THREAD | CLONE_VM, stack + sizeof(stack), NULL, NULL, NULL, note_ids, NULL), -EINVAL);
	EQ(guest_clone(CLONE_SIGHAND, stack + sizeof(stack), NULL, NULL, NULL, note_ids, NULL), -EINVAL);
}

static void nothing(void *arg)
{
}

TEST(clone_many_threads_one_after_the_other)
{
	for (int i = 0; i < 100; i++) {
		struct thread t;

		CHECK(thread_start(&t, nothing, NULL) > 0);
		thread_join(&t);
	}
}

static volatile int counter;

static void count_up(void *arg)
{
	for (int i = 0; i < 1000; i++)
		__atomic_fetch_add(&counter, 1, __ATOMIC_SEQ_CST);
}

TEST(clone_many_threads_at_once_add_atomically)
{
	static struct thread t[32];

	for (int i = 0; i < 32; i++)
		CHECK(thread_start(&t[i], count_up, NULL) > 0);
	for (int i = 0; i < 32; i++)
		thread_join(&t[i]);
	EQ(counter, 32000);
}
