/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What the file room needs from streams and polling: the operations of each kind of file that is not in the tree, and how readiness changes
 * are told. Refuses to know paths.
 */
#ifndef TOLLGATE_KERNEL_STREAM_H
#define TOLLGATE_KERNEL_STREAM_H

#include "kernel/file/file.h"

extern const struct file_operations stdin_operations, output_operations, pipe_read_operations, pipe_write_operations, socket_operations,
	eventfd_operations, timerfd_operations, epoll_operations;

/* Readiness of a file as poll sees it (G_POLL* bits). */
uint32_t file_poll(struct kernel *k, struct file *f);
ref file_queue(struct kernel *k, struct file *f); /* where its readiness is told; 0: it never changes */
/* An epoll item's queue was woken: called by wake_all for nodes of kind WAIT_NODE_EPOLL. */
void epoll_item_woken(struct kernel *k, ref item, uint32_t events);
/* The description goes away: drops the items that watch it. */
void epoll_file_gone(struct kernel *k, struct file *f);

/* lseek on what has no positions but does not mind being asked: eventfd, timerfd, epoll. */
int64_t stream_seek(struct kernel *k, struct file *f, int64_t offset, uint32_t whence);
/* A new description of this kind with a queue of its own and `data` (freed on failure; 0: -G_ENOMEM): its descriptor, or -errno. */
int64_t stream_install(struct kernel *k, uint32_t kind, uint32_t flags, ref data, bool cloexec);

#endif
