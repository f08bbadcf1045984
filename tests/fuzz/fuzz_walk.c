/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The file tree under any names: directories, links and files made, moved and removed along paths that are the input's bytes, above a
 * mounted outside that answers at random. No path of the guest reaches the outside but as names below the mount; the arena stays whole,
 * however little of it there is; a path that getcwd tells leads back to where we are.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../kernel/fake_machine.h"
#include "kernel/file/file.h"
#include "kernel/tree/tree.h"

#define FIRST  0x2000
#define SECOND 0x4000
#define OPS    300

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t left;
};

static struct tg_host_ops outside;
static uint8_t answers;

static void need(int condition)
{
	if (!condition)
		abort();
}

static uint8_t byte(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

/* What the host may be asked for: names with single slashes between them, never "." or "..". */
static void verify_asked(uint32_t mount, const char *path)
{
	need(mount < 2 && path[0] != '/');
	while (*path) {
		size_t n = strcspn(path, "/");

		need(n > 0 && n <= LIMIT_NAME && !(n == 1 && path[0] == '.') && !(n == 2 && path[0] == '.' && path[1] == '.'));
		path += n;
		need(*path != '/' || path[1]);
		path += *path == '/';
	}
}

static unsigned kind_of(const char *path)
{
	unsigned sum = answers;

	while (*path)
		sum = sum * 31 + (uint8_t)*path++;
	return sum % 7;
}

static int outside_stat(void *ctx, uint32_t mount, const char *path, struct tg_node_stat *out)
{
	static const uint8_t types[] = { TG_NODE_DIRECTORY, TG_NODE_FILE, TG_NODE_SYMLINK, TG_NODE_DIRECTORY };

	(void)ctx;
	verify_asked(mount, path);
	*out = (struct tg_node_stat){ .type = TG_NODE_DIRECTORY };
	if (!*path)
		return 0;
	if (kind_of(path) > 3)
		return -(int)(kind_of(path) == 6 ? 100000 : G_ENOENT);
	out->type = types[kind_of(path)];
	out->size = 5;
	return 0;
}

static int64_t outside_readlink(void *ctx, uint32_t mount, const char *path, char *buf, uint64_t n)
{
	static const char *const targets[] = { "/", "../../..", "a/b", "/proc/self/root/etc", "" };
	const char *target = targets[kind_of(path) * 3 % 5];

	(void)ctx;
	verify_asked(mount, path);
	need(n >= 32);
	memcpy(buf, target, strlen(target));
	return (int64_t)strlen(target);
}

static int outside_readdir(void *ctx, uint32_t mount, const char *path, uint64_t index, char *name, uint64_t n)
{
	(void)ctx;
	verify_asked(mount, path);
	if (index >= 9)
		return -G_ENOENT;
	need(n > 3);
	memcpy(name, "a0", 3);
	name[1] = (char)('0' + index);
	return 0;
}

static int outside_open(void *ctx, uint32_t mount, const char *path, uint64_t *size, uint64_t *handle)
{
	(void)ctx;
	verify_asked(mount, path);
	*size = kind_of(path) * 1000;
	*handle = 1;
	return 0;
}

static int64_t outside_read(void *ctx, uint64_t handle, uint64_t offset, void *buf, uint64_t n)
{
	(void)ctx;
	need(handle == 1);
	memset(buf, (int)offset, n);
	return answers & 1 ? (int64_t)n : 3;
}

static void outside_close(void *ctx, uint64_t handle)
{
	(void)ctx;
	need(handle == 1);
}

/* Most bytes stand for a whole component, so that paths meet. */
static void path(struct fake *f, struct input *in, uint64_t addr)
{
	static const char *const parts[] = { "..", ".", "a", "b", "c", "mnt", "tmp", "proc", "self", "fd", "3", "root", "cwd", "exe", "" };
	char text[LIMIT_PATH + 300] = "";
	size_t n = 0;

	for (unsigned i = byte(in) % 12; i > 0 && n < LIMIT_PATH; i--) {
		uint8_t b = byte(in);

		if (b < 200) {
			n += (size_t)sprintf(text + n, "%s%s", parts[b % 15], b & 64 ? "" : "/");
		} else {
			memset(text + n, b, b == 255 ? 256 : b - 199u);
			n += b == 255 ? 256 : b - 199u;
		}
	}
	text[n < LIMIT_PATH ? n : LIMIT_PATH] = 0;
	memcpy(f->memory + addr, text, n + 1 < LIMIT_PATH + 1 ? n + 1 : LIMIT_PATH + 1);
}

static void cwd_leads_back(struct fake *f)
{
	struct walk walk;
	const struct fs_info *fs = AT(&f->k, fs_info, f->k.process->fs);
	int64_t n = CALL(f, G_NR_getcwd, FIRST, LIMIT_PATH);

	/* Directories of /proc are made anew for each look. */
	if (n <= 0 || f->memory[FIRST] != '/' || strncmp((const char *)f->memory + FIRST, "/proc/", 6) == 0)
		return;
	if (tree_walk(&f->k, G_AT_FDCWD, (const char *)f->memory + FIRST, 0, &walk) != 0)
		return; /* no memory */
	need(!fs->cwd || walk.inode == fs->cwd);
	walk_done(&f->k, &walk);
}

static void step(struct fake *f, struct input *in)
{
	uint64_t at = (uint64_t)(int64_t)G_AT_FDCWD, flag;

	path(f, in, FIRST);
	path(f, in, SECOND);
	flag = byte(in);
	switch (byte(in) % 12) {
	case 0:
		CALL(f, G_NR_mkdirat, at, FIRST, 0777);
		break;
	case 1:
		CALL(f, G_NR_openat, at, FIRST, flag << 6 | flag % 3, 0666);
		break;
	case 2:
		CALL(f, G_NR_symlinkat, SECOND, at, FIRST);
		break;
	case 3:
		CALL(f, G_NR_linkat, at, FIRST, at, SECOND, flag & 1 ? G_AT_SYMLINK_FOLLOW : 0);
		break;
	case 4:
		CALL(f, G_NR_renameat2, at, FIRST, at, SECOND, flag % 4);
		break;
	case 5:
		CALL(f, G_NR_unlinkat, at, FIRST, flag & 1 ? G_AT_REMOVEDIR : 0);
		break;
	case 6:
		CALL(f, G_NR_chdir, FIRST);
		break;
	case 7:
		CALL(f, G_NR_readlinkat, at, FIRST, SECOND, flag * 16);
		break;
	case 8:
		CALL(f, G_NR_getdents64, flag % 16, SECOND, flag * 8);
		break;
	case 9:
		f->k.arena.capacity = arena_used(&f->k.arena) + flag * 4096;
		break;
	case 10:
		CALL(f, G_NR_close, flag % 16);
		break;
	default:
		CALL(f, G_NR_truncate, FIRST, flag * 999);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct tg_kernel_options options = { .size = sizeof(options), .memory_limit = 16 << 20 };
	const struct kernel_mount mount = { .guest_path = "/mnt", .mount = 0 }, root = { .guest_path = "/", .mount = 1 };
	struct fake *f = fake_new(&options);

	answers = byte(&in);
	outside = *f->k.host;
	outside.stat = outside_stat;
	outside.readlink = outside_readlink;
	outside.readdir = outside_readdir;
	outside.content_open = outside_open;
	outside.content_read = outside_read;
	outside.content_close = outside_close;
	f->k.host = &outside;
	need(!fd_table_standard(&f->k, f->k.process->files, false));
	if (answers & 2)
		kernel_mount(&f->k, &root);
	kernel_mount(&f->k, &mount);
	for (unsigned ops = 0; in.left && ops < OPS && f->run.stop == TG_RUN; ops++)
		step(f, &in);
	if (f->run.stop == TG_RUN)
		cwd_leads_back(f);
	need(arena_check(&f->k.arena) == 0);
	fake_free(f);
	return 0;
}
