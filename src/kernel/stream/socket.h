/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* One end of a socket pair, and what its calls (socket_calls.c) need of it. */
#ifndef TOLLGATE_KERNEL_SOCKET_H
#define TOLLGATE_KERNEL_SOCKET_H

#include "kernel/file/file.h"

enum { QUEUE_BYTES_MAX = 212992 }; /* the largest that SO_SNDBUF and SO_RCVBUF set (doubled) */
enum { SOCKET_SHUT_READ = 1, SOCKET_SHUT_WRITE = 2 };
/* Words of the wait record that carry a call's G_MSG_* flags to the operations, and its result flags back. Plain read leaves them 0. */
enum { SOCKET_RESULT_WORD = 4, SOCKET_FLAGS_WORD = 5 };

struct socket {
	ref peer;               /* struct socket, 0 once it is closed */
	ref queue;              /* struct wait_queue: both directions */
	struct list messages;   /* received, not read */
	uint64_t number;        /* inode */
	uint32_t type;          /* G_SOCK_* */
	uint32_t bytes, message_count, capacity;
	uint32_t shut;          /* SOCKET_SHUT_* of this end */
	uint32_t error;         /* SO_ERROR */
};

struct socket *socket_of(struct kernel *k, const struct file *f);
void socket_shut(struct kernel *k, struct socket *s, uint32_t how);

#endif
