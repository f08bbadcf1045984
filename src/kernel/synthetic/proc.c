/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * /proc/PID: directories, links and files that belong to a process. Their inodes are made for each
 * use and belong to no directory. Refuses to know what the files say (process_text.c). See proc(5).
 */
#include <string.h>

#include "kernel/file/file.h"
#include "kernel/synthetic/synthetic.h"
#include "kernel/thread/thread.h"

enum {
	DIR_PROC = GENERATOR_PROCESS,
	DIR_PID,
	DIR_TASK,
	DIR_TID,
	DIR_FD,
	DIR_FDINFO,
	LINK_SELF,
	LINK_THREAD_SELF,
	LINK_EXE,
	LINK_CWD,
	LINK_ROOT,
	LINK_FD,
	FILE_FDINFO,
	FILE_ROWS, /* + index into rows[] */
};

struct proc_row {
	const char *name;
	uint32_t mode;
	uint32_t generator; /* 0: FILE_ROWS + its index */
	text_maker *make;
	bool not_in_task; /* only in /proc/PID, not in task/TID */
};

/* In bytewise order, as they are listed. */
static const struct proc_row rows[] = {
	{"auxv", 0400, 0, text_auxv, false},
	{"cgroup", 0444, 0, text_cgroup, false},
	{"cmdline", 0444, 0, text_cmdline, false},
	{"comm", 0644, 0, text_comm, false},
	{"coredump_filter", 0444, 0, text_coredump_filter, true},
	{"cwd", 0777, LINK_CWD, NULL, false},
	{"environ", 0400, 0, text_environ, false},
	{"exe", 0777, LINK_EXE, NULL, false},
	{"fd", 0500, DIR_FD, NULL, false},
	{"fdinfo", 0555, DIR_FDINFO, NULL, false},
	{"gid_map", 0444, 0, text_id_map, false},
	{"io", 0400, 0, text_io, false},
	{"limits", 0444, 0, text_limits, false},
	{"loginuid", 0444, 0, text_loginuid, false},
	{"maps", 0444, 0, text_maps, false},
	{"mountinfo", 0444, 0, text_mountinfo, false},
	{"mounts", 0444, 0, text_mounts, false},
	{"oom_score", 0444, 0, text_zero, false},
	{"oom_score_adj", 0644, 0, text_oom_score_adj, false},
	{"personality", 0400, 0, text_personality, false},
	{"root", 0777, LINK_ROOT, NULL, false},
	{"smaps", 0444, 0, text_smaps, false},
	{"smaps_rollup", 0444, 0, text_smaps_rollup, true},
	{"stat", 0444, 0, text_stat, false},
	{"statm", 0444, 0, text_statm, false},
	{"status", 0444, 0, text_status, false},
	{"task", 0555, DIR_TASK, NULL, true},
	{"uid_map", 0444, 0, text_id_map, false},
};
#define ROWS (sizeof rows / sizeof rows[0])

static uint32_t type_of(uint32_t generator)
{
	if (generator < LINK_SELF)
		return G_S_IFDIR;
	return generator < FILE_FDINFO ? G_S_IFLNK : G_S_IFREG;
}

/* Programs count threads by the links of task. */
static uint32_t links_of(struct kernel *k, uint32_t generator, uint32_t pid)
{
	const struct process *p = process_by_pid(k, pid);

	if (generator == DIR_TASK)
		return 2 + (p ? p->thread_count : 0);
	return type_of(generator) == G_S_IFDIR ? 2 : 1;
}

/* An inode for one use. Its number says what it is, so that two uses of one path agree. */
static int make(struct kernel *k, ref dir, const char *name, uint64_t len, uint32_t generator,
		uint32_t mode, uint32_t pid, uint32_t tid, uint32_t fd, ref *out)
{
	ref r = inode_new(k, type_of(generator) | mode);
	struct inode *inode = inode_at(k, r);
	int err;

	if (!r)
		return -G_ENOMEM;
	tree_of(k)->next_number--;
	inode->number = UINT64_C(1) << 56 | (uint64_t)tid << 24 |
			(uint64_t)(generator - GENERATOR_PROCESS) << 17 | fd;
	inode->flags = INODE_PROCESS | (inode_is(inode, G_S_IFDIR) ? INODE_FIXED : 0);
	inode->links = 0;
	inode->generator = generator;
	inode->rdev_major = pid;
	inode->rdev_minor = tid;
	inode->subject = fd;
	inode->shown_links = links_of(k, generator, pid);
	inode->size = generator == LINK_FD ? 64 : 0; /* as Linux, for what the path may need */
	err = inode_set_name(k, inode, dir, name, len);
	if (err != 0) {
		inode_drop(k, r);
		return err;
	}
	*out = r;
	return 0;
}

static struct process *process_of(struct kernel *k, const struct inode *inode)
{
	return process_by_pid(k, inode->rdev_major);
}

/* The thread that a file speaks of: its own, or the first one of the process. */
static struct thread *thread_of(struct kernel *k, const struct inode *inode)
{
	struct process *p = process_of(k, inode);
	struct thread *t = thread_by_tid(k, inode->rdev_minor);

	return t || !p ? t : AT(k, thread, p->threads.head);
}

/* Descriptors can be looked at in one's own process only: there is no other yet. */
static ref fd_of(struct kernel *k, const struct inode *dir, uint64_t fd)
{
	return process_of(k, dir) == k->process && fd < INT32_MAX ? fd_ref(k, (int32_t)fd) : 0;
}

static int lookup_number(struct kernel *k, ref dir_ref, const char *name, uint64_t len,
			 uint64_t number, ref *out)
{
	const struct inode *dir = inode_at(k, dir_ref);
	struct thread *t = number <= UINT32_MAX ? thread_by_tid(k, (uint32_t)number) : NULL;
	const struct process *p = t                      ? AT(k, process, t->process)
				  : number <= UINT32_MAX ? process_by_pid(k, (uint32_t)number)
							 : NULL;

	switch (dir->generator) {
	case DIR_PROC:
		if (!p)
			return -G_ENOENT;
		return make(k, dir_ref, name, len, DIR_PID, 0555, p->pid, (uint32_t)number, 0, out);
	case DIR_TASK:
		if (!t || !p || p->pid != dir->rdev_major)
			return -G_ENOENT;
		return make(k, dir_ref, name, len, DIR_TID, 0555, p->pid, t->tid, 0, out);
	default: { /* DIR_FD, DIR_FDINFO */
		bool info = dir->generator == DIR_FDINFO;
		const struct file *f = AT(k, file, fd_of(k, dir, number));
		uint32_t mode = 0500;

		if (!f)
			return -G_ENOENT;
		if (info)
			mode = 0444;
		else
			mode = 0100 | (file_readable(f) ? 0400 : 0) | (file_writable(f) ? 0200 : 0);
		return make(k, dir_ref, name, len, info ? FILE_FDINFO : LINK_FD, mode,
			    dir->rdev_major, dir->rdev_minor, (uint32_t)number, out);
	}
	}
}

int proc_lookup(struct kernel *k, ref dir_ref, const char *name, uint64_t len, ref *out)
{
	const struct inode *dir = inode_at(k, dir_ref);
	uint64_t number;

	if (dir->generator != DIR_PID && dir->generator != DIR_TID) {
		if (!text_number(name, len, &number))
			return -G_ENOENT;
		return lookup_number(k, dir_ref, name, len, number, out);
	}
	if (!process_of(k, dir))
		return -G_ENOENT;
	for (uint32_t i = 0; i < ROWS; i++) {
		if (text_compare(rows[i].name, text_length(rows[i].name), name, len) != 0)
			continue;
		if (rows[i].not_in_task && dir->generator == DIR_TID)
			continue;
		return make(k, dir_ref, name, len,
			    rows[i].generator ? rows[i].generator : FILE_ROWS + i, rows[i].mode,
			    dir->rdev_major, dir->rdev_minor, 0, out);
	}
	return -G_ENOENT;
}

static int next_thread(struct kernel *k, const struct inode *dir, uint64_t *cursor, char *name)
{
	const struct process *p = process_of(k, dir);
	const struct thread *last = *cursor ? thread_by_tid(k, (uint32_t)*cursor - 1) : NULL;

	for (ref r = last ? last->next : p ? p->threads.head : 0; r; r = AT(k, thread, r)->next) {
		const struct thread *t = AT(k, thread, r);

		if (t->tid >= *cursor) {
			*cursor = (uint64_t)t->tid + 1;
			text_decimal(name, t->tid);
			return 0;
		}
	}
	return -G_ENOENT;
}

static int next_process(struct kernel *k, uint64_t *cursor, char *name)
{
	for (ref r = k->root->processes.head; r; r = AT(k, process, r)->next) {
		const struct process *p = AT(k, process, r);

		if (p->pid >= *cursor) {
			*cursor = (uint64_t)p->pid + 1;
			text_decimal(name, p->pid);
			return 0;
		}
	}
	return -G_ENOENT;
}

static int next_fd(struct kernel *k, const struct inode *dir, uint64_t *cursor, char *name)
{
	for (uint64_t limit = fd_limit(k); *cursor < limit; ++*cursor) {
		if (!fd_of(k, dir, *cursor))
			continue;
		text_decimal(name, (*cursor)++);
		return 0;
	}
	return -G_ENOENT;
}

int proc_name(struct kernel *k, const struct inode *dir, uint64_t *cursor, char *name)
{
	switch (dir->generator) {
	case DIR_PROC:
		return next_process(k, cursor, name);
	case DIR_TASK:
		return next_thread(k, dir, cursor, name);
	case DIR_FD:
	case DIR_FDINFO:
		return next_fd(k, dir, cursor, name);
	default:
		while (*cursor < ROWS && rows[*cursor].not_in_task && dir->generator == DIR_TID)
			++*cursor;
		if (*cursor >= ROWS)
			return -G_ENOENT;
		text_copy(name, LIMIT_NAME + 1, rows[(*cursor)++].name);
		return 0;
	}
}

bool proc_is_magic(const struct inode *link)
{
	return link->generator == LINK_EXE || link->generator == LINK_CWD ||
	       link->generator == LINK_ROOT || link->generator == LINK_FD;
}

static ref cwd_of(struct kernel *k, const struct process *p)
{
	const struct fs_info *fs = AT(k, fs_info, p->fs);

	return fs && fs->cwd ? fs->cwd : tree_of(k)->root;
}

int proc_follow(struct kernel *k, const struct inode *link, ref *inode, ref *file)
{
	const struct process *p = process_of(k, link);
	ref found = 0;

	if (!p)
		return -G_ENOENT;
	if (link->generator == LINK_FD) {
		found = fd_of(k, link, link->subject);
		if (!found)
			return -G_ENOENT;
		file_hold(k, found);
		*file = found;
		found = AT(k, file, found)->inode;
	} else if (link->generator == LINK_EXE) {
		found = p->exe;
		if (!found)
			return -G_ENOENT;
	} else {
		found = link->generator == LINK_CWD ? cwd_of(k, p) : tree_of(k)->root;
	}
	inode_hold(k, found);
	*inode = found;
	return 0;
}

static int64_t link_text(struct kernel *k, const struct inode *link, char *buf, uint64_t size)
{
	const struct process *p = process_of(k, link);
	uint64_t n;

	switch (link->generator) {
	case LINK_SELF:
		return (int64_t)text_decimal(buf, k->process->pid);
	case LINK_THREAD_SELF:
		n = text_decimal(buf, k->process->pid);
		n += text_copy(buf + n, size - n, "/task/");
		return (int64_t)(n + text_decimal(buf + n, k->current->tid));
	case LINK_EXE:
		return p && p->exe ? tree_path(k, p->exe, buf, size) : -G_ENOENT;
	case LINK_CWD:
		return p ? tree_path(k, cwd_of(k, p), buf, size) : -G_ENOENT;
	case LINK_ROOT:
		return (int64_t)text_copy(buf, size, "/");
	default: {
		struct file *f = AT(k, file, fd_of(k, link, link->subject));

		return f ? file_link_name(k, f, buf, size) : -G_ENOENT;
	}
	}
}

int64_t proc_readlink(struct kernel *k, const struct inode *link, char *buf, uint64_t size)
{
	char text[LIMIT_PATH];
	int64_t n = link_text(k, link, text, sizeof text);

	if (n < 0)
		return n;
	if ((uint64_t)n > size)
		n = (int64_t)size;
	memcpy(buf, text, (uint64_t)n);
	return n;
}

int proc_text(struct kernel *k, const struct inode *inode, struct text *t)
{
	struct process *p = process_of(k, inode);
	struct thread *thread = thread_of(k, inode);

	if (!p || !thread)
		return -G_ESRCH;
	if (inode->generator == FILE_FDINFO)
		return p == k->process ? text_fdinfo(k, inode->subject, t) : -G_ENOENT;
	return rows[inode->generator - FILE_ROWS].make(k, p, thread, t);
}

static const struct proc_row *row_of(const struct inode *inode)
{
	return inode->generator >= FILE_ROWS ? &rows[inode->generator - FILE_ROWS] : NULL;
}

int proc_writable(const struct inode *inode)
{
	const struct proc_row *row = row_of(inode);

	return row && (row->mode & 0200) ? 0 : -G_EACCES;
}

static int64_t write_comm(struct thread *t, const char *src, uint64_t n)
{
	uint64_t kept = n < sizeof t->name ? n : sizeof t->name - 1;

	memset(t->name, 0, sizeof t->name);
	for (uint64_t i = 0; i < kept && src[i] != 0 && src[i] != '\n'; i++)
		t->name[i] = (uint8_t)src[i];
	return (int64_t)n;
}

static int64_t write_oom_score_adj(struct process *p, const char *src, uint64_t n)
{
	uint64_t len = n, value;
	bool minus = n > 0 && src[0] == '-';

	while (len > 0 && (src[len - 1] == '\n' || src[len - 1] == ' '))
		len--;
	if (len <= minus || !text_number(src + minus, len - minus, &value) || value > 1000)
		return -G_EINVAL;
	p->oom_score_adj = minus ? -(int64_t)value : (int64_t)value;
	return (int64_t)n;
}

int64_t proc_write(struct kernel *k, const struct inode *inode, const char *src, uint64_t n)
{
	const struct proc_row *row = row_of(inode);
	struct process *p = process_of(k, inode);
	struct thread *t = thread_of(k, inode);

	if (!p || !t)
		return -G_ESRCH;
	if (row && row->make == text_comm)
		return write_comm(t, src, n);
	if (row && row->make == text_oom_score_adj)
		return write_oom_score_adj(p, src, n);
	return -G_EIO;
}

int proc_init(struct kernel *k, ref proc)
{
	static const struct {
		const char *name;
		uint32_t generator;
	} links[] = {
		{"/proc/self", LINK_SELF},
		{"/proc/thread-self", LINK_THREAD_SELF},
	};

	inode_at(k, proc)->generator = DIR_PROC;
	for (unsigned i = 0; i < sizeof links / sizeof links[0]; i++) {
		ref link;
		int err = tree_make(k, links[i].name, G_S_IFLNK | 0777, INODE_FIXED, &link);

		if (err != 0)
			return err;
		inode_at(k, link)->generator = links[i].generator;
	}
	return 0;
}
