/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Open file descriptions: birth, opening of inodes, what they say about themselves, end. Refuses to
 * know descriptor numbers and paths. */
#include "kernel/file/file.h"

#include <string.h>

#include "kernel/file/file_kinds.h"
#include "kernel/tree/inode.h"
#include "kernel/file/locks.h"
#include "kernel/stream/pipe.h"
#include "kernel/stream/stream.h"
#include "kernel/synthetic/synthetic.h"

#define ANONYMOUS_DEVICE UINT64_C(0xf) /* st_dev of eventfds and the like */
#define FLAGS_KEPT                                                                            \
	(G_O_ACCMODE | G_O_APPEND | G_O_NONBLOCK | G_O_DSYNC | G_O_SYNC_BIT | G_O_ASYNC |     \
	 G_O_DIRECT | G_O_LARGEFILE | G_O_NOATIME | G_O_PATH | G_O_DIRECTORY | G_O_NOFOLLOW | \
	 G_O_TMPFILE_BIT)

ref file_new(struct kernel *k, uint32_t kind, uint32_t flags)
{
	ref r = NEW(k, file);
	struct file *f = AT(k, file, r);

	if (!r)
		return 0;
	f->users = 1;
	f->kind = kind;
	f->flags = flags;
	return r;
}

void file_hold(struct kernel *k, ref r)
{
	struct file *f = AT(k, file, r);

	if (f)
		f->users++;
}

void file_drop(struct kernel *k, ref r)
{
	struct file *f = AT(k, file, r);

	if (!f || --f->users > 0)
		return;
	f->users = 1; /* while it goes: what is told of its end may look at it */
	if (f->epoll_items)
		epoll_file_gone(k, f);
	if (f->inode)
		locks_file_gone(k, f->inode, r);
	if (file_kinds[f->kind]->release)
		file_kinds[f->kind]->release(k, f);
	if (f->queue)
		wait_queue_free(k, f->queue);
	inode_drop(k, f->inode);
	arena_free(&k->arena, r);
}

static int kind_of_inode(const struct inode *inode, uint32_t *kind, uint32_t *minor)
{
	switch (inode->mode & G_S_IFMT) {
	case G_S_IFREG:
		*kind = inode->generator ? FILE_GENERATED : FILE_REGULAR;
		return 0;
	case G_S_IFDIR:
		*kind = FILE_DIRECTORY;
		return 0;
	case G_S_IFCHR:
		*kind = FILE_DEVICE;
		return device_minor(inode->rdev_major, inode->rdev_minor, minor);
	case G_S_IFLNK:
		return -G_ELOOP;
	default:
		return -G_ENXIO;
	}
}

int file_open_inode(struct kernel *k, ref r, uint32_t flags, ref *out)
{
	struct inode *inode = inode_at(k, r);
	uint32_t kind = FILE_PATH, minor = 0, access = flags & G_O_ACCMODE;
	struct file *f;
	int err = 0;
	ref file;

	if (!(flags & G_O_PATH)) {
		err = kind_of_inode(inode, &kind, &minor);
		if (err == 0 && kind == FILE_REGULAR && access != G_O_RDONLY && inode->executing)
			err = -G_ETXTBSY;
		if (err == 0 && kind == FILE_GENERATED && access != G_O_RDONLY)
			err = synthetic_writable(inode);
		if (err == 0 && kind == FILE_REGULAR &&
		    !(flags & G_O_TRUNC)) /* the snapshot is taken at the first open */
			err = inode_load(k, inode);
	}
	if (err != 0)
		return err;
	file = file_new(k, kind, flags & FLAGS_KEPT);
	if (!file)
		return -G_ENFILE;
	f = AT(k, file, file);
	f->minor = minor;
	f->inode = r;
	inode_hold(k, r);
	*out = file;
	return 0;
}

/*
 * Files that are not in the tree say what the anonymous file systems of Linux do: the standard
 * streams are pipes, the rest shares one inode. Their devices are not the tree's, so that (device,
 * inode) names one file only.
 */
static void anonymous_stat(const struct file *f, struct g_stat *out)
{
	if (f->kind == FILE_STDIN || f->kind == FILE_OUTPUT) {
		stream_stat(out, G_S_IFIFO | 0600, f->kind == FILE_STDIN ? 1 : 1 + f->minor);
		return;
	}
	stream_stat(out, 0600, 1);
	out->dev = ANONYMOUS_DEVICE;
}

int file_stat(struct kernel *k, struct file *f, struct g_stat *out)
{
	const struct file_operations *ops = file_kinds[f->kind];

	if (ops->stat)
		return ops->stat(k, f, out);
	if (f->inode)
		inode_stat(k, inode_at(k, f->inode), out);
	else
		anonymous_stat(f, out);
	return 0;
}

static const char *anonymous_name(const struct file *f)
{
	switch (f->kind) {
	case FILE_EVENTFD:
		return "anon_inode:[eventfd]";
	case FILE_TIMERFD:
		return "anon_inode:[timerfd]";
	case FILE_EPOLL:
		return "anon_inode:[eventpoll]";
	default:
		return NULL;
	}
}

int64_t file_link_name(struct kernel *k, struct file *f, char *buf, uint64_t size)
{
	const struct file_operations *ops = file_kinds[f->kind];
	const char *name = ops->link_name ? ops->link_name(k, f)
			   : f->inode     ? NULL
					  : anonymous_name(f);
	struct g_stat st;
	char digits[TEXT_DECIMAL];
	uint64_t n;

	if (name)
		return (int64_t)text_copy(buf, size, name);
	if (f->inode)
		return tree_path(k, f->inode, buf, size);
	if (size < 40)
		return -G_ENAMETOOLONG;
	file_stat(k, f, &st);
	n = text_copy(buf, size, (st.mode & G_S_IFMT) == G_S_IFSOCK ? "socket:[" : "pipe:[");
	text_decimal(digits, st.ino);
	n += text_copy(buf + n, size - n, digits);
	return (int64_t)(n + text_copy(buf + n, size - n, "]"));
}
