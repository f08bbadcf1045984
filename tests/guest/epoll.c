/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 */
#include "guest_thread.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>

static long ep;
static struct epoll_event got[8];

static long wait_ms(int max, int timeout)
{
	return sys(__NR_epoll_pwait, ep, got, max, timeout, NULL, 8);
}

static long add(long fd, uint32_t events, uint64_t data)
{
	struct epoll_event ev = { .events = events, .data.u64 = data };

	return sys(__NR_epoll_ctl, ep, EPOLL_CTL_ADD, fd, &ev);
}

static long post(long fd, uint64_t v)
{
	return sys(__NR_write, fd, &v, 8);
}

static long drain(long fd)
{
	uint64_t v;

	return sys(__NR_read, fd, &v, 8);
}

static long event_fd(uint64_t v)
{
	return sys(__NR_eventfd2, v, EFD_NONBLOCK);
}

TEST(epoll_event_is_16_bytes)
{
	EQ(sizeof(struct epoll_event), 16);
	EQ(offsetof(struct epoll_event, data), 8);
}

TEST(epoll_level_triggered_reports_again_until_it_is_drained)
{
	long fd = event_fd(0);

	ep = sys(__NR_epoll_create1, EPOLL_CLOEXEC);
	EQ(sys(__NR_fcntl, ep, F_GETFD), FD_CLOEXEC);
	EQ(add(fd, EPOLLIN, 0x123456789abcdef0), 0);
	EQ(wait_ms(8, 0), 0);
	post(fd, 1);
	EQ(wait_ms(8, 0), 1);
	EQ(got[0].events, EPOLLIN);
	EQ(got[0].data.u64, 0x123456789abcdef0);
	EQ(wait_ms(8, 0), 1);
	drain(fd);
	EQ(wait_ms(8, 0), 0);
	close_fd(fd);
	close_fd(ep);
}

TEST(epoll_edge_triggered_reports_each_new_arrival_once)
{
	long fd = event_fd(0);

	ep = sys(__NR_epoll_create1, 0);
	EQ(add(fd, EPOLLIN | EPOLLET, 1), 0);
	post(fd, 1);
	EQ(wait_ms(8, 0), 1);
	EQ(wait_ms(8, 0), 0);
	post(fd, 1);
	EQ(wait_ms(8, 0), 1);
	EQ(wait_ms(8, 0), 0);
	close_fd(fd);
	close_fd(ep);
}

TEST(epoll_oneshot_reports_once_until_it_is_armed_again)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLONESHOT, .data.u64 = 9 };
	long fd = event_fd(1);

	ep = sys(__NR_epoll_create1, 0);
	EQ(add(fd, EPOLLIN | EPOLLONESHOT, 9), 0);
	EQ(wait_ms(8, 0), 1);
	EQ(wait_ms(8, 0), 0);
	post(fd, 1);
	EQ(wait_ms(8, 0), 0);
	EQ(sys(__NR_epoll_ctl, ep, EPOLL_CTL_MOD, fd, &ev), 0);
	EQ(wait_ms(8, 0), 1);
	EQ(got[0].data.u64, 9);
	close_fd(fd);
	close_fd(ep);
}

TEST(epoll_ready_list_is_first_in_first_out_and_level_triggered_go_to_its_tail)
{
	long a = event_fd(0), b = event_fd(0), c = event_fd(0);

	ep = sys(__NR_epoll_create1, 0);
	add(a, EPOLLIN, 1);
	add(b, EPOLLIN, 2);
	add(c, EPOLLIN, 3);
	post(c, 1);
	post(a, 1);
	post(b, 1);
	EQ(wait_ms(8, 0), 3);
	EQ(got[0].data.u64, 3);
	EQ(got[1].data.u64, 1);
	EQ(got[2].data.u64, 2);
	EQ(wait_ms(1, 0), 1);
	EQ(got[0].data.u64, 3);
	EQ(wait_ms(1, 0), 1);
	EQ(got[0].data.u64, 1);
	EQ(wait_ms(2, 0), 2);
	EQ(got[0].data.u64, 2);
	EQ(got[1].data.u64, 3);
	close_fd(a);
	close_fd(b);
	close_fd(c);
	close_fd(ep);
}

TEST(epoll_ctl_mod_and_del_take_effect)
{
	struct epoll_event ev = { .events = EPOLLOUT, .data.u64 = 5 };
	long fd = event_fd(1);

	ep = sys(__NR_epoll_create1, 0);
	EQ(add(fd, EPOLLIN, 4), 0);
	EQ(sys(__NR_epoll_ctl, ep, EPOLL_CTL_MOD, fd, &ev), 0);
	EQ(wait_ms(8, 0), 1);
	EQ(got[0].events, EPOLLOUT);
	EQ(got[0].data.u64, 5);
	EQ(sys(__NR_epoll_ctl, ep, EPOLL_CTL_DEL, fd, NULL), 0);
	EQ(wait_ms(8, 0), 0);
	close_fd(fd);
	close_fd(ep);
}

TEST(epoll_closed_descriptors_disappear_and_duplicates_keep_them)
{
	long fd = event_fd(1), copy;

	ep = sys(__NR_epoll_create1, 0);
	EQ(add(fd, EPOLLIN, 4), 0);
	copy = sys(__NR_dup, fd);
	close_fd(fd);
	EQ(wait_ms(8, 0), 1);
	close_fd(copy);
	EQ(wait_ms(8, 0), 0);
	close_fd(ep);
}

TEST(epoll_reports_hangup_and_error_without_being_asked)
{
	int p[2];

	ep = sys(__NR_epoll_create1, 0);
	sys(__NR_pipe2, p, 0);
	EQ(add(p[0], 0, 1), 0);
	EQ(wait_ms(8, 0), 0);
	close_fd(p[1]);
	EQ(wait_ms(8, 0), 1);
	EQ(got[0].events, EPOLLHUP);
	close_fd(p[0]);
	close_fd(ep);
}

TEST(epoll_pwait_times_out)
{
	long start = clock_ns(CLOCK_MONOTONIC);

	ep = sys(__NR_epoll_create1, 0);
	EQ(wait_ms(8, 20), 0);
	CHECK(clock_ns(CLOCK_MONOTONIC) - start >= 20000000);
	close_fd(ep);
}

static volatile long late_fd;

static void post_later(void *arg)
{
	settle();
	post(late_fd, 1);
}

TEST(epoll_pwait_wakes_when_something_becomes_ready)
{
	struct thread t;

	ep = sys(__NR_epoll_create1, 0);
	late_fd = event_fd(0);
	add(late_fd, EPOLLIN | EPOLLET, 77);
	thread_start(&t, post_later, NULL);
	EQ(wait_ms(8, -1), 1);
	EQ(got[0].events, EPOLLIN);
	EQ(got[0].data.u64, 77);
	thread_join(&t);
	close_fd(late_fd);
	close_fd(ep);
}

static void add_later(void *arg)
{
	settle();
	add(late_fd, EPOLLIN, 78);
}

TEST(epoll_pwait_wakes_when_a_ready_descriptor_is_added)
{
	struct thread t;

	ep = sys(__NR_epoll_create1, 0);
	late_fd = event_fd(1);
	thread_start(&t, add_later, NULL);
	EQ(wait_ms(8, -1), 1);
	EQ(got[0].data.u64, 78);
	thread_join(&t);
	close_fd(late_fd);
	close_fd(ep);
}

TEST(epoll_instances_can_be_polled_and_nested)
{
	long outer, inner, fd = event_fd(0);
	struct timespec none = { 0, 0 };
	struct pollfd p;

	inner = ep = sys(__NR_epoll_create1, 0);
	add(fd, EPOLLIN, 1);
	p = (struct pollfd){ (int)inner, POLLIN, 0 };
	EQ(sys(__NR_ppoll, &p, 1, &none, NULL, 8), 0);
	outer = ep = sys(__NR_epoll_create1, 0);
	EQ(add(inner, EPOLLIN, 2), 0);
	EQ(wait_ms(8, 0), 0);
	post(fd, 1);
	EQ(sys(__NR_ppoll, &p, 1, &none, NULL, 8), 1);
	EQ(wait_ms(8, 0), 1);
	EQ(got[0].data.u64, 2);
	ep = inner;
	EQ(add(outer, EPOLLIN, 3), -ELOOP);
	EQ(add(inner, EPOLLIN, 3), -EINVAL);
	close_fd(fd);
	close_fd(inner);
	close_fd(outer);
}

TEST(epoll_of_regular_files_is_eperm)
{
	int fd = make_file("/tmp/e", "x");

	ep = sys(__NR_epoll_create1, 0);
	EQ(add(fd, EPOLLIN, 1), -EPERM);
	close_fd(fd);
	close_fd(ep);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/e", 0);
}

TEST(epoll_pwait2_takes_a_timespec)
{
	struct timespec t = { 0, 5000000 }, bad = { 0, -1 };
	long start = clock_ns(CLOCK_MONOTONIC);

	ORACLE(KERNEL);
	ep = sys(__NR_epoll_create1, 0);
	EQ(sys(__NR_epoll_pwait2, ep, got, 8, &t, NULL, 8), 0);
	CHECK(clock_ns(CLOCK_MONOTONIC) - start >= 5000000);
	EQ(sys(__NR_epoll_pwait2, ep, got, 8, &bad, NULL, 8), -EINVAL);
	EQ(sys(__NR_epoll_pwait2, ep, got, 8, BAD_POINTER, NULL, 8), -EFAULT);
	close_fd(ep);
}

TEST(epoll_errors)
{
	struct epoll_event ev = { .events = EPOLLIN };
	long fd = event_fd(1);

	ep = sys(__NR_epoll_create1, 0);
	EQ(sys(__NR_epoll_create1, 0x99), -EINVAL);
	EQ(add(99, EPOLLIN, 1), -EBADF);
	EQ(sys(__NR_epoll_ctl, 99, EPOLL_CTL_ADD, fd, &ev), -EBADF);
	EQ(sys(__NR_epoll_ctl, fd, EPOLL_CTL_ADD, fd, &ev), -EINVAL);
	EQ(add(fd, EPOLLIN, 1), 0);
	EQ(add(fd, EPOLLIN, 1), -EEXIST);
	EQ(sys(__NR_epoll_ctl, ep, EPOLL_CTL_MOD, 0, &ev), -ENOENT);
	EQ(sys(__NR_epoll_ctl, ep, EPOLL_CTL_DEL, 0, &ev), -ENOENT);
	EQ(sys(__NR_epoll_ctl, ep, 9, fd, &ev), -EINVAL);
	EQ(sys(__NR_epoll_ctl, ep, EPOLL_CTL_ADD, 0, BAD_POINTER), -EFAULT);
	EQ(wait_ms(0, 0), -EINVAL);
	EQ(wait_ms(-1, 0), -EINVAL);
	EQ(sys(__NR_epoll_pwait, fd, got, 1, 0, NULL, 8), -EINVAL);
	EQ(sys(__NR_epoll_pwait, 99, got, 1, 0, NULL, 8), -EBADF);
	EQ(sys(__NR_epoll_pwait, ep, BAD_POINTER, 1, 0, NULL, 8), -EFAULT);
	close_fd(fd);
	close_fd(ep);
}
