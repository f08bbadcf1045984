/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Wires machine, kernel and host together, drives them, and counts. */
#include "vm/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vm/sha256.h"

/* ---- host operations ---- */

static int host_failed(struct vm *vm, const char *what, int err)
{
	if (!vm->summary.host_op) {
		vm->summary.host_op = what;
		vm->summary.host_errno = err;
	}
	return -err;
}

static int host_output(void *ctx, int stream, const void *buf, uint64_t n)
{
	struct vm *vm = ctx;
	int fd = stream == 2 ? vm->stderr_fd : vm->stdout_fd;
	const char *p = buf;

	while (n > 0) {
		ssize_t put = write(fd, p, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return host_failed(vm, stream == 2 ? "writing standard error" : "writing standard output", errno);
		p += put;
		n -= (uint64_t)put;
	}
	return 0;
}

static int64_t host_input(void *ctx, void *buf, uint64_t n)
{
	struct vm *vm = ctx;
	uint64_t done = 0;

	/* Read until n or the end: how a pipe's writer was scheduled must not reach the guest. */
	while (vm->stdin_fd >= 0 && done < n) {
		ssize_t got = read(vm->stdin_fd, (char *)buf + done, n - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return host_failed(vm, "reading standard input", errno);
		if (got == 0)
			break;
		done += (uint64_t)got;
	}
	return (int64_t)done;
}

static int host_stat(void *ctx, uint32_t mount, const char *path, struct tg_node_stat *out)
{
	return outside_stat(&((struct vm *)ctx)->outside, mount, path, out);
}

static int64_t host_readlink(void *ctx, uint32_t mount, const char *path, char *buf, uint64_t n)
{
	return outside_readlink(&((struct vm *)ctx)->outside, mount, path, buf, n);
}

static int host_readdir(void *ctx, uint32_t mount, const char *path, uint64_t index, char *name, uint64_t n)
{
	return outside_readdir(&((struct vm *)ctx)->outside, mount, path, index, name, n);
}

static int host_content_open(void *ctx, uint32_t mount, const char *path, uint64_t *size, uint64_t *handle)
{
	return outside_content_open(&((struct vm *)ctx)->outside, mount, path, size, handle);
}

static int64_t host_content_read(void *ctx, uint64_t handle, uint64_t offset, void *buf, uint64_t n)
{
	return outside_content_read(&((struct vm *)ctx)->outside, handle, offset, buf, n);
}

static void host_content_close(void *ctx, uint64_t handle)
{
	outside_content_close(&((struct vm *)ctx)->outside, handle);
}

static void count_unknown(struct vm_summary *s, uint64_t number)
{
	for (uint32_t i = 0; i < s->unknown_count; i++) {
		if (s->unknown[i].number == number) {
			s->unknown[i].count++;
			return;
		}
	}
	if (s->unknown_count == VM_UNKNOWN_MAX) {
		s->unknown_more++;
		return;
	}
	s->unknown[s->unknown_count++] = (struct vm_unknown){ .number = number, .count = 1 };
}

static void host_event(void *ctx, const struct tg_event *event)
{
	struct vm_summary *s = &((struct vm *)ctx)->summary;

	switch ((enum tg_event_kind)event->kind) {
	case TG_EVENT_CALL:
		if (event->nr < VM_CALL_NUMBERS && syscall_row(event->nr))
			s->calls[event->nr]++;
		break;
	case TG_EVENT_RETURN:
		if (event->outcome != TG_OUTCOME_REFUSED && event->outcome != TG_OUTCOME_UNKNOWN)
			break;
		if (event->nr < VM_CALL_NUMBERS && syscall_row(event->nr))
			s->refused[event->nr]++;
		else
			count_unknown(s, event->nr);
		break;
	case TG_EVENT_SIGNAL:
		s->signals++;
		break;
	case TG_EVENT_SWITCH:
		s->switches++;
		break;
	case TG_EVENT_CLONE:
		s->threads++;
		break;
	case TG_EVENT_PREEMPT:
		s->preemptions++;
		break;
	case TG_EVENT_ENTROPY:
		s->entropy_bytes += (uint64_t)event->result;
		break;
	case TG_EVENT_FAULT:
		s->faults++;
		break;
	case TG_EVENT_EXIT:
		break;
	}
}

static const struct tg_host_ops host_ops = {
	.output = host_output,
	.input = host_input,
	.stat = host_stat,
	.readlink = host_readlink,
	.readdir = host_readdir,
	.content_open = host_content_open,
	.content_read = host_content_read,
	.content_close = host_content_close,
	.event = host_event,
};

static uint64_t machine_time(void *ctx, uint64_t retired)
{
	return kernel_time(&((struct vm *)ctx)->kernel, retired);
}

/* ---- life of a vm ---- */

int vm_mount(struct vm *vm, const struct vm_mount *mount)
{
	int number = outside_add(&vm->outside, mount->host);
	struct kernel_mount bound = { .guest_path = mount->guest };

	if (number < 0)
		return number;
	bound.mount = (uint32_t)number;
	return kernel_mount(&vm->kernel, &bound);
}

/* A host that refuses the whole reservation (ulimit -v) gets a smaller one; the guest sees no difference below its limit. */
static void *reserve_arena(uint64_t *bytes)
{
	for (uint64_t n = LIMIT_ARENA_BYTES; n >= (UINT64_C(1) << 24); n /= 2) {
		void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (p != MAP_FAILED) {
			*bytes = n;
			return p;
		}
	}
	return NULL;
}

const char *vm_engine_name(unsigned i)
{
	return machine_engine_name(i);
}

int vm_new(struct vm **out, const struct vm_options *options, size_t *bad_mount)
{
	struct machine_config config = { .engine = options->engine, .time = machine_time };
	struct vm *vm = calloc(1, sizeof *vm);
	uint64_t arena_bytes = 0;
	int err = -ENOMEM;

	*bad_mount = SIZE_MAX;
	if (!vm)
		return -ENOMEM;
	config.time_ctx = vm;
	vm->stdin_fd = options->stdin_fd;
	vm->stdout_fd = options->stdout_fd;
	vm->stderr_fd = options->stderr_fd;
	vm->want_hashes = options->want_hashes;
	vm->progress = options->progress;
	vm->progress_ctx = options->progress_ctx;
	vm->progress_insns = options->progress ? options->progress_insns : 0;
	vm->arena = reserve_arena(&arena_bytes);
	if (!vm->arena)
		goto failed;
	vm->kernel.arena.capacity = arena_bytes;
	err = machine_new(&vm->machine, &config);
	if (err != 0)
		goto failed;
	err = kernel_init(&vm->kernel, vm->arena, arena_bytes, &machine_ops, vm->machine, &host_ops, vm, &options->kernel);
	if (err != 0)
		goto failed;
	for (size_t i = 0; i < options->mount_count; i++) {
		err = vm_mount(vm, &options->mounts[i]);
		if (err != 0) {
			*bad_mount = i;
			goto failed;
		}
	}
	vm->summary.engine = machine_engine(vm->machine);
	vm->summary.threads = 1;
	*out = vm;
	return 0;
failed:
	vm_free(vm);
	return err;
}

void vm_free(struct vm *vm)
{
	if (!vm)
		return;
	machine_free(vm->machine);
	outside_close(&vm->outside);
	if (vm->arena)
		munmap(vm->arena, vm->kernel.arena.capacity);
	free(vm);
}

static int hash_program(struct vm *vm, const char *path)
{
	uint8_t buf[65536], digest[32];
	struct sha256 hash;
	uint32_t object;
	int64_t size = kernel_file(&vm->kernel, path, &object);

	sha256_begin(&hash);
	for (int64_t at = 0; at < size;) {
		uint64_t n = (uint64_t)(size - at) < sizeof buf ? (uint64_t)(size - at) : sizeof buf;
		int err = machine_ops.object_read(vm->machine, object, (uint64_t)at, buf, n);

		if (err != 0)
			return err;
		sha256_add(&hash, buf, n);
		at += (int64_t)n;
	}
	if (size < 0)
		return (int)size;
	sha256_end(&hash, digest);
	sha256_hex(digest, vm->summary.program_sha256);
	return 0;
}

int vm_load(struct vm *vm, const struct kernel_program *program, const char **why)
{
	int err = kernel_exec(&vm->kernel, program, why);

	/* Now, before it runs: it may put something else under its name. */
	return err != 0 || !vm->want_hashes ? err : hash_program(vm, program->path);
}

void vm_run(struct vm *vm)
{
	struct tg_run run = kernel_start(&vm->kernel);
	uint64_t next_progress = vm->progress_insns ? vm->progress_insns : UINT64_MAX;

	while (run.stop == TG_RUN) {
		struct machine_trap trap;
		uint64_t until = run.until < next_progress ? run.until : next_progress;

		machine_run(vm->machine, until, &trap);
		if (trap.kind == MACHINE_ECALL) {
			run = kernel_on_ecall(&vm->kernel);
		} else if (trap.kind == MACHINE_FAULT) {
			run = kernel_on_fault(&vm->kernel, trap.cause, trap.tval);
		} else if (until == run.until) {
			run = kernel_on_slice_end(&vm->kernel);
		} else { /* our own bound, which the kernel does not know of */
			next_progress += vm->progress_insns;
			vm->progress(vm->progress_ctx, until, kernel_now_ns(&vm->kernel));
		}
	}
	vm->summary.stop = run.stop;
	vm->summary.status = run.status;
}

const struct vm_summary *vm_summary(struct vm *vm)
{
	struct vm_summary *s = &vm->summary;

	if (!vm->summarized) {
		s->retired = machine_ops.retired(vm->machine);
		s->virtual_ns = kernel_now_ns(&vm->kernel);
		s->peak_memory_bytes = machine_peak_memory_bytes(vm->machine);
		if (vm->want_hashes)
			vm_digest(vm, s->state_digest);
		vm->summarized = true;
	}
	return s;
}

void vm_describe_waits(struct vm *vm, char *buf, size_t size)
{
	kernel_describe_waits(&vm->kernel, buf, size);
}

/* What the file holds, and nothing for its holes: a guest can make a file of terabytes that holds a byte. */
static int copy_data(struct vm *vm, uint32_t object, uint64_t size, int fd)
{
	uint8_t buf[65536];
	uint64_t at = 0;

	while (at < size) {
		uint64_t from = machine_ops.object_seek(vm->machine, object, at, true);
		uint64_t to = from < size ? machine_ops.object_seek(vm->machine, object, from, false) : size;

		for (at = from; at < to;) {
			uint64_t n = to - at < sizeof buf ? to - at : sizeof buf;
			int err = machine_ops.object_read(vm->machine, object, at, buf, n);
			ssize_t put;

			if (err != 0)
				return err;
			put = pwrite(fd, buf, n, (off_t)at);
			if (put <= 0)
				return put < 0 ? -errno : -ENOSPC;
			at += (uint64_t)put;
		}
	}
	return ftruncate(fd, (off_t)size) != 0 ? -errno : 0;
}

int vm_copy_out(struct vm *vm, const char *guest, const char *host)
{
	uint32_t object;
	int64_t size = kernel_file(&vm->kernel, guest, &object);
	size_t length = strlen(host);
	char *temporary;
	int fd, err = 0;

	if (size < 0)
		return (int)size;
	temporary = malloc(length + sizeof ".XXXXXX");
	if (!temporary)
		return -ENOMEM;
	memcpy(temporary, host, length);
	memcpy(temporary + length, ".XXXXXX", sizeof ".XXXXXX");
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		err = -errno;
		free(temporary);
		return err;
	}
	err = copy_data(vm, object, (uint64_t)size, fd);
	if (err == 0) {
		mode_t mask = umask(0);

		umask(mask);
		if (fchmod(fd, 0666 & ~mask) != 0)
			err = -errno;
	}
	if (close(fd) != 0 && err == 0)
		err = -errno;
	if (err == 0 && rename(temporary, host) != 0)
		err = -errno;
	if (err != 0)
		unlink(temporary);
	free(temporary);
	return err;
}
