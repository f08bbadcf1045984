/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* fcntl and ioctl: what can be asked of any descriptor. Locks are lock_calls.c's, seals memfd.c's. */
#include <string.h>

#include "kernel/file/file.h"
#include "kernel/tree/inode.h"
#include "kernel/file/io.h"
#include "kernel/file/lock_calls.h"
#include "kernel/file/memfd.h"

#define SETFL_KNOWN (G_O_APPEND | G_O_NONBLOCK | G_O_DIRECT | G_O_NOATIME)

static int64_t duplicate(struct kernel *k, int32_t fd, uint64_t at_least, uint32_t flags)
{
	ref file = fd_ref(k, fd);

	if (at_least >= fd_limit(k))
		return -G_EINVAL;
	file_hold(k, file);
	return fd_install(k, file, flags, (int32_t)at_least);
}

static int64_t set_status(struct file *f, uint32_t flags)
{
	if (flags & G_O_DIRECT & ~f->flags && f->kind != FILE_REGULAR &&
	    f->kind != FILE_PIPE_READ && f->kind != FILE_PIPE_WRITE)
		return -G_EINVAL;
	f->flags = (f->flags & ~(uint32_t)SETFL_KNOWN) | (flags & SETFL_KNOWN);
	return 0;
}

static int64_t pipe_size(struct kernel *k, struct file *f, uint64_t bytes)
{
	if (file_kinds[f->kind]->pipe_size)
		return file_kinds[f->kind]->pipe_size(k, f, bytes);
	if (f->kind != FILE_STDIN && f->kind != FILE_OUTPUT)
		return -G_EBADF;
	return bytes <= LIMIT_PIPE_BYTES ? LIMIT_PIPE_BYTES : -G_EPERM;
}

static int64_t owner_ex(struct kernel *k, struct file *f, uint64_t addr, bool set)
{
	struct g_f_owner_ex owner = {.type = G_F_OWNER_PID, .pid = (int32_t)f->owner_pid};

	if (set) {
		if (user_load(k, addr, &owner, sizeof owner) != 0)
			return -G_EFAULT;
		if (owner.type < G_F_OWNER_TID || owner.type > G_F_OWNER_PGRP)
			return -G_EINVAL;
		f->owner_pid = (uint32_t)(owner.type == G_F_OWNER_PGRP ? -owner.pid : owner.pid);
		return 0;
	}
	if (owner.pid < 0)
		owner = (struct g_f_owner_ex){.type = G_F_OWNER_PGRP, .pid = -owner.pid};
	return user_store(k, addr, &owner, sizeof owner);
}

/* Write-life hints: kept by nobody, since there is no medium that would care; "not set" is what is
 * read back. */
static int64_t hint(struct kernel *k, uint64_t addr, bool set)
{
	uint64_t value = 0;

	if (set)
		return user_load(k, addr, &value, sizeof value) != 0 ? -G_EFAULT
		       : value > 5                                   ? -G_EINVAL
								     : 0;
	return user_store(k, addr, &value, sizeof value);
}

/* What an O_PATH descriptor can do, too. -G_EINVAL: not one of these. */
static int64_t slot_call(struct kernel *k, int32_t fd, struct fd_slot *slot, uint32_t command,
			 uint64_t arg)
{
	switch (command) {
	case G_F_DUPFD:
		return duplicate(k, fd, (uint32_t)arg, 0);
	case G_F_DUPFD_CLOEXEC:
		return duplicate(k, fd, (uint32_t)arg, G_FD_CLOEXEC);
	case G_F_DUPFD_QUERY:
		return fd_ref(k, (int32_t)arg) == 0 ? -G_EBADF
						    : fd_ref(k, (int32_t)arg) == slot->file;
	case G_F_GETFD:
		return slot->flags & G_FD_CLOEXEC;
	case G_F_SETFD:
		slot->flags = (uint32_t)arg & G_FD_CLOEXEC;
		return 0;
	case G_F_GETFL:
		return AT(k, file, slot->file)->flags;
	default:
		return -G_EINVAL;
	}
}

static int64_t file_call(struct kernel *k, struct file *f, uint32_t command, uint64_t arg)
{
	switch (command) {
	case G_F_SETFL:
		return set_status(f, (uint32_t)arg);
	case G_F_SETOWN:
		if ((int32_t)arg == INT32_MIN)
			return -G_EINVAL;
		f->owner_pid = (uint32_t)arg;
		return 0;
	case G_F_GETOWN:
		return (int32_t)f->owner_pid;
	case G_F_SETOWN_EX:
	case G_F_GETOWN_EX:
		return owner_ex(k, f, arg, command == G_F_SETOWN_EX);
	case G_F_SETSIG:
		if (arg > G_NSIG)
			return -G_EINVAL;
		f->owner_signal = (uint32_t)arg;
		return 0;
	case G_F_GETSIG:
		return f->owner_signal;
	case G_F_SETPIPE_SZ:
		return (uint32_t)arg > INT32_MAX
			       ? -G_EINVAL
			       : pipe_size(k, f, (uint32_t)arg ? (uint32_t)arg : 1);
	case G_F_GETPIPE_SZ:
		return pipe_size(k, f, 0);
	case G_F_GET_SEALS:
	case G_F_ADD_SEALS:
		return memfd_seals(k, f, command == G_F_ADD_SEALS, (uint32_t)arg);
	case G_F_GET_RW_HINT:
	case G_F_SET_RW_HINT:
	case G_F_GET_FILE_RW_HINT:
	case G_F_SET_FILE_RW_HINT:
		return hint(k, arg, command == G_F_SET_RW_HINT || command == G_F_SET_FILE_RW_HINT);
	case G_F_GETLEASE:
		return f->kind == FILE_REGULAR ? G_F_UNLCK : -G_EINVAL;
	case G_F_GETLK:
	case G_F_SETLK:
	case G_F_SETLKW:
	case G_F_OFD_GETLK:
	case G_F_OFD_SETLK:
	case G_F_OFD_SETLKW:
		return record_lock_call(k, f, command, arg);
	default:
		return -G_EINVAL;
	}
}

int64_t sys_fcntl(struct kernel *k, const uint64_t a[6])
{
	int32_t fd = (int32_t)a[0];
	uint32_t command = (uint32_t)a[1];
	bool waits = command == G_F_SETLKW || command == G_F_OFD_SETLKW;
	struct fd_slot *slot = fd_slot(k, fd);
	struct file *f;
	int64_t result;

	if (waits)
		f = call_file(k, fd);
	else
		f = fd_file(k, fd);
	if (!waits && slot) {
		result = slot_call(k, fd, slot, command, a[2]);
		if (result != -G_EINVAL || command == G_F_DUPFD || command == G_F_DUPFD_CLOEXEC)
			return result;
	}
	return f ? file_call(k, f, command, a[2]) : -G_EBADF;
}

static int64_t toggle(struct kernel *k, struct file *f, uint64_t addr, uint32_t flag)
{
	int32_t on;

	if (user_load(k, addr, &on, sizeof on) != 0)
		return -G_EFAULT;
	f->flags = on ? f->flags | flag : f->flags & ~flag;
	return 0;
}

static int64_t readable_bytes(struct kernel *k, struct file *f, uint64_t addr)
{
	int64_t n = -G_ENOTTY;
	int32_t stored;

	if (file_kinds[f->kind]->readable_bytes)
		n = file_kinds[f->kind]->readable_bytes(k, f);
	else if (f->kind == FILE_STDIN || f->kind == FILE_OUTPUT)
		n = 0;
	if (n < 0 && n == -G_ENOTTY)
		return n;
	stored = (int32_t)n;
	return user_store(k, addr, &stored, sizeof stored);
}

static int64_t queue_size(struct kernel *k, const struct file *f, uint64_t addr)
{
	int64_t size;

	if (f->kind != FILE_REGULAR && f->kind != FILE_DIRECTORY)
		return -G_ENOTTY;
	size = f->kind == FILE_REGULAR ? (int64_t)inode_at(k, f->inode)->size : G_PAGE_SIZE;
	return user_store(k, addr, &size, sizeof size);
}

int64_t sys_ioctl(struct kernel *k, const uint64_t a[6])
{
	struct file *f = fd_file(k, (int32_t)a[0]);
	struct fd_slot *slot = fd_slot(k, (int32_t)a[0]);
	uint32_t request = (uint32_t)a[1];

	if (!f)
		return -G_EBADF;
	switch (request) {
	case G_FIOCLEX:
		slot->flags |= G_FD_CLOEXEC;
		return 0;
	case G_FIONCLEX:
		slot->flags &= ~(uint32_t)G_FD_CLOEXEC;
		return 0;
	case G_FIONBIO:
		return toggle(k, f, a[2], G_O_NONBLOCK);
	case G_FIONREAD:
		if (file_kinds[f->kind]->ioctl && !file_kinds[f->kind]->readable_bytes)
			break;
		return readable_bytes(k, f, a[2]);
	case G_FIOQSIZE:
		return queue_size(k, f, a[2]);
	default:
		break;
	}
	return file_kinds[f->kind]->ioctl ? file_kinds[f->kind]->ioctl(k, f, request, a[2])
					  : -G_ENOTTY;
}
