/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: timerfd_create timerfd_settime timerfd_gettime */
#include "guest.h"
#include <sys/timerfd.h>

static struct itimerspec in_ms(long first, long every)
{
	return (struct itimerspec){ { every / 1000, every % 1000 * 1000000 }, { first / 1000, first % 1000 * 1000000 } };
}

TEST(timerfd_read_waits_and_counts_expirations)
{
	struct itimerspec it = in_ms(10, 0);
	uint64_t count = 77;
	long fd = sys(__NR_timerfd_create, CLOCK_MONOTONIC, 0), start = clock_ns(CLOCK_MONOTONIC);

	OK(fd);
	EQ(sys(__NR_timerfd_settime, fd, 0, &it, NULL), 0);
	EQ(sys(__NR_read, fd, &count, 8), 8);
	EQ(count, 1);
	CHECK(clock_ns(CLOCK_MONOTONIC) - start >= 10000000);
	close_fd(fd);
}

TEST(timerfd_periodic_counts_what_was_missed)
{
	struct itimerspec it = in_ms(2, 2);
	uint64_t count = 0;
	long fd = sys(__NR_timerfd_create, CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);

	EQ(sys(__NR_timerfd_settime, fd, 0, &it, NULL), 0);
	EQ(sys(__NR_read, fd, &count, 8), -EAGAIN);
	sleep_ms(41);
	EQ(sys(__NR_read, fd, &count, 8), 8);
	CHECK(count >= 20);
	EQ(sys(__NR_fcntl, fd, F_GETFD), FD_CLOEXEC);
	close_fd(fd);
}

TEST(timerfd_poll_tells_when_it_expired)
{
	struct itimerspec it = in_ms(10, 0);
	long fd = sys(__NR_timerfd_create, CLOCK_REALTIME, 0);
	struct pollfd p = { (int)fd, POLLIN, 0 };
	struct timespec none = { 0, 0 }, second = { 10, 0 };

	EQ(sys(__NR_timerfd_settime, fd, 0, &it, NULL), 0);
	EQ(sys(__NR_ppoll, &p, 1, &none, NULL, 8), 0);
	EQ(sys(__NR_ppoll, &p, 1, &second, NULL, 8), 1);
	EQ(p.revents, POLLIN);
	close_fd(fd);
}

TEST(timerfd_gettime_and_disarming)
{
	struct itimerspec it = in_ms(100000, 3), now, off = in_ms(0, 0);
	long fd = sys(__NR_timerfd_create, CLOCK_MONOTONIC, TFD_NONBLOCK);

	EQ(sys(__NR_timerfd_gettime, fd, &now), 0);
	EQ(now.it_value.tv_sec, 0);
	EQ(sys(__NR_timerfd_settime, fd, 0, &it, NULL), 0);
	EQ(sys(__NR_timerfd_gettime, fd, &now), 0);
	CHECK(now.it_value.tv_sec >= 90 && now.it_value.tv_sec <= 100);
	EQ(now.it_interval.tv_nsec, 3000000);
	EQ(sys(__NR_timerfd_settime, fd, 0, &off, &now), 0);
	CHECK(now.it_value.tv_sec >= 90);
	EQ(sys(__NR_timerfd_gettime, fd, &now), 0);
	EQ(now.it_value.tv_sec, 0);
	close_fd(fd);
}

TEST(timerfd_absolute_time_in_the_past_expires_at_once)
{
	struct itimerspec it = { { 0, 0 }, { 0, 1 } };
	uint64_t count = 0;
	long fd = sys(__NR_timerfd_create, CLOCK_MONOTONIC, TFD_NONBLOCK);
	struct pollfd p = { (int)fd, POLLIN, 0 };
	struct timespec second = { 10, 0 };

	EQ(sys(__NR_timerfd_settime, fd, TFD_TIMER_ABSTIME, &it, NULL), 0);
	EQ(sys(__NR_ppoll, &p, 1, &second, NULL, 8), 1);
	EQ(sys(__NR_read, fd, &count, 8), 8);
	EQ(count, 1);
	EQ(sys(__NR_read, fd, &count, 8), -EAGAIN);
	close_fd(fd);
}

TEST(timerfd_errors)
{
	struct itimerspec it = in_ms(1, 0), bad = { { 0, 0 }, { 0, 1000000000 } };
	uint64_t count;
	long fd = sys(__NR_timerfd_create, CLOCK_MONOTONIC, TFD_NONBLOCK);

	EQ(sys(__NR_timerfd_create, 99, 0), -EINVAL);
	EQ(sys(__NR_timerfd_create, CLOCK_MONOTONIC, 1), -EINVAL);
	EQ(sys(__NR_timerfd_settime, fd, 0, &bad, NULL), -EINVAL);
	EQ(sys(__NR_timerfd_settime, fd, 99, &it, NULL), -EINVAL);
	EQ(sys(__NR_timerfd_settime, fd, 0, BAD_POINTER, NULL), -EFAULT);
	EQ(sys(__NR_timerfd_settime, 99, 0, &it, NULL), -EBADF);
	EQ(sys(__NR_timerfd_settime, 0, 0, &it, NULL), -EINVAL);
	EQ(sys(__NR_timerfd_gettime, 0, &it), -EINVAL);
	EQ(sys(__NR_timerfd_gettime, 99, &it), -EBADF);
	EQ(sys(__NR_read, fd, &count, 4), -EINVAL);
	EQ(sys(__NR_write, fd, &count, 8), -EINVAL);
	EQ(sys(__NR_lseek, fd, 0, SEEK_SET) == -ESPIPE || sys(__NR_lseek, fd, 0, SEEK_SET) == 0, 1);
	close_fd(fd);
}
