/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the files of /proc/PID say, besides memory. Formats are proc(5)'s and those of Linux 6.12.
 */
#include "kernel/file/file.h"
#include "kernel/tree/inode.h"
#include "kernel/memory/memory.h"
#include "kernel/synthetic/synthetic.h"

#define TICK_NS 10000000u /* USER_HZ is 100 */

static void block(struct kernel *k, ref r, struct text *out)
{
	text_bytes(out, arena_at(&k->arena, r), arena_size(&k->arena, r));
}

int text_auxv(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	block(k, p->auxv, out);
	return 0;
}

int text_cmdline(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	block(k, p->cmdline, out);
	return 0;
}

int text_environ(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	block(k, p->environ, out);
	return 0;
}

static void thread_name(const struct thread *t, struct text *out)
{
	uint64_t n = 0;

	while (n < sizeof t->name && t->name[n] != 0)
		n++;
	text_bytes(out, t->name, n);
}

int text_comm(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	thread_name(t, out);
	text_char(out, '\n');
	return 0;
}

int text_zero(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	text_char(out, '0');
	return 0;
}

int text_loginuid(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	text_u64(out, UINT32_MAX); /* nobody has logged in */
	return 0;
}

/* uid_map, gid_map: every id is itself. */
int text_id_map(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	text_str(out, "         0          0 4294967295\n");
	return 0;
}

int text_coredump_filter(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	text_str(out, "00000033\n");
	return 0;
}

int text_personality(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	text_hex(out, p->persona, 8);
	text_char(out, '\n');
	return 0;
}

int text_oom_score_adj(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	text_i64(out, p->oom_score_adj);
	text_char(out, '\n');
	return 0;
}

int text_io(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	text_str(out, "rchar: 0\nwchar: 0\nsyscr: 0\nsyscw: 0\nread_bytes: 0\nwrite_bytes: "
		      "0\ncancelled_write_bytes: 0\n");
	return 0;
}

int text_cgroup(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	text_str(out, "0::/\n");
	return 0;
}

static const struct {
	const char *path, *type, *options;
	uint32_t id, parent;
} mounts[] = {
	{"/", "tmpfs", "rw,relatime", 1, 0},
	{"/proc", "proc", "rw,nosuid,nodev,noexec,relatime", 2, 1},
	{"/sys", "sysfs", "ro,nosuid,nodev,noexec,relatime", 3, 1},
	{"/sys/fs/cgroup", "cgroup2", "ro,nosuid,nodev,noexec,relatime", 4, 3},
	{"/dev", "tmpfs", "rw,nosuid,relatime", 5, 1},
	{"/dev/shm", "tmpfs", "rw,nosuid,nodev,relatime", 6, 5},
};

int text_mounts(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	for (unsigned i = 0; i < sizeof mounts / sizeof mounts[0]; i++) {
		text_str(out, mounts[i].type);
		text_char(out, ' ');
		text_str(out, mounts[i].path);
		text_char(out, ' ');
		text_str(out, mounts[i].type);
		text_char(out, ' ');
		text_str(out, mounts[i].options);
		text_str(out, " 0 0\n");
	}
	return 0;
}

int text_mountinfo(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	for (unsigned i = 0; i < sizeof mounts / sizeof mounts[0]; i++) {
		text_u64(out, mounts[i].id);
		text_char(out, ' ');
		text_u64(out, mounts[i].parent);
		text_str(out, " 0:25 / ");
		text_str(out, mounts[i].path);
		text_char(out, ' ');
		text_str(out, mounts[i].options);
		text_str(out, " - ");
		text_str(out, mounts[i].type);
		text_char(out, ' ');
		text_str(out, mounts[i].type);
		text_str(out, mounts[i].options[1] == 'o' ? " ro\n" : " rw\n");
	}
	return 0;
}

static void padded(struct text *out, const char *s, uint64_t width)
{
	uint64_t n = text_length(s);

	text_str(out, s);
	text_repeat(out, ' ', n < width ? width - n : 0);
}

static void limit_value(struct text *out, uint64_t value)
{
	char digits[TEXT_DECIMAL];

	text_decimal(digits, value);
	padded(out, value == G_RLIM_INFINITY ? "unlimited" : digits, 20);
	text_char(out, ' ');
}

int text_limits(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	static const struct {
		const char *name, *unit;
	} limits[G_RLIM_NLIMITS] = {
		[G_RLIMIT_CPU] = {"Max cpu time", "seconds"},
		[G_RLIMIT_FSIZE] = {"Max file size", "bytes"},
		[G_RLIMIT_DATA] = {"Max data size", "bytes"},
		[G_RLIMIT_STACK] = {"Max stack size", "bytes"},
		[G_RLIMIT_CORE] = {"Max core file size", "bytes"},
		[G_RLIMIT_RSS] = {"Max resident set", "bytes"},
		[G_RLIMIT_NPROC] = {"Max processes", "processes"},
		[G_RLIMIT_NOFILE] = {"Max open files", "files"},
		[G_RLIMIT_MEMLOCK] = {"Max locked memory", "bytes"},
		[G_RLIMIT_AS] = {"Max address space", "bytes"},
		[G_RLIMIT_LOCKS] = {"Max file locks", "locks"},
		[G_RLIMIT_SIGPENDING] = {"Max pending signals", "signals"},
		[G_RLIMIT_MSGQUEUE] = {"Max msgqueue size", "bytes"},
		[G_RLIMIT_NICE] = {"Max nice priority", NULL},
		[G_RLIMIT_RTPRIO] = {"Max realtime priority", NULL},
		[G_RLIMIT_RTTIME] = {"Max realtime timeout", "us"},
	};

	padded(out, "Limit", 26);
	padded(out, "Soft Limit", 21);
	padded(out, "Hard Limit", 21);
	padded(out, "Units", 10);
	text_char(out, '\n');
	for (unsigned i = 0; i < G_RLIM_NLIMITS; i++) {
		padded(out, limits[i].name, 26);
		limit_value(out, p->rlimits[i].cur);
		limit_value(out, p->rlimits[i].max);
		if (limits[i].unit)
			padded(out, limits[i].unit, 10);
		text_char(out, '\n');
	}
	return 0;
}

int text_fdinfo(struct kernel *k, uint32_t fd, struct text *out)
{
	const struct fd_slot *slot = fd_slot(k, (int32_t)fd);
	struct file *f = slot ? AT(k, file, slot->file) : NULL;
	struct g_stat st;

	if (!f)
		return -G_ENOENT;
	text_str(out, "pos:\t");
	text_u64(out, f->offset);
	text_str(out, "\nflags:\t0");
	text_octal(out, f->flags | (slot->flags & G_FD_CLOEXEC ? G_O_CLOEXEC : 0), 1);
	text_str(out, "\nmnt_id:\t1\nino:\t");
	text_u64(out, file_stat(k, f, &st) == 0 ? st.ino : 0);
	text_char(out, '\n');
	return 0;
}

static char state_of(struct kernel *k, const struct thread *t)
{
	return t == k->current || t->state == THREAD_READY ? 'R' : 'S';
}

/* Sets of signals that are ignored and that have handlers. */
static void handled(struct kernel *k, const struct process *p, uint64_t *ignored, uint64_t *caught)
{
	const struct sighand *hand = AT(k, sighand, p->sighand);

	*ignored = *caught = 0;
	for (unsigned i = 0; hand && i < 64; i++) {
		uint64_t handler = hand->actions[i].handler;

		if (handler == G_SIG_IGN)
			*ignored |= UINT64_C(1) << i;
		else if (handler != G_SIG_DFL)
			*caught |= UINT64_C(1) << i;
	}
}

static void field(struct text *out, uint64_t value)
{
	text_char(out, ' ');
	text_u64(out, value);
}

static void zeros(struct text *out, unsigned n)
{
	while (n-- > 0)
		field(out, 0);
}

int text_stat(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	const struct memory *mm = AT(k, memory, p->memory);
	uint64_t ticks = clock_process_ns(k, p) / TICK_NS, bytes, resident, ignored, caught;

	memory_extent(k, p, &bytes, &resident);
	handled(k, p, &ignored, &caught);
	text_u64(out, t->tid);
	text_str(out, " (");
	thread_name(t, out);
	text_str(out, ") ");
	text_char(out, state_of(k, t));
	field(out, p->ppid);
	field(out, p->pgid);
	field(out, p->sid);
	text_str(out,
		 " 0 -1 4194304"); /* no terminal; PF_RANDOMIZE is not set, PF_FORKNOEXEC neither */
	zeros(out, 4);             /* page faults are not counted */
	field(out, ticks);
	zeros(out, 3);
	text_str(out, " 20 0");
	field(out, p->thread_count);
	zeros(out, 2);
	field(out, bytes);
	field(out, resident);
	field(out, p->rlimits[G_RLIMIT_RSS].cur);
	field(out, p->start_code);
	field(out, p->end_code);
	field(out, p->start_stack);
	zeros(out, 2); /* registers of a live process are shown to nobody */
	field(out, (p->signals.pending | t->signals.pending) & 0x7fffffff);
	field(out, t->sigmask & 0x7fffffff);
	field(out, ignored & 0x7fffffff);
	field(out, caught & 0x7fffffff);
	zeros(out, 3);
	text_str(out, " 17");
	zeros(out, 6);
	field(out, p->start_data);
	field(out, p->end_data);
	field(out, mm ? mm->brk_start : 0);
	field(out, p->arg_start);
	field(out, p->arg_end);
	field(out, p->env_start);
	field(out, p->env_end);
	text_str(out, " 0\n");
	return 0;
}

static void line(struct text *out, const char *label, uint64_t value)
{
	text_str(out, label);
	text_u64(out, value);
	text_char(out, '\n');
}

static void mask(struct text *out, const char *label, uint64_t value)
{
	text_str(out, label);
	text_hex(out, value, 16);
	text_char(out, '\n');
}

static void status_signals(struct kernel *k, const struct process *p, const struct thread *t,
			   struct text *out)
{
	uint64_t ignored, caught;

	handled(k, p, &ignored, &caught);
	text_str(out, "SigQ:\t0/");
	line(out, "", p->rlimits[G_RLIMIT_SIGPENDING].cur);
	mask(out, "SigPnd:\t", t->signals.pending);
	mask(out, "ShdPnd:\t", p->signals.pending);
	mask(out, "SigBlk:\t", t->sigmask);
	mask(out, "SigIgn:\t", ignored);
	mask(out, "SigCgt:\t", caught);
	mask(out, "CapInh:\t", 0);
	mask(out, "CapPrm:\t", 0);
	mask(out, "CapEff:\t", 0);
	mask(out, "CapBnd:\t", 0);
	mask(out, "CapAmb:\t", 0);
}

int text_status(struct kernel *k, struct process *p, struct thread *t, struct text *out)
{
	const struct fs_info *fs = AT(k, fs_info, p->fs);
	const struct fd_table *files = AT(k, fd_table, p->files);

	text_str(out, "Name:\t");
	thread_name(t, out);
	text_str(out, "\nUmask:\t");
	text_octal(out, fs ? fs->umask : 0, 4);
	text_str(out,
		 state_of(k, t) == 'R' ? "\nState:\tR (running)\n" : "\nState:\tS (sleeping)\n");
	line(out, "Tgid:\t", p->pid);
	line(out, "Ngid:\t", 0);
	line(out, "Pid:\t", t->tid);
	line(out, "PPid:\t", p->ppid);
	text_str(out, "TracerPid:\t0\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
	line(out, "FDSize:\t", files ? files->capacity : 0);
	text_str(out, "Groups:\t \n");
	line(out, "NStgid:\t", p->pid);
	line(out, "NSpid:\t", t->tid);
	line(out, "NSpgid:\t", p->pgid);
	line(out, "NSsid:\t", p->sid);
	text_str(out, "Kthread:\t0\n");
	text_status_memory(k, p, out);
	text_str(out, "CoreDumping:\t0\nTHP_enabled:\t");
	line(out, "", !p->thp_disable);
	text_str(out, "untag_mask:\t0xffffffffffffffff\n");
	line(out, "Threads:\t", p->thread_count);
	status_signals(k, p, t, out);
	line(out, "NoNewPrivs:\t", p->no_new_privs);
	text_str(out, "Seccomp:\t0\nSeccomp_filters:\t0\nSpeculation_Store_Bypass:\tunknown\n"
		      "SpeculationIndirectBranch:\tunsupported\nCpus_allowed:\t");
	text_cpu_mask(k, out);
	text_str(out, "\nCpus_allowed_list:\t");
	text_cpu_list(k, out);
	text_str(out, "Mems_allowed:\t1\nMems_allowed_list:\t0\nvoluntary_ctxt_switches:"
		      "\t0\nnonvoluntary_ctxt_switches:\t0\n");
	return 0;
}
