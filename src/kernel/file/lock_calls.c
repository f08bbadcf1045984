/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* flock and fcntl's record locks: what the guest asks for, translated to locks.h, and the waiting.
 */
#include "kernel/file/lock_calls.h"

#include <string.h>

#include "kernel/tree/inode.h"
#include "kernel/file/locks.h"
#include "kernel/signal/signal.h"
#include "kernel/thread/thread.h"

/* Takes the lock now, or waits for it (the same call comes back here when something was unlocked).
 */
static int64_t take(struct kernel *k, ref inode, const struct lock *lock, bool wait)
{
	struct lock blocker;

	if (!lock_conflict(k, inode, lock, &blocker))
		return lock_set(k, inode, lock);
	if (!wait)
		return -G_EAGAIN;
	if (signal_pending(k, k->current))
		return -K_ERESTARTSYS;
	return lock_wait(k, inode);
}

int64_t sys_flock(struct kernel *k, const uint64_t a[6])
{
	uint32_t operation = (uint32_t)a[1];
	struct lock lock = {.kind = LOCK_WHOLE, .end = UINT64_MAX - 1, .pid = k->process->pid};
	struct file *f = call_file(k, (int32_t)a[0]);

	switch (operation & ~(uint32_t)G_LOCK_NB) {
	case G_LOCK_SH:
		lock.type = G_F_RDLCK;
		break;
	case G_LOCK_EX:
		lock.type = G_F_WRLCK;
		break;
	case G_LOCK_UN:
		lock.type = G_F_UNLCK;
		break;
	default:
		return -G_EINVAL;
	}
	if (!f)
		return -G_EBADF;
	if (!f->inode)
		return -G_EBADF;
	lock.owner = k->current->wait.pin_file;
	if (lock.type !=
	    G_F_UNLCK) { /* flock(2): a conversion is not atomic, the old lock goes first */
		struct lock old = lock, blocker;

		old.type = G_F_UNLCK;
		if (lock_conflict(k, f->inode, &lock, &blocker))
			lock_set(k, f->inode, &old);
	}
	return take(k, f->inode, &lock, !(operation & G_LOCK_NB));
}

/* l_whence, l_start, l_len to an inclusive range. */
static int range_of(struct kernel *k, const struct file *f, const struct g_flock *in,
		    struct lock *out)
{
	int64_t start, from = 0;

	switch (in->whence) {
	case G_SEEK_SET:
		break;
	case G_SEEK_CUR:
		from = (int64_t)f->offset;
		break;
	case G_SEEK_END:
		from = f->inode ? (int64_t)inode_at(k, f->inode)->size : 0;
		break;
	default:
		return -G_EINVAL;
	}
	if (__builtin_add_overflow(from, in->start, &start))
		return -G_EOVERFLOW;
	if (start < 0)
		return -G_EINVAL;
	out->start = (uint64_t)start;
	out->end = INT64_MAX;
	if (in->len > 0) {
		int64_t end;

		if (__builtin_add_overflow(start, in->len - 1, &end))
			return -G_EOVERFLOW;
		out->end = (uint64_t)end;
	} else if (in->len < 0) {
		if (start + in->len < 0)
			return -G_EINVAL;
		out->end = (uint64_t)start - 1;
		out->start = (uint64_t)(start + in->len);
	}
	return 0;
}

static int64_t ask(struct kernel *k, struct file *f, struct g_flock *fl, const struct lock *lock,
		   uint64_t addr)
{
	struct lock blocker;
	bool found;

	if (fl->type == G_F_UNLCK) { /* since 6.5: what does this description hold itself? */
		if (lock->pid != 0)
			return -G_EINVAL;
		found = lock_own(k, f->inode, lock, &blocker);
	} else {
		found = lock_conflict(k, f->inode, lock, &blocker);
	}
	if (!found) {
		fl->type = G_F_UNLCK;
	} else {
		fl->type = (int16_t)blocker.type;
		fl->whence = G_SEEK_SET;
		fl->start = (int64_t)blocker.start;
		fl->len = blocker.end >= INT64_MAX ? 0 : (int64_t)(blocker.end - blocker.start + 1);
		fl->pid = blocker.pid ? (int32_t)blocker.pid : -1;
	}
	return user_store(k, addr, fl, sizeof *fl);
}

static ref owner_file(struct kernel *k, const struct file *f)
{
	const struct fd_table *table = AT(k, fd_table, k->process->files);
	const struct fd_slot *slots = AT(k, fd_slot, table->slots);

	if (k->current->wait.pin_file && AT(k, file, k->current->wait.pin_file) == f)
		return k->current->wait.pin_file;
	for (uint32_t i = 0; i < table->capacity; i++)
		if (slots[i].file && AT(k, file, slots[i].file) == f)
			return slots[i].file;
	return 0;
}

int64_t record_lock_call(struct kernel *k, struct file *f, uint32_t command, uint64_t addr)
{
	bool description =
		command == G_F_OFD_GETLK || command == G_F_OFD_SETLK || command == G_F_OFD_SETLKW;
	struct lock lock = {.kind = LOCK_RECORD};
	struct g_flock fl;
	int err;

	if (user_load(k, addr, &fl, sizeof fl) != 0)
		return -G_EFAULT;
	if (fl.type < G_F_RDLCK || fl.type > G_F_UNLCK)
		return -G_EINVAL;
	err = range_of(k, f, &fl, &lock);
	if (err != 0)
		return err;
	if (description && fl.pid != 0)
		return -G_EINVAL;
	if (!f->inode)
		return -G_EBADF;
	lock.type = (uint32_t)fl.type;
	lock.owner = description ? owner_file(k, f) : process_ref(k, k->process);
	lock.pid = description ? 0 : k->process->pid;
	if (command == G_F_GETLK || command == G_F_OFD_GETLK)
		return ask(k, f, &fl, &lock, addr);
	if ((fl.type == G_F_RDLCK && !file_readable(f)) ||
	    (fl.type == G_F_WRLCK && !file_writable(f)))
		return -G_EBADF;
	return take(k, f->inode, &lock, command == G_F_SETLKW || command == G_F_OFD_SETLKW);
}
