/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Open directories: getdents64 over a list of names that is taken when reading starts, so that
 * positions stay valid whatever is made or removed meanwhile; names that are gone by then are left
 * out. Refuses to know paths.
 */
#include <string.h>

#include "kernel/file/file_kinds.h"
#include "kernel/tree/inode.h"
#include "kernel/synthetic/synthetic.h"

/* In f->data: one behind the other. */
struct listed {
	uint64_t number;
	uint32_t type;   /* G_DT_* */
	uint32_t length; /* of the name that follows */
};

static uint32_t type_of(const struct inode *inode)
{
	return (inode->mode & G_S_IFMT) >> 12; /* the numbers of G_DT_* are made that way */
}

static void list(struct text *t, const struct inode *inode, const char *name, uint64_t len)
{
	struct listed item = {
		.number = inode->number, .type = type_of(inode), .length = (uint32_t)len};

	text_bytes(t, &item, sizeof item);
	text_bytes(t, name, len);
}

/* Names that a process makes: threads, descriptors. They come after the directory's own entries. */
static int list_processes(struct kernel *k, ref dir, struct text *t)
{
	char name[LIMIT_NAME + 1];

	for (uint64_t cursor = 0;;) {
		int err = proc_name(k, inode_at(k, dir), &cursor, name);
		ref child;

		if (err != 0)
			return err == -G_ENOENT ? 0 : err;
		err = directory_lookup(k, dir, name, text_length(name), &child);
		if (err != 0)
			continue;
		list(t, inode_at(k, child), name, text_length(name));
		inode_drop(k, child);
	}
}

static int snapshot(struct kernel *k, struct file *f)
{
	struct inode *dir = inode_at(k, f->inode);
	const struct inode *parent = inode_at(k, dir->parent);
	int err = directory_fill(k, f->inode);
	uint64_t length;
	struct text t;

	if (err != 0)
		return err;
	text_begin(&t, k);
	list(&t, dir, ".", 1);
	list(&t, parent ? parent : dir, "..", 2);
	for (uint32_t i = 0; i < dir->entry_count; i++) {
		const struct entry *e = directory_entry(k, dir, i);

		if (e->inode)
			list(&t, inode_at(k, e->inode), arena_at(&k->arena, e->name),
			     arena_size(&k->arena, e->name));
	}
	if (dir->generator)
		err = list_processes(k, f->inode, &t);
	arena_free(&k->arena, f->data);
	f->data = text_end(&t, &length);
	if (err == 0 && t.failed)
		err = -G_ENOMEM;
	if (err == 0 && t.capacity != length) { /* the block's size says where the list ends */
		ref exact = arena_resize(&k->arena, f->data, length);

		if (!exact)
			return -G_ENOMEM;
		f->data = exact;
	}
	return err;
}

static bool still_there(struct kernel *k, const struct inode *dir, const char *name, uint64_t len)
{
	bool found;
	uint32_t index;

	if (dir->generator || (len <= 2 && name[0] == '.' && (len == 1 || name[1] == '.')))
		return true;
	index = directory_index(k, dir, name, len, &found);
	return found && directory_entry(k, dir, index)->inode;
}

int64_t directory_read(struct kernel *k, struct file *f, uint64_t addr, uint64_t bytes)
{
	const struct inode *dir = inode_at(k, f->inode);
	uint64_t size, at, done = 0;
	const uint8_t *names;

	if (dir->links == 0 && !(dir->flags & INODE_PROCESS))
		return -G_ENOENT;
	if (f->offset == 0 || !f->data) {
		f->minor = 0;
		int err = snapshot(k, f);

		if (err != 0)
			return err;
	}
	names = arena_at(&k->arena, f->data);
	size = arena_size(&k->arena, f->data);
	/* Positions count bytes of the list; one that no listing has given lands on the next item.
	 */
	/* Where the last read ended is an item's start: a long list is not walked again for each of its parts. */
	for (at = f->offset == f->minor && f->offset <= size ? f->offset : 0; at < size;) {
		struct {
			struct g_dirent64 head;
			char rest[LIMIT_NAME + 8];
		} out;
		struct listed item;
		uint64_t next, reclen;
		const char *name;

		memcpy(&item, names + at, sizeof item);
		name = (const char *)names + at + sizeof item;
		next = at + sizeof item + item.length;
		if (at < f->offset || !still_there(k, dir, name, item.length)) {
			at = next;
			continue;
		}
		reclen = (offsetof(struct g_dirent64, name) + item.length + 1 + 7) & ~UINT64_C(7);
		if (done + reclen > bytes)
			return done > 0 ? (int64_t)done : -G_EINVAL;
		memset(&out, 0, sizeof out);
		out.head.ino = item.number;
		out.head.off = (int64_t)next;
		out.head.reclen = (uint16_t)reclen;
		out.head.type = (uint8_t)item.type;
		memcpy((char *)&out + offsetof(struct g_dirent64, name), name, item.length);
		if (user_store(k, addr + done, &out, reclen) != 0)
			return done > 0 ? (int64_t)done : -G_EFAULT;
		done += reclen;
		f->offset = at = next;
		f->minor = next <= UINT32_MAX ? (uint32_t)next : 0;
	}
	return (int64_t)done;
}

int64_t sys_getdents64(struct kernel *k, const uint64_t a[6])
{
	struct file *f = fd_file(k, (int32_t)a[0]);

	if (!f)
		return -G_EBADF;
	if (f->kind != FILE_DIRECTORY)
		return -G_ENOTDIR;
	return directory_read(k, f, a[1], (uint32_t)a[2]);
}

static int64_t directory_no_read(struct kernel *k, struct file *f, struct io *io,
				 uint64_t *position)
{
	return -G_EISDIR;
}

static int64_t directory_seek(struct kernel *k, struct file *f, int64_t offset, uint32_t whence)
{
	int64_t to = offset;

	if (whence == G_SEEK_CUR && __builtin_add_overflow(offset, (int64_t)f->offset, &to))
		return -G_EOVERFLOW;
	if (whence > G_SEEK_CUR || to < 0)
		return -G_EINVAL;
	f->offset = (uint64_t)to;
	return to;
}

static void directory_release(struct kernel *k, struct file *f)
{
	arena_free(&k->arena, f->data);
}

const struct file_operations directory_operations = {
	.read = directory_no_read,
	.seek = directory_seek,
	.release = directory_release,
	.positional = true,
};
