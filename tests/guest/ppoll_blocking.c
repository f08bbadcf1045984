/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: ppoll pselect6 */
#include "guest_thread.h"
#include <sys/select.h>

static int p[2];

static void write_later(void *arg)
{
	settle();
	sys(__NR_write, p[1], "x", 1);
}

TEST(ppoll_waits_until_something_is_ready)
{
	struct pollfd f[2];
	struct thread t;

	sys(__NR_pipe2, p, 0);
	f[0] = (struct pollfd){ 1, POLLIN, 0 };
	f[1] = (struct pollfd){ p[0], POLLIN, 0 };
	thread_start(&t, write_later, NULL);
	EQ(sys(__NR_ppoll, f, 2, NULL, NULL, 8), 1);
	EQ(f[0].revents, 0);
	EQ(f[1].revents, POLLIN);
	thread_join(&t);
	close_fd(p[0]);
	close_fd(p[1]);
}

TEST(ppoll_times_out)
{
	struct timespec t = { 0, 20000000 };
	long start = clock_ns(CLOCK_MONOTONIC);

	sys(__NR_pipe2, p, 0);
	struct pollfd f = { p[0], POLLIN, 0x77 };

	EQ(sys(__NR_ppoll, &f, 1, &t, NULL, 8), 0);
	EQ(f.revents, 0);
	CHECK(clock_ns(CLOCK_MONOTONIC) - start >= 20000000);
	EQ(t.tv_sec, 0);
	EQ(t.tv_nsec, 0);
	t = (struct timespec){ 0, 5000000 };
	EQ(sys(__NR_ppoll, NULL, 0, &t, NULL, 8), 0);
	close_fd(p[0]);
	close_fd(p[1]);
}

TEST(pselect6_returns_the_ready_bits_only)
{
	fd_set r, w;
	struct timespec none = { 0, 0 };

	sys(__NR_pipe2, p, 0);
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_SET(p[0], &r);
	FD_SET(p[1], &w);
	EQ(sys(__NR_pselect6, p[1] + 1, &r, &w, NULL, &none, NULL), 1);
	CHECK(!FD_ISSET(p[0], &r));
	CHECK(FD_ISSET(p[1], &w));
	sys(__NR_write, p[1], "x", 1);
	FD_SET(p[0], &r);
	EQ(sys(__NR_pselect6, p[1] + 1, &r, &w, NULL, &none, NULL), 2);
	CHECK(FD_ISSET(p[0], &r));
	close_fd(p[0]);
	close_fd(p[1]);
}

TEST(pselect6_waits_and_times_out)
{
	struct thread t;
	fd_set r;
	struct timespec ts = { 0, 10000000 };
	long start = clock_ns(CLOCK_MONOTONIC);

	EQ(sys(__NR_pselect6, 0, NULL, NULL, NULL, &ts, NULL), 0);
	CHECK(clock_ns(CLOCK_MONOTONIC) - start >= 10000000);
	sys(__NR_pipe2, p, 0);
	FD_ZERO(&r);
	FD_SET(p[0], &r);
	thread_start(&t, write_later, NULL);
	EQ(sys(__NR_pselect6, p[0] + 1, &r, NULL, NULL, NULL, NULL), 1);
	CHECK(FD_ISSET(p[0], &r));
	thread_join(&t);
	close_fd(p[0]);
	close_fd(p[1]);
}

TEST(pselect6_errors)
{
	fd_set r;
	struct timespec bad = { 0, 1000000000 };

	FD_ZERO(&r);
	FD_SET(40, &r);
	EQ(sys(__NR_pselect6, 41, &r, NULL, NULL, NULL, NULL), -EBADF);
	EQ(sys(__NR_pselect6, -1, NULL, NULL, NULL, NULL, NULL), -EINVAL);
	EQ(sys(__NR_pselect6, 1, BAD_POINTER, NULL, NULL, NULL, NULL), -EFAULT);
	EQ(sys(__NR_pselect6, 0, NULL, NULL, NULL, &bad, NULL), -EINVAL);
}

/* Time must pass for a program that only ever polls without waiting. */
TEST(ppoll_without_waiting_in_a_loop_lets_time_pass)
{
	struct timespec none = { 0, 0 };
	long until = clock_ns(CLOCK_MONOTONIC) + 1000000, n = 0;

	while (clock_ns(CLOCK_MONOTONIC) < until && n < 100000000) {
		struct pollfd f = { 1, POLLIN, 0 };

		sys(__NR_ppoll, &f, 1, &none, NULL, 8);
		n++;
	}
	CHECK(n < 100000000);
}
