/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* `tollgate run`: options to a vm, a run, its exit status, and a line about how it stopped. */
#include "cli/run.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "abi/calls.h"
#include "cli/options.h"
#include "cli/summary.h"

enum { STATUS_STUCK = 123, STATUS_LIMIT = 124, STATUS_OWN = 125, STATUS_NOT_RUNNABLE = 126, STATUS_NOT_FOUND = 127 };

static int fail(int status, const char *what, const char *why)
{
	fprintf(stderr, "tollgate: %s: %s\n", what, why);
	return status;
}

/* base (absolute) and path joined, "." and ".." and double slashes resolved by their names alone. malloc'ed. */
static char *join_paths(const char *base, const char *path)
{
	char *out, *end, *text;

	if (asprintf(&text, "%s/%s", *path == '/' ? "" : base, path) < 0)
		return NULL;
	out = malloc(strlen(text) + 2);
	if (!out) {
		free(text);
		return NULL;
	}
	end = out;
	for (char *p = text; *p;) {
		size_t n = strcspn(p, "/");

		if (n == 2 && p[0] == '.' && p[1] == '.') {
			while (end > out && *--end != '/')
				;
		} else if (n > 0 && !(n == 1 && p[0] == '.')) {
			*end++ = '/';
			memcpy(end, p, n);
			end += n;
		}
		p += n + (p[n] == '/');
	}
	if (end == out)
		*end++ = '/';
	*end = 0;
	free(text);
	return out;
}

struct prepared {
	struct vm_mount *mounts;
	size_t count;
	char *program_host; /* the file that PROGRAM names on the host, resolved; NULL: none */
	char *program_guest;
};

static void prepared_free(struct prepared *p)
{
	for (size_t i = 0; i < p->count; i++)
		free((char *)p->mounts[i].guest);
	free(p->mounts);
	free(p->program_host);
	free(p->program_guest);
}

static int prepare_mounts(const struct run_options *o, struct prepared *p)
{
	p->mounts = calloc(o->mounts.count / 2 + 2, sizeof *p->mounts);
	if (!p->mounts)
		return -ENOMEM;
	if (o->root)
		p->mounts[p->count++] = (struct vm_mount){ .host = o->root, .guest = strdup("/") };
	for (size_t i = 0; i < o->mounts.count; i += 2) {
		const char *host = o->mounts.items[i], *guest = o->mounts.items[i + 1];

		p->mounts[p->count++] = (struct vm_mount){ .host = host, .guest = join_paths(o->chdir, *guest ? guest : host) };
	}
	for (size_t i = 0; i < p->count; i++) {
		if (!p->mounts[i].guest)
			return -ENOMEM;
	}
	return 0;
}

/* Where the program is in the guest if a mount shows it there; NULL: nowhere. malloc'ed. */
static char *path_through_mount(const struct prepared *p)
{
	for (size_t i = 0; i < p->count; i++) {
		char *host = realpath(p->mounts[i].host, NULL);
		size_t n = host ? strlen(host) : 0;
		char *guest = NULL;

		if (n == 1) /* "/" */
			n = 0;
		if (host && strncmp(p->program_host, host, n) == 0 && (p->program_host[n] == '/' || p->program_host[n] == 0))
			guest = join_paths(p->mounts[i].guest, p->program_host[n] ? p->program_host + n + 1 : "");
		free(host);
		if (guest)
			return guest;
	}
	return NULL;
}

static int load(struct vm *vm, const struct run_options *o, const char *path, const char **why)
{
	struct kernel_program program = {
		.path = path, .cwd = o->chdir, .want_vdso = o->vm.want_vdso, .stdin_given = o->stdin_path != NULL
	};
	size_t argc = 0;
	char **argv;
	char *no_env[] = { NULL };
	int err;

	while (o->program[argc])
		argc++;
	argv = calloc(argc + 1, sizeof *argv);
	if (!argv)
		return -ENOMEM;
	memcpy(argv, o->program, argc * sizeof *argv);
	argv[0] = (char *)(o->argv0 ? o->argv0 : path);
	program.argv = (const char *const *)argv;
	program.envp = (const char *const *)(o->env.count ? o->env.items : no_env);
	*why = NULL;
	err = vm_load(vm, &program, why);
	free(argv);
	return err;
}

/* Finds PROGRAM: in --root, through a mount, or as a file of its own at /prog/NAME. Returns 0 or an exit status, its line printed. */
static int load_program(struct vm *vm, const struct run_options *o, struct prepared *p)
{
	const char *name = o->program[0], *why = NULL, *base;
	struct vm_mount mount;
	int err = -ENOENT;

	if (o->root && *name == '/') {
		p->program_guest = join_paths("/", name);
		err = p->program_guest ? load(vm, o, p->program_guest, &why) : -ENOMEM;
	}
	if (err == -ENOENT && why == NULL) {
		free(p->program_guest);
		p->program_guest = NULL;
		p->program_host = realpath(name, NULL);
		if (!p->program_host)
			return fail(errno == ENOENT || errno == ENOTDIR ? STATUS_NOT_FOUND : STATUS_NOT_RUNNABLE, name, strerror(errno));
		p->program_guest = path_through_mount(p);
		if (!p->program_guest) {
			base = strrchr(p->program_host, '/') + 1;
			p->program_guest = join_paths("/prog", base);
			mount = (struct vm_mount){ .host = p->program_host, .guest = p->program_guest };
			err = p->program_guest ? vm_mount(vm, &mount) : -ENOMEM;
			if (err == -EINVAL || err == -EISDIR)
				return fail(STATUS_NOT_RUNNABLE, name, "not a regular file");
			if (err != 0)
				return fail(STATUS_NOT_RUNNABLE, name, strerror(-err));
		}
		err = load(vm, o, p->program_guest, &why);
	}
	if (err == -ENOMEM && !why)
		return fail(STATUS_OWN, name, "out of memory");
	if (err != 0)
		return fail(STATUS_NOT_RUNNABLE, name, why ? why : strerror(-err));
	return 0;
}

/* ---- while it runs ---- */

struct progress {
	struct timespec start;
	double shown; /* seconds after start at the last line */
	bool any;
};

static void show_progress(void *ctx, uint64_t retired, uint64_t virtual_ns)
{
	struct progress *p = ctx;
	struct timespec now;
	double seconds;

	clock_gettime(CLOCK_MONOTONIC, &now);
	seconds = (double)(now.tv_sec - p->start.tv_sec) + (double)(now.tv_nsec - p->start.tv_nsec) / 1e9;
	if (seconds < 2 || seconds - p->shown < 0.5)
		return;
	p->shown = seconds;
	p->any = true;
	fprintf(stderr, "\r\033[K%.0f s: %.2f G instructions, %.2f s virtual, %.0f M/s", seconds, (double)retired / 1e9,
	        (double)virtual_ns / 1e9, (double)retired / seconds / 1e6);
}

/* ---- afterwards ---- */

static int copy_outs(struct vm *vm, const struct run_options *o)
{
	int status = 0;

	for (size_t i = 0; i < o->outs.count; i += 2) {
		char *guest = join_paths(o->chdir, o->outs.items[i + 1]);
		int err = guest ? vm_copy_out(vm, guest, o->outs.items[i]) : -ENOMEM;

		if (err != 0) {
			fprintf(stderr, "tollgate: --out: %s to %s: %s\n", o->outs.items[i + 1], o->outs.items[i], strerror(-err));
			status = STATUS_OWN;
		}
		free(guest);
	}
	return status;
}

static int exit_status(struct vm *vm, const struct run_options *o, const struct vm_summary *s)
{
	const struct abi_syscall *row;
	char waits[2048];

	switch ((enum tg_stop)s->stop) {
	case TG_STOP_EXITED:
		return s->status;
	case TG_STOP_KILLED:
		if (!o->quiet)
			fprintf(stderr, "tollgate: the program was killed by signal %d (%s)\n", s->status, sigdescr_np(s->status));
		return 128 + s->status;
	case TG_STOP_DEADLOCK:
	case TG_STOP_IDLE:
		vm_describe_waits(vm, waits, sizeof waits);
		fprintf(stderr, "tollgate: %s after %" PRIu64 " instructions\n%s",
		        s->stop == TG_STOP_IDLE ? "idle: only periodic timers" : "deadlock: every thread waits", s->retired, waits);
		return STATUS_STUCK;
	case TG_STOP_REFUSED:
		row = syscall_row((uint64_t)s->status);
		fprintf(stderr, "tollgate: the program only repeats system call %d (%s), which is not supported or above --tier; "
		                "the summary's \"refused\" names all such calls\n",
		        s->status, row ? row->name : "unknown");
		return STATUS_STUCK;
	case TG_STOP_INSN_LIMIT:
		fprintf(stderr, "tollgate: stopped at --insn-limit, %" PRIu64 " instructions\n", s->retired);
		return STATUS_LIMIT;
	case TG_STOP_MEMORY_LIMIT:
		fprintf(stderr, "tollgate: stopped at --memory-limit after %" PRIu64 " instructions\n", s->retired);
		return STATUS_LIMIT;
	case TG_STOP_ARENA_LIMIT:
		fprintf(stderr, "tollgate: stopped: the kernel's own memory is used up after %" PRIu64 " instructions\n", s->retired);
		return STATUS_LIMIT;
	case TG_STOP_HOST:
		return fail(STATUS_OWN, s->host_op ? s->host_op : "host operation", strerror(s->host_errno ? s->host_errno : s->status));
	case TG_RUN:
		break;
	}
	return fail(STATUS_OWN, "run", "ended without a reason");
}

static int run_loaded(struct vm *vm, const struct run_options *o, const struct prepared *p, struct progress *progress)
{
	const struct vm_summary *s;
	int status, err;

	vm_run(vm);
	if (progress->any)
		fputs("\r\033[K", stderr);
	s = vm_summary(vm);
	status = exit_status(vm, o, s);
	err = copy_outs(vm, o);
	if (o->summary && summary_write(s, o, p->program_guest) != 0)
		err = fail(STATUS_OWN, o->summary, strerror(errno));
	return err ? err : status;
}

int run_command(int argc, char **argv)
{
	struct run_options o = { 0 };
	struct prepared p = { 0 };
	struct progress progress = { 0 };
	struct vm *vm = NULL;
	size_t bad = 0;
	char why[512];
	int status = STATUS_OWN, err;

	o.vm.stdin_fd = -1;
	if (options_parse(&o, argc, argv, why, sizeof why) != 0) {
		fprintf(stderr, "tollgate: %s\n", why);
		goto done;
	}
	if (o.help || o.version) {
		if (o.help)
			options_usage(stdout);
		else
			version_print(stdout);
		status = fflush(stdout) == 0 ? 0 : STATUS_OWN;
		goto done;
	}
	if (!o.program[0]) {
		fail(STATUS_OWN, "run", "no PROGRAM given (see tollgate run --help)");
		goto done;
	}
	o.vm.want_hashes = o.summary != NULL;
	signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of our output, not our death */
	o.vm.stdout_fd = STDOUT_FILENO;
	o.vm.stderr_fd = STDERR_FILENO;
	if (o.stdin_path) {
		o.vm.stdin_fd = strcmp(o.stdin_path, "-") == 0 ? STDIN_FILENO : open(o.stdin_path, O_RDONLY | O_CLOEXEC);
		if (o.vm.stdin_fd < 0) {
			fail(STATUS_OWN, o.stdin_path, strerror(errno));
			goto done;
		}
	}
	if (isatty(STDERR_FILENO) && !o.quiet) {
		clock_gettime(CLOCK_MONOTONIC, &progress.start);
		o.vm.progress = show_progress;
		o.vm.progress_ctx = &progress;
		o.vm.progress_insns = 20000000;
	}
	if (prepare_mounts(&o, &p) != 0) {
		fail(STATUS_OWN, "run", "out of memory");
		goto done;
	}
	o.vm.mounts = p.mounts;
	o.vm.mount_count = p.count;
	err = vm_new(&vm, &o.vm, &bad);
	if (err != 0) {
		if (bad != SIZE_MAX)
			fail(STATUS_OWN, p.mounts[bad].host, strerror(-err));
		else if (err == -EINVAL && o.vm.engine)
			fail(STATUS_OWN, o.vm.engine, "no such engine (tollgate --version lists them)");
		else
			fail(STATUS_OWN, "run", strerror(-err));
		goto done;
	}
	status = load_program(vm, &o, &p);
	if (status == 0)
		status = run_loaded(vm, &o, &p, &progress);
done:
	vm_free(vm);
	prepared_free(&p);
	if (o.vm.stdin_fd > STDIN_FILENO)
		close(o.vm.stdin_fd);
	options_free(&o);
	return status;
}
