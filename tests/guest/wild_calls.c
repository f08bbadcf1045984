/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: setitimer fcntl */
/* runs: ours */
/* Every call with every kind of wrong argument: the kernel answers, and neither it nor this program dies. */
#include "guest.h"
#include <sys/time.h>

static char good[2 * PAGE] __attribute__((aligned(4096)));
static long answered, odd;

static void on_alarm(int sig)
{
}

/* Calls that end the program, its output, its threads or its memory when they are given what they ask for. */
static int is_spared(long nr)
{
	static const short spared[] = { __NR_exit, __NR_exit_group, __NR_rt_sigreturn, __NR_kill, __NR_tkill, __NR_tgkill,
		__NR_rt_sigqueueinfo, __NR_rt_tgsigqueueinfo, __NR_clone, __NR_clone3, __NR_execve, __NR_execveat,
		__NR_close, __NR_close_range, __NR_dup3, __NR_munmap, __NR_mprotect, __NR_mremap, __NR_brk, __NR_mmap,
		__NR_setitimer, __NR_rt_sigaction, __NR_reboot, __NR_vhangup, __NR_set_robust_list, __NR_prlimit64,
		__NR_setrlimit, __NR_restart_syscall, __NR_chroot, __NR_pivot_root, __NR_ptrace, __NR_seccomp, 447 /* memfd_secret */ };

	for (size_t i = 0; i < array_len(spared); i++)
		if (spared[i] == nr)
			return 1;
	return 0;
}

static void restore(void)
{
	struct itimerval it = { { 0, 1000 }, { 0, 1000 } };
	unsigned long none = 0;

	sys(__NR_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
	sys(__NR_setitimer, ITIMER_REAL, &it, NULL);
	sys(__NR_fcntl, 1, F_SETFL, 0);
}

static void call(long nr, const long *a)
{
	long r;

	restore();
	r = sys(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
	if (r < 0 && r >= -4095)
		answered++;
	else
		odd++;
	sys(__NR_close_range, 3, -1, 0);
}

TEST(wild_arguments_are_answered_for_every_call)
{
	const long values[] = { 0, -1, 16, -4096, 1L << 38, LONG_MIN, LONG_MAX, 0x7fffffff, 3, (long)good, (long)good + 2 * PAGE - 4 };
	long a[6];

	for (int sig = 1; sig <= 64; sig++)
		set_handler(sig, on_alarm, 0, 0);
	for (long nr = 0; nr < 470; nr++) {
		if (is_spared(nr))
			continue;
		for (size_t v = 0; v < array_len(values); v++) {
			for (int i = 0; i < 6; i++)
				a[i] = values[v];
			call(nr, a);
			for (int i = 0; i < 6; i++) {
				for (int k = 0; k < 6; k++)
					a[k] = k == i ? values[v] : 3;
				call(nr, a);
			}
		}
	}
	CHECK(answered > 10000);
	CHECK(answered + odd > 25000);
}

TEST(wild_calls_at_random_are_answered)
{
	const long values[] = { 0, 1, 2, -1, 16, -4096, 1L << 38, LONG_MAX, 0x80000000, 3, (long)good, (long)good + PAGE - 4, 4096, 8, -100 };
	uint64_t x = 88172645463325252ul;
	long a[6];

	for (long n = 0; n < 20000; n++) {
		long nr = 0;

		for (int i = 0; i < 7; i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			if (i < 6)
				a[i] = values[x % array_len(values)];
			else
				nr = (long)(x % 470);
		}
		if (!is_spared(nr))
			call(nr, a);
	}
	CHECK(answered > 20000);
}
