/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A hostile program: any call with any arguments, from several threads, on the machine of nothing
 * but memory. Nothing may be read or written outside the arena and the guest's memory, the arena
 * stays whole, and every thread can be accounted for.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../kernel/fake_machine.h"
#include "kernel/file/file.h"

#define RESULTS   8
#define CALLS_MAX 200

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t left;
	uint64_t results[RESULTS];
	unsigned next_result;
};

static uint8_t byte(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

/* Arguments that mean something: small numbers, flags, pointers in and beside memory, what earlier
 * calls returned. */
static uint64_t argument(struct input *in)
{
	uint8_t kind = byte(in), a = byte(in);

	switch (kind % 10) {
	case 0:
		return 0;
	case 1:
		return a;
	case 2:
		return UINT64_C(1) << a % 64;
	case 3:
		return (uint64_t)0 - a;
	case 4:
		return 0x1000 + 0x100 * (uint64_t)a;
	case 5:
		return 0x1000 + 0x100 * (uint64_t)a + byte(in) % 64;
	case 6:
		return FAKE_MEMORY - a;
	case 7:
		return in->results[a % RESULTS];
	case 8:
		return (uint64_t)a << 8 | byte(in);
	default:
		return ((uint64_t)a << 56 | UINT64_C(0x1234567890)) * byte(in);
	}
}

static void poke(struct fake *f, struct input *in)
{
	uint64_t addr = 0x1000 + 0x100 * (uint64_t)byte(in) + byte(in) % 64 * 4u;
	uint64_t value = argument(in);

	if (addr <= FAKE_MEMORY - sizeof(value))
		memcpy(f->memory + addr, &value, sizeof(value));
}

/* What calls like to find behind pointers, at the addresses that argument() makes: without it most
 * would end at their first check. */
static void furnish(struct fake *f)
{
	static const char *const paths[] = {"/tmp/a",          "/tmp/b/../c", "/proc/self/maps",
					    "/dev/shm/x",      "/tmp",        "a",
					    "/proc/self/fd/3", "/dev/null"};
	const struct g_iovec iov[4] = {
		{0x2000, 100}, {0x2100, 0}, {FAKE_MEMORY - 8, 16}, {0x3000, 5000}};
	const struct g_timespec times[4] = {{0, 1000}, {0, 5000}, {1, 0}, {0, 0}};
	const struct g_sigaction action = {.handler = 0x9000, .flags = G_SA_RESTART | G_SA_SIGINFO};
	const struct g_pollfd polls[4] = {{0, G_POLLIN, 0},
					  {1, G_POLLOUT, 0},
					  {3, G_POLLIN, 0},
					  {4, G_POLLIN | G_POLLOUT, 0}};
	const struct g_futex_waitv words[2] = {{.uaddr = 0x3000, .flags = G_FUTEX2_SIZE_U32},
					       {.uaddr = 0x3004, .flags = 0x82}};
	const struct g_clone_args clone = {
		.flags = 0x50f00, .stack = 0x70000, .stack_size = 0x1000};
	const struct g_epoll_event event = {.events = G_EPOLLIN | G_EPOLLET, .data = 7};
	const struct g_sigstack stack = {.sp = 0x40000, .size = 0x4000};
	const struct g_sigevent timer = {.signo = G_SIGRTMIN + 1, .value = 5};
	const struct {
		const void *bytes;
		uint64_t size;
	} rows[] = {
		{iov, sizeof(iov)},      {times, sizeof(times)},  {&action, sizeof(action)},
		{polls, sizeof(polls)},  {words, sizeof(words)},  {&clone, sizeof(clone)},
		{&event, sizeof(event)}, {&stack, sizeof(stack)}, {&timer, sizeof(timer)},
	};

	for (unsigned i = 0; i < 256; i++) {
		uint8_t *at = f->memory + 0x1000 + 0x100 * i;

		if (i % 16 < 8)
			memcpy(at, rows[i / 16 % 2 ? i % 16 : (i + 1) % 9].bytes,
			       rows[i / 16 % 2 ? i % 16 : (i + 1) % 9].size);
		else
			strcpy((char *)at, paths[i % 8]);
	}
}

/* From now on the arena has so little left that somebody's allocation fails: 0 to 255 chunks of it. */
static void squeeze(struct fake *f, struct input *in)
{
	uint64_t capacity = arena_used(&f->k.arena) + (uint64_t)byte(in) * 4096;

	if (capacity < FAKE_ARENA)
		f->k.arena.capacity = capacity;
}

static void verify(struct fake *f)
{
	unsigned count = 0;

	if (arena_check(&f->k.arena))
		abort();
	for (ref r = f->k.process->threads.head; r; count++)
		r = AT(&f->k, thread, r)->next;
	if (count != f->k.process->thread_count)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {.data = data, .left = size};
	struct tg_kernel_options options = {
		.size = sizeof(options), .quantum = 500, .memory_limit = 64 << 20};
	struct fake *f = fake_new(&options);

	if (fd_table_standard(&f->k, f->k.process->files, false))
		abort();
	f->regs.x[TG_REG_SP] = 0x80000;
	furnish(f);
	for (unsigned calls = 0; in.left && calls < CALLS_MAX && f->run.stop == TG_RUN; calls++) {
		uint8_t what = byte(&in);
		uint64_t args[6];

		if (what < 100) {
			poke(f, &in);
			continue;
		}
		if (what < 110) {
			fake_run(f, (uint64_t)byte(&in) * 16);
			continue;
		}
		if (what < 115) {
			f->run = kernel_on_fault(&f->k, byte(&in) % 16, argument(&in));
			continue;
		}
		if (what < 117) {
			squeeze(f, &in);
			continue;
		}
		for (unsigned i = 0; i < 6; i++)
			args[i] = i < what % 7u ? argument(&in) : 0;
		fake_ecall(f, (uint64_t)(byte(&in) | byte(&in) << 8) % G_NR_LIMIT, args);
		in.results[in.next_result++ % RESULTS] = f->regs.x[TG_REG_A0];
	}
	verify(f);
	fake_free(f);
	return 0;
}
