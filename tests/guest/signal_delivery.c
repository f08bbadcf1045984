/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* host: root */
/* covers: kill tgkill tkill rt_sigreturn rt_sigqueueinfo rt_tgsigqueueinfo */
#include "guest_thread.h"

static volatile int order[64], n;
static volatile int masks_ok = 1;

static void note(int sig)
{
	order[n++] = sig;
}

static long self(int sig)
{
	return sys(__NR_tgkill, sys(__NR_getpid), sys(__NR_gettid), sig);
}

TEST(signal_handler_runs_before_the_call_that_raised_it_returns)
{
	n = 0;
	EQ(set_handler(SIGUSR1, note, 0, 0), 0);
	EQ(self(SIGUSR1), 0);
	EQ(n, 1);
	EQ(order[0], SIGUSR1);
	EQ(sys(__NR_kill, sys(__NR_getpid), SIGUSR1), 0);
	EQ(n, 2);
	EQ(sys(__NR_tkill, sys(__NR_gettid), SIGUSR1), 0);
	EQ(n, 3);
}

/* Frames stack: the kernel pushes the lowest number first, so the last pushed, the highest, runs first. */
TEST(signal_several_pending_ones_push_all_frames_and_the_last_pushed_runs_first)
{
	static const int raised[] = { 34, 10, 12, 35, 23 }, expected[] = { 35, 34, 23, 12, 10 };

	ORACLE(KERNEL);
	n = 0;
	for (size_t i = 0; i < array_len(raised); i++)
		EQ(set_handler(raised[i], note, 0, 0), 0);
	set_mask(-1UL);
	for (size_t i = 0; i < array_len(raised); i++)
		EQ(self(raised[i]), 0);
	EQ(n, 0);
	set_mask(0);
	EQ(n, 5);
	for (size_t i = 0; i < array_len(expected); i++)
		EQ(order[i], expected[i]);
}

TEST(signal_synchronous_ones_come_before_lower_numbers)
{
	ORACLE(KERNEL);
	n = 0;
	set_handler(SIGHUP, note, 0, 0);
	set_handler(SIGSEGV, note, 0, 0);
	set_mask(-1UL);
	self(SIGHUP);
	self(SIGSEGV);
	set_mask(0);
	EQ(n, 2);
	EQ(order[0], SIGHUP);
	EQ(order[1], SIGSEGV);
	set_handler(SIGSEGV, SIG_DFL, 0, 0);
}

TEST(signal_to_the_thread_comes_before_the_same_one_to_the_process)
{
	n = 0;
	set_handler(40, note, 0, 0);
	set_mask(-1UL);
	sys(__NR_kill, sys(__NR_getpid), 40);
	self(40);
	self(40);
	set_mask(0);
	EQ(n, 3);
}

TEST(signal_standard_ones_coalesce)
{
	n = 0;
	set_mask(SIGBIT(SIGUSR1));
	for (int i = 0; i < 5; i++)
		self(SIGUSR1);
	set_mask(0);
	EQ(n, 1);
}

static volatile long values[16];

static void note_value(int sig, siginfo_t *info, void *uc)
{
	values[n] = (long)info->si_value.sival_ptr;
	order[n++] = info->si_code;
}

TEST(signal_real_time_ones_queue_in_order_with_their_values)
{
	siginfo_t info;

	n = 0;
	set_handler(36, note_value, SA_SIGINFO, 0);
	set_mask(SIGBIT(36));
	for (long i = 0; i < 5; i++) {
		memset(&info, 0, sizeof(info));
		info.si_signo = 36;
		info.si_code = SI_QUEUE;
		info.si_value.sival_ptr = (void *)(100 + i);
		EQ(sys(__NR_rt_sigqueueinfo, sys(__NR_getpid), 36, &info), 0);
	}
	set_mask(0);
	EQ(n, 5);
	for (int i = 0; i < 5; i++) {
		EQ(values[i], 100 + i);
		EQ(order[i], SI_QUEUE);
	}
}

TEST(rt_tgsigqueueinfo_reaches_its_thread_and_forged_codes_are_eperm)
{
	siginfo_t info;
	struct thread;

	n = 0;
	memset(&info, 0, sizeof(info));
	info.si_signo = 36;
	info.si_code = -5;
	info.si_value.sival_ptr = (void *)7;
	EQ(sys(__NR_rt_tgsigqueueinfo, sys(__NR_getpid), sys(__NR_gettid), 36, &info), 0);
	EQ(n, 1);
	EQ(values[0], 7);
	EQ(order[0], -5);
	EQ(sys(__NR_rt_sigqueueinfo, sys(__NR_getpid), 99, &info), -EINVAL);
	EQ(sys(__NR_rt_sigqueueinfo, sys(__NR_getpid), 36, BAD_POINTER), -EFAULT);
	EQ(sys(__NR_rt_sigqueueinfo, 0x3fffffff, 36, &info), -ESRCH);
	EQ(sys(__NR_rt_tgsigqueueinfo, -1, 1, 36, &info), -EINVAL);
}

static void note_siginfo(int sig, siginfo_t *info, void *uc)
{
	values[0] = info->si_signo;
	values[1] = info->si_code;
	values[2] = info->si_pid;
	values[3] = info->si_uid;
	values[4] = info->si_errno;
	n++;
}

TEST(signal_info_of_kill_and_tgkill)
{
	set_handler(SIGUSR2, note_siginfo, SA_SIGINFO, 0);
	sys(__NR_kill, sys(__NR_getpid), SIGUSR2);
	EQ(values[0], SIGUSR2);
	EQ(values[1], SI_USER);
	EQ(values[2], sys(__NR_getpid));
	EQ(values[3], 0);
	EQ(values[4], 0);
	self(SIGUSR2);
	EQ(values[1], SI_TKILL);
	EQ(values[2], sys(__NR_getpid));
}

static volatile unsigned long mask_in_handler;

static void note_mask(int sig)
{
	sys(__NR_rt_sigprocmask, SIG_BLOCK, NULL, (void *)&mask_in_handler, 8);
}

TEST(signal_handler_blocks_itself_and_its_mask_and_both_end_with_it)
{
	unsigned long m = 1;

	ORACLE(KERNEL);
	set_handler(SIGUSR1, note_mask, 0, SIGBIT(SIGHUP) | SIGBIT(50));
	set_mask(SIGBIT(SIGTERM));
	self(SIGUSR1);
	EQ(mask_in_handler, SIGBIT(SIGUSR1) | SIGBIT(SIGHUP) | SIGBIT(50) | SIGBIT(SIGTERM));
	sys(__NR_rt_sigprocmask, SIG_BLOCK, NULL, &m, 8);
	EQ(m, SIGBIT(SIGTERM));
	set_handler(SIGUSR1, note_mask, SA_NODEFER, SIGBIT(SIGHUP));
	self(SIGUSR1);
	EQ(mask_in_handler, SIGBIT(SIGHUP) | SIGBIT(SIGTERM));
	set_mask(0);
}

static void nested(int sig)
{
	order[n++] = sig;
	if (sig == SIGUSR1)
		self(SIGUSR2);
	order[n++] = -sig;
}

TEST(signal_handlers_nest)
{
	n = 0;
	set_handler(SIGUSR1, nested, 0, 0);
	set_handler(SIGUSR2, nested, 0, 0);
	self(SIGUSR1);
	EQ(n, 4);
	EQ(order[0], SIGUSR1);
	EQ(order[1], SIGUSR2);
	EQ(order[2], -SIGUSR2);
	EQ(order[3], -SIGUSR1);
}

static void deep(int sig)
{
	if (++n < 50)
		self(sig);
}

TEST(signal_handlers_nest_fifty_deep_with_nodefer)
{
	n = 0;
	set_handler(SIGUSR1, deep, SA_NODEFER, 0);
	self(SIGUSR1);
	EQ(n, 50);
}

TEST(signal_with_resethand_is_default_after_one_delivery)
{
	struct ksigaction sa;

	n = 0;
	set_handler(SIGUSR1, note, SA_RESETHAND, 0);
	self(SIGUSR1);
	EQ(n, 1);
	sys(__NR_rt_sigaction, SIGUSR1, NULL, &sa, 8);
	EQ(sa.handler, SIG_DFL);
}

TEST(signal_ignored_ones_and_default_ignored_ones_do_nothing)
{
	static const int harmless[] = { SIGCHLD, SIGURG, SIGWINCH, SIGCONT };

	set_handler(SIGTERM, SIG_IGN, 0, 0);
	EQ(self(SIGTERM), 0);
	for (size_t i = 0; i < array_len(harmless); i++) {
		set_handler(harmless[i], SIG_DFL, 0, 0);
		EQ(self(harmless[i]), 0);
	}
}

static char alt[16384] __attribute__((aligned(16)));
static volatile long handler_sp;
static volatile int flags_in_handler;

static void note_stack(int sig)
{
	stack_t ss;

	__asm__ volatile("mv %0, sp" : "=r"(handler_sp));
	sys(__NR_sigaltstack, NULL, &ss);
	flags_in_handler = ss.ss_flags;
	if (sig == SIGUSR1) {
		ss.ss_flags = SS_DISABLE;
		order[0] = (int)sys(__NR_sigaltstack, &ss, NULL);
	}
}

TEST(signal_onstack_uses_the_alternate_stack)
{
	stack_t ss = { .ss_sp = alt, .ss_size = sizeof(alt) }, off = { .ss_flags = SS_DISABLE };

	sys(__NR_sigaltstack, &ss, NULL);
	set_handler(SIGUSR1, note_stack, SA_ONSTACK, 0);
	set_handler(SIGUSR2, note_stack, 0, 0);
	self(SIGUSR1);
	CHECK(handler_sp > (long)alt && handler_sp < (long)alt + (long)sizeof(alt));
	EQ(flags_in_handler, SS_ONSTACK);
	EQ(order[0], -EPERM);
	self(SIGUSR2);
	CHECK(handler_sp < (long)alt || handler_sp > (long)alt + (long)sizeof(alt));
	EQ(flags_in_handler, 0);
	sys(__NR_sigaltstack, &off, NULL);
}

static volatile int got[4];

static void note_thread(int sig)
{
	long id = sys(__NR_gettid) == sys(__NR_getpid) ? 0 : 1;

	got[id]++;
}

static volatile int stop;

static void spin_thread(void *arg)
{
	while (!stop)
		sleep_ms(5);
}

TEST(tgkill_reaches_the_right_thread)
{
	struct thread t;

	stop = got[0] = got[1] = 0;
	set_handler(SIGUSR1, note_thread, SA_RESTART, 0);
	thread_start(&t, spin_thread, NULL);
	settle();
	EQ(sys(__NR_tgkill, sys(__NR_getpid), t.id, SIGUSR1), 0);
	settle();
	EQ(got[0], 0);
	EQ(got[1], 1);
	stop = 1;
	thread_join(&t);
	settle();
	EQ(sys(__NR_tgkill, sys(__NR_getpid), t.id, SIGUSR1), -ESRCH);
	EQ(sys(__NR_tkill, t.id, SIGUSR1), -ESRCH);
}

static void busy_thread(void *arg)
{
	while (!stop)
		;
}

TEST(tgkill_interrupts_a_thread_that_makes_no_calls)
{
	struct thread t;

	stop = got[0] = got[1] = 0;
	thread_start(&t, busy_thread, NULL);
	settle();
	for (int i = 0; i < 3; i++) {
		EQ(sys(__NR_tgkill, sys(__NR_getpid), t.id, SIGUSR1), 0);
		settle();
	}
	EQ(got[1], 3);
	stop = 1;
	thread_join(&t);
}

TEST(kill_goes_to_a_thread_that_does_not_block_it)
{
	struct thread t;

	stop = got[0] = got[1] = 0;
	thread_start(&t, spin_thread, NULL);
	settle();
	set_mask(SIGBIT(SIGUSR1));
	EQ(sys(__NR_kill, sys(__NR_getpid), SIGUSR1), 0);
	settle();
	EQ(got[0], 0);
	EQ(got[1], 1);
	stop = 1;
	thread_join(&t);
	set_mask(0);
}

TEST(kill_goes_to_the_first_thread_when_all_can_take_it)
{
	struct thread t;

	stop = got[0] = got[1] = 0;
	thread_start(&t, spin_thread, NULL);
	settle();
	EQ(sys(__NR_kill, sys(__NR_getpid), SIGUSR1), 0);
	EQ(got[0], 1);
	stop = 1;
	thread_join(&t);
	EQ(got[1], 0);
}

TEST(kill_errors)
{
	EQ(sys(__NR_kill, sys(__NR_getpid), 0), 0);
	EQ(sys(__NR_kill, sys(__NR_getpid), 65), -EINVAL);
	EQ(sys(__NR_kill, sys(__NR_getpid), -1), -EINVAL);
	EQ(sys(__NR_kill, 0x3fffffff, SIGUSR1), -ESRCH);
	EQ(sys(__NR_tgkill, sys(__NR_getpid), sys(__NR_gettid), 0), 0);
	EQ(sys(__NR_tgkill, sys(__NR_getpid), sys(__NR_gettid), 99), -EINVAL);
	EQ(sys(__NR_tgkill, 0, sys(__NR_gettid), SIGUSR1), -EINVAL);
	EQ(sys(__NR_tgkill, sys(__NR_getpid), -1, SIGUSR1), -EINVAL);
	EQ(sys(__NR_tkill, 0, SIGUSR1), -EINVAL);
	EQ(sys(__NR_tkill, 0x3fffffff, SIGUSR1), -ESRCH);
	EQ(sys(__NR_tgkill, 0x3ffffffe, sys(__NR_gettid), SIGUSR1), -ESRCH);
}

TEST(signals_to_nobody_are_esrch_whatever_their_number)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_code = SI_QUEUE;
	EQ(sys(__NR_kill, 0x3fffffff, 99), -ESRCH);
	EQ(sys(__NR_tgkill, 0x3fffffff, 0x3fffffff, 99), -ESRCH);
	EQ(sys(__NR_tkill, 0x3fffffff, -1), -ESRCH);
	EQ(sys(__NR_kill, sys(__NR_getpid), 99), -EINVAL);
	EQ(sys(__NR_tkill, sys(__NR_gettid), 65), -EINVAL);
	EQ(sys(__NR_rt_tgsigqueueinfo, 0x3fffffff, 0x3fffffff, 99, &info), -ESRCH);
}

TEST(sent_siginfo_is_48_bytes_of_which_unknown_codes_may_not_have_more)
{
	unsigned char bytes[128], got[128];
	unsigned long set = SIGBIT(36), old = set_mask(set);
	struct timespec none = { 0, 0 };
	int code = SI_QUEUE;

	ORACLE(KERNEL);
	memset(bytes, 0x55, sizeof(bytes));
	memcpy(bytes + 8, &code, 4);
	EQ(sys(__NR_rt_sigqueueinfo, sys(__NR_getpid), 36, bytes), 0);
	memset(got, 0xaa, sizeof(got));
	EQ(sys(__NR_rt_sigtimedwait, &set, got, &none, 8), 36);
	EQ(got[47], 0x55);
	EQ(got[48], 0);
	EQ(got[127], 0);
	code = -1000;
	memcpy(bytes + 8, &code, 4);
	EQ(sys(__NR_rt_sigqueueinfo, sys(__NR_getpid), 36, bytes), -E2BIG);
	memset(bytes + 48, 0, 80);
	EQ(sys(__NR_rt_sigqueueinfo, sys(__NR_getpid), 36, bytes), 0);
	EQ(sys(__NR_rt_sigtimedwait, &set, got, &none, 8), 36);
	set_mask(old);
}

static volatile long forged_process, forged_thread, forged_self;

static void forger(void *arg)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info)); /* SI_USER: what only the kernel says */
	forged_process = sys(__NR_rt_sigqueueinfo, sys(__NR_getpid), 0, &info);
	forged_thread = sys(__NR_rt_tgsigqueueinfo, sys(__NR_getpid), sys(__NR_getpid), 0, &info);
	forged_self = sys(__NR_rt_tgsigqueueinfo, sys(__NR_getpid), sys(__NR_gettid), 0, &info);
}

TEST(thread_may_pretend_to_be_the_kernel_to_itself_only)
{
	struct thread t;

	ORACLE(KERNEL);
	thread_start(&t, forger, NULL);
	thread_join(&t);
	EQ(forged_process, -EPERM);
	EQ(forged_thread, -EPERM);
	EQ(forged_self, 0);
}
