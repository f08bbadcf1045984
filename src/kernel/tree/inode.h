/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Inside the tree: the tree's own record, directory entries, and what makes, fills, changes and
 * frees inodes. Only the tree's files include this; everybody else uses tree.h. Refuses to know
 * descriptors.
 */
#ifndef TOLLGATE_KERNEL_INODE_H
#define TOLLGATE_KERNEL_INODE_H

#include "kernel/tree/tree.h"
#include "kernel/wait.h"

#define TREE_DEVICE UINT64_C(0x19) /* st_dev of everything: one device, 0:25 */

struct tree {
	ref root;             /* struct inode of "/" */
	ref proc, sys;        /* of "/proc", "/sys" */
	uint64_t next_number; /* of inodes */
	uint32_t inode_count; /* LIMIT_INODES */
	uint32_t mount_count;
};

/* One name of a directory. inode 0: a whiteout, which hides an outside name. */
struct entry {
	ref inode;
	ref name; /* block of exactly the name's bytes */
};

static inline struct tree *tree_of(struct kernel *k)
{
	return AT(k, tree, k->root->tree);
}

static inline struct inode *inode_at(struct kernel *k, ref inode)
{
	return AT(k, inode, inode);
}

static inline bool inode_is(const struct inode *inode, uint32_t type)
{
	return (inode->mode & G_S_IFMT) == type;
}

/* ---- inode.c ---- */

/* A new inode, held once by the caller, with no links (a directory: 2); times are the clock's. 0 on
 * LIMIT_INODES or no memory. */
ref inode_new(struct kernel *k, uint32_t mode);
/* Sets parent and name, for paths. 0 or -G_ENOMEM. */
int inode_set_name(struct kernel *k, struct inode *inode, ref parent, const char *name,
		   uint64_t len);
void inode_touch(struct kernel *k, struct inode *inode,
		 bool contents); /* ctime, and mtime when contents changed */
int inode_resize(struct kernel *k, struct inode *inode,
		 uint64_t size); /* regular; checks seals and limits */
int64_t inode_write(struct kernel *k, struct inode *inode, uint64_t offset, const void *src,
		    uint64_t n);                                    /* grows; n or -errno */
uint64_t inode_blocks(struct kernel *k, const struct inode *inode); /* of 512 bytes */
/* Target of a symlink, also of a magic one as readlink shows it: its length (cut at size) or
 * -errno. */
int64_t inode_readlink(struct kernel *k, struct inode *inode, char *buf, uint64_t size);
bool inode_writable_mapping(struct kernel *k,
			    ref inode); /* a shared mapping that is or may become writable exists */

/* ---- directory.c ---- */

/* Finds a name: 0 and *out (held), or -G_ENOENT, -errno. Asks the outside and /proc. */
int directory_lookup(struct kernel *k, ref dir, const char *name, uint64_t len, ref *out);
/* Adds a name that does not exist (a whiteout may): the inode gets a link. 0 or -errno. */
int directory_add(struct kernel *k, ref dir, const char *name, uint64_t len, ref inode);
/* Takes a name away (leaves a whiteout when the outside has it): the inode loses a link. 0 or
 * -errno. */
int directory_remove(struct kernel *k, ref dir, const char *name, uint64_t len);
/* Puts another inode behind an existing name. 0 or -errno. */
int directory_replace(struct kernel *k, ref dir, const char *name, uint64_t len, ref inode);
/* The index of a name among the entries, or where it would go with *found = false. */
uint32_t directory_index(struct kernel *k, const struct inode *dir, const char *name, uint64_t len,
			 bool *found);
struct entry *directory_entry(struct kernel *k, const struct inode *dir, uint32_t index);
/* Makes all outside names entries. 0 or -errno. */
int directory_fill(struct kernel *k, ref dir);
/* 1 empty, 0 not, -errno. */
int directory_empty(struct kernel *k, ref dir);
bool directory_is_below(struct kernel *k, ref dir, ref ancestor); /* or the same */

/* ---- outside.c ---- */

/* The outside inode of a name of an outside directory, not linked, held once. 0 and *out, or
 * -errno. */
int outside_lookup(struct kernel *k, const struct inode *dir, const char *name, uint64_t len,
		   ref *out);
/* The index-th outside name of a directory into name[LIMIT_NAME + 1]. 0, -G_ENOENT after the last,
 * -errno. */
int outside_name(struct kernel *k, const struct inode *dir, uint64_t index, char *name);
/* Turns an inode into the root of a mount's object `path`; its type must fit. 0 or -errno. */
int outside_attach(struct kernel *k, struct inode *inode, uint32_t mount, const char *path);
/* What a mount's path is. 0 or -errno. */
int outside_node(struct kernel *k, uint32_t mount, const char *path, struct tg_node_stat *out);
/* Copies the contents into the inode's new object. 0 or -errno. */
int outside_load(struct kernel *k, struct inode *inode);

/* ---- tree_calls.c ---- */

uint32_t umask_of(struct kernel *k);
/* Why nothing can be made in a fixed directory: error, but in /proc the name is looked up first and
 * is not there. */
int tree_refusal(struct kernel *k, ref dir, int error);
/* A new regular file or directory, made by the guest at the end of a walk with WALK_PARENT. Held. 0
 * or -errno. */
int tree_create(struct kernel *k, const struct walk *walk, uint32_t mode, ref *out);

/* ---- tree.c ---- */

/* Makes the directories of an absolute path; gives the last one, not held. 0 or -errno. */
int tree_make_directories(struct kernel *k, const char *path, uint64_t len, uint32_t flags,
			  ref *out);
/* Makes a file, directory or symlink at an absolute path and gives it, not held. */
int tree_make(struct kernel *k, const char *path, uint32_t mode, uint32_t flags, ref *out);

#endif
