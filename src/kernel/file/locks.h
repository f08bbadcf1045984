/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Advisory locks of an inode: flock(2), and record locks owned by a process (POSIX) or by a
 * description (OFD). Refuses to know descriptors.
 */
#ifndef TOLLGATE_KERNEL_LOCKS_H
#define TOLLGATE_KERNEL_LOCKS_H

#include "kernel/wait.h"

enum lock_kind { LOCK_RECORD, LOCK_WHOLE /* flock */ };

struct lock {
	uint64_t start, end; /* inclusive */
	ref owner;           /* struct process or struct file */
	uint32_t kind;       /* enum lock_kind */
	uint32_t type;       /* G_F_RDLCK, G_F_WRLCK */
	uint32_t pid;        /* of who took it; 0: an OFD lock */
	uint32_t reserved;
};

/* What inode->locks refers to. */
struct lock_table {
	ref queue; /* struct wait_queue: something was unlocked */
	ref locks; /* block: struct lock[] in order of owner's taking, record locks of one owner
		      never overlap */
	uint32_t count, capacity;
};

/* The first lock that keeps `wanted` from being granted, copied to *blocker. */
bool lock_conflict(struct kernel *k, ref inode, const struct lock *wanted, struct lock *blocker);
/* The first lock that the owner itself holds in the range, copied to *found. */
bool lock_own(struct kernel *k, ref inode, const struct lock *range, struct lock *found);
/* Takes, changes (type) or, with G_F_UNLCK, gives up a range. There must be no conflict. 0 or
 * -G_ENOLCK. */
int lock_set(struct kernel *k, ref inode, const struct lock *lock);
/* Waits until something of the inode is unlocked: CALL_WAIT, or -errno. */
int64_t lock_wait(struct kernel *k, ref inode);
void locks_file_gone(struct kernel *k, ref inode, ref file);
void locks_process_gone(struct kernel *k, ref inode, struct process *p);

#endif
