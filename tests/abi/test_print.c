/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The printer: each case is a call, the memory around it, and the line expected (as strace has it).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/abi.h"
#include "abi/print.h"

enum { BASE = 0x10000, SIZE = 8192 };

static uint8_t memory[SIZE];
static char text[4096];

/* Two readable pages at BASE and nothing else. */
static int load(void *context, uint64_t addr, void *dst, uint64_t n)
{
	if (addr < BASE || addr > BASE + SIZE || n > BASE + SIZE - addr)
		return -1;
	memcpy(dst, memory + (addr - BASE), n);
	return 0;
}

static const struct abi_reader reader = { .load = load };

static const char *line(uint64_t nr, const uint64_t *args, int64_t result)
{
	struct abi_out out;
	uint64_t raw = (uint64_t)result;

	abi_out_init(&out, text, sizeof(text));
	abi_print_call(&out, nr, args, &raw, &reader);
	abi_print_result(&out, nr, args, raw, &reader);
	assert_false(out.truncated);
	return text;
}

#define LINE(name, result, ...) line(G_NR_##name, (const uint64_t[6]){ __VA_ARGS__ }, result)

static uint64_t put(uint64_t at, const void *bytes, size_t n)
{
	memcpy(memory + at, bytes, n);
	return BASE + at;
}

static uint64_t put_string(uint64_t at, const char *s)
{
	return put(at, s, strlen(s) + 1);
}

static int clear(void **state)
{
	memset(memory, 0, sizeof(memory));
	return 0;
}

static void a_path_and_flags_and_an_error(void **state)
{
	uint64_t path = put_string(0, "/etc/passwd");

	assert_string_equal(
		LINE(openat, -G_ENOENT, (uint64_t)G_AT_FDCWD, path, G_O_CLOEXEC),
		"openat(AT_FDCWD, \"/etc/passwd\", O_RDONLY|O_CLOEXEC)"
		" = -1 ENOENT (No such file or directory)");
	/* The upper half of a 32-bit argument does not count. */
	assert_string_equal(LINE(openat, 3, 0xffffff9c, path,
				 G_O_RDWR | G_O_CREAT | G_O_TRUNC | G_O_SYNC, 0644),
			    "openat(AT_FDCWD, \"/etc/passwd\", O_RDWR|O_CREAT|O_TRUNC|O_SYNC, 0644)"
			    " = 3");
	assert_string_equal(LINE(openat, 3, 5, path, G_O_TMPFILE | G_O_WRONLY, 0600),
			    "openat(5, \"/etc/passwd\", O_WRONLY|O_TMPFILE, 0600) = 3");
	assert_string_equal(LINE(openat, -G_EFAULT, 5, 0x40, 3 | 0x40000000),
			    "openat(5, 0x40, 0x40000003) = -1 EFAULT (Bad address)");
}

static void buffers_are_cut_and_escaped(void **state)
{
	uint64_t buf = put(0, "hi\n\t\"\\\x01" "2\x1b\xff", 10);
	uint64_t many = put_string(64, "0123456789012345678901234567890123456789");

	assert_string_equal(LINE(write, 10, 1, buf, 10),
			    "write(1, \"hi\\n\\t\\\"\\\\\\0012\\33\\377\", 10) = 10");
	assert_string_equal(LINE(write, 40, 1, many, 40),
			    "write(1, \"01234567890123456789012345678901\"..., 40) = 40");
	assert_string_equal(LINE(write, 32, 1, many, 32),
			    "write(1, \"01234567890123456789012345678901\", 32) = 32");
	assert_string_equal(LINE(write, 0, 1, 0, 0), "write(1, NULL, 0) = 0");
	assert_string_equal(LINE(write, -G_EFAULT, 1, 0x7000, 4),
			    "write(1, 0x7000, 4) = -1 EFAULT (Bad address)");
}

static void a_read_shows_what_was_read(void **state)
{
	uint64_t buf = put_string(0, "abcdef");

	assert_string_equal(LINE(read, 3, 0, buf, 4096), "read(0, \"abc\", 4096) = 3");
	assert_string_equal(LINE(read, -G_EAGAIN, 0, buf, 4096),
			    "read(0, 0x10000, 4096)"
			    " = -1 EAGAIN (Resource temporarily unavailable)");
}

static void before_it_returns_a_call_shows_outputs_as_addresses(void **state)
{
	struct abi_out out;
	const uint64_t args[6] = { 0, BASE, 16 };

	abi_out_init(&out, text, sizeof(text));
	abi_print_call(&out, G_NR_read, args, NULL, &reader);
	assert_string_equal(text, "read(0, 0x10000, 16)");
	abi_out_init(&out, text, sizeof(text));
	abi_print_call(&out, G_NR_write, args, NULL, NULL);
	assert_string_equal(text, "write(0, 0x10000, 16)");
}

static void a_string_may_end_at_the_end_of_memory_but_not_beyond(void **state)
{
	memset(memory + SIZE - 4, 'x', 4);
	memory[SIZE - 1] = 0;
	assert_string_equal(LINE(chdir, 0, BASE + SIZE - 4), "chdir(\"xxx\") = 0");
	memory[SIZE - 1] = 'x';
	assert_string_equal(LINE(chdir, 0, BASE + SIZE - 4), "chdir(0x11ffc) = 0");
}

static void vectors_show_only_the_bytes_that_moved(void **state)
{
	struct g_iovec v[2] = { { put(64, "abcd", 4), 4 }, { put(128, "efgh", 4), 4 } };
	uint64_t vec = put(0, v, sizeof(v));

	assert_string_equal(LINE(writev, 8, 1, vec, 2),
			    "writev(1, [{iov_base=\"abcd\", iov_len=4}, "
			    "{iov_base=\"efgh\", iov_len=4}], 2) = 8");
	assert_string_equal(LINE(readv, 5, 1, vec, 2),
			    "readv(1, [{iov_base=\"abcd\", iov_len=4}, "
			    "{iov_base=\"e\", iov_len=4}], 2) = 5");
}

static void memory_calls(void **state)
{
	assert_string_equal(LINE(mmap, 0x3fffe000, 0, 8192, G_PROT_READ | G_PROT_WRITE,
				 G_MAP_PRIVATE | G_MAP_ANONYMOUS, (uint64_t)-1, 0),
			    "mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1,"
			    " 0) = 0x3fffe000");
	assert_string_equal(LINE(mmap, -G_ENOMEM, 0x1000, 1, 0, G_MAP_FIXED | 3, 4, 0x2000),
			    "mmap(0x1000, 1, PROT_NONE, MAP_SHARED_VALIDATE|MAP_FIXED, 4, 0x2000)"
			    " = -1 ENOMEM (Cannot allocate memory)");
	assert_string_equal(LINE(mprotect, 0, 0x1000, 4096, 0), "mprotect(0x1000, 4096, PROT_NONE) = 0");
	assert_string_equal(LINE(mprotect, 0, 0x1000, 4096, 0x80),
			    "mprotect(0x1000, 4096, 0x80) = 0");
	assert_string_equal(LINE(madvise, 0, 0x1000, 4096, G_MADV_DONTNEED),
			    "madvise(0x1000, 4096, MADV_DONTNEED) = 0");
	assert_string_equal(LINE(brk, 0x21000, 0), "brk(NULL) = 0x21000");
}

static void futex_shows_what_its_operation_uses(void **state)
{
	struct g_timespec ts = { 1, 500 };
	uint64_t t = put(0, &ts, sizeof(ts));

	assert_string_equal(LINE(futex, 1, 0x2000, 0x81, 1, 7, 8, 9),
			    "futex(0x2000, FUTEX_WAKE_PRIVATE, 1) = 1");
	assert_string_equal(LINE(futex, -G_ETIMEDOUT, 0x2000, 0x80, 2, t),
			    "futex(0x2000, FUTEX_WAIT_PRIVATE, 2, {tv_sec=1, tv_nsec=500})"
			    " = -1 ETIMEDOUT (Connection timed out)");
	assert_string_equal(LINE(futex, 0, 0x2000, 0x189, 2, 0, 0, 0xffffffff),
			    "futex(0x2000, FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME, 2, NULL,"
			    " 0xffffffff) = 0");
	assert_string_equal(LINE(futex, 0, 0x2000, 3, 1, 0x7fffffff, 0x3000),
			    "futex(0x2000, FUTEX_REQUEUE, 1, 2147483647, 0x3000) = 0");
}

static void clone_shows_its_flags_and_its_signal(void **state)
{
	struct g_clone_args ca = { .flags = G_CLONE_VM | G_CLONE_CLEAR_SIGHAND,
				   .exit_signal = G_SIGCHLD,
				   .stack = 0x5000,
				   .stack_size = 0x1000 };
	uint64_t at = put(0, &ca, sizeof(ca));

	assert_string_equal(LINE(clone, 101, 0x50f00, 0x4000),
			    "clone(child_stack=0x4000, flags=CLONE_VM|CLONE_FS|CLONE_FILES|"
			    "CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM) = 101");
	assert_string_equal(LINE(clone, 101, G_SIGCHLD),
			    "clone(child_stack=NULL, flags=SIGCHLD) = 101");
	assert_string_equal(LINE(clone, 101,
				 G_CLONE_VM | G_CLONE_SETTLS | G_CLONE_PARENT_SETTID |
					 G_CLONE_CHILD_CLEARTID | G_SIGCHLD,
				 0x4000, BASE + 256, 0x5000, 0x6000),
			    "clone(child_stack=0x4000, flags=CLONE_VM|CLONE_SETTLS|"
			    "CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID|SIGCHLD, parent_tid=[0],"
			    " tls=0x5000, child_tidptr=0x6000) = 101");
	assert_string_equal(LINE(clone3, 102, at, sizeof(ca)),
			    "clone3({flags=CLONE_VM|CLONE_CLEAR_SIGHAND, child_tid=NULL,"
			    " parent_tid=NULL, exit_signal=SIGCHLD, stack=0x5000,"
			    " stack_size=0x1000, tls=NULL}, 88) = 102");
	/* A version 0 caller: what lies behind its 64 bytes is not read. */
	memset(memory, 0, sizeof(memory));
	assert_string_equal(LINE(clone3, 102, BASE + SIZE - 64, 64),
			    "clone3({flags=0, child_tid=NULL, parent_tid=NULL, exit_signal=0,"
			    " stack=NULL, stack_size=0, tls=NULL}, 64) = 102");
}

static void signals_and_their_sets(void **state)
{
	struct g_sigaction sa = { 0x4000, G_SA_RESTART | G_SA_SIGINFO, G_SIGBIT(2) | G_SIGBIT(35) };
	uint64_t set = G_SIGBIT(G_SIGINT) | G_SIGBIT(G_SIGCHLD);
	uint64_t most = ~(G_SIGBIT(G_SIGKILL) | G_SIGBIT(G_SIGSTOP));
	uint64_t act = put(0, &sa, sizeof(sa));

	put(32, &set, 8);
	put(40, &most, 8);
	assert_string_equal(LINE(rt_sigaction, 0, G_SIGUSR1, act, 0, 8),
			    "rt_sigaction(SIGUSR1, {sa_handler=0x4000, sa_mask=[INT RT_3],"
			    " sa_flags=SA_SIGINFO|SA_RESTART}, NULL, 8) = 0");
	assert_string_equal(LINE(rt_sigprocmask, 0, G_SIG_BLOCK, BASE + 32, BASE + 40, 8),
			    "rt_sigprocmask(SIG_BLOCK, [INT CHLD], ~[KILL STOP], 8) = 0");
	assert_string_equal(LINE(rt_sigprocmask, -G_EINVAL, G_SIG_BLOCK, BASE + 32, 0, 4),
			    "rt_sigprocmask(SIG_BLOCK, 0x10020, NULL, 4)"
			    " = -1 EINVAL (Invalid argument)");
	assert_string_equal(LINE(tgkill, 0, 100, 101, 34), "tgkill(100, 101, SIGRT_2) = 0");
	assert_string_equal(LINE(kill, -G_EINVAL, (uint64_t)-1, 65),
			    "kill(-1, 65) = -1 EINVAL (Invalid argument)");
}

static void structures_that_come_back(void **state)
{
	struct g_stat st = { .mode = G_S_IFREG | 0644, .size = 1234 };
	struct g_rlimit rl = { 8192 * 1024, G_RLIM_INFINITY };
	struct g_utsname un = { "Linux", "host", "6.12.0", "#1", "riscv64", "(none)" };
	struct g_itimerspec it = { { 1, 0 }, { 0, 7 } };
	uint64_t path = put_string(0, "f");

	put(64, &st, sizeof(st));
	put(256, &rl, sizeof(rl));
	put(512, &un, sizeof(un));
	put(1024, &it, sizeof(it));
	assert_string_equal(LINE(newfstatat, 0, (uint64_t)G_AT_FDCWD, path, BASE + 64,
				 G_AT_SYMLINK_NOFOLLOW),
			    "newfstatat(AT_FDCWD, \"f\", {st_mode=S_IFREG|0644, st_size=1234, ...},"
			    " AT_SYMLINK_NOFOLLOW) = 0");
	assert_string_equal(LINE(prlimit64, 0, 0, G_RLIMIT_STACK, 0, BASE + 256),
			    "prlimit64(0, RLIMIT_STACK, NULL, {rlim_cur=8192*1024,"
			    " rlim_max=RLIM64_INFINITY}) = 0");
	assert_string_equal(LINE(uname, 0, BASE + 512),
			    "uname({sysname=\"Linux\", nodename=\"host\", ...}) = 0");
	assert_string_equal(LINE(timerfd_settime, 0, 3, G_TFD_TIMER_ABSTIME, BASE + 1024, 0),
			    "timerfd_settime(3, TFD_TIMER_ABSTIME, {it_interval={tv_sec=1,"
			    " tv_nsec=0}, it_value={tv_sec=0, tv_nsec=7}}, NULL) = 0");
}

static void arrays_of_structures(void **state)
{
	struct g_pollfd p[2] = { { 0, G_POLLIN, 0 }, { 1, G_POLLOUT, G_POLLOUT } };
	struct g_epoll_event e[2] = { { G_EPOLLIN, 0, 5 }, { G_EPOLLHUP | G_EPOLLET, 0, 6 } };
	struct g_hwprobe h[2] = { { 4, 0x3b }, { -1, 0 } };
	uint32_t pair[2] = { 3, 4 };

	put(0, p, sizeof(p));
	put(64, e, sizeof(e));
	put(128, pair, sizeof(pair));
	put(192, h, sizeof(h));
	assert_string_equal(LINE(ppoll, 1, BASE, 2, 0, 0, 8),
			    "ppoll([{fd=0, events=POLLIN}, {fd=1, events=POLLOUT}], 2, NULL, NULL,"
			    " 8) = 1 ([{fd=1, revents=POLLOUT}])");
	assert_string_equal(LINE(ppoll, 0, BASE, 1, 0, 0, 8),
			    "ppoll([{fd=0, events=POLLIN}], 1, NULL, NULL, 8) = 0 (Timeout)");
	assert_string_equal(LINE(epoll_pwait, 1, 3, BASE + 64, 16, (uint64_t)-1, 0, 8),
			    "epoll_pwait(3, [{events=EPOLLIN, data={u32=5, u64=5}}], 16, -1, NULL, 8) = 1");
	assert_string_equal(LINE(epoll_ctl, 0, 3, G_EPOLL_CTL_ADD, 5, BASE + 80),
			    "epoll_ctl(3, EPOLL_CTL_ADD, 5, {events=EPOLLHUP|EPOLLET, data={u32=6,"
			    " u64=6}}) = 0");
	assert_string_equal(LINE(pipe2, 0, BASE + 128, G_O_CLOEXEC),
			    "pipe2([3, 4], O_CLOEXEC) = 0");
	assert_string_equal(LINE(riscv_hwprobe, 0, BASE + 192, 2, 0, 0, 0),
			    "riscv_hwprobe([{key=RISCV_HWPROBE_KEY_IMA_EXT_0, value=0x3b},"
			    " {key=0xffffffffffffffff, value=0}], 2, 0, NULL, 0) = 0");
}

static void an_array_stops_at_the_reader_s_limit(void **state)
{
	const struct abi_reader two = { .load = load, .max_items = 2 };
	const uint64_t args[6] = { BASE, 1000 }, huge[6] = { BASE, 0xffffffff };
	struct abi_out out;

	abi_out_init(&out, text, sizeof(text));
	abi_print_call(&out, G_NR_ppoll, args, NULL, &two);
	assert_string_equal(text, "ppoll([{fd=0, events=0}, {fd=0, events=0}, ...], 1000, NULL, NULL, 0)");
	abi_out_init(&out, text, sizeof(text));
	abi_print_call(&out, G_NR_ppoll, huge, NULL, &two);
	assert_non_null(strstr(text, "...], 4294967295, "));
}

static void the_third_argument_of_fcntl_follows_its_command(void **state)
{
	struct g_flock fl = { .type = G_F_WRLCK, .len = 10 };

	put(0, &fl, sizeof(fl));
	assert_string_equal(LINE(fcntl, 0, 3, G_F_GETFD, 77), "fcntl(3, F_GETFD) = 0");
	assert_string_equal(LINE(fcntl, 1, 3, G_F_GETFD), "fcntl(3, F_GETFD) = 0x1 (flags FD_CLOEXEC)");
	assert_string_equal(LINE(fcntl, 0x8402, 0, G_F_GETFL),
			    "fcntl(0, F_GETFL) = 0x8402 (flags O_RDWR|O_APPEND|O_LARGEFILE)");
	assert_string_equal(LINE(fcntl, 0, 3, G_F_SETFD, 1), "fcntl(3, F_SETFD, FD_CLOEXEC) = 0");
	assert_string_equal(LINE(fcntl, 0, 3, G_F_SETFL, G_O_RDWR | G_O_NONBLOCK),
			    "fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0");
	assert_string_equal(LINE(fcntl, 0, 3, G_F_SETLK, BASE),
			    "fcntl(3, F_SETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=0,"
			    " l_len=10, l_pid=0}) = 0");
}

static void addresses_of_sockets(void **state)
{
	uint8_t un[] = "\x01\0/run/nscd", in[16] = { 2, 0, 0, 80, 127, 0, 0, 1 };
	uint32_t len = 4;

	put(0, un, sizeof(un));
	put(64, in, sizeof(in));
	assert_string_equal(LINE(connect, -G_ENOSYS, 3, BASE, 110),
			    "connect(3, {sa_family=AF_UNIX, sun_path=\"/run/nscd\"}, 110)"
			    " = -1 ENOSYS (Function not implemented)");
	assert_string_equal(LINE(bind, 0, 3, BASE + 64, 16),
			    "bind(3, {sa_family=AF_INET, sin_port=htons(80),"
			    " sin_addr=inet_addr(\"127.0.0.1\")}, 16) = 0");
	put(128, &len, 4);
	assert_string_equal(LINE(getsockname, 0, 3, BASE, BASE + 128),
			    "getsockname(3, {sa_family=AF_UNIX, sun_path=\"/r\"}, [4]) = 0");
	assert_string_equal(LINE(socketpair, 0, 1, G_SOCK_STREAM | G_SOCK_CLOEXEC, 0, BASE + 128),
			    "socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0, [4, 0]) = 0");
}

static void directory_entries_are_counted(void **state)
{
	struct g_dirent64 d = { .reclen = 24 };

	put(0, &d, 24);
	put(24, &d, 24);
	assert_string_equal(LINE(getdents64, 48, 3, BASE, 1024),
			    "getdents64(3, 0x10000 /* 2 entries */, 1024) = 48");
	/* A record of length 0 ends it: hostile memory must not loop. */
	assert_string_equal(LINE(getdents64, 48, 3, BASE + 1000, 1024),
			    "getdents64(3, 0x103e8 /* 0 entries */, 1024) = 48");
}

static void sets_of_bits(void **state)
{
	uint64_t bits = 0x29;

	put(0, &bits, 8);
	assert_string_equal(LINE(sched_getaffinity, 8, 0, 128, BASE),
			    "sched_getaffinity(0, 128, [0 3 5]) = 8");
	assert_string_equal(LINE(pselect6, 1, 6, BASE, 0, 0, 0, 0),
			    "pselect6(6, [0 3 5], NULL, NULL, NULL, NULL) = 1");
}

static void results_have_their_own_shapes(void **state)
{
	assert_string_equal(LINE(exit_group, 0, 3), "exit_group(3) = ?");
	assert_string_equal(LINE(umask, 022, 077), "umask(077) = 022");
	assert_string_equal(LINE(getpid, 100, 0), "getpid() = 100");
	assert_string_equal(line(9999, (const uint64_t[6]){ 1, 2 }, -G_ENOSYS),
			    "syscall_0x270f(0x1, 0x2, 0, 0, 0, 0)"
			    " = -1 ENOSYS (Function not implemented)");
	assert_string_equal(LINE(getpid, -600, 0), "getpid() = -1 (errno 600)");
}

/* Taken from real logs. */
static void statx_has_its_own_flags(void **state)
{
	struct g_statx sx = { .mask = 0x1fff, .mode = G_S_IFREG | 0664, .size = 9528654 };

	put(64, &sx, sizeof(sx));
	assert_string_equal(LINE(statx, 0, 3, BASE, G_AT_EMPTY_PATH, G_STATX_ALL, BASE + 64),
			    "statx(3, \"\", AT_STATX_SYNC_AS_STAT|AT_EMPTY_PATH, STATX_ALL,"
			    " {stx_mask=STATX_ALL|STATX_MNT_ID, stx_attributes=0,"
			    " stx_mode=S_IFREG|0664, stx_size=9528654, ...}) = 0");
}

static void what_a_signal_says(void **state)
{
	struct g_siginfo kill = { .signo = G_SIGURG, .code = G_SI_TKILL, .rt = { 1526, 1000, 0 } };
	struct g_siginfo fault = { .signo = G_SIGSEGV, .code = G_SEGV_ACCERR, .fault = { .addr = 16 } };
	struct g_siginfo timer = { .signo = G_SIGPROF, .code = G_SI_TIMER, .timer = { 3, 0, 0 } };
	struct abi_out out;

	abi_out_init(&out, text, sizeof(text));
	abi_print_siginfo(&out, &kill);
	assert_string_equal(text, "{si_signo=SIGURG, si_code=SI_TKILL, si_pid=1526, si_uid=1000}");
	abi_out_init(&out, text, sizeof(text));
	abi_print_siginfo(&out, &fault);
	assert_string_equal(text, "{si_signo=SIGSEGV, si_code=SEGV_ACCERR, si_addr=0x10}");
	abi_out_init(&out, text, sizeof(text));
	abi_print_siginfo(&out, &timer);
	assert_string_equal(text, "{si_signo=SIGPROF, si_code=SI_TIMER, si_timerid=3, si_overrun=0}");
}

static void text_that_does_not_fit_is_cut_and_said(void **state)
{
	struct abi_out out;
	char small[10] = "zzzzzzzzz";
	const uint64_t args[6] = { 1, 2, 3 };

	abi_out_init(&out, small, 8);
	abi_print_call(&out, G_NR_openat, args, NULL, NULL);
	assert_string_equal(small, "openat(");
	assert_true(out.truncated);
	assert_int_equal(small[8], 'z');
	abi_out_init(&out, small, 0);
	abi_put_str(&out, "x");
	assert_int_equal(small[0], 'o');
}

/* Every row with wild, self-pointing and huge arguments: no crash, no endless text. */
static void any_call_with_any_arguments_ends(void **state)
{
	static const uint64_t values[] = { 0, 1, 5, BASE, BASE + 8, BASE + SIZE - 3, 0x7fffffff,
					   0xffffffff, INT64_MAX, UINT64_MAX };
	uint64_t seed = 1;
	struct abi_out out;

	for (uint64_t i = 0; i < SIZE / 8; i++) {
		uint64_t v = values[i * 7 % 10];

		memcpy(memory + i * 8, &v, 8);
	}
	for (unsigned round = 0; round < 200; round++) {
		for (unsigned i = 0; syscall_row_at(i); i++) {
			uint64_t args[6], result;

			for (unsigned a = 0; a < 6; a++) {
				seed = seed * 6364136223846793005u + 1442695040888963407u;
				args[a] = values[(seed >> 33) % 10];
			}
			result = values[(seed >> 40) % 10];
			abi_out_init(&out, text, sizeof(text));
			abi_print_call(&out, syscall_row_at(i)->nr, args, &result, &reader);
			abi_print_result(&out, syscall_row_at(i)->nr, args, result, &reader);
			assert_true(out.len < sizeof(text));
		}
	}
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, clear)
	const struct CMUnitTest tests[] = {
		TEST(a_path_and_flags_and_an_error),
		TEST(buffers_are_cut_and_escaped),
		TEST(a_read_shows_what_was_read),
		TEST(before_it_returns_a_call_shows_outputs_as_addresses),
		TEST(a_string_may_end_at_the_end_of_memory_but_not_beyond),
		TEST(vectors_show_only_the_bytes_that_moved),
		TEST(memory_calls),
		TEST(futex_shows_what_its_operation_uses),
		TEST(clone_shows_its_flags_and_its_signal),
		TEST(signals_and_their_sets),
		TEST(structures_that_come_back),
		TEST(arrays_of_structures),
		TEST(an_array_stops_at_the_reader_s_limit),
		TEST(the_third_argument_of_fcntl_follows_its_command),
		TEST(addresses_of_sockets),
		TEST(directory_entries_are_counted),
		TEST(sets_of_bits),
		TEST(results_have_their_own_shapes),
		TEST(statx_has_its_own_flags),
		TEST(what_a_signal_says),
		TEST(text_that_does_not_fit_is_cut_and_said),
		TEST(any_call_with_any_arguments_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
