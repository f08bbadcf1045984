/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: read futex ppoll rt_sigaction */
/* Which calls start again after a handler, and which end with EINTR. */
#include "guest_thread.h"
#include <sys/epoll.h>

static volatile int handled;
static volatile long main_tid;
static int p[2];
static volatile uint32_t word;

static void handler(int sig)
{
	handled++;
}

static void signal_then_write(void *arg)
{
	settle();
	sys(__NR_tgkill, sys(__NR_getpid), main_tid, SIGUSR1);
	settle();
	sys(__NR_write, p[1], "x", 1);
}

static void signal_then_wake(void *arg)
{
	settle();
	sys(__NR_tgkill, sys(__NR_getpid), main_tid, SIGUSR1);
	settle();
	word = 1;
	futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void prepare(unsigned long flags)
{
	handled = 0;
	main_tid = sys(__NR_gettid);
	set_handler(SIGUSR1, handler, flags, 0);
	sys(__NR_pipe2, p, 0);
}

static void finish(struct thread *t)
{
	thread_join(t);
	close_fd(p[0]);
	close_fd(p[1]);
}

TEST(read_of_a_pipe_starts_again_with_sa_restart)
{
	struct thread t;
	char c = 0;

	prepare(SA_RESTART);
	thread_start(&t, signal_then_write, NULL);
	EQ(sys(__NR_read, p[0], &c, 1), 1);
	EQ(c, 'x');
	EQ(handled, 1);
	finish(&t);
}

TEST(read_of_a_pipe_is_eintr_without_sa_restart)
{
	struct thread t;
	char c = 0;

	prepare(0);
	thread_start(&t, signal_then_write, NULL);
	EQ(sys(__NR_read, p[0], &c, 1), -EINTR);
	EQ(handled, 1);
	finish(&t);
}

TEST(futex_wait_starts_again_with_sa_restart)
{
	struct thread t;

	prepare(SA_RESTART);
	word = 0;
	thread_start(&t, signal_then_wake, NULL);
	EQ(futex(&word, FUTEX_WAIT, 0, NULL, NULL, 0), 0);
	EQ(handled, 1);
	finish(&t);
}

TEST(futex_wait_is_eintr_without_sa_restart)
{
	struct thread t;

	prepare(0);
	word = 0;
	thread_start(&t, signal_then_wake, NULL);
	EQ(futex(&word, FUTEX_WAIT, 0, NULL, NULL, 0), -EINTR);
	finish(&t);
}

TEST(ppoll_is_eintr_even_with_sa_restart)
{
	struct thread t;
	struct pollfd pfd;

	prepare(SA_RESTART);
	pfd = (struct pollfd){ p[0], POLLIN, 0 };
	thread_start(&t, signal_then_write, NULL);
	EQ(sys(__NR_ppoll, &pfd, 1, NULL, NULL, 8), -EINTR);
	finish(&t);
}

TEST(epoll_pwait_is_eintr_even_with_sa_restart)
{
	struct thread t;
	struct epoll_event ev = { .events = EPOLLIN };
	long ep = sys(__NR_epoll_create1, 0);

	prepare(SA_RESTART);
	EQ(sys(__NR_epoll_ctl, ep, EPOLL_CTL_ADD, p[0], &ev), 0);
	thread_start(&t, signal_then_write, NULL);
	EQ(sys(__NR_epoll_pwait, ep, &ev, 1, -1, NULL, 8), -EINTR);
	finish(&t);
	close_fd(ep);
}

static void signal_only(void *arg)
{
	settle();
	set_handler(SIGUSR2, SIG_IGN, 0, 0);
	sys(__NR_tgkill, sys(__NR_getpid), main_tid, SIGUSR2);
	sys(__NR_tgkill, sys(__NR_getpid), main_tid, SIGCHLD);
	settle();
	sys(__NR_write, p[1], "y", 1);
}

TEST(ignored_signals_interrupt_nothing)
{
	struct thread t;
	char c = 0;

	prepare(0);
	thread_start(&t, signal_only, NULL);
	EQ(sys(__NR_read, p[0], &c, 1), 1);
	EQ(c, 'y');
	finish(&t);
}

static void blocked_signal(void *arg)
{
	settle();
	sys(__NR_tgkill, sys(__NR_getpid), main_tid, SIGUSR1);
	settle();
	sys(__NR_write, p[1], "z", 1);
}

TEST(blocked_signals_interrupt_nothing_and_stay_pending)
{
	struct thread t;
	char c = 0;

	prepare(0);
	set_mask(SIGBIT(SIGUSR1));
	thread_start(&t, blocked_signal, NULL);
	EQ(sys(__NR_read, p[0], &c, 1), 1);
	EQ(handled, 0);
	set_mask(0);
	EQ(handled, 1);
	finish(&t);
}

TEST(blocked_signals_that_are_pending_already_interrupt_nothing)
{
	struct timespec ms = { 0, 1000000 };

	word = 0;
	set_handler(SIGUSR1, handler, 0, 0);
	handled = 0;
	set_mask(SIGBIT(SIGUSR1));
	EQ(sys(__NR_kill, sys(__NR_getpid), SIGUSR1), 0);
	EQ(sys(__NR_tkill, sys(__NR_gettid), SIGUSR1), 0);
	EQ(sys(__NR_nanosleep, &ms, NULL), 0);
	EQ(sys(__NR_ppoll, NULL, 0, &ms, NULL, 8), 0);
	EQ(futex(&word, FUTEX_WAIT, 0, &ms, NULL, 0), -ETIMEDOUT);
	EQ(handled, 0);
	set_mask(0);
	EQ(handled, 2);
}

TEST(ppoll_swaps_the_mask_while_it_waits)
{
	struct pollfd pfd;
	unsigned long none = 0;
	struct thread t;

	prepare(0);
	pfd = (struct pollfd){ p[0], POLLIN, 0 };
	set_mask(SIGBIT(SIGUSR1));
	thread_start(&t, blocked_signal, NULL);
	EQ(sys(__NR_ppoll, &pfd, 1, NULL, &none, 8), -EINTR);
	EQ(handled, 1);
	EQ(set_mask(0), SIGBIT(SIGUSR1));
	finish(&t);
}

static void signal_only_now(void *arg)
{
	settle();
	sys(__NR_tgkill, sys(__NR_getpid), main_tid, SIGUSR1);
}

TEST(futex_wait_with_a_timeout_is_eintr_even_with_sa_restart)
{
	struct timespec ts = { 100, 0 };
	struct thread t;

	prepare(SA_RESTART);
	word = 0;
	thread_start(&t, signal_only_now, NULL);
	EQ(futex(&word, FUTEX_WAIT, 0, &ts, NULL, 0), -EINTR);
	EQ(handled, 1);
	finish(&t);
}

TEST(write_of_a_pipe_that_is_interrupted_returns_what_it_wrote)
{
	static char big[200000];
	struct thread t;

	prepare(SA_RESTART);
	thread_start(&t, signal_only_now, NULL);
	EQ(sys(__NR_write, p[1], big, sizeof(big)), 65536);
	EQ(handled, 1);
	finish(&t);
}

TEST(write_of_a_full_pipe_is_eintr_without_sa_restart)
{
	static char big[65536];
	struct thread t;

	prepare(0);
	EQ(sys(__NR_write, p[1], big, sizeof(big)), 65536);
	thread_start(&t, signal_only_now, NULL);
	EQ(sys(__NR_write, p[1], big, 10), -EINTR);
	finish(&t);
}

static long event;

static void signal_then_post(void *arg)
{
	uint64_t one = 1;

	settle();
	sys(__NR_tgkill, sys(__NR_getpid), main_tid, SIGUSR1);
	settle();
	sys(__NR_write, event, &one, 8);
}

TEST(read_of_an_eventfd_starts_again_with_sa_restart)
{
	struct thread t;
	uint64_t v = 0;

	prepare(SA_RESTART);
	event = sys(__NR_eventfd2, 0, 0);
	thread_start(&t, signal_then_post, NULL);
	EQ(sys(__NR_read, event, &v, 8), 8);
	EQ(v, 1);
	EQ(handled, 1);
	finish(&t);
	close_fd(event);
}

TEST(pselect6_is_eintr_and_sleeps_are_too)
{
	struct timespec ts = { 100, 0 };
	struct thread t;

	prepare(SA_RESTART);
	thread_start(&t, signal_only_now, NULL);
	EQ(sys(__NR_pselect6, 0, NULL, NULL, NULL, &ts, NULL), -EINTR);
	finish(&t);
	prepare(SA_RESTART);
	ts = (struct timespec){ 100, 0 };
	thread_start(&t, signal_only_now, NULL);
	EQ(sys(__NR_nanosleep, &ts, NULL), -EINTR);
	finish(&t);
}

static void close_then_signal(int sig)
{
	close_fd(p[0]);
	handled++;
}

TEST(restarted_call_uses_its_original_first_argument)
{
	struct thread t;
	char c;

	prepare(SA_RESTART);
	set_handler(SIGUSR1, close_then_signal, SA_RESTART, 0);
	thread_start(&t, signal_only_now, NULL);
	EQ(sys(__NR_read, p[0], &c, 1), -EBADF);
	EQ(handled, 1);
	thread_join(&t);
	close_fd(p[1]);
}
