/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: basic */
#include "guest.h"

TEST(fcntl_getfd_is_zero_or_cloexec)
{
	long a = sys(__NR_openat, AT_FDCWD, "/dev/null", O_RDONLY, 0);
	long b = sys(__NR_openat, AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC, 0);

	EQ(sys(__NR_fcntl, a, F_GETFD), 0);
	EQ(sys(__NR_fcntl, b, F_GETFD), FD_CLOEXEC);
	EQ(sys(__NR_fcntl, a, F_SETFD, FD_CLOEXEC), 0);
	EQ(sys(__NR_fcntl, a, F_GETFD), FD_CLOEXEC);
	EQ(sys(__NR_fcntl, a, F_SETFD, 0), 0);
	EQ(sys(__NR_fcntl, a, F_GETFD), 0);
	close_fd(a);
	close_fd(b);
}

TEST(fcntl_getfl_tells_mode_and_status_flags)
{
	int fd = make_file("/tmp/f", "x");
	long app = sys(__NR_openat, AT_FDCWD, "/tmp/f", O_WRONLY | O_APPEND | O_NONBLOCK, 0);

	EQ(sys(__NR_fcntl, fd, F_GETFL) & ~0100000, O_RDWR);
	EQ(sys(__NR_fcntl, app, F_GETFL) & ~0100000, O_WRONLY | O_APPEND | O_NONBLOCK);
	close_fd(fd);
	close_fd(app);
}

TEST(fcntl_setfl_changes_only_status_flags)
{
	int fd = make_file("/tmp/f", "x");

	EQ(sys(__NR_fcntl, fd, F_SETFL, O_NONBLOCK | O_WRONLY | O_CREAT), 0);
	EQ(sys(__NR_fcntl, fd, F_GETFL) & ~0100000, O_RDWR | O_NONBLOCK);
	EQ(sys(__NR_fcntl, fd, F_SETFL, 0), 0);
	EQ(sys(__NR_fcntl, fd, F_GETFL) & ~0100000, O_RDWR);
	close_fd(fd);
}

TEST(fcntl_dupfd_takes_the_lowest_at_or_above)
{
	long fd = sys(__NR_openat, AT_FDCWD, "/dev/null", O_RDONLY, 0);

	EQ(sys(__NR_fcntl, fd, F_DUPFD, 10), 10);
	EQ(sys(__NR_fcntl, fd, F_DUPFD, 10), 11);
	EQ(sys(__NR_fcntl, fd, F_DUPFD_CLOEXEC, 10), 12);
	EQ(sys(__NR_fcntl, 12, F_GETFD), FD_CLOEXEC);
	EQ(sys(__NR_fcntl, 11, F_GETFD), 0);
	EQ(sys(__NR_fcntl, fd, F_DUPFD, -1), -EINVAL);
	EQ(sys(__NR_fcntl, fd, F_DUPFD, 1 << 30), -EINVAL);
	EQ(sys(__NR_close_range, 3, 20, 0), 0);
}

TEST(fcntl_errors)
{
	ORACLE(KERNEL);
	EQ(sys(__NR_fcntl, 99, F_GETFD), -EBADF);
	EQ(sys(__NR_fcntl, 99, 12345), -EBADF);
	EQ(sys(__NR_fcntl, 0, 12345), -EINVAL);
}

TEST(fcntl_pipe_size_can_be_asked)
{
	EQ(sys(__NR_fcntl, 0, F_GETPIPE_SZ), 65536);
}

TEST(fcntl_locks_of_one_process_never_conflict)
{
	struct flock lk = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 10 };
	int fd = make_file("/tmp/f", "0123456789");

	EQ(sys(__NR_fcntl, fd, F_SETLK, &lk), 0);
	lk.l_type = F_RDLCK;
	lk.l_start = 5;
	EQ(sys(__NR_fcntl, fd, F_SETLKW, &lk), 0);
	lk.l_type = F_WRLCK;
	EQ(sys(__NR_fcntl, fd, F_GETLK, &lk), 0);
	EQ(lk.l_type, F_UNLCK);
	lk.l_start = 0;
	EQ(sys(__NR_fcntl, fd, F_SETLK, &lk), 0);
	lk.l_type = 9;
	EQ(sys(__NR_fcntl, fd, F_SETLK, &lk), -EINVAL);
	EQ(sys(__NR_fcntl, fd, F_SETLK, BAD_POINTER), -EFAULT);
	close_fd(fd);
}

TEST(fcntl_lock_needs_the_matching_access)
{
	struct flock lk = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	long fd = sys(__NR_openat, AT_FDCWD, "/tmp/f", O_RDONLY, 0);

	EQ(sys(__NR_fcntl, fd, F_SETLK, &lk), -EBADF);
	lk.l_type = F_RDLCK;
	EQ(sys(__NR_fcntl, fd, F_SETLK, &lk), 0);
	close_fd(fd);
}

TEST(fcntl_open_file_description_locks_conflict_within_one_process)
{
	struct flock lk = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 4 };
	long a = sys(__NR_openat, AT_FDCWD, "/tmp/f", O_RDWR, 0);
	long b = sys(__NR_openat, AT_FDCWD, "/tmp/f", O_RDWR, 0);

	EQ(sys(__NR_fcntl, a, F_OFD_SETLK, &lk), 0);
	EQ(sys(__NR_fcntl, b, F_OFD_SETLK, &lk), -EAGAIN);
	lk.l_start = 4;
	EQ(sys(__NR_fcntl, b, F_OFD_SETLK, &lk), 0);
	lk.l_start = 0;
	EQ(sys(__NR_fcntl, b, F_OFD_GETLK, &lk), 0);
	EQ(lk.l_type, F_WRLCK);
	EQ(lk.l_pid, -1);
	EQ(close_fd(a), 0);
	lk = (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 4 };
	EQ(sys(__NR_fcntl, b, F_OFD_SETLK, &lk), 0);
	close_fd(b);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/f", 0);
}
