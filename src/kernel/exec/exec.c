/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Loading a program into the first process: its segments, its interpreter, the break, vdso and stack. Refuses to know ELF (elf.c) and what
 * is on the stack (stack.c).
 */
#include "kernel/exec/exec.h"

#include <string.h>

#include "kernel/memory/area.h"
#include "kernel/exec/elf.h"
#include "kernel/file/file.h"
#include "kernel/text.h"
#include "kernel/thread/thread.h"
#include "kernel/tree/tree.h"
#include "kernel/vdso/vdso.h"

#define PAGE TG_PAGE_SIZE
#define PAGE_MASK (-(uint64_t)PAGE)
/* Where position-independent programs go: two thirds up, as Linux's ELF_ET_DYN_BASE. */
#define DYN_BASE ((TG_ADDRESS_END / 3 * 2) & PAGE_MASK)

#define WHY_MEMORY "does not fit into the memory limit"

struct loading {
	struct kernel *k;
	struct process *p;
	struct memory *mm;
	const char **why;
	ref inode;             /* of the file being loaded */
	struct elf_image image;
	uint64_t bias;
};

struct reader {
	struct kernel *k;
	struct inode *inode;
};

static int64_t read_inode(void *ctx, uint64_t offset, void *dst, uint64_t n)
{
	struct reader *r = ctx;

	return inode_read(r->k, r->inode, offset, dst, n);
}

static int refuse(const char **why, const char *line, int error)
{
	*why = line;
	return error;
}

/* Finds a regular file: 0 with *out held. -G_ENOENT and -G_ENOTDIR come without a line: there is no such file. */
static int find_file(struct kernel *k, const char *path, ref *out, const char **why)
{
	struct walk walk;
	struct inode *inode;
	int result = tree_walk(k, G_AT_FDCWD, path, 0, &walk);

	if (result == -G_ENOENT || result == -G_ENOTDIR)
		return result;
	if (result)
		return refuse(why, "cannot be looked up", result);
	inode = AT(k, inode, walk.inode);
	if (!inode || (inode->mode & G_S_IFMT) != G_S_IFREG) {
		result = refuse(why, inode && (inode->mode & G_S_IFMT) == G_S_IFDIR ? "is a directory" : "is not a regular file", -G_EACCES);
	} else if ((result = inode_load(k, inode))) {
		*why = "cannot be read";
	} else {
		inode_hold(k, walk.inode);
		*out = walk.inode;
	}
	walk_done(k, &walk);
	return result;
}

static int parse(struct loading *l)
{
	struct reader reader = { l->k, AT(l->k, inode, l->inode) };
	struct elf_source source = { read_inode, &reader, reader.inode->size };

	return elf_parse(&source, &l->image, l->why);
}

/* ---- segments ---- */

static int clear(struct loading *l, uint64_t addr, uint64_t n)
{
	static const uint8_t zeros[256];

	while (n) {
		uint64_t chunk = n < sizeof(zeros) ? n : sizeof(zeros);
		int result = process_store(l->k, l->p, addr, zeros, chunk);

		if (result)
			return result;
		addr += chunk;
		n -= chunk;
	}
	return 0;
}

/* File pages, then zeros: the rest of the last file page (if it can be written, as in Linux) and whole pages after it. */
static int map_segment(struct loading *l, const struct elf_segment *s)
{
	uint64_t at = l->bias + s->vaddr, start = at & PAGE_MASK, skip = at - start;
	uint64_t file_end = s->filesz ? at + s->filesz : start, end = (at + s->memsz + PAGE - 1) & PAGE_MASK;
	uint64_t zero_start = (file_end + PAGE - 1) & PAGE_MASK;
	const struct inode *inode = AT(l->k, inode, l->inode);
	int64_t result = 0;

	if (s->filesz)
		result = memory_map(l->k, l->mm, start, file_end - start, s->prot, G_MAP_PRIVATE | G_MAP_FIXED, inode->object, l->inode,
		                    s->offset - skip, 0, 7);
	if (result >= 0 && s->filesz && s->memsz > s->filesz && (s->prot & G_PROT_WRITE))
		result = clear(l, file_end, zero_start - file_end);
	if (result >= 0 && zero_start < end && s->memsz > s->filesz)
		result = memory_map(l->k, l->mm, zero_start, end - zero_start, G_PROT_READ | G_PROT_WRITE | (s->prot & G_PROT_EXEC),
		                    G_MAP_PRIVATE | G_MAP_FIXED, 0, 0, 0, 0, 7);
	return result < 0 ? (int)result : 0;
}

/* Chooses where a position-independent image goes: near `wanted`, or (0) in the mmap area. */
static int choose_bias(struct loading *l, uint64_t wanted)
{
	uint64_t size = l->image.high - l->image.low, align = l->image.align;
	int64_t place;

	l->bias = 0;
	if (!l->image.position_independent)
		return 0;
	if (wanted) {
		l->bias = (wanted & -align) - (l->image.low & -align);
		if ((wanted & -align) > TG_ADDRESS_END - size)
			return -G_ENOMEM;
		return 0;
	}
	place = memory_place(l->k, l->mm, 0, size + align - PAGE, 0);
	if (place < 0)
		return (int)place;
	l->bias = (((uint64_t)place + align - 1) & -align) - (l->image.low & -align);
	return 0;
}

static int map_image(struct loading *l, uint64_t wanted)
{
	int result = choose_bias(l, wanted);

	/* Segments replace what is mapped: that may only be pages of this image. */
	if (!result && area_meets(l->k, l->mm, l->bias + l->image.low, l->bias + l->image.high))
		return refuse(l->why, "has segments where something else is mapped", -G_ENOEXEC);
	for (uint32_t i = 0; i < l->image.segment_count && !result; i++)
		result = map_segment(l, &l->image.segments[i]);
	if (result && !*l->why)
		*l->why = WHY_MEMORY;
	return result;
}

static void note_bounds(struct loading *l)
{
	struct process *p = l->p;

	p->start_code = UINT64_MAX;
	p->end_code = p->start_data = p->end_data = 0;
	for (uint32_t i = 0; i < l->image.segment_count; i++) {
		const struct elf_segment *s = &l->image.segments[i];
		uint64_t start = l->bias + s->vaddr, end = start + s->filesz;

		if ((s->prot & G_PROT_EXEC) && start < p->start_code)
			p->start_code = start;
		if ((s->prot & G_PROT_EXEC) && end > p->end_code)
			p->end_code = end;
		if (start > p->start_data)
			p->start_data = start;
		if (end > p->end_data)
			p->end_data = end;
	}
	l->mm->brk_start = l->mm->brk = l->bias + l->image.high;
}

/* Loads the interpreter that the program names; its own record is too big for this frame to hold a second one. */
static int load_interpreter(struct loading *l, struct loading *interp)
{
	struct kernel *k = l->k;
	char path[LIMIT_PATH];
	uint64_t n = l->image.interp_len;
	int64_t got = n < sizeof(path) ? inode_read(k, AT(k, inode, l->inode), l->image.interp_offset, path, n) : -G_ENOEXEC;
	int result;

	if (got != (int64_t)n)
		return refuse(l->why, "names its interpreter in a malformed way", -G_ENOEXEC);
	path[n] = 0;
	*interp = (struct loading){ .k = k, .p = l->p, .mm = l->mm, .why = l->why };
	result = find_file(k, path, &interp->inode, l->why);
	if (result)
		return refuse(l->why, "needs an interpreter (its dynamic loader) that is not in the guest's file tree: give it with --root or --file",
		              result);
	result = parse(interp);
	if (!result && (interp->image.interp_len || !interp->image.position_independent))
		result = refuse(l->why, "names an interpreter that is not a dynamic loader", -G_ENOEXEC);
	if (!result)
		result = map_image(interp, 0);
	inode_drop(k, interp->inode);
	return result;
}

/* ---- the process ---- */

static int prepare_files(struct kernel *k, struct process *p, const struct kernel_program *program, const char **why)
{
	struct walk walk;
	struct fs_info *fs = AT(k, fs_info, p->fs);
	const struct inode *inode;
	int result = fd_any(k, 0) ? 0 : fd_table_standard(k, p->files, program->stdin_given);

	if (result)
		return refuse(why, "cannot be started: no memory for its descriptors", result);
	result = tree_walk(k, G_AT_FDCWD, program->cwd ? program->cwd : "/", 0, &walk);
	if (result)
		return refuse(why, "cannot be started: its working directory does not exist in the guest's file tree", -G_EINVAL);
	inode = AT(k, inode, walk.inode);
	if (!inode || (inode->mode & G_S_IFMT) != G_S_IFDIR) {
		walk_done(k, &walk);
		return refuse(why, "cannot be started: its working directory is not a directory", -G_EINVAL);
	}
	inode_hold(k, walk.inode);
	if (fs->cwd)
		inode_drop(k, fs->cwd);
	fs->cwd = walk.inode;
	walk_done(k, &walk);
	return 0;
}

/* The name that ps shows: the last component of the path, at most 15 bytes. */
static void set_name(struct thread *t, const char *path)
{
	const char *base = path;

	for (const char *c = path; *c; c++)
		if (*c == '/' && c[1])
			base = c + 1;
	memset(t->name, 0, sizeof(t->name));
	text_copy((char *)t->name, sizeof(t->name), base);
}

static void start_thread(struct kernel *k, struct process *p, const char *path, uint64_t pc, uint64_t sp)
{
	struct thread *t = AT(k, thread, p->threads.head);

	memset(&t->regs, 0, sizeof(t->regs));
	t->regs.pc = pc;
	t->regs.x[TG_REG_SP] = sp;
	set_name(t, path);
}

static int load(struct loading *l, const struct kernel_program *program)
{
	struct kernel *k = l->k;
	struct process *p = l->p;
	struct start start = { .argv = program->argv, .envp = program->envp, .execfn = program->execfn ? program->execfn : program->path };
	uint64_t sp, pc;
	int result = parse(l);

	if (!result)
		result = map_image(l, DYN_BASE);
	if (result)
		return result;
	note_bounds(l);
	start.exec_stack = l->image.exec_stack;
	start.entry = pc = l->bias + l->image.entry;
	start.phdr = l->image.phdr ? l->bias + l->image.phdr : 0;
	start.phnum = l->image.phnum;
	if (l->image.interp_len) {
		struct loading interp;

		result = load_interpreter(l, &interp);
		if (result)
			return result;
		start.base = interp.bias;
		pc = interp.bias + interp.image.entry;
	}
	if (vdso_map(k, p, l->mm))
		return refuse(l->why, WHY_MEMORY, -G_ENOMEM);
	start.vdso = program->want_vdso ? p->vdso : 0;
	result = stack_build(k, p, &start, &sp);
	if (result == -G_E2BIG)
		return refuse(l->why, "has too many or too long arguments or environment strings", result);
	if (result == -G_EEXIST)
		return refuse(l->why, "has a segment where the stack has to be", -G_ENOEXEC);
	if (result)
		return refuse(l->why, WHY_MEMORY, result);
	start_thread(k, p, program->path, pc, sp);
	return 0;
}

/* What a failed attempt has made: the next one may be of another program. */
static void forget(struct kernel *k, struct process *p)
{
	memory_release(k, p->memory);
	arena_free(&k->arena, p->cmdline);
	arena_free(&k->arena, p->environ);
	arena_free(&k->arena, p->auxv);
	p->memory = p->cmdline = p->environ = p->auxv = 0;
}

int kernel_exec(struct kernel *k, const struct kernel_program *program, const char **why)
{
	struct loading l = { .k = k, .why = why };
	int result = k->root->processes.head ? 0 : process_first(k);

	*why = NULL;
	if (result)
		return refuse(why, "cannot be started: no memory", result);
	l.p = AT(k, process, k->root->processes.head);
	result = find_file(k, program->path, &l.inode, why);
	if (result)
		return result;
	result = prepare_files(k, l.p, program, why);
	if (!result && !l.p->memory && memory_new(k, &l.p->memory)) /* an attempt before this one has used it up */
		result = refuse(why, "cannot be started: no memory", -G_ENOMEM);
	if (!result) {
		l.mm = AT(k, memory, l.p->memory);
		l.p->space = l.mm->space;
		result = load(&l, program);
	}
	if (result) {
		forget(k, l.p);
		inode_drop(k, l.inode);
		return result;
	}
	AT(k, inode, l.inode)->executing++;
	l.p->exe = l.inode; /* the reference goes to the process */
	return 0;
}
