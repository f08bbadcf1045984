/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: getpid */
/* runs: ours */
/*
 * Random calls with arguments of the right type and the wrong value, from four threads, under timers and signals. The table says which
 * arguments a call has; nothing here knows what a call does but how to keep the program itself alive. Arguments: SEED [CALLS].
 */
#define GUEST_NO_MAIN
#include "guest_thread.h"
#include <stdbool.h>
#include <sys/time.h>

#define ROOM_PAGES 64
#define ROOM ((char *)0x200000000)
#define THREADS 4
#define KEPT_FD 63

struct call {
	int nr;
	const char *args;
};

enum { CARRIED_FULL = 1, CARRIED_PARTIAL = 1, CARRIED_REFUSED = 0, CARRIED_UNSUPPORTED = 0 };

static const struct call calls[] = {
#define SYSCALL(nr, name, args, family, tier, support, oracle, note) { CARRIED_##support ? nr : -1, args },
#include "../../src/abi/syscall.def"
};

static const char *const paths[] = {
	"", "/", ".", "..", "/tmp", "/tmp/a", "/tmp/b", "/tmp/a/b", "/tmp/a/../b", "/tmp/l", "/tmp/l/", "/tmp/loop/x", "a", "a/", "./a//b/.",
	"/proc/self/fd/3", "/proc/self/fd/63", "/proc/self/root/tmp/a", "/proc/self/cwd", "/proc/self/exe", "/proc/self/maps", "/proc/self/task",
	"/proc/self/environ", "/proc/self/status", "/proc/self/fdinfo/4", "/proc/self/mem", "/proc/self/fd/", "/proc/1/root/etc/passwd",
	"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/shm/s", "/dev/fd/5", "/dev/stdin", "/sys/devices/system/cpu/online",
	"/tmp/\n", "/tmp/\xff\x01", "../../../../../../etc/passwd", "//tmp///c///", "/proc/self/smaps", "/proc/stat", "/proc/self/stat",
	"/proc/self/oom_score_adj", "/proc/self/comm", "/proc/sys/kernel/random/uuid", "/proc/thread-self/comm",
};

static uint64_t seeds[THREADS];
static long budget;
static struct thread threads[THREADS];
static char long_path[5000];

static uint64_t draw(uint64_t *s)
{
	uint64_t x = *s += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static uint64_t below(uint64_t *s, uint64_t n)
{
	return draw(s) % n;
}

static uint64_t any_number(uint64_t *s)
{
	static const uint64_t corners[] = { 0, 1, 2, 3, 7, 8, 16, 255, 256, 1023, 1024, 4095, 4096, 4097, 65535, 65536, 1u << 20, 0x7fffffff,
		0x80000000, 0xffffffff, 0x100000000, 1UL << 38, 1UL << 43, 1UL << 62, INT64_MAX, 1UL << 63, -4096UL, -2UL, -1UL };

	switch (below(s, 4)) {
	case 0:
		return below(s, 32);
	case 1:
		return draw(s) >> below(s, 64);
	default:
		return corners[below(s, array_len(corners))];
	}
}

static uint64_t in_room(uint64_t *s)
{
	uint64_t at = below(s, ROOM_PAGES) * PAGE;

	switch (below(s, 4)) {
	case 0:
		return (uint64_t)ROOM + at;
	case 1:
		return (uint64_t)ROOM + at + below(s, PAGE);
	case 2: /* just before a page's end */
		return (uint64_t)ROOM + at + PAGE - below(s, 24);
	default:
		return (uint64_t)ROOM + (at + below(s, PAGE) / 8 * 8);
	}
}

static uint64_t any_pointer(uint64_t *s)
{
	static const uint64_t wild[] = { 0, 1, 8, 0x10000, -1UL, -8UL, -4096UL, (1UL << 38) - 8, (1UL << 38) - 4096, 1UL << 38, 1UL << 63, 0x3fff };

	return below(s, 8) ? in_room(s) : wild[below(s, array_len(wild))];
}

static bool can_write(uint64_t addr, long n)
{
	/* the kernel writes, so that a page that is gone is no fault of ours */
	return sys(__NR_getrandom, addr, n, 0) == n;
}

/* Words that could be lengths, pointers, descriptors: what structures are made of. */
static uint64_t any_block(uint64_t *s)
{
	uint64_t addr = any_pointer(s), words = 1 + below(s, 32);

	if (addr < (uint64_t)ROOM || addr >= (uint64_t)ROOM + ROOM_PAGES * PAGE || !can_write(addr, (long)words * 8))
		return addr;
	for (uint64_t i = 0; i < words; i++) {
		uint64_t word = below(s, 3) ? any_number(s) : any_pointer(s);
		int pair[2] = { (int)below(s, 32), (int)any_number(s) };

		if (below(s, 4) == 0)
			memcpy(&word, pair, 8);
		/* by the kernel again: another thread may take the page away meanwhile */
		sys(__NR_pwrite64, KEPT_FD, &word, 8, 0);
		sys(__NR_pread64, KEPT_FD, addr + i * 8, 8, 0);
	}
	return addr;
}

static uint64_t any_path(uint64_t *s)
{
	uint64_t which = below(s, array_len(paths) + 4);

	if (which == array_len(paths))
		return any_pointer(s);
	if (which == array_len(paths) + 1)
		return (uint64_t)long_path + below(s, sizeof long_path);
	return (uint64_t)paths[which % array_len(paths)];
}

static bool is(const char *type, const char *name)
{
	size_t n = strlen(name);

	return strncmp(type, name, n) == 0 && (type[n] == 0 || type[n] == ' ' || type[n] == '[' || type[n] == '{');
}

static uint64_t any_argument(uint64_t *s, const char *type)
{
	if (*type == '>' || *type == '=')
		type++;
	if (below(s, 40) == 0)
		return any_number(s);
	if (is(type, "fd"))
		return below(s, 12) ? below(s, 40) : any_number(s);
	if (is(type, "dfd"))
		return below(s, 3) ? (uint64_t)AT_FDCWD : below(s, 40);
	if (is(type, "path") || is(type, "str"))
		return any_path(s);
	if (is(type, "pid"))
		return below(s, 3) ? (uint64_t)(100 + below(s, 6)) : any_number(s);
	if (is(type, "sig"))
		return below(s, 66);
	if (is(type, "size") || is(type, "off") || is(type, "u64") || is(type, "i64") || is(type, "uid") || is(type, "mode"))
		return any_number(s);
	if (is(type, "i32") || is(type, "u32") || is(type, "x32") || is(type, "x64") || is(type, "xoff"))
		return any_number(s);
	if (is(type, "clockid"))
		return below(s, 14) - 2;
	if (is(type, "prot"))
		return below(s, 8);
	if (is(type, "ptr"))
		return any_pointer(s);
	if (is(type, "iovec") || is(type, "buf") || is(type, "sigset") || is(type, "timespec") || is(type, "epoll_event") || is(type, "msghdr") ||
	    is(type, "itimerspec") || is(type, "sockaddr") || is(type, "siginfo") || is(type, "sigevent") || is(type, "fdset"))
		return any_block(s);
	/* structures behind pointers and sets of flags alike */
	switch (below(s, 4)) {
	case 0:
		return 1UL << below(s, 32);
	case 1:
		return any_block(s);
	default:
		return below(s, 16);
	}
}

/* Keeps the program itself alive: its text, stacks and kept descriptor are not to go. false: not this call. */
static bool tame(uint64_t *s, int nr, uint64_t a[6])
{
	switch (nr) {
	case __NR_exit: case __NR_exit_group: case __NR_execve: case __NR_execveat: case __NR_rt_sigreturn: case __NR_clone: case __NR_clone3:
	case __NR_rt_sigaction: case __NR_sigaltstack: case __NR_restart_syscall:
		return false;
	case __NR_kill: case __NR_tkill: case __NR_tgkill: case __NR_rt_sigqueueinfo: case __NR_rt_tgsigqueueinfo:
		for (int i = 0; i < 6; i++)
			a[i] = (a[i] & 63) == SIGKILL || (a[i] & 63) == SIGSTOP ? 34 : a[i];
		return true;
	case __NR_munmap: case __NR_mprotect: case __NR_mremap: case __NR_remap_file_pages: case __NR_madvise:
		a[0] = in_room(s) & -(below(s, 8) ? PAGE : 1);
		a[1] = below(s, 12) * PAGE + (below(s, 4) ? 0 : below(s, 4096));
		a[2] = nr == __NR_mremap ? below(s, 16) * PAGE : a[2];
		a[3] = nr == __NR_mremap ? below(s, 8) : a[3];
		a[4] = in_room(s) & -PAGE;
		return true;
	case __NR_mmap:
		a[0] = in_room(s) & -PAGE;
		a[1] = below(s, 20) ? below(s, 16) * PAGE : any_number(s);
		a[3] = below(s, 4) | (below(s, 3) ? 0x20 : 0) | (a[1] <= 16 * PAGE && below(s, 2) ? 0x10 : 0) | (below(s, 8) ? 0 : draw(s) & 0x1ffe00);
		a[4] = below(s, 40);
		a[5] = below(s, 8) * PAGE;
		return true;
	case __NR_brk:
		a[0] = 0;
		return true;
	case __NR_close: case __NR_dup3:
		return a[0] != KEPT_FD && a[1] != KEPT_FD;
	case __NR_close_range:
		a[1] = a[1] > 60 ? 60 : a[1];
		return true;
	case __NR_prlimit64:
		a[2] = below(s, 4) ? 0 : a[2];
		return a[1] != 0;
	default:
		return true;
	}
}

/* Descriptors of every kind, so that there is something to call things with. */
static void one_descriptor(uint64_t *s)
{
	static const int flags[] = { 0, O_NONBLOCK, O_CLOEXEC, O_NONBLOCK | O_CLOEXEC };
	long fds = (long)in_room(s), flag = flags[below(s, 4)];

	switch (below(s, 10)) {
	case 0:
		sys(__NR_pipe2, fds, flag);
		return;
	case 1:
		sys(__NR_socketpair, 1, (1 + below(s, 2)) | flag, 0, fds);
		return;
	case 2:
		sys(__NR_eventfd2, below(s, 3), flag);
		return;
	case 3:
		sys(__NR_epoll_create1, 0);
		return;
	case 4:
		sys(__NR_timerfd_create, 1, flag);
		return;
	case 5:
		sys(__NR_memfd_create, paths[3], 2);
		return;
	case 6:
		sys(__NR_openat, AT_FDCWD, any_path(s), O_DIRECTORY, 0);
		return;
	case 7: { /* something that is watched and ready */
		uint64_t event[2] = { 0x1d | (below(s, 2) << 31), 7 };

		sys(__NR_epoll_ctl, below(s, 40), 1, below(s, 40), event);
		return;
	}
	default:
		sys(__NR_openat, AT_FDCWD, any_path(s), O_RDWR | (below(s, 2) ? O_CREAT : 0) | flag, 0666);
	}
}

static void one_call(uint64_t *s)
{
	const struct call *c = &calls[below(s, array_len(calls))];
	const char *at = c->args;
	uint64_t a[6];
	int n = 0;

	if (c->nr < 0)
		return;
	for (int i = 0; i < 6; i++)
		a[i] = below(s, 4) ? 0 : any_number(s);
	while (n < 6 && at && *at && strncmp(at, "->", 2) != 0) {
		const char *colon = strchr(at, ':');

		if (!colon)
			break;
		a[n++] = any_argument(s, colon + 1);
		at = strchr(colon, ' ');
		at = at ? at + 1 : NULL;
	}
	if (tame(s, c->nr, a))
		sys(c->nr, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static void keep_going(uint64_t *s)
{
	set_mask(0);
	if (below(s, 8) == 0)
		sys(__NR_mmap, ROOM + below(s, ROOM_PAGES - 8) * PAGE, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (below(s, 16) == 0) {
		struct itimerval soon = { { 0, 200 }, { 0, 200 } };

		sys(__NR_setitimer, ITIMER_REAL, &soon, NULL);
	}
	if (below(s, 16) == 0)
		sys(__NR_close_range, 3, 50, 0);
}

static void work(void *arg)
{
	uint64_t *s = arg;

	while (__atomic_fetch_sub(&budget, 1, __ATOMIC_RELAXED) > 0) {
		if (below(s, 6) == 0)
			one_descriptor(s);
		one_call(s);
		if (below(s, 8) == 0)
			keep_going(s);
	}
}

static void on_signal(int sig)
{
	/* the thread's call ends with EINTR: that is all it is for */
}

/* A fault of our own is the end; one that a random call has sent is not. */
static void on_fault(int sig, siginfo_t *info, void *context)
{
	if (info->si_code > 0)
		sys(__NR_exit_group, 0);
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoul(argv[1], NULL, 0) : 1;

	budget = argc > 2 ? strtol(argv[2], NULL, 0) : 6000;
	guest_line("ok ", "random_calls_leave_the_machine_whole", NULL);
	sys(__NR_dup3, sys(__NR_memfd_create, "kept", 0), KEPT_FD, 0);
	memset(long_path, 'x', sizeof long_path - 1);
	for (size_t i = 200; i < 3000; i += 200)
		long_path[i] = '/';
	sys(__NR_symlinkat, "b", AT_FDCWD, "/tmp/l");
	sys(__NR_symlinkat, "loop", AT_FDCWD, "/tmp/loop");
	sys(__NR_mmap, ROOM, ROOM_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int sig = 1; sig <= 64; sig++)
		set_handler(sig, sig == SIGSEGV || sig == SIGBUS || sig == SIGILL ? (void *)on_fault : (void *)on_signal,
			    SA_SIGINFO | (below(&seed, 2) ? SA_RESTART : 0), 0);
	for (int i = 0; i < THREADS; i++) {
		seeds[i] = draw(&seed);
		if (i > 0)
			thread_start(&threads[i], work, &seeds[i]);
	}
	work(&seeds[0]);
	sys(__NR_exit_group, 0);
	return 0;
}
