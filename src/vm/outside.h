/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The host's files as the kernel may see them: read-only mounts of directories and regular files. Paths are walked one component at a
 * time without following symlinks; whatever is not a regular file, a directory or a symlink does not exist.
 */
#ifndef TOLLGATE_VM_OUTSIDE_H
#define TOLLGATE_VM_OUTSIDE_H

#include <stddef.h>
#include <stdint.h>

#include "tollgate/kernel.h"

struct outside_mount {
	int fd; /* O_PATH directory, or a regular file open for reading */
	uint32_t is_file;
};

/* The sorted names of the directory that was listed last. */
struct outside_listing {
	uint32_t mount;
	char *path;
	char **names;
	size_t count;
};

struct outside {
	struct outside_mount *mounts;
	size_t count;
	struct outside_listing listing;
};

/* Opens a host path as the next mount. Returns its number, or -errno. */
int outside_add(struct outside *o, const char *host);
void outside_close(struct outside *o);

/* The operations of struct tg_host_ops, with `o` for ctx. */
int outside_stat(struct outside *o, uint32_t mount, const char *path, struct tg_node_stat *out);
int64_t outside_readlink(struct outside *o, uint32_t mount, const char *path, char *buf, uint64_t n);
int outside_readdir(struct outside *o, uint32_t mount, const char *path, uint64_t index, char *name, uint64_t n);
int outside_content_open(struct outside *o, uint32_t mount, const char *path, uint64_t *size, uint64_t *handle);
int64_t outside_content_read(struct outside *o, uint64_t handle, uint64_t offset, void *buf, uint64_t n);
void outside_content_close(struct outside *o, uint64_t handle);

#endif
