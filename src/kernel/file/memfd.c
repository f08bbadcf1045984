/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* memfd_create and file seals. See memfd_create(2) and "File sealing" in fcntl(2). */
#include "kernel/file/memfd.h"

#include <string.h>

#include "kernel/tree/inode.h"
#include "kernel/text.h"

#define PREFIX         "/memfd:"
#define NAME_MAX_BYTES (LIMIT_NAME - 6) /* without "memfd:" */
#define SEALS_KNOWN                                                         \
	(G_F_SEAL_SEAL | G_F_SEAL_SHRINK | G_F_SEAL_GROW | G_F_SEAL_WRITE | \
	 G_F_SEAL_FUTURE_WRITE | G_F_SEAL_EXEC)

static int64_t make(struct kernel *k, const char *name, uint32_t flags)
{
	bool no_exec = flags & G_MFD_NOEXEC_SEAL;
	struct inode *inode;
	ref r = inode_anonymous(k, name, no_exec ? 0666 : 0777);
	ref file;
	int err;

	if (!r)
		return -G_ENOSPC;
	inode = inode_at(k, r);
	inode->flags |= INODE_MEMFD;
	if (no_exec)
		inode->seals = G_F_SEAL_EXEC;
	else if (!(flags & G_MFD_ALLOW_SEALING))
		inode->seals = G_F_SEAL_SEAL;
	err = file_open_inode(k, r, G_O_RDWR | G_O_LARGEFILE, &file);
	inode_drop(k, r);
	return err != 0 ? err : fd_install(k, file, flags & G_MFD_CLOEXEC ? G_FD_CLOEXEC : 0, 0);
}

int64_t sys_memfd_create(struct kernel *k, const uint64_t a[6])
{
	char name[sizeof PREFIX + NAME_MAX_BYTES + sizeof " (deleted)"];
	uint32_t flags = (uint32_t)a[1];
	uint64_t n = sizeof PREFIX - 1;
	int64_t len;

	if (flags & ~(uint32_t)(G_MFD_CLOEXEC | G_MFD_ALLOW_SEALING | G_MFD_HUGETLB |
				G_MFD_NOEXEC_SEAL | G_MFD_EXEC) &&
	    !(flags & G_MFD_HUGETLB))
		return -G_EINVAL;
	if ((flags & G_MFD_EXEC) && (flags & G_MFD_NOEXEC_SEAL))
		return -G_EINVAL;
	memcpy(name, PREFIX, n);
	len = user_string(k, a[0], name + n, NAME_MAX_BYTES + 1);
	if (len < 0)
		return len == -G_ENAMETOOLONG ? -G_EINVAL : len;
	if (flags & G_MFD_HUGETLB)
		return -G_ENOMEM; /* no huge pages are set aside */
	text_copy(name + n + len, sizeof " (deleted)", " (deleted)");
	return make(k, name, flags);
}

int64_t memfd_seals(struct kernel *k, struct file *f, bool add, uint32_t seals)
{
	struct inode *inode = f->kind == FILE_REGULAR ? inode_at(k, f->inode) : NULL;
	uint32_t have;

	if (add && !file_writable(f))
		return -G_EPERM;
	if (!inode || (add && (seals & ~(uint32_t)SEALS_KNOWN)))
		return -G_EINVAL;
	have = inode->flags & INODE_MEMFD ? inode->seals
					  : G_F_SEAL_SEAL; /* as every file of tmpfs */
	if (!add)
		return have;
	if (have & G_F_SEAL_SEAL)
		return -G_EPERM;
	if ((seals & G_F_SEAL_WRITE) && !(have & G_F_SEAL_WRITE) &&
	    inode_writable_mapping(k, f->inode))
		return -G_EBUSY;
	if ((seals & G_F_SEAL_EXEC) &&
	    (inode->mode & 0111)) /* what may be executed must not change either */
		seals |= G_F_SEAL_SHRINK | G_F_SEAL_GROW | G_F_SEAL_WRITE | G_F_SEAL_FUTURE_WRITE;
	inode->seals |= seals;
	return 0;
}
