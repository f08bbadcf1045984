/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: advanced */
/* What ppoll does without waiting; ppoll_blocking.c has the rest. */
#include "guest.h"

static struct timespec none; /* writable: qemu-user insists on writing it back */

TEST(ppoll_of_the_standard_descriptors_as_rust_does_at_start)
{
	struct pollfd p[3] = { { 0, 0, -1 }, { 1, 0, -1 }, { 2, 0, -1 } };

	EQ(sys(__NR_ppoll, p, 3, &none, NULL, 8), 1);
	EQ(p[0].revents, POLLHUP);
	EQ(p[1].revents, 0);
	EQ(p[2].revents, 0);
}

TEST(ppoll_tells_what_is_ready_of_what_was_asked)
{
	struct pollfd p[2] = { { 1, POLLOUT | POLLIN, 0 }, { 1, POLLIN, 0 } };

	EQ(sys(__NR_ppoll, p, 2, &none, NULL, 8), 1);
	EQ(p[0].revents, POLLOUT);
	EQ(p[1].revents, 0);
}

TEST(ppoll_of_a_closed_descriptor_is_nval_and_of_a_negative_one_nothing)
{
	struct pollfd p[2] = { { 99, POLLIN, 0 }, { -1, POLLIN, 0x55 } };

	EQ(sys(__NR_ppoll, p, 2, &none, NULL, 8), 1);
	EQ(p[0].revents, POLLNVAL);
	EQ(p[1].revents, 0);
}

TEST(ppoll_regular_files_are_always_ready)
{
	struct pollfd p = { make_file("/tmp/p", "x"), POLLIN | POLLOUT, 0 };

	EQ(sys(__NR_ppoll, &p, 1, &none, NULL, 8), 1);
	EQ(p.revents, POLLIN | POLLOUT);
	close_fd(p.fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/p", 0);
}

TEST(ppoll_does_not_need_to_write_its_timeout_back)
{
	static const struct timespec constant = { 0, 0 };
	struct pollfd p = { 1, POLLOUT, 0 };

	ORACLE(KERNEL);
	EQ(sys(__NR_ppoll, &p, 1, &constant, NULL, 8), 1);
}

TEST(ppoll_errors)
{
	struct pollfd p = { 1, POLLOUT, 0 };
	struct timespec bad = { 0, 1000000000 }, negative = { -1, 0 };

	EQ(sys(__NR_ppoll, BAD_POINTER, 1, &none, NULL, 8), -EFAULT);
	EQ(sys(__NR_ppoll, &p, 1, &bad, NULL, 8), -EINVAL);
	EQ(sys(__NR_ppoll, &p, 1, &negative, NULL, 8), -EINVAL);
	EQ(sys(__NR_ppoll, &p, 1, BAD_POINTER, NULL, 8), -EFAULT);
	EQ(sys(__NR_ppoll, &p, 1, &none, &bad, 4), -EINVAL);
	EQ(sys(__NR_ppoll, &p, 1 << 30, &none, NULL, 8), -EINVAL);
	EQ(sys(__NR_ppoll, NULL, 0, &none, NULL, 8), 0);
}
