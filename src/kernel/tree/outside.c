/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The outside world below a mount: names, types, link targets and contents, asked for when they are
 * first needed and kept from then on. Refuses to know where a mount is in the tree.
 */
#include "kernel/tree/inode.h"

#include <string.h>

#include "kernel/memory/memory.h"
#include "kernel/text.h"

#define OUTSIDE_PATH (LIMIT_PATH + LIMIT_NAME + 2)

/* Host operations speak in guest errnos already; whatever else comes back must still look like one.
 */
static int sane(int64_t err)
{
	return err < 0 && err >= -G_MAX_ERRNO ? (int)err : -G_EIO;
}

static const char *path_of(struct kernel *k, const struct inode *inode)
{
	return arena_at(&k->arena, inode->outside_path);
}

/* dir's path + "/" + name. The length, or -G_ENAMETOOLONG. */
static int64_t join(struct kernel *k, const struct inode *dir, const char *name, uint64_t len,
		    char buf[OUTSIDE_PATH])
{
	const char *path = path_of(k, dir);
	uint64_t n = text_length(path);

	if (n + 1 + len + 1 > OUTSIDE_PATH)
		return -G_ENAMETOOLONG;
	memcpy(buf, path, n);
	if (n > 0)
		buf[n++] = '/';
	memcpy(buf + n, name, len);
	buf[n + len] = 0;
	return (int64_t)(n + len);
}

int outside_node(struct kernel *k, uint32_t mount, const char *path, struct tg_node_stat *out)
{
	int err;

	memset(out, 0, sizeof *out);
	if (!k->host || !k->host->stat)
		return -G_ENOENT;
	err = k->host->stat(k->host_ctx, mount, path, out);
	if (err != 0)
		return sane(err);
	return out->type == TG_NODE_NONE ? -G_ENOENT : 0;
}

static int read_target(struct kernel *k, struct inode *inode, uint32_t mount, const char *path)
{
	char target[LIMIT_PATH];
	int64_t n = k->host->readlink(k->host_ctx, mount, path, target, sizeof target);

	if (n <= 0 || n >= LIMIT_PATH)
		return n < 0 ? sane(n) : -G_ENAMETOOLONG;
	inode->content = arena_alloc(&k->arena, (uint64_t)n);
	if (!inode->content)
		return -G_ENOMEM;
	memcpy(arena_at(&k->arena, inode->content), target, (uint64_t)n);
	inode->size = (uint64_t)n;
	return 0;
}

int outside_attach(struct kernel *k, struct inode *inode, uint32_t mount, const char *path)
{
	uint64_t n = text_length(path);
	ref block = arena_alloc(&k->arena, n + 1);

	if (!block)
		return -G_ENOMEM;
	memcpy(arena_at(&k->arena, block), path, n + 1);
	arena_free(&k->arena, inode->outside_path);
	inode->outside_path = block;
	inode->mount = mount + 1;
	inode->outside_state = 0;
	if (inode_is(inode, G_S_IFDIR))
		inode->links = 1; /* how many directories it holds is not known, which 1 says */
	return 0;
}

/* An inode for what the outside has at a path; held once. */
static int instantiate(struct kernel *k, uint32_t mount, const char *path,
		       const struct tg_node_stat *st, ref *out)
{
	static const uint32_t types[] = {[TG_NODE_FILE] = G_S_IFREG,
					 [TG_NODE_DIRECTORY] = G_S_IFDIR,
					 [TG_NODE_SYMLINK] = G_S_IFLNK};
	struct inode *inode;
	uint32_t mode;
	int err;
	ref r;

	if (st->type > TG_NODE_SYMLINK)
		return -G_ENOENT;
	mode = types[st->type] | (st->type == TG_NODE_SYMLINK                       ? 0777
				  : st->type == TG_NODE_DIRECTORY || st->executable ? 0755
										    : 0644);
	r = inode_new(k, mode);
	if (!r)
		return -G_ENOSPC;
	inode = inode_at(k, r);
	inode->btime_ns = k->options.clock_epoch_ns;
	inode->atime_ns = inode->mtime_ns = inode->ctime_ns = inode->btime_ns;
	inode->size = st->type == TG_NODE_FILE ? st->size : 0;
	err = outside_attach(k, inode, mount, path);
	if (err == 0 && st->type == TG_NODE_SYMLINK)
		err = read_target(k, inode, mount, path);
	if (err != 0) {
		inode->links = 0;
		inode_drop(k, r);
		return err;
	}
	*out = r;
	return 0;
}

int outside_lookup(struct kernel *k, const struct inode *dir, const char *name, uint64_t len,
		   ref *out)
{
	char path[OUTSIDE_PATH];
	struct tg_node_stat st;
	int64_t n = join(k, dir, name, len, path);
	int err;

	if (n < 0)
		return (int)n;
	err = outside_node(k, dir->mount - 1, path, &st);
	return err != 0 ? err : instantiate(k, dir->mount - 1, path, &st, out);
}

int outside_name(struct kernel *k, const struct inode *dir, uint64_t index, char *name)
{
	int err;

	if (!k->host->readdir)
		return -G_ENOENT;
	err = k->host->readdir(k->host_ctx, dir->mount - 1, path_of(k, dir), index, name,
			       LIMIT_NAME + 1);
	return err != 0 ? sane(err) : 0;
}

static bool all_zero(const uint8_t *p, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

int outside_load(struct kernel *k, struct inode *inode)
{
	uint8_t page[G_PAGE_SIZE];
	uint64_t size, handle;
	uint32_t object;
	int err = k->host->content_open(k->host_ctx, inode->mount - 1, path_of(k, inode), &size,
					&handle);

	if (err != 0)
		return sane(err);
	object = size <= LIMIT_FILE_BYTES ? memory_object_new(k, size) : 0;
	if (!object)
		err = size <= LIMIT_FILE_BYTES ? -G_ENOMEM : -G_EOVERFLOW;
	for (uint64_t at = 0; err == 0 && at < size; at += sizeof page) {
		uint64_t n = size - at < sizeof page ? size - at : sizeof page;
		int64_t got = k->host->content_read(k->host_ctx, handle, at, page, n);

		if (got != (int64_t)n)
			err = got < 0 ? sane(got) : -G_EIO; /* it shrank under us */
		else if (!all_zero(page, n)) /* a page of zeros and none are the same */
			err = k->machine->object_write(k->machine_ctx, object, at, page, n);
	}
	k->host->content_close(k->host_ctx, handle);
	if (err != 0) {
		if (object)
			k->machine->object_drop(k->machine_ctx, object);
		return err;
	}
	inode->object = object;
	inode->size = size;
	return 0;
}
