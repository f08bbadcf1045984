/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "guest_thread.h"
#include <sys/file.h>

static volatile long second, waited;

static void lock_and_wait(void *arg)
{
	waited = sys(__NR_flock, second, LOCK_EX);
}

TEST(flock_conflicts_between_two_openings_of_a_file)
{
	long a = make_file("/tmp/l", "x"), b = sys(__NR_openat, AT_FDCWD, "/tmp/l", O_RDWR, 0);

	EQ(sys(__NR_flock, a, LOCK_SH), 0);
	EQ(sys(__NR_flock, b, LOCK_SH | LOCK_NB), 0);
	EQ(sys(__NR_flock, b, LOCK_EX | LOCK_NB), -EAGAIN);
	EQ(sys(__NR_flock, a, LOCK_UN), 0);
	EQ(sys(__NR_flock, b, LOCK_EX | LOCK_NB), 0);
	EQ(sys(__NR_flock, a, LOCK_SH | LOCK_NB), -EAGAIN);
	close_fd(b);
	EQ(sys(__NR_flock, a, LOCK_EX | LOCK_NB), 0);
	close_fd(a);
}

TEST(flock_is_shared_by_duplicates)
{
	long a = make_file("/tmp/l", "x"), copy = sys(__NR_dup, a), b = sys(__NR_openat, AT_FDCWD, "/tmp/l", O_RDWR, 0);

	EQ(sys(__NR_flock, a, LOCK_EX), 0);
	EQ(sys(__NR_flock, copy, LOCK_EX | LOCK_NB), 0);
	close_fd(a);
	EQ(sys(__NR_flock, b, LOCK_EX | LOCK_NB), -EAGAIN);
	close_fd(copy);
	EQ(sys(__NR_flock, b, LOCK_EX | LOCK_NB), 0);
	close_fd(b);
}

TEST(flock_waits_for_the_other_to_let_go)
{
	long a = make_file("/tmp/l", "x");
	struct thread t;

	second = sys(__NR_openat, AT_FDCWD, "/tmp/l", O_RDWR, 0);
	waited = 99;
	EQ(sys(__NR_flock, a, LOCK_EX), 0);
	thread_start(&t, lock_and_wait, NULL);
	settle();
	EQ(waited, 99);
	EQ(sys(__NR_flock, a, LOCK_UN), 0);
	thread_join(&t);
	EQ(waited, 0);
	close_fd(a);
	close_fd(second);
}

TEST(flock_errors)
{
	int fd = make_file("/tmp/l", "x");

	EQ(sys(__NR_flock, 99, LOCK_EX), -EBADF);
	EQ(sys(__NR_flock, fd, 0), -EINVAL);
	EQ(sys(__NR_flock, fd, LOCK_EX | LOCK_SH), -EINVAL);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/l", 0);
}
