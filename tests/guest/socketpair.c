/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: socketpair sendto recvfrom sendmsg recvmsg shutdown getsockopt setsockopt getsockname getpeername */
#include "guest_thread.h"
#include <sys/socket.h>
#include <sys/un.h>

static int s[2];

static void close_pair(void)
{
	close_fd(s[0]);
	close_fd(s[1]);
}

TEST(socketpair_stream_goes_both_ways)
{
	char b[8];

	EQ(sys(__NR_socketpair, AF_UNIX, SOCK_STREAM, 0, s), 0);
	EQ(sys(__NR_write, s[0], "ab", 2), 2);
	EQ(sys(__NR_write, s[0], "c", 1), 1);
	EQ(sys(__NR_write, s[1], "X", 1), 1);
	EQ(sys(__NR_read, s[1], b, 8), 3);
	EQ(memcmp(b, "abc", 3), 0);
	EQ(sys(__NR_read, s[0], b, 8), 1);
	EQ(b[0], 'X');
	close_pair();
}

TEST(socketpair_datagrams_keep_their_borders_and_lose_what_does_not_fit)
{
	char b[8];

	EQ(sys(__NR_socketpair, AF_UNIX, SOCK_DGRAM, 0, s), 0);
	EQ(sys(__NR_write, s[0], "abc", 3), 3);
	EQ(sys(__NR_write, s[0], "de", 2), 2);
	EQ(sys(__NR_read, s[1], b, 2), 2);
	EQ(sys(__NR_read, s[1], b, 8), 2);
	EQ(memcmp(b, "de", 2), 0);
	close_pair();
}

TEST(socketpair_end_of_file_and_epipe)
{
	char c;

	set_handler(SIGPIPE, SIG_IGN, 0, 0);
	EQ(sys(__NR_socketpair, AF_UNIX, SOCK_STREAM, 0, s), 0);
	EQ(sys(__NR_write, s[0], "x", 1), 1);
	close_fd(s[0]);
	EQ(sys(__NR_read, s[1], &c, 1), 1);
	EQ(sys(__NR_read, s[1], &c, 1), 0);
	EQ(sys(__NR_write, s[1], "x", 1), -EPIPE);
	close_fd(s[1]);
}

TEST(socketpair_nonblocking_and_dontwait)
{
	char c;

	EQ(sys(__NR_socketpair, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, s), 0);
	EQ(sys(__NR_fcntl, s[0], F_GETFD), FD_CLOEXEC);
	EQ(sys(__NR_read, s[0], &c, 1), -EAGAIN);
	close_pair();
	EQ(sys(__NR_socketpair, AF_UNIX, SOCK_STREAM, 0, s), 0);
	EQ(sys(__NR_recvfrom, s[0], &c, 1, MSG_DONTWAIT, NULL, NULL), -EAGAIN);
	EQ(sys(__NR_sendto, s[1], "q", 1, 0, NULL, 0), 1);
	EQ(sys(__NR_recvfrom, s[0], &c, 1, MSG_PEEK, NULL, NULL), 1);
	EQ(sys(__NR_recvfrom, s[0], &c, 1, 0, NULL, NULL), 1);
	EQ(c, 'q');
	close_pair();
}

TEST(socketpair_messages_gather_and_scatter)
{
	char a[2], b[4];
	struct iovec out[] = { { "abc", 3 }, { "de", 2 } }, in[] = { { a, 2 }, { b, 4 } };
	struct msghdr tx = { .msg_iov = out, .msg_iovlen = 2 }, rx = { .msg_iov = in, .msg_iovlen = 2 };

	EQ(sys(__NR_socketpair, AF_UNIX, SOCK_SEQPACKET, 0, s), 0);
	EQ(sys(__NR_sendmsg, s[0], &tx, 0), 5);
	EQ(sys(__NR_recvmsg, s[1], &rx, 0), 5);
	EQ(memcmp(a, "ab", 2), 0);
	EQ(memcmp(b, "cde", 3), 0);
	close_pair();
}

TEST(socketpair_shutdown_ends_one_direction)
{
	char c;

	EQ(sys(__NR_socketpair, AF_UNIX, SOCK_STREAM, 0, s), 0);
	EQ(sys(__NR_shutdown, s[0], SHUT_WR), 0);
	EQ(sys(__NR_read, s[1], &c, 1), 0);
	EQ(sys(__NR_write, s[0], "x", 1), -EPIPE);
	EQ(sys(__NR_write, s[1], "y", 1), 1);
	EQ(sys(__NR_read, s[0], &c, 1), 1);
	EQ(sys(__NR_shutdown, s[0], 9), -EINVAL);
	close_pair();
}

TEST(socketpair_options_and_names)
{
	int v = -1;
	struct sockaddr_un name;
	unsigned int len = sizeof(v);

	EQ(sys(__NR_socketpair, AF_UNIX, SOCK_STREAM, 0, s), 0);
	EQ(sys(__NR_getsockopt, s[0], SOL_SOCKET, SO_TYPE, &v, &len), 0);
	EQ(v, SOCK_STREAM);
	EQ(len, 4);
	EQ(sys(__NR_getsockopt, s[0], SOL_SOCKET, SO_ERROR, &v, &len), 0);
	EQ(v, 0);
	len = sizeof(name);
	EQ(sys(__NR_getsockname, s[0], &name, &len), 0);
	EQ(name.sun_family, AF_UNIX);
	EQ(len, 2);
	len = sizeof(name);
	EQ(sys(__NR_getpeername, s[0], &name, &len), 0);
	EQ(name.sun_family, AF_UNIX);
	EQ(sys(__NR_getsockopt, 0, SOL_SOCKET, SO_TYPE, &v, &len), -ENOTSOCK);
	EQ(sys(__NR_getsockname, 0, &name, &len), -ENOTSOCK);
	EQ(sys(__NR_getpeername, 99, &name, &len), -EBADF);
	close_pair();
}

TEST(socketpair_setsockopt_of_buffer_sizes)
{
	int v = 4096, got = 0;
	unsigned int len = sizeof(got);

	EQ(sys(__NR_socketpair, AF_UNIX, SOCK_STREAM, 0, s), 0);
	EQ(sys(__NR_setsockopt, s[0], SOL_SOCKET, SO_SNDBUF, &v, sizeof(v)), 0);
	EQ(sys(__NR_getsockopt, s[0], SOL_SOCKET, SO_SNDBUF, &got, &len), 0);
	CHECK(got >= 4096);
	EQ(sys(__NR_setsockopt, s[0], SOL_SOCKET, SO_SNDBUF, &v, 2), -EINVAL);
	EQ(sys(__NR_setsockopt, s[0], SOL_SOCKET, SO_SNDBUF, BAD_POINTER, 4), -EFAULT);
	EQ(sys(__NR_setsockopt, s[0], SOL_SOCKET, 9999, &v, sizeof(v)), -ENOPROTOOPT);
	EQ(sys(__NR_setsockopt, 0, SOL_SOCKET, SO_SNDBUF, &v, sizeof(v)), -ENOTSOCK);
	EQ(sys(__NR_setsockopt, 99, SOL_SOCKET, SO_SNDBUF, &v, sizeof(v)), -EBADF);
	close_pair();
}

static volatile long received;

static void receive(void *arg)
{
	static char b[1000];
	long n;

	settle();
	while ((n = sys(__NR_recvfrom, s[1], b, sizeof(b), 0, NULL, NULL)) > 0)
		received += n;
}

TEST(socketpair_large_send_blocks_until_all_is_taken)
{
	static char big[500000];
	struct thread t;

	EQ(sys(__NR_socketpair, AF_UNIX, SOCK_STREAM, 0, s), 0);
	received = 0;
	thread_start(&t, receive, NULL);
	EQ(sys(__NR_sendto, s[0], big, sizeof(big), 0, NULL, 0), sizeof(big));
	close_fd(s[0]);
	thread_join(&t);
	EQ(received, sizeof(big));
	close_fd(s[1]);
}

TEST(socketpair_poll_states)
{
	struct timespec none = { 0, 0 };
	struct pollfd f;

	EQ(sys(__NR_socketpair, AF_UNIX, SOCK_STREAM, 0, s), 0);
	f = (struct pollfd){ s[0], POLLIN | POLLOUT | POLLRDHUP, 0 };
	EQ(sys(__NR_ppoll, &f, 1, &none, NULL, 8), 1);
	EQ(f.revents, POLLOUT);
	sys(__NR_write, s[1], "x", 1);
	EQ(sys(__NR_ppoll, &f, 1, &none, NULL, 8), 1);
	EQ(f.revents, POLLIN | POLLOUT);
	close_fd(s[1]);
	EQ(sys(__NR_ppoll, &f, 1, &none, NULL, 8), 1);
	EQ(f.revents, POLLIN | POLLOUT | POLLHUP | POLLRDHUP);
	close_fd(s[0]);
}

TEST(socketpair_errors)
{
	ORACLE(KERNEL);
	EQ(sys(__NR_socketpair, AF_UNIX, 99, 0, s), -EINVAL);
	EQ(sys(__NR_socketpair, 999, SOCK_STREAM, 0, s), -EAFNOSUPPORT);
	EQ(sys(__NR_socketpair, AF_UNIX, SOCK_STREAM, 0, BAD_POINTER), -EFAULT);
	EQ(sys(__NR_sendto, 1, "x", 1, 0, NULL, 0), -ENOTSOCK);
	EQ(sys(__NR_sendto, 99, "x", 1, 0, NULL, 0), -EBADF);
}
