/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Inodes: birth, contents, what stat says, end. Refuses to know paths and descriptors. */
#include "kernel/tree/inode.h"

#include <string.h>

#include "kernel/memory/memory.h"
#include "kernel/synthetic/synthetic.h"

ref inode_new(struct kernel *k, uint32_t mode)
{
	struct tree *tree = tree_of(k);
	struct inode *inode;
	ref r;

	if (tree->inode_count >= LIMIT_INODES)
		return 0;
	r = NEW(k, inode);
	if (!r)
		return 0;
	inode = inode_at(k, r);
	inode->number = ++tree->next_number;
	inode->mode = mode;
	inode->users = 1;
	inode->links = inode_is(inode, G_S_IFDIR) ? 2 : 0;
	inode->btime_ns = clock_realtime(k);
	inode->atime_ns = inode->mtime_ns = inode->ctime_ns = inode->btime_ns;
	tree->inode_count++;
	return r;
}

int inode_set_name(struct kernel *k, struct inode *inode, ref parent, const char *name,
		   uint64_t len)
{
	ref block = arena_alloc(&k->arena, len);
	ref old_parent = inode->parent;

	if (!block)
		return -G_ENOMEM;
	memcpy(arena_at(&k->arena, block), name, len);
	if (parent)
		inode_hold(k, parent);
	arena_free(&k->arena, inode->name);
	inode->name = block;
	inode->parent = parent;
	inode->flags &= ~(uint32_t)INODE_UNLINKED;
	if (old_parent)
		inode_drop(k, old_parent);
	return 0;
}

void inode_hold(struct kernel *k, ref r)
{
	struct inode *inode = inode_at(k, r);

	if (inode)
		inode->users++;
}

/* A parent is held by its child, so that an end may end the parents, too: a loop, since a guest
 * decides how deep. */
void inode_drop(struct kernel *k, ref r)
{
	while (r) {
		struct inode *inode = inode_at(k, r);
		ref parent;

		if (!inode || --inode->users > 0 || inode->links > 0)
			return;
		parent = inode->parent;
		if (inode->object)
			k->machine->object_drop(k->machine_ctx, inode->object);
		for (uint32_t i = 0; i < inode->entry_count; i++)
			arena_free(&k->arena, directory_entry(k, inode, i)->name);
		arena_free(&k->arena, inode->entries);
		arena_free(&k->arena, inode->content);
		arena_free(&k->arena, inode->outside_path);
		arena_free(&k->arena, inode->name);
		arena_free(&k->arena, r);
		tree_of(k)->inode_count--;
		r = parent;
	}
}

void inode_touch(struct kernel *k, struct inode *inode, bool contents)
{
	inode->ctime_ns = clock_realtime(k);
	if (contents)
		inode->mtime_ns = inode->ctime_ns;
}

int inode_load(struct kernel *k, struct inode *inode)
{
	if (!inode_is(inode, G_S_IFREG) || inode->generator)
		return -G_EINVAL;
	if (inode->object)
		return 0;
	if (inode->mount && inode->size > 0)
		return outside_load(k, inode);
	inode->object = memory_object_new(k, 0);
	return inode->object ? 0 : -G_ENOSPC;
}

int inode_resize(struct kernel *k, struct inode *inode, uint64_t size)
{
	int err;

	if (size > LIMIT_FILE_BYTES)
		return -G_EFBIG;
	if ((size < inode->size && (inode->seals & G_F_SEAL_SHRINK)) ||
	    (size > inode->size && (inode->seals & G_F_SEAL_GROW)))
		return -G_EPERM;
	if (size == 0 &&
	    !inode->object) { /* what an outside file holds need not be read to be thrown away */
		inode->object = memory_object_new(k, 0);
		if (!inode->object)
			return -G_ENOSPC;
	}
	err = inode_load(k, inode);
	if (err != 0)
		return err;
	err = k->machine->object_resize(k->machine_ctx, inode->object, size);
	if (err != 0)
		return -G_ENOSPC;
	inode->size = size;
	return 0;
}

int64_t inode_write(struct kernel *k, struct inode *inode, uint64_t offset, const void *src,
		    uint64_t n)
{
	if (offset + n > inode->size) {
		int err = inode_resize(k, inode, offset + n);

		if (err != 0)
			return err;
	}
	if (k->machine->object_write(k->machine_ctx, inode->object, offset, src, n) != 0)
		return -G_ENOSPC;
	return (int64_t)n;
}

int64_t inode_read(struct kernel *k, struct inode *inode, uint64_t offset, void *dst, uint64_t n)
{
	int err = inode_load(k, inode);

	if (err != 0)
		return err;
	if (offset >= inode->size)
		return 0;
	if (n > inode->size - offset)
		n = inode->size - offset;
	err = k->machine->object_read(k->machine_ctx, inode->object, offset, dst, n);
	return err != 0 ? err : (int64_t)n;
}

uint64_t inode_blocks(struct kernel *k, const struct inode *inode)
{
	uint64_t pages = 0, at = 0, size;

	if (!inode_is(inode, G_S_IFREG) || inode->generator)
		return 0;
	size = (inode->size + G_PAGE_SIZE - 1) / G_PAGE_SIZE * G_PAGE_SIZE;
	if (!inode->object)
		return size / 512;
	while (at < inode->size) {
		uint64_t data = k->machine->object_seek(k->machine_ctx, inode->object, at, true),
			 hole;

		if (data >= inode->size)
			break;
		hole = k->machine->object_seek(k->machine_ctx, inode->object, data, false);
		if (hole > size || hole >= inode->size)
			hole = size;
		pages += hole / G_PAGE_SIZE - data / G_PAGE_SIZE;
		at = hole;
	}
	return pages * (G_PAGE_SIZE / 512);
}

void inode_stat(struct kernel *k, const struct inode *inode, struct g_stat *out)
{
	memset(out, 0, sizeof *out);
	out->dev = TREE_DEVICE;
	out->ino = inode->number;
	out->mode = inode->mode;
	out->nlink = inode->flags & INODE_PROCESS ? inode->shown_links : inode->links;
	out->uid = inode->uid;
	out->gid = inode->gid;
	if (inode_is(inode, G_S_IFCHR) || inode_is(inode, G_S_IFBLK))
		out->rdev = (uint64_t)inode->rdev_major << 8 | (inode->rdev_minor & 0xff) |
			    (uint64_t)(inode->rdev_minor & ~0xffu) << 12;
	out->size = inode_is(inode, G_S_IFDIR) ? (inode->flags & INODE_FIXED ? 0 : G_PAGE_SIZE)
					       : (int64_t)inode->size;
	out->blksize = G_PAGE_SIZE;
	out->blocks = (int64_t)inode_blocks(k, inode);
	out->atime = timespec_of(inode->atime_ns);
	out->mtime = timespec_of(inode->mtime_ns);
	out->ctime = timespec_of(inode->ctime_ns);
}

int64_t inode_readlink(struct kernel *k, struct inode *inode, char *buf, uint64_t size)
{
	if (!inode_is(inode, G_S_IFLNK))
		return -G_EINVAL;
	if (inode->generator)
		return proc_readlink(k, inode, buf, size);
	if (size > inode->size)
		size = inode->size;
	memcpy(buf, arena_at(&k->arena, inode->content), size);
	return (int64_t)size;
}

ref inode_anonymous(struct kernel *k, const char *name, uint32_t mode)
{
	ref r = inode_new(k, G_S_IFREG | (mode & 07777));
	struct inode *inode = inode_at(k, r);

	if (!r)
		return 0;
	inode->flags |= INODE_ANONYMOUS;
	inode->object = memory_object_new(k, 0);
	if (!inode->object || inode_set_name(k, inode, 0, name, text_length(name)) != 0) {
		inode_drop(k, r);
		return 0;
	}
	return r;
}

bool inode_writable_mapping(struct kernel *k, ref inode)
{
	for (ref p = k->root->processes.head; p; p = AT(k, process, p)->next) {
		const struct memory *mm = AT(k, memory, AT(k, process, p)->memory);

		for (uint32_t i = 0; mm && i < mm->area_count; i++) {
			const struct area *area = memory_area_at(k, mm, i);

			if (area->inode == inode && (area->flags & AREA_SHARED) &&
			    (area->max_prot & G_PROT_WRITE))
				return true;
		}
	}
	return false;
}
