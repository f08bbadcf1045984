/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Constants and layouts of readiness: poll, epoll, eventfd. Refuses to know: what is ready.
 */
#ifndef TOLLGATE_ABI_POLLING_H
#define TOLLGATE_ABI_POLLING_H

#include "abi/base.h"

enum {
	G_POLLIN = 0x1,
	G_POLLPRI = 0x2,
	G_POLLOUT = 0x4,
	G_POLLERR = 0x8,
	G_POLLHUP = 0x10,
	G_POLLNVAL = 0x20,
	G_POLLRDNORM = 0x40,
	G_POLLRDBAND = 0x80,
	G_POLLWRNORM = 0x100,
	G_POLLWRBAND = 0x200,
	G_POLLMSG = 0x400,
	G_POLLREMOVE = 0x1000,
	G_POLLRDHUP = 0x2000,
};

struct g_pollfd {
	int32_t fd;
	int16_t events;
	int16_t revents;
};
G_SIZE(pollfd, 8);
G_AT(pollfd, fd, 0);
G_AT(pollfd, events, 4);
G_AT(pollfd, revents, 6);

/* The same, for showing what a call wrote. */
#define g_pollfd_ready g_pollfd

/* pselect6: sets are arrays of 64-bit words */
enum { G_FD_SETSIZE = 1024 };

/* its last argument points at this */
struct g_sigset_argpack {
	uint64_t set;
	uint64_t size;
};
G_SIZE(sigset_argpack, 16);
G_AT(sigset_argpack, size, 8);

enum {
	G_EPOLL_CTL_ADD = 0x1,
	G_EPOLL_CTL_DEL = 0x2,
	G_EPOLL_CTL_MOD = 0x3,
	G_EPOLL_CLOEXEC = 0x80000,
};
enum {
	G_EPOLLIN = 0x1,
	G_EPOLLPRI = 0x2,
	G_EPOLLOUT = 0x4,
	G_EPOLLERR = 0x8,
	G_EPOLLHUP = 0x10,
	G_EPOLLNVAL = 0x20,
	G_EPOLLRDNORM = 0x40,
	G_EPOLLRDBAND = 0x80,
	G_EPOLLWRNORM = 0x100,
	G_EPOLLWRBAND = 0x200,
	G_EPOLLMSG = 0x400,
	G_EPOLLRDHUP = 0x2000,
	G_EPOLLEXCLUSIVE = 0x10000000,
	G_EPOLLWAKEUP = 0x20000000,
	G_EPOLLONESHOT = 0x40000000,
};
#define G_EPOLLET 0x80000000u

/* Not packed on riscv64: x86-64 alone packs it. */
struct g_epoll_event {
	uint32_t events;
	uint32_t pad;
	uint64_t data;
};
G_SIZE(epoll_event, 16);
G_AT(epoll_event, events, 0);
G_AT(epoll_event, data, 8);

enum {
	G_EFD_SEMAPHORE = 01,
	G_EFD_CLOEXEC = 02000000,
	G_EFD_NONBLOCK = 04000,
	G_SFD_CLOEXEC = 02000000,
	G_SFD_NONBLOCK = 04000,
	G_IN_CLOEXEC = 02000000,
	G_IN_NONBLOCK = 04000,
};

#endif
