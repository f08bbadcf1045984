/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Constants and layouts of sockets. Refuses to know: that there is a network.
 */
#ifndef TOLLGATE_ABI_SOCKETS_H
#define TOLLGATE_ABI_SOCKETS_H

#include "abi/base.h"

enum {
	G_AF_UNSPEC = 0,
	G_AF_UNIX = 1,
	G_AF_INET = 2,
	G_AF_INET6 = 10,
	G_AF_NETLINK = 16,
	G_AF_PACKET = 17,
	G_AF_VSOCK = 40,
	G_AF_MAX = 46,
};
enum {
	G_SOCK_STREAM = 1,
	G_SOCK_DGRAM = 2,
	G_SOCK_RAW = 3,
	G_SOCK_RDM = 4,
	G_SOCK_SEQPACKET = 5,
	G_SOCK_TYPE_MASK = 0xf,
	G_SOCK_NONBLOCK = 04000,
	G_SOCK_CLOEXEC = 02000000,
};
enum {
	G_SHUT_RD = 0,
	G_SHUT_WR = 1,
	G_SHUT_RDWR = 2,
	G_SOL_SOCKET = 1,
	G_SCM_RIGHTS = 1,
	G_SCM_CREDENTIALS = 2,
	G_SOL_IP = 0,
	G_SOL_TCP = 6,
	G_SOL_UDP = 17,
	G_SOL_IPV6 = 41,
	G_SOL_NETLINK = 270,
};
enum {
	G_SO_DEBUG = 1,
	G_SO_REUSEADDR = 2,
	G_SO_TYPE = 3,
	G_SO_ERROR = 4,
	G_SO_DONTROUTE = 5,
	G_SO_BROADCAST = 6,
	G_SO_SNDBUF = 7,
	G_SO_RCVBUF = 8,
	G_SO_SNDBUFFORCE = 32,
	G_SO_RCVBUFFORCE = 33,
	G_SO_KEEPALIVE = 9,
	G_SO_OOBINLINE = 10,
	G_SO_PRIORITY = 12,
	G_SO_LINGER = 13,
	G_SO_REUSEPORT = 15,
	G_SO_PASSCRED = 16,
	G_SO_PEERCRED = 17,
	G_SO_RCVLOWAT = 18,
	G_SO_SNDLOWAT = 19,
	G_SO_RCVTIMEO = 20,
	G_SO_SNDTIMEO = 21,
	G_SO_PEERNAME = 28,
	G_SO_TIMESTAMP = 29,
	G_SO_ACCEPTCONN = 30,
	G_SO_PEERSEC = 31,
	G_SO_PROTOCOL = 38,
	G_SO_DOMAIN = 39,
	G_SO_PEERGROUPS = 59,
	G_SO_PEEK_OFF = 42,
	G_SO_PASSSEC = 34,
	G_SO_MARK = 36,
	G_SO_PEERPIDFD = 77,
	G_SO_PASSPIDFD = 76,
};
enum {
	G_MSG_OOB = 0x1,
	G_MSG_PEEK = 0x2,
	G_MSG_DONTROUTE = 0x4,
	G_MSG_CTRUNC = 0x8,
	G_MSG_TRUNC = 0x20,
	G_MSG_DONTWAIT = 0x40,
	G_MSG_EOR = 0x80,
	G_MSG_WAITALL = 0x100,
	G_MSG_CONFIRM = 0x800,
	G_MSG_ERRQUEUE = 0x2000,
	G_MSG_NOSIGNAL = 0x4000,
	G_MSG_MORE = 0x8000,
	G_MSG_WAITFORONE = 0x10000,
	G_MSG_ZEROCOPY = 0x4000000,
	G_MSG_FASTOPEN = 0x20000000,
	G_MSG_CMSG_CLOEXEC = 0x40000000,
};

struct g_sockaddr_un {
	uint16_t family;
	char path[108];
};
G_SIZE(sockaddr_un, 110);
G_AT(sockaddr_un, path, 2);

struct g_sockaddr_in {
	uint16_t family;
	uint16_t port_be;
	uint32_t addr_be;
	uint8_t zero[8];
};
G_SIZE(sockaddr_in, 16);

struct g_sockaddr_in6 {
	uint16_t family;
	uint16_t port_be;
	uint32_t flowinfo_be;
	uint8_t addr[16];
	uint32_t scope_id;
};
G_SIZE(sockaddr_in6, 28);

struct g_msghdr {
	uint64_t name;
	uint32_t namelen;
	uint32_t pad1;
	uint64_t iov;
	uint64_t iovlen;
	uint64_t control;
	uint64_t controllen;
	uint32_t flags;
	uint32_t pad2;
};
G_SIZE(msghdr, 56);
G_AT(msghdr, name, 0);
G_AT(msghdr, namelen, 8);
G_AT(msghdr, iov, 16);
G_AT(msghdr, iovlen, 24);
G_AT(msghdr, control, 32);
G_AT(msghdr, controllen, 40);
G_AT(msghdr, flags, 48);

struct g_mmsghdr {
	struct g_msghdr hdr;
	uint32_t len;
	uint32_t pad;
};
G_SIZE(mmsghdr, 64);

struct g_cmsghdr {
	uint64_t len;
	int32_t level;
	int32_t type;
};
G_SIZE(cmsghdr, 16);

struct g_ucred {
	int32_t pid;
	uint32_t uid;
	uint32_t gid;
};
G_SIZE(ucred, 12);

struct g_linger {
	int32_t onoff;
	int32_t linger;
};
G_SIZE(linger, 8);

#endif
