/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* /proc/PID/maps, smaps, statm: what the area table says, in Linux's words (fs/proc/task_mmu.c's
 * formats; proc(5)). */
#include "kernel/tree/inode.h"
#include "kernel/memory/memory.h"
#include "kernel/synthetic/synthetic.h"

#define NAME_COLUMN 73 /* where names start in a line of maps */
#define KB_PER_PAGE (G_PAGE_SIZE / 1024)
#define COUNTED_PAGES                                                                              \
	(1u << 20) /* that one reading looks at one by one; what lies beyond (4 GiB) counts as not \
		      resident */

static const struct memory *memory_of(struct kernel *k, const struct process *p)
{
	return AT(k, memory, p->memory);
}

static void area_name(struct kernel *k, const struct area *a, struct text *out)
{
	char path[LIMIT_PATH];

	if (a->inode) {
		int64_t n = tree_path(k, a->inode, path, sizeof path);

		if (a->flags & AREA_SHMEM)
			text_str(out, "/dev/zero (deleted)");
		else if (n > 0)
			text_bytes(out, path, (uint64_t)n);
	} else if (a->flags & AREA_HEAP) {
		text_str(out, "[heap]");
	} else if (a->flags & AREA_STACK) {
		text_str(out, "[stack]");
	} else if (a->flags & AREA_VDSO) {
		text_str(out, "[vdso]");
	} else if (a->flags & AREA_VVAR) {
		text_str(out, "[vvar]");
	} else if (a->name) {
		uint64_t n = arena_size(&k->arena, a->name);
		const char *s = arena_at(&k->arena, a->name);

		while (n > 0 && s[n - 1] == 0)
			n--;
		text_str(out, a->flags & AREA_SHARED ? "[anon_shmem:" : "[anon:");
		text_bytes(out, s, n);
		text_char(out, ']');
	}
}

static bool has_name(const struct area *a)
{
	return a->inode || a->name || (a->flags & (AREA_HEAP | AREA_STACK | AREA_VDSO | AREA_VVAR));
}

static void line(struct kernel *k, const struct area *a, struct text *out)
{
	uint64_t start = out->length;
	const struct inode *inode = inode_at(k, a->inode);

	text_hex(out, a->start, 8);
	text_char(out, '-');
	text_hex(out, a->end, 8);
	text_char(out, ' ');
	text_char(out, a->prot & G_PROT_READ ? 'r' : '-');
	text_char(out, a->prot & G_PROT_WRITE ? 'w' : '-');
	text_char(out, a->prot & G_PROT_EXEC ? 'x' : '-');
	text_char(out, a->flags & AREA_SHARED ? 's' : 'p');
	text_char(out, ' ');
	text_hex(out, inode ? a->offset : 0, 8);
	text_str(out, inode ? " 00:19 " : " 00:00 ");
	text_u64(out, inode ? inode->number : 0);
	text_char(out, ' ');
	if (has_name(a)) {
		if (out->length - start < NAME_COLUMN)
			text_repeat(out, ' ', NAME_COLUMN - (out->length - start));
		area_name(k, a, out);
	}
	text_char(out, '\n');
}

int text_maps(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	const struct memory *mm = memory_of(k, p);

	for (uint32_t i = 0; mm && i < mm->area_count; i++)
		line(k, memory_area_at(k, mm, i), out);
	return 0;
}

struct usage {
	uint64_t size, resident, shared, anonymous, locked; /* pages */
	uint64_t looked_at;
};

static void count(struct kernel *k, const struct memory *mm, const struct area *a, struct usage *u)
{
	uint64_t pages = (a->end - a->start) / G_PAGE_SIZE, resident = 0;

	for (uint64_t i = 0; i < pages && a->prot != 0 && u->looked_at < COUNTED_PAGES;
	     i++, u->looked_at++)
		resident +=
			k->machine->resident(k->machine_ctx, mm->space, a->start + i * G_PAGE_SIZE);
	u->size += pages;
	u->resident += resident;
	if (a->flags & AREA_SHARED)
		u->shared += resident;
	else if (!a->inode || (a->prot & G_PROT_WRITE))
		u->anonymous += resident;
	if (a->flags & AREA_LOCKED)
		u->locked += resident;
}

static void row(struct text *out, const char *label, uint64_t pages)
{
	text_str(out, label);
	text_u64_right(out, pages * KB_PER_PAGE, 8);
	text_str(out, " kB\n");
}

static void usage_rows(struct text *out, const struct usage *u, bool parts)
{
	uint64_t file = u->resident - u->anonymous - u->shared;

	row(out, "Rss:            ", u->resident);
	row(out, "Pss:            ", u->resident);
	row(out, "Pss_Dirty:      ", u->anonymous + u->shared);
	if (parts) {
		row(out, "Pss_Anon:       ", u->anonymous);
		row(out, "Pss_File:       ", file);
		row(out, "Pss_Shmem:      ", u->shared);
	}
	row(out, "Shared_Clean:   ", 0);
	row(out, "Shared_Dirty:   ", 0);
	row(out, "Private_Clean:  ", file);
	row(out, "Private_Dirty:  ", u->anonymous + u->shared);
	row(out, "Referenced:     ", u->resident);
	row(out, "Anonymous:      ", u->anonymous);
	row(out, "KSM:            ", 0);
	row(out, "LazyFree:       ", 0);
	row(out, "AnonHugePages:  ", 0);
	row(out, "ShmemPmdMapped: ", 0);
	row(out, "FilePmdMapped:  ", 0);
	row(out, "Shared_Hugetlb: ", 0);
	row(out, "Private_Hugetlb:", 0);
	row(out, "Swap:           ", 0);
	row(out, "SwapPss:        ", 0);
	row(out, "Locked:         ", u->locked);
}

static void vm_flags(struct text *out, const struct area *a)
{
	const struct {
		bool on;
		const char *name;
	} flags[] = {
		{a->prot & G_PROT_READ, "rd "},
		{a->prot & G_PROT_WRITE, "wr "},
		{a->prot & G_PROT_EXEC, "ex "},
		{a->flags & AREA_SHARED, "sh "},
		{a->max_prot & G_PROT_READ, "mr "},
		{a->max_prot & G_PROT_WRITE, "mw "},
		{a->max_prot & G_PROT_EXEC, "me "},
		{a->flags & AREA_SHARED, "ms "},
		{a->flags & AREA_GROWSDOWN, "gd "},
		{a->flags & AREA_VVAR, "pf "},
		{a->flags & AREA_LOCKED, "lo "},
		{a->flags & AREA_DONTFORK, "dc "},
		{a->flags & AREA_ACCOUNT, "ac "},
		{a->flags & AREA_NORESERVE, "nr "},
		{a->flags & AREA_WIPEONFORK, "wf "},
		{a->flags & (AREA_VDSO | AREA_VVAR), "de "},
		{(a->flags & (AREA_DONTDUMP | AREA_VDSO | AREA_VVAR)) == AREA_DONTDUMP, "dd "},
		{a->flags & AREA_HUGE, "hg "},
		{a->flags & AREA_NOHUGE, "nh "},
	};

	text_str(out, "VmFlags: ");
	for (unsigned i = 0; i < sizeof flags / sizeof flags[0]; i++)
		if (flags[i].on)
			text_str(out, flags[i].name);
	text_char(out, '\n');
}

int text_smaps(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	const struct memory *mm = memory_of(k, p);

	for (uint32_t i = 0; mm && i < mm->area_count; i++) {
		const struct area *a = memory_area_at(k, mm, i);
		struct usage u = {0};

		line(k, a, out);
		count(k, mm, a, &u);
		row(out, "Size:           ", u.size);
		row(out, "KernelPageSize: ", 1);
		row(out, "MMUPageSize:    ", 1);
		usage_rows(out, &u, false);
		text_str(out, "THPeligible:           0\n");
		vm_flags(out, a);
	}
	return 0;
}

static void count_all(struct kernel *k, const struct memory *mm, struct usage *u)
{
	for (uint32_t i = 0; mm && i < mm->area_count; i++)
		count(k, mm, memory_area_at(k, mm, i), u);
}

int text_smaps_rollup(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	const struct memory *mm = memory_of(k, p);
	const struct area *first = mm ? memory_area_at(k, mm, 0) : NULL,
			  *last = first ? memory_area_at(k, mm, mm->area_count - 1) : NULL;
	struct usage u = {0};

	if (!last)
		return 0;
	count_all(k, mm, &u);
	text_hex(out, first->start, 8);
	text_char(out, '-');
	text_hex(out, last->end, 8);
	text_str(out, " ---p 00000000 00:00 0 ");
	text_repeat(out, ' ', 30);
	text_str(out, "[rollup]\n");
	usage_rows(out, &u, true);
	return 0;
}

static bool is_code(const struct area *a)
{
	return (a->prot & (G_PROT_EXEC | G_PROT_WRITE)) == G_PROT_EXEC;
}

int text_statm(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	const struct memory *mm = memory_of(k, p);
	uint64_t code = 0, data = 0;
	struct usage u = {0};

	count_all(k, mm, &u);
	for (uint32_t i = 0; mm && i < mm->area_count; i++) {
		const struct area *a = memory_area_at(k, mm, i);
		uint64_t pages = (a->end - a->start) / G_PAGE_SIZE;

		if (is_code(a))
			code += pages;
		else if ((a->prot & G_PROT_WRITE) && !(a->flags & AREA_SHARED))
			data += pages;
	}
	text_u64(out, u.size);
	text_char(out, ' ');
	text_u64(out, u.resident);
	text_char(out, ' ');
	text_u64(out, u.resident - u.anonymous);
	text_char(out, ' ');
	text_u64(out, code);
	text_str(out, " 0 ");
	text_u64(out, data);
	text_str(out, " 0\n");
	return 0;
}

/* The Vm lines of status. */
void text_status_memory(struct kernel *k, const struct process *p, struct text *out)
{
	const struct memory *mm = memory_of(k, p);
	uint64_t code = 0, data = 0, stack = 0, library = 0;
	struct usage u = {0};

	if (!mm)
		return;
	count_all(k, mm, &u);
	for (uint32_t i = 0; i < mm->area_count; i++) {
		const struct area *a = memory_area_at(k, mm, i);
		uint64_t pages = (a->end - a->start) / G_PAGE_SIZE;

		if (a->flags & AREA_STACK)
			stack += pages;
		else if (is_code(a) && a->start >= p->start_code && a->start < p->end_code)
			code += pages;
		else if (is_code(a))
			library += pages;
		else if ((a->prot & G_PROT_WRITE) && !(a->flags & AREA_SHARED))
			data += pages;
	}
	row(out, "VmPeak:\t", u.size);
	row(out, "VmSize:\t", u.size);
	row(out, "VmLck:\t", mm->locked_pages);
	row(out, "VmPin:\t", 0);
	row(out, "VmHWM:\t", u.resident);
	row(out, "VmRSS:\t", u.resident);
	row(out, "RssAnon:\t", u.anonymous);
	row(out, "RssFile:\t", u.resident - u.anonymous - u.shared);
	row(out, "RssShmem:\t", u.shared);
	row(out, "VmData:\t", data);
	row(out, "VmStk:\t", stack);
	row(out, "VmExe:\t", code);
	row(out, "VmLib:\t", library);
	row(out, "VmPTE:\t", 16);
	row(out, "VmSwap:\t", 0);
	text_str(out, "HugetlbPages:\t       0 kB\n");
}

/* vsize in bytes and rss in pages, for stat. */
void memory_extent(struct kernel *k, const struct process *p, uint64_t *bytes, uint64_t *resident)
{
	struct usage u = {0};

	count_all(k, memory_of(k, p), &u);
	*bytes = u.size * G_PAGE_SIZE;
	*resident = u.resident;
}
