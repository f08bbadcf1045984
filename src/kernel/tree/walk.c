/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The path walker: from a path to an inode, or to a parent and a last name. Symlinks are resolved
 * here by a loop over one string, so that neither depth nor length of what a guest has linked
 * together costs stack. See path_resolution(7).
 */
#include "kernel/tree/tree.h"

#include <string.h>

#include "kernel/file/file.h"
#include "kernel/tree/inode.h"
#include "kernel/synthetic/synthetic.h"

struct walker {
	struct kernel *k;
	struct walk *out;
	uint32_t flags;
	uint32_t links; /* symlinks followed so far */
	ref base;       /* where ".." ends: the tree's root, or the directory of WALK_IN_ROOT and
			   WALK_BENEATH */
	ref at;         /* held */
	ref file;       /* held: a magic link led here */
	ref text;       /* block of the string in work, once a symlink was followed */
	const char *rest;
	uint64_t rest_len;
};

static ref cwd_of(struct kernel *k)
{
	const struct fs_info *fs = k->process ? AT(k, fs_info, k->process->fs) : NULL;

	return fs && fs->cwd ? fs->cwd : tree_of(k)->root;
}

static int start(struct walker *w, int32_t dfd)
{
	struct kernel *k = w->k;
	bool absolute = w->rest_len > 0 && w->rest[0] == '/';
	ref from;

	w->base = tree_of(k)->root;
	if (absolute && (w->flags & WALK_BENEATH))
		return -G_EXDEV;
	if (absolute && !(w->flags & WALK_IN_ROOT)) {
		from = w->base;
	} else if (dfd == G_AT_FDCWD) {
		from = cwd_of(k);
	} else {
		struct file *f = fd_any(k, dfd);

		if (!f)
			return -G_EBADF;
		from = f->inode;
		if (w->rest_len == 0) { /* AT_EMPTY_PATH: any file will do */
			w->file = fd_ref(k, dfd);
			file_hold(k, w->file);
		} else if (!from || !inode_is(inode_at(k, from), G_S_IFDIR)) {
			return -G_ENOTDIR;
		}
	}
	if (w->flags & (WALK_BENEATH | WALK_IN_ROOT))
		w->base = from;
	w->at = from;
	inode_hold(k, from);
	return 0;
}

static void go(struct walker *w, ref next)
{
	inode_drop(w->k, w->at);
	w->at = next;
}

/* The string in work becomes the link's target and what is left behind it. */
static int splice(struct walker *w, const char *target, uint64_t len, bool trailing)
{
	struct kernel *k = w->k;
	ref block = arena_alloc(&k->arena, len + 1 + w->rest_len + 1);
	char *text = arena_at(&k->arena, block);
	uint64_t n = len;

	if (!block)
		return -G_ENOMEM;
	memcpy(text, target, len);
	if (w->rest_len > 0 || trailing)
		text[n++] = '/';
	memcpy(text + n, w->rest, w->rest_len);
	arena_free(&k->arena, w->text);
	w->text = block;
	w->rest = text;
	w->rest_len += n;
	return 0;
}

static int follow_magic(struct walker *w, const struct inode *link)
{
	ref inode = 0, file = 0;
	int err;

	if (w->flags & (WALK_NO_MAGICLINKS | WALK_NO_SYMLINKS))
		return -G_ELOOP;
	if (w->flags & (WALK_BENEATH | WALK_IN_ROOT | WALK_NO_XDEV))
		return -G_EXDEV;
	err = proc_follow(w->k, link, &inode, &file);
	if (err != 0)
		return err;
	file_drop(w->k, w->file);
	w->file = file;
	go(w, inode);
	return 0;
}

/* The directory that a path is mounted at: what RESOLVE_NO_XDEV must not leave. */
static ref mount_of(struct kernel *k, ref at)
{
	const struct inode *inode = inode_at(k, at);

	while (inode && !(inode->flags & INODE_MOUNT) && inode->parent) {
		at = inode->parent;
		inode = inode_at(k, at);
	}
	return at;
}

/* Follows the symlink `link` (held by the caller) found in w->at. */
static int follow(struct walker *w, ref link_ref, bool trailing)
{
	struct kernel *k = w->k;
	struct inode *link = inode_at(k, link_ref);
	char target[LIMIT_PATH];
	int64_t n;

	if (++w->links > LIMIT_SYMLINKS || (w->flags & WALK_NO_SYMLINKS))
		return -G_ELOOP;
	if (proc_is_magic(link))
		return follow_magic(w, link);
	n = inode_readlink(k, link, target, sizeof target);
	if (n <= 0)
		return n < 0 ? (int)n : -G_ENOENT;
	if (target[0] == '/') {
		if (w->flags & WALK_BENEATH)
			return -G_EXDEV;
		if ((w->flags & WALK_NO_XDEV) && mount_of(k, w->at) != mount_of(k, w->base))
			return -G_EXDEV;
		inode_hold(k, w->base);
		go(w, w->base);
	}
	return splice(w, target, (uint64_t)n, trailing);
}

static int step_up(struct walker *w)
{
	const struct inode *at = inode_at(w->k, w->at);
	ref up = at->parent ? at->parent : w->at;

	if (w->at == w->base) {
		if (w->flags & WALK_BENEATH)
			return -G_EXDEV;
		return 0;
	}
	if ((w->flags & WALK_NO_XDEV) && (at->flags & INODE_MOUNT))
		return -G_EXDEV;
	if (!inode_at(w->k, up))
		return -G_ENOENT;
	inode_hold(w->k, up);
	go(w, up);
	return 0;
}

/* The walk ends at the parent: what the last name is, and the inode behind it if there is one. */
static int end_at_parent(struct walker *w, const char *name, uint64_t len, uint32_t kind,
			 bool trailing, ref found)
{
	struct walk *out = w->out;

	out->parent = w->at;
	inode_hold(w->k, w->at);
	out->last_kind = kind;
	out->trailing = trailing;
	memcpy(out->last, name, len);
	out->last[len] = 0;
	go(w, found);
	return 0;
}

/* Takes one component off the string; its length, with *name and *trailing set; 0 at the end. */
static uint64_t next_component(struct walker *w, const char **name, bool *trailing)
{
	uint64_t len = 0;

	while (w->rest_len > 0 && w->rest[0] == '/')
		w->rest++, w->rest_len--;
	*name = w->rest;
	while (len < w->rest_len && w->rest[len] != '/')
		len++;
	w->rest += len;
	w->rest_len -= len;
	*trailing = w->rest_len > 0;
	while (w->rest_len > 0 && w->rest[0] == '/')
		w->rest++, w->rest_len--;
	return len;
}

static int step_down(struct walker *w, const char *name, uint64_t len, bool last, bool trailing,
		     bool *done)
{
	struct kernel *k = w->k;
	bool to_parent = last && (w->flags & WALK_PARENT);
	ref child = 0;
	int err = directory_lookup(k, w->at, name, len, &child);

	if (err == -G_ENOENT && to_parent) {
		*done = true;
		return end_at_parent(w, name, len, WALK_LAST_NORMAL, trailing, 0);
	}
	if (err != 0)
		return err;
	if (inode_is(inode_at(k, child), G_S_IFLNK)) {
		/* Behind a slash a link is followed, but not where a name shall be made or taken
		 * away: the caller refuses the slash then. */
		bool stay = last && (to_parent ? trailing || (w->flags & WALK_NOFOLLOW)
					       : !trailing && (w->flags & WALK_NOFOLLOW));

		if (!stay) {
			err = follow(w, child, trailing);
			if (err == 0 && last && proc_is_magic(inode_at(k, child)) && to_parent) {
				*done = true; /* a magic link has no parent to give: the target
						 itself */
				w->out->trailing = trailing;
			}
			inode_drop(k, child);
			return err;
		}
	}
	if ((w->flags & WALK_NO_XDEV) && (inode_at(k, child)->flags & INODE_MOUNT)) {
		inode_drop(k, child);
		return -G_EXDEV;
	}
	if (to_parent) {
		*done = true;
		return end_at_parent(w, name, len, WALK_LAST_NORMAL, trailing, child);
	}
	go(w, child);
	return 0;
}

static int is_directory(struct walker *w)
{
	const struct inode *at = inode_at(w->k, w->at);

	return at && inode_is(at, G_S_IFDIR) ? 0 : -G_ENOTDIR;
}

static int walk_steps(struct walker *w)
{
	bool trailing = false, done = false, need_directory = (w->flags & WALK_DIRECTORY) != 0;
	const char *name;
	uint64_t len;
	int err = 0;

	while (!done && (len = next_component(w, &name, &trailing)) > 0) {
		bool last = w->rest_len == 0, dot = len == 1 && name[0] == '.',
		     dots = len == 2 && name[0] == '.' && name[1] == '.';

		if (is_directory(w) != 0)
			return -G_ENOTDIR;
		if (len > LIMIT_NAME)
			return -G_ENAMETOOLONG;
		file_drop(w->k, w->file);
		w->file = 0;
		if (last && (dot || dots) && (w->flags & WALK_PARENT)) {
			ref found;

			if (dots)
				err = step_up(w);
			found = w->at;
			inode_hold(w->k, found);
			return err != 0 ? err
					: end_at_parent(w, name, len,
							dot ? WALK_LAST_DOT : WALK_LAST_DOT_DOT,
							trailing, found);
		}
		if (dots)
			err = step_up(w);
		else if (!dot)
			err = step_down(w, name, len, last, trailing, &done);
		if (err != 0)
			return err;
		if (last && trailing)
			need_directory = true;
	}
	if (done && !(w->out->parent == 0 && w->out->trailing))
		return 0;
	if ((w->flags & WALK_PARENT) && !done) { /* the path was nothing but slashes */
		inode_hold(w->k, w->at);
		return end_at_parent(w, "/", 1, WALK_LAST_ROOT, false, w->at);
	}
	return need_directory ? is_directory(w) : 0;
}

int tree_walk(struct kernel *k, int32_t dfd, const char *path, uint32_t flags, struct walk *out)
{
	struct walker w = {
		.k = k, .out = out, .flags = flags, .rest = path, .rest_len = text_length(path)};
	int err;

	memset(out, 0, sizeof *out);
	if (w.rest_len == 0 && !(flags & WALK_EMPTY))
		return -G_ENOENT;
	err = start(&w, dfd);
	if (err == 0 && w.rest_len > 0)
		err = walk_steps(&w);
	if (err == 0 && w.rest_len == 0 && !w.at && !out->parent && !(flags & WALK_ANY_FILE))
		err = -G_EACCES;
	arena_free(&k->arena, w.text);
	if (err != 0) {
		inode_drop(k, w.at);
		file_drop(k, w.file);
		walk_done(k, out);
		return err;
	}
	out->inode = w.at;
	out->file = w.file;
	return 0;
}

void walk_done(struct kernel *k, struct walk *walk)
{
	inode_drop(k, walk->inode);
	inode_drop(k, walk->parent);
	file_drop(k, walk->file);
	walk->inode = walk->parent = walk->file = 0;
}
