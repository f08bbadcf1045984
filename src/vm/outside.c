/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Host files behind mounts. */
#include "vm/outside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int outside_add(struct outside *o, const char *host)
{
	struct outside_mount *grown;
	struct stat st;
	int fd = open(host, O_PATH | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) != 0) {
		int err = errno;

		close(fd);
		return -err;
	}
	if (S_ISREG(st.st_mode)) { /* opened for reading now, so that a lack of permission is said at the start */
		close(fd);
		fd = open(host, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		if (fd < 0)
			return -errno;
	} else if (!S_ISDIR(st.st_mode)) {
		close(fd);
		return -EINVAL;
	}
	grown = realloc(o->mounts, (o->count + 1) * sizeof *grown);
	if (!grown) {
		close(fd);
		return -ENOMEM;
	}
	o->mounts = grown;
	o->mounts[o->count] = (struct outside_mount){ .fd = fd, .is_file = S_ISREG(st.st_mode) };
	return (int)o->count++;
}

static void listing_free(struct outside_listing *listing)
{
	for (size_t i = 0; i < listing->count; i++)
		free(listing->names[i]);
	free(listing->names);
	free(listing->path);
	memset(listing, 0, sizeof *listing);
}

void outside_close(struct outside *o)
{
	for (size_t i = 0; i < o->count; i++)
		close(o->mounts[i].fd);
	free(o->mounts);
	listing_free(&o->listing);
	memset(o, 0, sizeof *o);
}

/* Opens path below the mount with the flags for its last component; symlinks are opened themselves (with O_PATH) or refused. */
static int open_below(struct outside *o, uint32_t mount, const char *path, int flags)
{
	int dir, owned = -1;
	char name[NAME_MAX + 1];

	if (mount >= o->count)
		return -ENOENT;
	if (o->mounts[mount].is_file && *path)
		return -ENOTDIR;
	if (o->mounts[mount].is_file) {
		int fd = fcntl(o->mounts[mount].fd, F_DUPFD_CLOEXEC, 0);

		return fd < 0 ? -errno : fd;
	}
	dir = o->mounts[mount].fd;
	for (;;) {
		size_t n = strcspn(path, "/");
		int last = path[n] == 0, fd;

		if (n > NAME_MAX)
			n = NAME_MAX; /* cannot exist; openat says so */
		memcpy(name, n ? path : ".", n ? n : 1);
		name[n ? n : 1] = 0;
		if (strcmp(name, "..") == 0)
			fd = -1, errno = ENOENT;
		else
			fd = openat(dir, name, (last ? flags : O_PATH | O_DIRECTORY) | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0) {
			int err = errno;

			if (owned >= 0)
				close(owned);
			return -err;
		}
		if (owned >= 0)
			close(owned);
		if (last)
			return fd;
		dir = owned = fd;
		path += strcspn(path, "/") + 1;
	}
}

int outside_stat(struct outside *o, uint32_t mount, const char *path, struct tg_node_stat *out)
{
	struct stat st;
	int fd = open_below(o, mount, path, O_PATH), result = 0;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) != 0)
		result = -errno;
	close(fd);
	if (result != 0)
		return result;
	*out = (struct tg_node_stat){ .executable = (st.st_mode & 0100) != 0 };
	if (S_ISREG(st.st_mode)) {
		out->type = TG_NODE_FILE;
		out->size = (uint64_t)st.st_size;
	} else if (S_ISDIR(st.st_mode)) {
		out->type = TG_NODE_DIRECTORY;
	} else if (S_ISLNK(st.st_mode)) {
		out->type = TG_NODE_SYMLINK;
		out->size = (uint64_t)st.st_size;
	} else {
		return -ENOENT;
	}
	return 0;
}

int64_t outside_readlink(struct outside *o, uint32_t mount, const char *path, char *buf, uint64_t n)
{
	int fd = open_below(o, mount, path, O_PATH);
	ssize_t got;

	if (fd < 0)
		return fd;
	got = readlinkat(fd, "", buf, n);
	if (got < 0)
		got = -errno;
	close(fd);
	return got;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int visible(int dir, const struct dirent *entry)
{
	struct stat st;

	if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
		return 0;
	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_REG || entry->d_type == DT_DIR || entry->d_type == DT_LNK;
	return fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) || S_ISLNK(st.st_mode));
}

static int list(struct outside *o, uint32_t mount, const char *path)
{
	struct outside_listing fresh = { .mount = mount, .path = strdup(path) };
	size_t capacity = 0;
	const struct dirent *entry;
	DIR *dir;
	int fd = open_below(o, mount, path, O_RDONLY | O_DIRECTORY);

	if (fd < 0) {
		free(fresh.path);
		return fd;
	}
	dir = fdopendir(fd);
	if (!dir || !fresh.path)
		goto no_memory;
	while ((entry = readdir(dir)) != NULL) {
		if (!visible(fd, entry))
			continue;
		if (fresh.count == capacity) {
			char **grown = realloc(fresh.names, (capacity = capacity * 2 + 16) * sizeof *grown);

			if (!grown)
				goto no_memory;
			fresh.names = grown;
		}
		fresh.names[fresh.count] = strdup(entry->d_name);
		if (!fresh.names[fresh.count])
			goto no_memory;
		fresh.count++;
	}
	closedir(dir);
	if (fresh.count > 0)
		qsort(fresh.names, fresh.count, sizeof *fresh.names, compare_names);
	listing_free(&o->listing);
	o->listing = fresh;
	return 0;
no_memory:
	if (dir)
		closedir(dir);
	else
		close(fd);
	listing_free(&fresh);
	return -ENOMEM;
}

int outside_readdir(struct outside *o, uint32_t mount, const char *path, uint64_t index, char *name, uint64_t n)
{
	if (!o->listing.path || o->listing.mount != mount || strcmp(o->listing.path, path) != 0) {
		int err = list(o, mount, path);

		if (err != 0)
			return err;
	}
	if (index >= o->listing.count)
		return -ENOENT;
	if (strlen(o->listing.names[index]) >= n)
		return -ENAMETOOLONG;
	strcpy(name, o->listing.names[index]);
	return 0;
}

int outside_content_open(struct outside *o, uint32_t mount, const char *path, uint64_t *size, uint64_t *handle)
{
	struct stat st;
	int fd = open_below(o, mount, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return -EACCES;
	}
	*size = (uint64_t)st.st_size;
	*handle = (uint64_t)fd;
	return 0;
}

int64_t outside_content_read(struct outside *o, uint64_t handle, uint64_t offset, void *buf, uint64_t n)
{
	uint64_t done = 0;

	(void)o;
	while (done < n) {
		ssize_t got = pread((int)handle, (char *)buf + done, n - done, (off_t)(offset + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		done += (uint64_t)got;
	}
	return (int64_t)done;
}

void outside_content_close(struct outside *o, uint64_t handle)
{
	(void)o;
	close((int)handle);
}
