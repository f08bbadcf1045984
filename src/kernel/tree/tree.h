/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The in-memory file tree: inodes, directories, symlinks, outside mounts (looked up lazily through host_ops), synthetic /proc, /sys and
 * /dev, and the path walker. Symlinks are resolved here, never by the host; no path leaves the tree's root.
 */
#ifndef TOLLGATE_KERNEL_TREE_H
#define TOLLGATE_KERNEL_TREE_H

#include "kernel/kernel.h"

struct inode {
	uint64_t number;
	uint32_t mode;       /* G_S_IF* and permission bits */
	uint32_t links;
	uint32_t users;      /* open files, mappings, cwd, walkers; freed when links and users are 0 */
	uint32_t uid, gid;
	uint32_t rdev_major, rdev_minor; /* device: its number; under /proc/PID: pid and tid */
	uint32_t object;     /* regular: machine object once the contents were needed, else 0 */
	uint64_t size;       /* regular: bytes; symlink: length */
	uint64_t atime_ns, mtime_ns, ctime_ns, btime_ns; /* realtime */
	ref parent;          /* the directory it was last linked into, held; 0: none */
	ref entries;         /* directory: block, sorted bytewise */
	uint32_t entry_count, entry_capacity;
	ref content;         /* symlink: target block; special: the kind's record */
	ref locks;           /* flock and POSIX locks */
	ref outside_path;    /* path relative to its mount, block; 0: not outside */
	uint32_t mount;      /* host_ops mount number + 1; 0: none */
	uint32_t outside_state; /* directory: 1 when all outside names are among the entries */
	uint32_t generator;  /* synthetic file: which text; 0: none */
	uint32_t seals;      /* memfd */
	uint32_t executing;  /* mapped as program: ETXTBSY on write opens */
	uint32_t flags;      /* INODE_* */
	ref name;            /* block: name in parent, without a NUL; for anonymous inodes: what /proc/self/fd shows */
	uint32_t subject;    /* /proc/PID/fd/N: the descriptor */
	uint32_t shown_links; /* below /proc/PID: what stat says */
};

enum { INODE_UNLINKED = 1 /* the name in `name` is gone */, INODE_FIXED = 2 /* synthetic directory: no names can be made or removed */,
       INODE_ANONYMOUS = 4 /* never had a name */, INODE_PROCESS = 8 /* made for one use, below /proc/PID: not in any directory */,
       INODE_MOUNT = 16 /* root of a mount */, INODE_LINKABLE = 32 /* O_TMPFILE: linkat may give it a name */, INODE_MEMFD = 64 };

enum { WALK_NOFOLLOW = 1, WALK_PARENT = 2 /* stop at the parent of the last component */, WALK_EMPTY = 4 /* AT_EMPTY_PATH */,
       WALK_DIRECTORY = 8, WALK_NO_SYMLINKS = 16, WALK_BENEATH = 32, WALK_IN_ROOT = 64, WALK_NO_MAGICLINKS = 128, WALK_NO_XDEV = 256,
       WALK_ANY_FILE = 512 /* a magic link to a file without an inode (pipe, ...) is fine: inode is then 0 and file is set */ };

enum walk_last { WALK_LAST_NORMAL, WALK_LAST_DOT, WALK_LAST_DOT_DOT, WALK_LAST_ROOT };

struct walk {
	ref inode;             /* found (held), or 0 with WALK_PARENT when the last component does not exist */
	ref parent;            /* held, with WALK_PARENT */
	char last[LIMIT_NAME + 1];
	uint32_t last_kind;    /* enum walk_last */
	uint32_t trailing;     /* a slash followed the last component */
	ref file;              /* a /proc/self/fd magic link (or an empty path) led to this open file, held; else 0 */
};

/* Makes the tree with /tmp, /dev, /proc, /sys ...; needs the root record and the clock's epoch. 0 or -G_ENOMEM. */
int tree_init(struct kernel *k);
int tree_mount(struct kernel *k, const struct kernel_mount *mount);
/* Walks a path of the current process (dfd: directory descriptor or G_AT_FDCWD). 0 or -errno; walk_done() drops what it holds. */
int tree_walk(struct kernel *k, int32_t dfd, const char *path, uint32_t flags, struct walk *out);
void walk_done(struct kernel *k, struct walk *walk);
void inode_hold(struct kernel *k, ref inode);
void inode_drop(struct kernel *k, ref inode);
/* Makes sure that a regular inode has its object; loads the outside snapshot at the first call. 0 or -errno. */
int inode_load(struct kernel *k, struct inode *inode);
/* Absolute path as getcwd and /proc/self/exe show it: length or -G_ENAMETOOLONG/-G_ENOENT. */
int64_t tree_path(struct kernel *k, ref inode, char *buf, uint64_t size);
void inode_stat(struct kernel *k, const struct inode *inode, struct g_stat *out);
/* A nameless regular inode with an object: memfd_create, O_TMPFILE, shared memory. */
ref inode_anonymous(struct kernel *k, const char *name, uint32_t mode);
/* Reads bytes of a regular inode for exec: count or -errno. */
int64_t inode_read(struct kernel *k, struct inode *inode, uint64_t offset, void *dst, uint64_t n);

#endif
