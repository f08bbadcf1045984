/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The tree against an outside that watches how it is asked: what is merged, what stays in memory, and that no path leads out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "fake_machine.h"
#include "kernel/file/file.h"
#include "kernel/tree/inode.h"

#define PATH 0x2000  /* strings for calls */
#define PATH2 0x3000
#define BUF 0x4000
#define BUF_BYTES 0x8000

struct node {
	const char *path;
	uint32_t type;
	const char *text; /* contents or target */
};

static const struct node nodes[] = {
	{ "", TG_NODE_DIRECTORY, NULL },
	{ "Zeta", TG_NODE_FILE, "zeta" },
	{ "alpha", TG_NODE_FILE, "alpha contents" },
	{ "beta", TG_NODE_DIRECTORY, NULL },
	{ "beta/inner", TG_NODE_FILE, "inner" },
	{ "beta/up", TG_NODE_SYMLINK, "../alpha" },
	{ "beta/out", TG_NODE_SYMLINK, "../../../../../etc/secret" },
	{ "beta/absolute", TG_NODE_SYMLINK, "/etc/secret" },
	{ "gone", TG_NODE_FILE, "vanishes while it is read" },
};
#define NODES (sizeof(nodes) / sizeof(nodes[0]))

/* What the outside saw. */
static struct {
	unsigned opens, closes, bad_paths;
	const char *changed; /* contents of alpha, once they have changed */
} seen;

static const struct node *node_of(const char *path)
{
	for (unsigned i = 0; i < NODES; i++)
		if (strcmp(nodes[i].path, path) == 0)
			return &nodes[i];
	return NULL;
}

/* The contract: plain components below directories, nothing that a host would resolve. */
static void check_path(const char *path)
{
	char prefix[8192];

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		memcpy(prefix, path, (size_t)(slash - path));
		prefix[slash - path] = 0;
		if (!node_of(prefix) || node_of(prefix)->type != TG_NODE_DIRECTORY)
			seen.bad_paths++;
	}
	if (strstr(path, "..") || strstr(path, "//") || path[0] == '/')
		seen.bad_paths++;
}

static int out_stat(void *ctx, uint32_t mount, const char *path, struct tg_node_stat *out)
{
	const struct node *n = node_of(path);

	(void)ctx, (void)mount;
	check_path(path);
	if (!n)
		return -G_ENOENT;
	out->type = n->type;
	out->size = n->text ? strlen(n->text) : 0;
	return 0;
}

static int64_t out_readlink(void *ctx, uint32_t mount, const char *path, char *buf, uint64_t n)
{
	const char *target = node_of(path)->text;

	(void)ctx, (void)mount;
	check_path(path);
	if (n > strlen(target))
		n = strlen(target);
	memcpy(buf, target, n);
	return (int64_t)n;
}

static int out_readdir(void *ctx, uint32_t mount, const char *path, uint64_t index, char *name, uint64_t n)
{
	size_t len = strlen(path);

	(void)ctx, (void)mount;
	check_path(path);
	for (unsigned i = 1; i < NODES; i++) {
		const char *rest = nodes[i].path;

		if (len > 0 && (strncmp(rest, path, len) != 0 || rest[len] != '/'))
			continue;
		rest += len > 0 ? len + 1 : 0;
		if (strchr(rest, '/') || index-- > 0)
			continue;
		assert_true(strlen(rest) < n);
		strcpy(name, rest);
		return 0;
	}
	return -G_ENOENT;
}

static int out_open(void *ctx, uint32_t mount, const char *path, uint64_t *size, uint64_t *handle)
{
	const struct node *n = node_of(path);

	(void)ctx, (void)mount;
	check_path(path);
	seen.opens++;
	*handle = (uint64_t)(n - nodes);
	*size = strlen(n->text);
	return 0;
}

static int64_t out_read(void *ctx, uint64_t handle, uint64_t offset, void *buf, uint64_t n)
{
	const char *text = nodes[handle].text;

	(void)ctx;
	if (strcmp(nodes[handle].path, "gone") == 0)
		return 0;
	if (strcmp(nodes[handle].path, "alpha") == 0 && seen.changed)
		text = seen.changed;
	memcpy(buf, text + offset, n);
	return (int64_t)n;
}

static void out_close(void *ctx, uint64_t handle)
{
	(void)ctx, (void)handle;
	seen.closes++;
}

static const struct tg_host_ops outside = {
	.stat = out_stat,
	.readlink = out_readlink,
	.readdir = out_readdir,
	.content_open = out_open,
	.content_read = out_read,
	.content_close = out_close,
};

/* With descriptors 0 to 2, as a program finds them. */
static struct fake *fresh(void)
{
	struct fake *f = fake_new(NULL);

	assert_int_equal(fd_table_standard(&f->k, f->k.process->files, false), 0);
	return f;
}

static struct fake *start(void)
{
	struct kernel_mount mount = { .guest_path = "/m" };
	struct fake *f = fresh();

	memset(&seen, 0, sizeof(seen));
	f->k.host = &outside;
	assert_int_equal(kernel_mount(&f->k, &mount), 0);
	return f;
}

static void end(struct fake *f)
{
	assert_int_equal(seen.bad_paths, 0);
	assert_int_equal(seen.opens, seen.closes);
	assert_int_equal(arena_check(&f->k.arena), 0);
	fake_free(f);
}

static uint64_t put(struct fake *f, uint64_t at, const char *s)
{
	memcpy(f->memory + at, s, strlen(s) + 1);
	return at;
}

static int64_t open_at(struct fake *f, const char *path, uint64_t flags)
{
	return CALL(f, G_NR_openat, G_AT_FDCWD, put(f, PATH, path), flags, 0644);
}

static int64_t call1(struct fake *f, uint64_t nr, const char *path, uint64_t a)
{
	return CALL(f, nr, G_AT_FDCWD, put(f, PATH, path), a);
}

static int64_t rename_to(struct fake *f, const char *from, const char *to)
{
	return CALL(f, G_NR_renameat2, G_AT_FDCWD, put(f, PATH, from), G_AT_FDCWD, put(f, PATH2, to));
}

/* The contents of a file as a string, "" when it cannot be opened. */
static const char *contents(struct fake *f, const char *path)
{
	int64_t fd = open_at(f, path, G_O_RDONLY), n;

	f->memory[BUF] = 0;
	if (fd >= 0) {
		n = CALL(f, G_NR_read, fd, BUF, BUF_BYTES - 1);
		f->memory[BUF + (n > 0 ? n : 0)] = 0;
		CALL(f, G_NR_close, fd);
	}
	return (const char *)f->memory + BUF;
}

/* The names of a directory, each with a space behind it. */
static const char *names(struct fake *f, const char *path)
{
	static char out[4096];
	int64_t fd = open_at(f, path, G_O_RDONLY | G_O_DIRECTORY), n;

	out[0] = 0;
	while (fd >= 0 && (n = CALL(f, G_NR_getdents64, fd, BUF, 128)) > 0) {
		for (int64_t at = 0; at < n;) {
			const struct g_dirent64 *d = (const void *)(f->memory + BUF + at);

			strcat(out, d->name);
			strcat(out, " ");
			at += d->reclen;
		}
	}
	CALL(f, G_NR_close, fd);
	return out;
}

static void outside_names_are_listed_bytewise_with_ours(void **state)
{
	struct fake *f = start();

	(void)state;
	assert_string_equal(names(f, "/m"), ". .. Zeta alpha beta gone ");
	assert_int_equal(call1(f, G_NR_mkdirat, "/m/b", 0755), 0);
	assert_string_equal(names(f, "/m"), ". .. Zeta alpha b beta gone ");
	end(f);
}

static void a_name_that_was_taken_away_stays_away_and_can_come_back(void **state)
{
	struct fake *f = start();

	(void)state;
	assert_int_equal(call1(f, G_NR_unlinkat, "/m/alpha", 0), 0);
	assert_int_equal(open_at(f, "/m/alpha", 0), -G_ENOENT);
	assert_string_equal(names(f, "/m"), ". .. Zeta beta gone ");
	assert_int_equal(open_at(f, "/m/alpha", 0), -G_ENOENT);
	assert_int_equal(CALL(f, G_NR_close, open_at(f, "/m/alpha", G_O_CREAT | G_O_RDWR)), 0);
	assert_string_equal(contents(f, "/m/alpha"), "");
	assert_string_equal(names(f, "/m"), ". .. Zeta alpha beta gone ");
	end(f);
}

static void contents_are_taken_at_the_first_open_and_never_again(void **state)
{
	struct fake *f = start();

	(void)state;
	assert_string_equal(contents(f, "/m/alpha"), "alpha contents");
	seen.changed = "other contents";
	assert_string_equal(contents(f, "/m/alpha"), "alpha contents");
	assert_int_equal(seen.opens, 1);
	end(f);
}

static void writes_to_an_outside_file_stay_in_memory(void **state)
{
	struct fake *f = start();
	int64_t fd = open_at(f, "/m/alpha", G_O_RDWR | G_O_APPEND);

	(void)state;
	put(f, BUF, "!");
	assert_int_equal(CALL(f, G_NR_write, fd, BUF, 1), 1);
	assert_string_equal(contents(f, "/m/alpha"), "alpha contents!");
	assert_string_equal(node_of("alpha")->text, "alpha contents");
	end(f);
}

static void truncating_at_open_asks_for_no_contents(void **state)
{
	struct fake *f = start();

	(void)state;
	assert_int_equal(CALL(f, G_NR_close, open_at(f, "/m/alpha", G_O_RDWR | G_O_TRUNC)), 0);
	assert_string_equal(contents(f, "/m/alpha"), "");
	assert_int_equal(seen.opens, 0);
	end(f);
}

static void a_file_that_shrinks_while_it_is_read_is_eio(void **state)
{
	struct fake *f = start();

	(void)state;
	assert_int_equal(open_at(f, "/m/gone", 0), -G_EIO);
	assert_int_equal(CALL(f, G_NR_close, 3), -G_EBADF);
	end(f);
}

static void outside_symlinks_are_resolved_in_the_tree(void **state)
{
	struct fake *f = start();

	(void)state;
	assert_string_equal(contents(f, "/m/beta/up"), "alpha contents");
	assert_int_equal(open_at(f, "/m/beta/absolute", 0), -G_ENOENT);
	assert_int_equal(open_at(f, "/m/beta/out", 0), -G_ENOENT);
	assert_int_equal(CALL(f, G_NR_close, open_at(f, "/etc/secret", G_O_CREAT | G_O_RDWR)), 0);
	assert_int_equal(CALL(f, G_NR_close, open_at(f, "/m/beta/absolute", 0)), 0);
	assert_int_equal(CALL(f, G_NR_close, open_at(f, "/m/beta/out", 0)), 0);
	end(f);
}

static void dot_dot_and_magic_links_end_at_the_root(void **state)
{
	struct fake *f = start();

	(void)state;
	assert_string_equal(contents(f, "/m/beta/../../../../m/alpha"), "alpha contents");
	assert_string_equal(contents(f, "/proc/self/root/../../m/alpha"), "alpha contents");
	assert_int_equal(call1(f, G_NR_openat, "/proc/self/cwd/../..", 0), 3);
	assert_int_equal(CALL(f, G_NR_fchdir, 3), 0);
	assert_int_equal(CALL(f, G_NR_getcwd, BUF, 100), 2);
	end(f);
}

static void a_moved_outside_directory_keeps_what_is_in_it(void **state)
{
	struct fake *f = start();

	(void)state;
	assert_int_equal(rename_to(f, "/m/beta", "/tmp/moved"), 0);
	assert_string_equal(contents(f, "/tmp/moved/inner"), "inner");
	assert_int_equal(open_at(f, "/m/beta/inner", 0), -G_ENOENT);
	assert_int_equal(call1(f, G_NR_mkdirat, "/m/beta", 0755), 0);
	assert_string_equal(names(f, "/m/beta"), ". .. ");
	assert_int_equal(call1(f, G_NR_unlinkat, "/tmp/moved", G_AT_REMOVEDIR), -G_ENOTEMPTY);
	end(f);
}

static void a_file_may_lie_inside_a_mounted_directory(void **state)
{
	struct kernel_mount inner = { .guest_path = "/m/beta/deep/er" };
	struct fake *f = start();

	(void)state;
	assert_int_equal(kernel_mount(&f->k, &inner), 0);
	assert_string_equal(contents(f, "/m/beta/deep/er/alpha"), "alpha contents");
	assert_string_equal(contents(f, "/m/beta/inner"), "inner");
	assert_int_equal(call1(f, G_NR_unlinkat, "/m/beta/deep/er", G_AT_REMOVEDIR), -G_EBUSY);
	end(f);
}

static void the_root_can_be_outside_and_keeps_its_own_places(void **state)
{
	struct kernel_mount root = { .guest_path = "/" };
	struct fake *f = start();

	(void)state;
	assert_int_equal(kernel_mount(&f->k, &root), 0);
	assert_string_equal(contents(f, "/alpha"), "alpha contents");
	assert_string_equal(names(f, "/"), ". .. Zeta alpha beta dev etc gone m proc sys tmp ");
	end(f);
}

static void a_listing_survives_what_is_removed_and_made_meanwhile(void **state)
{
	struct fake *f = fresh();
	char path[32];
	unsigned seen_names = 0;
	int64_t fd, n;

	(void)state;
	for (unsigned i = 0; i < 40; i++) {
		snprintf(path, sizeof(path), "/tmp/f%02u", i);
		CALL(f, G_NR_close, open_at(f, path, G_O_CREAT | G_O_RDWR));
	}
	fd = open_at(f, "/tmp", G_O_RDONLY);
	while ((n = CALL(f, G_NR_getdents64, fd, BUF, 64)) > 0) {
		for (int64_t at = 0; at < n;) {
			const struct g_dirent64 *d = (const void *)(f->memory + BUF + at);

			at += d->reclen;
			if (d->name[0] == '.')
				continue;
			seen_names++;
			snprintf(path, sizeof(path), "/tmp/%s", d->name);
			assert_int_equal(call1(f, G_NR_unlinkat, path, 0), 0);
		}
	}
	assert_int_equal(seen_names, 40);
	assert_string_equal(names(f, "/tmp"), ". .. ");
	end(f);
}

static uint32_t random32(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(*seed >> 33);
}

/* Whatever a program does to the tree, it can take away again, and then nothing is left of it. */
static void random_scripts_leave_no_inode_behind(void **state)
{
	static const char *const paths[] = { "/tmp/a", "/tmp/b", "/tmp/a/b", "/tmp/b/a", "/tmp/a/../b", "/tmp/c", "/tmp/c/", "/tmp/a/b/c" };

	(void)state;
	for (uint64_t round = 1; round <= 60; round++) {
		struct fake *f = fresh();
		uint32_t before = tree_of(&f->k)->inode_count;
		uint64_t seed = round;

		for (unsigned i = 0; i < 400; i++) {
			const char *a = paths[random32(&seed) % 8], *b = paths[random32(&seed) % 8];

			switch (random32(&seed) % 8) {
			case 0: open_at(f, a, G_O_CREAT | G_O_RDWR); break;
			case 1: call1(f, G_NR_mkdirat, a, 0755); break;
			case 2: call1(f, G_NR_unlinkat, a, random32(&seed) % 2 ? G_AT_REMOVEDIR : 0); break;
			case 3: rename_to(f, a, b); break;
			case 4:
				CALL(f, G_NR_linkat, G_AT_FDCWD, put(f, PATH, a), G_AT_FDCWD, put(f, PATH2, b));
				break;
			case 5: CALL(f, G_NR_symlinkat, put(f, PATH, a), G_AT_FDCWD, put(f, PATH2, b)); break;
			case 6: CALL(f, G_NR_close, 3 + random32(&seed) % 8); break;
			default:
				CALL(f, G_NR_renameat2, G_AT_FDCWD, put(f, PATH, a), G_AT_FDCWD, put(f, PATH2, b),
				     G_RENAME_EXCHANGE);
				break;
			}
		}
		CALL(f, G_NR_close_range, 3, -1);
		for (unsigned i = 0; i < 8; i++) /* deeper ones first at some point */
			for (unsigned j = 0; j < 8; j++) {
				call1(f, G_NR_unlinkat, paths[j], 0);
				call1(f, G_NR_unlinkat, paths[j], G_AT_REMOVEDIR);
				call1(f, G_NR_unlinkat, "/tmp/b/c", 0);
				call1(f, G_NR_unlinkat, "/tmp/b/c", G_AT_REMOVEDIR);
				call1(f, G_NR_unlinkat, "/tmp/b/b", 0);
				call1(f, G_NR_unlinkat, "/tmp/b/b", G_AT_REMOVEDIR);
				call1(f, G_NR_unlinkat, "/tmp/b/a/c", 0);
				call1(f, G_NR_unlinkat, "/tmp/b/a/c", G_AT_REMOVEDIR);
			}
		if (strcmp(names(f, "/tmp"), ". .. ") == 0)
			assert_int_equal(tree_of(&f->k)->inode_count, before);
		assert_int_equal(arena_check(&f->k.arena), 0);
		fake_free(f);
	}
}

static void a_deleted_file_says_so_and_lives_while_it_is_open(void **state)
{
	struct fake *f = fresh();
	uint32_t before = tree_of(&f->k)->inode_count;
	char path[64];

	(void)state;
	assert_int_equal(open_at(f, "/tmp/x", G_O_CREAT | G_O_RDWR), 3);
	assert_int_equal(call1(f, G_NR_unlinkat, "/tmp/x", 0), 0);
	assert_int_equal(tree_path(&f->k, AT(&f->k, file, fd_ref(&f->k, 3))->inode, path, sizeof(path)), 16);
	assert_string_equal(path, "/tmp/x (deleted)");
	assert_int_equal(CALL(f, G_NR_close, 3), 0);
	assert_int_equal(tree_of(&f->k)->inode_count, before);
	end(f);
}

static void a_path_without_room_for_it_is_enametoolong(void **state)
{
	struct fake *f = fresh();
	char path[5];

	(void)state;
	assert_int_equal(call1(f, G_NR_mkdirat, "/tmp/long", 0755), 0);
	assert_int_equal(open_at(f, "/tmp/long", 0), 3);
	assert_int_equal(tree_path(&f->k, AT(&f->k, file, fd_ref(&f->k, 3))->inode, path, sizeof(path)), -G_ENAMETOOLONG);
	assert_int_equal(tree_path(&f->k, tree_of(&f->k)->root, path, 2), 1);
	assert_int_equal(tree_path(&f->k, tree_of(&f->k)->root, path, 1), -G_ENAMETOOLONG);
	end(f);
}

static void the_synthetic_tree_cannot_be_changed(void **state)
{
	struct fake *f = fresh();

	(void)state;
	assert_int_equal(open_at(f, "/proc/new", G_O_CREAT | G_O_RDWR), -G_ENOENT);
	assert_int_equal(open_at(f, "/sys/new", G_O_CREAT | G_O_RDWR), -G_EACCES);
	assert_int_equal(call1(f, G_NR_mkdirat, "/sys/new", 0755), -G_EPERM);
	assert_int_equal(call1(f, G_NR_unlinkat, "/proc/version", 0), -G_EPERM);
	assert_int_equal(rename_to(f, "/proc/version", "/tmp/version"), -G_EXDEV);
	assert_int_equal(open_at(f, "/proc/version", G_O_WRONLY), -G_EACCES);
	assert_int_equal(call1(f, G_NR_fchmodat, "/proc/version", 0777), -G_EPERM);
	assert_int_equal(call1(f, G_NR_unlinkat, "/proc", G_AT_REMOVEDIR), -G_EBUSY);
	end(f);
}

static void results_are_found_by_path_after_the_run(void **state)
{
	struct fake *f = fresh();
	uint32_t object = 0;
	char text[8] = "";

	(void)state;
	assert_int_equal(open_at(f, "/tmp/result", G_O_CREAT | G_O_RDWR), 3);
	put(f, BUF, "seven");
	assert_int_equal(CALL(f, G_NR_write, 3, BUF, 5), 5);
	assert_int_equal(kernel_file(&f->k, "/tmp/result", &object), 5);
	assert_int_equal(f->k.machine->object_read(f, object, 0, text, 5), 0);
	assert_string_equal(text, "seven");
	assert_int_equal(kernel_file(&f->k, "/tmp", &object), -G_EISDIR);
	assert_int_equal(kernel_file(&f->k, "/tmp/other", &object), -G_ENOENT);
	end(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outside_names_are_listed_bytewise_with_ours),
		cmocka_unit_test(a_name_that_was_taken_away_stays_away_and_can_come_back),
		cmocka_unit_test(contents_are_taken_at_the_first_open_and_never_again),
		cmocka_unit_test(writes_to_an_outside_file_stay_in_memory),
		cmocka_unit_test(truncating_at_open_asks_for_no_contents),
		cmocka_unit_test(a_file_that_shrinks_while_it_is_read_is_eio),
		cmocka_unit_test(outside_symlinks_are_resolved_in_the_tree),
		cmocka_unit_test(dot_dot_and_magic_links_end_at_the_root),
		cmocka_unit_test(a_moved_outside_directory_keeps_what_is_in_it),
		cmocka_unit_test(a_file_may_lie_inside_a_mounted_directory),
		cmocka_unit_test(the_root_can_be_outside_and_keeps_its_own_places),
		cmocka_unit_test(a_listing_survives_what_is_removed_and_made_meanwhile),
		cmocka_unit_test(random_scripts_leave_no_inode_behind),
		cmocka_unit_test(a_deleted_file_says_so_and_lives_while_it_is_open),
		cmocka_unit_test(a_path_without_room_for_it_is_enametoolong),
		cmocka_unit_test(the_synthetic_tree_cannot_be_changed),
		cmocka_unit_test(results_are_found_by_path_after_the_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
