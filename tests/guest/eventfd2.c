/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "guest_thread.h"
#include <sys/eventfd.h>

static long write_value(long fd, uint64_t v)
{
	return sys(__NR_write, fd, &v, 8);
}

TEST(eventfd2_adds_on_write_and_empties_on_read)
{
	uint64_t v = 0;
	long fd = sys(__NR_eventfd2, 5, 0);

	OK(fd);
	EQ(write_value(fd, 7), 8);
	EQ(sys(__NR_read, fd, &v, 8), 8);
	EQ(v, 12);
	close_fd(fd);
}

TEST(eventfd2_semaphore_gives_one_at_a_time)
{
	uint64_t v = 0;
	long fd = sys(__NR_eventfd2, 2, EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC);

	EQ(sys(__NR_read, fd, &v, 8), 8);
	EQ(v, 1);
	EQ(sys(__NR_read, fd, &v, 8), 8);
	EQ(v, 1);
	EQ(sys(__NR_read, fd, &v, 8), -EAGAIN);
	EQ(sys(__NR_fcntl, fd, F_GETFD), FD_CLOEXEC);
	close_fd(fd);
}

TEST(eventfd2_full_counter_refuses_more)
{
	uint64_t v = 0;
	long fd = sys(__NR_eventfd2, 0, EFD_NONBLOCK);

	EQ(write_value(fd, -2UL), 8);
	EQ(write_value(fd, 1), -EAGAIN);
	EQ(write_value(fd, 0), 8);
	EQ(write_value(fd, -1UL), -EINVAL);
	EQ(sys(__NR_read, fd, &v, 8), 8);
	EQ(v, -2UL);
	EQ(sys(__NR_read, fd, &v, 8), -EAGAIN);
	close_fd(fd);
}

static volatile long the_fd, wrote;

static void write_one(void *arg)
{
	wrote = write_value(the_fd, 1);
}

static void read_it(void *arg)
{
	uint64_t v = 0;

	settle();
	sys(__NR_read, the_fd, &v, 8);
}

TEST(eventfd2_write_blocks_while_it_would_overflow)
{
	struct thread w, r;

	the_fd = sys(__NR_eventfd2, 0, 0);
	wrote = 0;
	EQ(write_value(the_fd, -2UL), 8);
	thread_start(&w, write_one, NULL);
	settle();
	EQ(wrote, 0);
	thread_start(&r, read_it, NULL);
	thread_join(&r);
	thread_join(&w);
	EQ(wrote, 8);
	close_fd(the_fd);
}

TEST(eventfd2_read_blocks_until_there_is_something)
{
	struct thread w;
	uint64_t v = 0;

	the_fd = sys(__NR_eventfd2, 0, 0);
	thread_start(&w, write_one, NULL);
	EQ(sys(__NR_read, the_fd, &v, 8), 8);
	EQ(v, 1);
	thread_join(&w);
	close_fd(the_fd);
}

TEST(eventfd2_poll)
{
	struct timespec none = { 0, 0 };
	long fd = sys(__NR_eventfd2, 0, 0);
	struct pollfd p = { (int)fd, POLLIN | POLLOUT, 0 };

	EQ(sys(__NR_ppoll, &p, 1, &none, NULL, 8), 1);
	EQ(p.revents, POLLOUT);
	EQ(write_value(fd, -2UL), 8);
	EQ(sys(__NR_ppoll, &p, 1, &none, NULL, 8), 1);
	EQ(p.revents, POLLIN);
	close_fd(fd);
}

TEST(eventfd2_errors)
{
	uint64_t v;
	long fd = sys(__NR_eventfd2, 0, EFD_NONBLOCK);

	EQ(sys(__NR_eventfd2, 0, 0x100), -EINVAL);
	EQ(sys(__NR_read, fd, &v, 7), -EINVAL);
	EQ(sys(__NR_write, fd, &v, 4), -EINVAL);
	write_value(fd, 1);
	EQ(sys(__NR_read, fd, BAD_POINTER, 8), -EFAULT);
	EQ(sys(__NR_write, fd, BAD_POINTER, 8), -EFAULT);
	close_fd(fd);
}

TEST(eventfd2_timerfd_and_epoll_have_no_positions_and_seeking_is_zero)
{
	int p[2], fds[3];

	ORACLE(KERNEL);
	fds[0] = (int)sys(__NR_eventfd2, 0, 0);
	fds[1] = (int)sys(__NR_timerfd_create, CLOCK_MONOTONIC, 0);
	fds[2] = (int)sys(__NR_epoll_create1, 0);
	for (size_t i = 0; i < array_len(fds); i++) {
		EQ(sys(__NR_lseek, fds[i], 0, SEEK_SET), 0);
		EQ(sys(__NR_lseek, fds[i], 5, SEEK_END), 0);
		EQ(sys(__NR_lseek, fds[i], 5, 9), -EINVAL);
		EQ(sys(__NR_pread64, fds[i], p, 8, 0), -ESPIPE);
		close_fd(fds[i]);
	}
	sys(__NR_pipe2, p, 0);
	EQ(sys(__NR_lseek, p[0], 0, SEEK_SET), -ESPIPE);
	close_fd(p[0]);
	close_fd(p[1]);
}
