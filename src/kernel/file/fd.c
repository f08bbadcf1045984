/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Descriptor tables, and the calls that only move descriptors: close, close_range, dup, dup3.
 * Refuses to know what a file is. */
#include <string.h>

#include "kernel/file/file.h"
#include "kernel/file/locks.h"
#include "kernel/tree/tree.h"

#define FIRST_CAPACITY 16

static struct fd_table *table_of(struct kernel *k)
{
	return AT(k, fd_table, k->process->files);
}

static struct fd_slot *slot_of(struct kernel *k, const struct fd_table *table, uint32_t fd)
{
	if (!table || fd >= table->capacity)
		return NULL;
	return AT(k, fd_slot, table->slots) + fd;
}

struct fd_slot *fd_slot(struct kernel *k, int32_t fd)
{
	struct fd_slot *slot = slot_of(k, table_of(k), (uint32_t)fd);

	return slot && slot->file ? slot : NULL;
}

ref fd_ref(struct kernel *k, int32_t fd)
{
	const struct fd_slot *slot = fd_slot(k, fd);

	return slot ? slot->file : 0;
}

struct file *fd_any(struct kernel *k, int32_t fd)
{
	return AT(k, file, fd_ref(k, fd));
}

struct file *fd_file(struct kernel *k, int32_t fd)
{
	struct file *f = fd_any(k, fd);

	return f && f->kind != FILE_PATH ? f : NULL;
}

struct file *call_file(struct kernel *k, int32_t fd)
{
	const struct wait *wait = &k->current->wait;

	if (!wait->resuming || !wait->pin_file) {
		if (!fd_file(k, fd))
			return NULL;
		wait_pin_file(k, fd_ref(k, fd));
	}
	return AT(k, file, wait->pin_file);
}

uint64_t fd_limit(struct kernel *k)
{
	uint64_t limit = k->process->rlimits[G_RLIMIT_NOFILE].cur;

	return limit < LIMIT_FDS ? limit : LIMIT_FDS;
}

/* Makes room for descriptor fd, which is below the limit. */
static int reserve(struct kernel *k, struct fd_table *table, uint64_t fd)
{
	uint32_t capacity = table->capacity;
	ref slots;

	if (fd < capacity)
		return 0;
	while (capacity <= fd)
		capacity *= 2;
	slots = arena_resize(&k->arena, table->slots, capacity * sizeof(struct fd_slot));
	if (!slots)
		return -G_ENOMEM;
	table->slots = slots;
	table->capacity = capacity;
	return 0;
}

int64_t fd_free(struct kernel *k, int32_t at_least)
{
	const struct fd_table *table = table_of(k);
	const struct fd_slot *slots = AT(k, fd_slot, table->slots);
	uint64_t fd = (uint64_t)at_least;

	if (fd < table->all_used_below)
		fd = table->all_used_below;
	while (fd < table->capacity && slots[fd].file)
		fd++;
	return fd < fd_limit(k) ? (int64_t)fd : -G_EMFILE;
}

int64_t fd_install(struct kernel *k, ref file, uint32_t fd_flags, int32_t at_least)
{
	struct fd_table *table = table_of(k);
	int64_t fd = fd_free(k, at_least);
	struct fd_slot *slot;
	int err = fd < 0 ? (int)fd : reserve(k, table, (uint64_t)fd);

	if (err != 0) {
		file_drop(k, file);
		return err;
	}
	slot = slot_of(k, table, (uint32_t)fd);
	slot->file = file;
	slot->flags = fd_flags;
	if ((uint64_t)at_least <= table->all_used_below)
		table->all_used_below = (uint64_t)fd + 1;
	return fd;
}

static void close_slot(struct kernel *k, struct fd_table *table, uint32_t fd)
{
	struct fd_slot *slot = slot_of(k, table, fd);
	ref file = slot->file;
	const struct file *f = AT(k, file, file);

	memset(slot, 0, sizeof *slot);
	if (fd < table->all_used_below)
		table->all_used_below = fd;
	if (f->inode && f->kind != FILE_PATH) /* fcntl(2): closing any descriptor of a file drops
						 the process's locks on it */
		locks_process_gone(k, f->inode, k->process);
	file_drop(k, file);
}

int64_t fd_close(struct kernel *k, int32_t fd)
{
	if (!fd_slot(k, fd))
		return -G_EBADF;
	close_slot(k, table_of(k), (uint32_t)fd);
	return 0;
}

int fd_table_new(struct kernel *k, ref *out)
{
	ref r = NEW(k, fd_table);
	struct fd_table *table = AT(k, fd_table, r);

	if (!r)
		return -G_ENOMEM;
	table->users = 1;
	table->capacity = FIRST_CAPACITY;
	table->slots = arena_alloc(&k->arena, FIRST_CAPACITY * sizeof(struct fd_slot));
	if (!table->slots) {
		arena_free(&k->arena, r);
		return -G_ENOMEM;
	}
	*out = r;
	return 0;
}

void fd_table_release(struct kernel *k, ref r)
{
	struct fd_table *table = AT(k, fd_table, r);

	if (!table || --table->users > 0)
		return;
	for (uint32_t fd = 0; fd < table->capacity; fd++)
		if (slot_of(k, table, fd)->file)
			close_slot(k, table, fd);
	arena_free(&k->arena, table->slots);
	arena_free(&k->arena, r);
}

void fd_table_exec(struct kernel *k, ref r)
{
	struct fd_table *table = AT(k, fd_table, r);

	for (uint32_t fd = 0; table && fd < table->capacity; fd++)
		if (slot_of(k, table, fd)->flags & G_FD_CLOEXEC)
			close_slot(k, table, fd);
}

int fd_table_standard(struct kernel *k, ref r, bool stdin_given)
{
	struct fd_table *table = AT(k, fd_table, r);

	for (uint32_t fd = 0; fd < 3; fd++) {
		ref file = file_new(k, fd == 0 ? FILE_STDIN : FILE_OUTPUT,
				    fd == 0 ? G_O_RDONLY : G_O_WRONLY);

		if (!file)
			return -G_ENOMEM;
		AT(k, file, file)->minor = fd == 0 ? stdin_given : fd;
		slot_of(k, table, fd)->file = file;
	}
	return 0;
}

int64_t sys_close(struct kernel *k, const uint64_t a[6])
{
	return fd_close(k, (int32_t)a[0]);
}

int64_t sys_close_range(struct kernel *k, const uint64_t a[6])
{
	uint32_t first = (uint32_t)a[0], last = (uint32_t)a[1], flags = (uint32_t)a[2];
	struct fd_table *table = table_of(k);

	if ((flags & ~(uint32_t)(G_CLOSE_RANGE_UNSHARE | G_CLOSE_RANGE_CLOEXEC)) || first > last)
		return -G_EINVAL;
	/* UNSHARE gives the caller a table of its own, which it has if it is alone; threads always
	 * share one here. */
	if ((flags & G_CLOSE_RANGE_UNSHARE) && k->process->thread_count > 1)
		return -G_ENOMEM;
	for (uint64_t fd = first; fd <= last && fd < table->capacity; fd++) {
		struct fd_slot *slot = slot_of(k, table, (uint32_t)fd);

		if (!slot->file)
			continue;
		if (flags & G_CLOSE_RANGE_CLOEXEC)
			slot->flags |= G_FD_CLOEXEC;
		else
			close_slot(k, table, (uint32_t)fd);
	}
	return 0;
}

int64_t sys_dup(struct kernel *k, const uint64_t a[6])
{
	ref file = fd_ref(k, (int32_t)a[0]);

	if (!file)
		return -G_EBADF;
	file_hold(k, file);
	return fd_install(k, file, 0, 0);
}

int64_t sys_dup3(struct kernel *k, const uint64_t a[6])
{
	int32_t from = (int32_t)a[0], to = (int32_t)a[1];
	uint32_t flags = (uint32_t)a[2];
	ref file = fd_ref(k, from);
	struct fd_slot *slot;
	int err;

	if ((flags & ~(uint32_t)G_O_CLOEXEC) || from == to)
		return -G_EINVAL;
	if ((uint32_t)to >= fd_limit(k))
		return -G_EBADF;
	if (!file)
		return -G_EBADF;
	err = reserve(k, table_of(k), (uint32_t)to);
	if (err != 0)
		return err;
	file_hold(k, file);
	slot = slot_of(k, table_of(k), (uint32_t)to);
	if (slot->file)
		close_slot(k, table_of(k), (uint32_t)to);
	slot->file = file;
	slot->flags = flags & G_O_CLOEXEC ? G_FD_CLOEXEC : 0;
	return to;
}
