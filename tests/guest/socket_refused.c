/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: socket connect */
/* What a C library asks of name services when it starts: all of it must fail cleanly, and quickly. */
#include "guest.h"
#include <sys/socket.h>
#include <sys/un.h>

TEST(connect_to_a_name_service_that_is_not_there_fails_cleanly)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "/var/run/nscd/socket" };
	long fd = sys(__NR_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), r;

	CHECK(fd >= 3 || (fd < 0 && fd > -4096));
	if (fd < 0)
		return;
	r = sys(__NR_connect, fd, &name, sizeof(name));
	CHECK(r == -ENOENT || r == -ECONNREFUSED);
	EQ(close_fd(fd), 0);
}

TEST(socket_of_an_unknown_family_fails)
{
	long r = sys(__NR_socket, 999, SOCK_STREAM, 0);

	CHECK(r < 0 && r > -4096);
}
