/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The whole harness of the guest programs: a raw system call that returns -errno, sentences that check themselves, and
 * one line of output for each. Output names no address, id or time, so that it is the same on every kernel.
 * Knows nothing about the machine it runs on but the name in GUEST_ORACLE: "qemu", "kernel", or absent in our own.
 */
#ifndef GUEST_H
#define GUEST_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <asm/unistd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include "guest_numbers.h"

#define PAGE 4096UL
#define BAD_POINTER ((void *)0x10)      /* page 0 is never mapped */
#define KERNEL_POINTER ((void *)-4096L) /* beyond every user address */
#define array_len(a) (sizeof(a) / sizeof((a)[0]))
#define unused __attribute__((unused))

static inline long sys6(long nr, long a, long b, long c, long d, long e, long f)
{
	register long a7 __asm__("a7") = nr;
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;
	register long a3 __asm__("a3") = d;
	register long a4 __asm__("a4") = e;
	register long a5 __asm__("a5") = f;

	__asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5) : "memory");
	return a0;
}

/* sys(__NR_x, ...): up to six arguments of any scalar type; the rest are 0. */
#define SYS_PICK(nr, a, b, c, d, e, f, ...) \
	sys6(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define sys(...) SYS_PICK(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

struct guest_test {
	const char *name;
	void (*run)(void);
	long line;
	long reserved;
};

extern const struct guest_test __start_guest_tests[] __attribute__((weak, visibility("hidden")));
extern const struct guest_test __stop_guest_tests[] __attribute__((weak, visibility("hidden")));
static const char *guest_now;
static int guest_failed, guest_any_failed, guest_skipped;

unused static size_t guest_put(char *at, const char *s)
{
	size_t n = strlen(s);

	memcpy(at, s, n);
	return n;
}

unused static size_t guest_put_number(char *at, long value)
{
	char digits[24];
	size_t n = 0, used = 0;
	unsigned long u = value < 0 ? -(unsigned long)value : (unsigned long)value;

	do
		digits[n++] = (char)('0' + u % 10);
	while ((u /= 10) != 0);
	if (value < 0)
		at[used++] = '-';
	while (n > 0)
		at[used++] = digits[--n];
	return used;
}

/* One whole line in one write, so that nothing is ever torn or lost when the program dies. */
unused static void guest_line(const char *verdict, const char *name, const char *detail)
{
	char line[600];
	size_t n = guest_put(line, verdict);

	n += guest_put(line + n, name);
	if (detail)
		n += guest_put(line + n, detail);
	line[n++] = '\n';
	sys(__NR_write, 1, line, n);
}

unused static void guest_fail(const char *file, int line, const char *what, long got, long want)
{
	char detail[400];
	const char *slash = strrchr(file, '/');
	size_t n = guest_put(detail, ": ");

	if (guest_failed)
		return;
	guest_failed = guest_any_failed = 1;
	n += guest_put(detail + n, slash ? slash + 1 : file);
	detail[n++] = ':';
	n += guest_put_number(detail + n, line);
	detail[n++] = ' ';
	if (strlen(what) < 200)
		n += guest_put(detail + n, what);
	n += guest_put(detail + n, " got ");
	n += guest_put_number(detail + n, got);
	n += guest_put(detail + n, " want ");
	n += guest_put_number(detail + n, want);
	detail[n] = 0;
	guest_line("not ok ", guest_now, detail);
}

/* A test is a sentence. It ends at the first check that fails. */
#define TEST(sentence) \
	static void sentence(void); \
	static const struct guest_test guest_test_##sentence \
		__attribute__((section("guest_tests"), used, aligned(8))) = { #sentence, sentence, __LINE__, 0 }; \
	static void sentence(void)

#define EQ(got, want) \
	do { \
		long guest_got = (long)(got), guest_want = (long)(want); \
		if (guest_got != guest_want) { \
			guest_fail(__FILE__, __LINE__, #got, guest_got, guest_want); \
			return; \
		} \
	} while (0)
#define CHECK(cond) EQ(!!(cond), 1)
/* For a result that is an address, an id or a count: anything but an error. */
#define OK(call) \
	do { \
		long guest_result = (long)(call); \
		if (guest_result < 0 && guest_result >= -4095) { \
			guest_fail(__FILE__, __LINE__, #call, guest_result, 0); \
			return; \
		} \
	} while (0)

enum { ORACLE_QEMU = 1, ORACLE_KERNEL = 2, ORACLE_OURS = 4 };

unused static int guest_oracle(void)
{
	const char *name = getenv("GUEST_ORACLE");

	if (!name)
		return ORACLE_OURS;
	return *name == 'q' ? ORACLE_QEMU : ORACLE_KERNEL;
}

#define GUEST_ONLY(set) \
	do { \
		if (!(guest_oracle() & (set))) { \
			guest_skipped = 1; \
			return; \
		} \
	} while (0)
/* ORACLE(KERNEL): qemu-user is wrong or silent here. ORACLE(OURS): what only our machine promises. */
#define ORACLE(name) GUEST_ONLY(ORACLE_##name | ORACLE_OURS)

unused static int guest_run_all(void)
{
	const struct guest_test *t, *next;
	long last = 0;

	for (;;) { /* in order of their lines: the linker may have reordered them */
		next = NULL;
		for (t = __start_guest_tests; t < __stop_guest_tests; t++)
			if (t->line > last && (!next || t->line < next->line))
				next = t;
		if (!next)
			break;
		last = next->line;
		guest_now = next->name;
		guest_failed = guest_skipped = 0;
		next->run();
		if (!guest_failed)
			guest_line(guest_skipped ? "skip " : "ok ", next->name, NULL);
		for (int fd = 3; fd < 16 && (guest_failed || guest_skipped); fd++)
			sys(__NR_close, fd); /* what an early end left behind */
	}
	return guest_any_failed;
}

#ifndef GUEST_NO_MAIN
int main(void)
{
	sys(__NR_exit_group, guest_run_all());
	return 0;
}
#endif

/* --- what many programs need --- */

/* The kernel's own sigaction; riscv64 has no restorer. */
struct ksigaction {
	void *handler;
	unsigned long flags;
	unsigned long mask;
};

#define SIGBIT(sig) (1UL << ((sig) - 1))

unused static long set_handler(int sig, void *handler, unsigned long flags, unsigned long mask)
{
	struct ksigaction sa = { handler, flags, mask };

	return sys(__NR_rt_sigaction, sig, &sa, NULL, 8);
}

unused static unsigned long set_mask(unsigned long mask)
{
	unsigned long old = 0;

	sys(__NR_rt_sigprocmask, SIG_SETMASK, &mask, &old, 8);
	return old;
}

unused static void sleep_ms(long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	sys(__NR_nanosleep, &ts, NULL);
}

/* Long enough for every other thread to reach its next wait. Costs nothing in virtual time. */
unused static void settle(void)
{
	sleep_ms(60);
}

unused static long clock_ns(int id)
{
	struct timespec ts = { 0, 0 };

	sys(__NR_clock_gettime, id, &ts);
	return ts.tv_sec * 1000000000L + ts.tv_nsec;
}

unused static char *map_pages(long n, int prot)
{
	return (char *)sys(__NR_mmap, NULL, n * PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* A fresh file /tmp/NAME with this content; its descriptor is open for reading and writing, at offset 0. */
unused static int make_file(const char *path, const char *content)
{
	int fd = (int)sys(__NR_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_TRUNC, 0644);

	if (fd >= 0 && content) {
		sys(__NR_write, fd, content, strlen(content));
		sys(__NR_lseek, fd, 0, SEEK_SET);
	}
	return fd;
}

unused static long close_fd(long fd)
{
	return sys(__NR_close, fd);
}

#endif
