/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: pipe2 */
#include "guest_thread.h"

static int p[2];

static void open_pipe(int flags)
{
	sys(__NR_pipe2, p, flags);
}

static void close_pipe(void)
{
	close_fd(p[0]);
	close_fd(p[1]);
}

TEST(pipe2_moves_bytes_in_order)
{
	char b[8];

	EQ(sys(__NR_pipe2, p, 0), 0);
	EQ(p[0], 3);
	EQ(p[1], 4);
	EQ(sys(__NR_write, p[1], "abc", 3), 3);
	EQ(sys(__NR_write, p[1], "de", 2), 2);
	EQ(sys(__NR_read, p[0], b, 4), 4);
	EQ(memcmp(b, "abcd", 4), 0);
	EQ(sys(__NR_read, p[0], b, 4), 1);
	EQ(b[0], 'e');
	close_pipe();
}

TEST(pipe2_end_of_file_when_every_writer_is_closed)
{
	char c;
	long copy;

	open_pipe(0);
	copy = sys(__NR_dup, p[1]);
	EQ(sys(__NR_write, p[1], "x", 1), 1);
	close_fd(p[1]);
	EQ(sys(__NR_read, p[0], &c, 1), 1);
	close_fd(copy);
	EQ(sys(__NR_read, p[0], &c, 1), 0);
	close_fd(p[0]);
}

static volatile int sigpipes;

static void on_sigpipe(int sig)
{
	sigpipes++;
}

TEST(pipe2_write_without_a_reader_is_epipe_with_sigpipe)
{
	open_pipe(0);
	close_fd(p[0]);
	sigpipes = 0;
	set_handler(SIGPIPE, on_sigpipe, 0, 0);
	EQ(sys(__NR_write, p[1], "x", 1), -EPIPE);
	EQ(sigpipes, 1);
	set_handler(SIGPIPE, SIG_IGN, 0, 0);
	EQ(sys(__NR_write, p[1], "x", 1), -EPIPE);
	EQ(sigpipes, 1);
	close_fd(p[1]);
}

TEST(pipe2_nonblocking_ends_are_eagain_when_empty_and_when_full)
{
	static char big[65536];
	char c;

	open_pipe(O_NONBLOCK | O_CLOEXEC);
	EQ(sys(__NR_fcntl, p[0], F_GETFD), FD_CLOEXEC);
	EQ(sys(__NR_fcntl, p[1], F_GETFL), O_WRONLY | O_NONBLOCK);
	EQ(sys(__NR_read, p[0], &c, 1), -EAGAIN);
	EQ(sys(__NR_write, p[1], big, sizeof(big)), 65536);
	EQ(sys(__NR_write, p[1], "x", 1), -EAGAIN);
	EQ(sys(__NR_read, p[0], big, 4096), 4096);
	EQ(sys(__NR_write, p[1], big, 4096), 4096);
	close_pipe();
}

TEST(pipe2_small_writes_are_whole_or_not_at_all)
{
	static char big[65536];

	open_pipe(O_NONBLOCK);
	EQ(sys(__NR_write, p[1], big, 65536 - 4096), 65536 - 4096);
	EQ(sys(__NR_write, p[1], big, 4096), 4096);
	EQ(sys(__NR_read, p[0], big, 100), 100);
	EQ(sys(__NR_write, p[1], big, 200), -EAGAIN);
	close_pipe();
}

static volatile long count;

static void reader(void *arg)
{
	static char b[10000];
	long n;

	settle();
	while ((n = sys(__NR_read, p[0], b, sizeof(b))) > 0)
		count += n;
}

TEST(pipe2_large_write_blocks_until_all_is_taken)
{
	static char big[200000];
	struct thread t;

	open_pipe(0);
	count = 0;
	thread_start(&t, reader, NULL);
	EQ(sys(__NR_write, p[1], big, sizeof(big)), sizeof(big));
	close_fd(p[1]);
	thread_join(&t);
	EQ(count, sizeof(big));
	close_fd(p[0]);
}

static void late_writer(void *arg)
{
	settle();
	sys(__NR_write, p[1], "late", 4);
}

TEST(pipe2_read_blocks_until_something_comes)
{
	struct thread t;
	char b[8];

	open_pipe(0);
	thread_start(&t, late_writer, NULL);
	EQ(sys(__NR_read, p[0], b, 8), 4);
	thread_join(&t);
	close_pipe();
}

static void late_close(void *arg)
{
	settle();
	close_fd(p[1]);
}

TEST(pipe2_read_that_waits_ends_when_the_last_writer_closes)
{
	struct thread t;
	char b[8];

	open_pipe(0);
	thread_start(&t, late_close, NULL);
	EQ(sys(__NR_read, p[0], b, 8), 0);
	thread_join(&t);
	close_fd(p[0]);
}

TEST(pipe2_poll_states)
{
	struct timespec none = { 0, 0 };
	struct pollfd f[2];

	open_pipe(0);
	f[0] = (struct pollfd){ p[0], POLLIN, 0 };
	f[1] = (struct pollfd){ p[1], POLLOUT, 0 };
	EQ(sys(__NR_ppoll, f, 2, &none, NULL, 8), 1);
	EQ(f[0].revents, 0);
	EQ(f[1].revents, POLLOUT);
	sys(__NR_write, p[1], "x", 1);
	EQ(sys(__NR_ppoll, f, 2, &none, NULL, 8), 2);
	EQ(f[0].revents, POLLIN);
	close_fd(p[1]);
	f[1].fd = -1;
	EQ(sys(__NR_ppoll, f, 2, &none, NULL, 8), 1);
	EQ(f[0].revents, POLLIN | POLLHUP);
	close_fd(p[0]);
	open_pipe(0);
	close_fd(p[0]);
	f[1] = (struct pollfd){ p[1], POLLOUT, 0 };
	EQ(sys(__NR_ppoll, f + 1, 1, &none, NULL, 8), 1);
	EQ(f[1].revents, POLLOUT | POLLERR);
	close_fd(p[1]);
}

TEST(pipe2_wrong_ends_and_errors)
{
	char c = 0;

	ORACLE(KERNEL);
	open_pipe(0);
	EQ(sys(__NR_write, p[0], &c, 1), -EBADF);
	EQ(sys(__NR_read, p[1], &c, 1), -EBADF);
	EQ(sys(__NR_lseek, p[0], 0, SEEK_SET), -ESPIPE);
	close_pipe();
	EQ(sys(__NR_pipe2, BAD_POINTER, 0), -EFAULT);
	EQ(sys(__NR_pipe2, p, 0x1), -EINVAL);
	EQ(sys(__NR_dup, 0), 3);
	close_fd(3);
}

TEST(pipe2_packets_are_read_one_at_a_time_and_what_is_not_taken_is_gone)
{
	static char big[10000], got[10000];

	EQ(sys(__NR_pipe2, p, O_DIRECT), 0);
	EQ(sys(__NR_fcntl, p[0], F_GETFL), O_RDONLY);
	EQ(sys(__NR_fcntl, p[1], F_GETFL), O_WRONLY | O_DIRECT);
	EQ(sys(__NR_write, p[1], "abc", 3), 3);
	EQ(sys(__NR_write, p[1], "defgh", 5), 5);
	EQ(sys(__NR_write, p[1], "ij", 2), 2);
	EQ(sys(__NR_read, p[0], got, sizeof(got)), 3);
	EQ(sys(__NR_read, p[0], got, 2), 2);
	EQ(memcmp(got, "de", 2), 0);
	EQ(sys(__NR_read, p[0], got, sizeof(got)), 2);
	EQ(memcmp(got, "ij", 2), 0);
	EQ(sys(__NR_write, p[1], big, sizeof(big)), sizeof(big));
	EQ(sys(__NR_read, p[0], got, sizeof(got)), 4096);
	EQ(sys(__NR_read, p[0], got, 1), 1);
	EQ(sys(__NR_read, p[0], got, sizeof(got)), sizeof(big) - 8192);
	close_pipe();
}

TEST(pipe2_packets_can_be_switched_on_and_join_a_page_of_plain_bytes)
{
	char got[16];

	open_pipe(O_NONBLOCK);
	EQ(sys(__NR_write, p[1], "abc", 3), 3);
	EQ(sys(__NR_fcntl, p[1], F_SETFL, O_NONBLOCK | O_DIRECT), 0);
	EQ(sys(__NR_write, p[1], "de", 2), 2);
	EQ(sys(__NR_write, p[1], "fg", 2), 2);
	EQ(sys(__NR_fcntl, p[1], F_SETFL, O_NONBLOCK), 0);
	EQ(sys(__NR_write, p[1], "hi", 2), 2);
	EQ(sys(__NR_read, p[0], got, 3), 3);
	EQ(sys(__NR_read, p[0], got, 16), 6);
	EQ(memcmp(got, "defghi", 6), 0);
	EQ(sys(__NR_read, p[0], got, 16), -EAGAIN);
	EQ(sys(__NR_fcntl, p[1], F_SETFL, O_NONBLOCK | O_DIRECT), 0);
	EQ(sys(__NR_write, p[1], "de", 2), 2);
	EQ(sys(__NR_write, p[1], "fg", 2), 2);
	EQ(sys(__NR_fcntl, p[1], F_SETFL, O_NONBLOCK), 0);
	EQ(sys(__NR_write, p[1], "hi", 2), 2);
	EQ(sys(__NR_write, p[1], "j", 1), 1);
	EQ(sys(__NR_read, p[0], got, 16), 2);
	EQ(sys(__NR_read, p[0], got, 1), 1);
	EQ(sys(__NR_read, p[0], got, 16), 3);
	EQ(memcmp(got, "hij", 3), 0);
	close_pipe();
}

TEST(pipe2_plain_bytes_end_at_the_packet_behind_a_full_page)
{
	static char page[4096], got[10000];

	open_pipe(O_NONBLOCK);
	EQ(sys(__NR_write, p[1], page, 4096), 4096);
	EQ(sys(__NR_fcntl, p[1], F_SETFL, O_NONBLOCK | O_DIRECT), 0);
	EQ(sys(__NR_write, p[1], "abc", 3), 3);
	EQ(sys(__NR_write, p[1], "def", 3), 3);
	EQ(sys(__NR_read, p[0], got, sizeof(got)), 4099);
	EQ(sys(__NR_read, p[0], got, sizeof(got)), 3);
	close_pipe();
}

TEST(pipe2_holds_one_packet_for_each_page_of_its_size)
{
	struct pollfd f;
	struct timespec none = { 0, 0 };
	char got[16];

	open_pipe(O_NONBLOCK | O_DIRECT);
	for (int i = 0; i < 16; i++)
		EQ(sys(__NR_write, p[1], "x", 1), 1);
	EQ(sys(__NR_write, p[1], "x", 1), -EAGAIN);
	f = (struct pollfd){ p[1], POLLOUT, 0 };
	EQ(sys(__NR_ppoll, &f, 1, &none, NULL, 8), 0);
	EQ(sys(__NR_read, p[0], got, 16), 1);
	EQ(sys(__NR_ppoll, &f, 1, &none, NULL, 8), 1);
	EQ(sys(__NR_write, p[1], "x", 1), 1);
	EQ(sys(__NR_fcntl, p[1], F_SETPIPE_SZ, 4096), -EBUSY);
	close_pipe();
}
