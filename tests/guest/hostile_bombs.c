/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: epoll_ctl */
/* runs: ours */
/*
 * Much of everything: each bomb ends at a limit with its errno, and before that in a time that its instructions explain. With a name as its
 * argument it sets off that one only, so that a suite can measure its time and memory.
 */
#define GUEST_NO_MAIN
#include "guest_thread.h"
#include <sys/epoll.h>
#include <sys/resource.h>

#define WIDTH 120
#define MANY 16000

static volatile int never;
static char stacks[MANY][128] __attribute__((aligned(16)));

static void park(void *arg)
{
	futex(&never, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void many_descriptors(void)
{
	struct rlimit limit = { 65536, 65536 };

	sys(__NR_prlimit64, 0, RLIMIT_NOFILE, &limit, NULL);
}

/* Three storeys of epolls, each watching all of the one below: WIDTH^3 ways lead up from the pipe. */
TEST(epolls_above_epolls_wake_and_poll_in_time)
{
	static int storeys[3][WIDTH];
	struct epoll_event event = { .events = EPOLLIN }, out;
	struct pollfd top;
	struct timespec now = { 0, 0 };
	int ends[2];

	many_descriptors();
	EQ(sys(__NR_pipe2, ends, O_NONBLOCK), 0);
	for (int s = 0; s < 3; s++) {
		for (int i = 0; i < WIDTH; i++) {
			OK(storeys[s][i] = (int)sys(__NR_epoll_create1, 0));
			for (int below = 0; s > 0 && below < WIDTH; below++)
				EQ(sys(__NR_epoll_ctl, storeys[s][i], EPOLL_CTL_ADD, storeys[s - 1][below], &event), 0);
			if (s == 0)
				EQ(sys(__NR_epoll_ctl, storeys[s][i], EPOLL_CTL_ADD, ends[0], &event), 0);
		}
	}
	top = (struct pollfd){ storeys[2][WIDTH - 1], POLLIN, 0 };
	for (int i = 0; i < 20; i++) {
		char byte = 0;

		EQ(sys(__NR_write, ends[1], &byte, 1), 1);
		EQ(sys(__NR_ppoll, &top, 1, &now, NULL, 8), 1);
		EQ(sys(__NR_read, ends[0], &byte, 1), 1);
		EQ(sys(__NR_ppoll, &top, 1, &now, NULL, 8), 0);
	}
	EQ(sys(__NR_epoll_pwait, top.fd, &out, 1, 0, NULL, 8), 0);
	EQ(sys(__NR_epoll_ctl, storeys[0][0], EPOLL_CTL_ADD, top.fd, &event), -ELOOP);
	EQ(sys(__NR_close_range, 3, ~0U, 0), 0);
}

static long make_timers(int clock)
{
	struct sigevent event = { .sigev_notify = SIGEV_NONE };
	struct itimerspec nanosecond = { { 0, 1 }, { 0, 1 } };
	long n, made = 0;
	int id;

	for (n = 0; n < 100000; n++) {
		made = sys(__NR_timer_create, clock, &event, &id);
		if (made < 0)
			break;
		sys(__NR_timer_settime, id, 0, &nanosecond, NULL);
	}
	return made < 0 ? made : n;
}

TEST(timers_of_a_nanosecond_end_at_a_limit_and_let_the_program_run)
{
	volatile long i;
	struct itimerspec left;

	EQ(make_timers(CLOCK_THREAD_CPUTIME_ID), -EAGAIN);
	EQ(make_timers(CLOCK_MONOTONIC), -EAGAIN);
	for (i = 0; i < 20000; i++)
		;
	EQ(sys(__NR_timer_gettime, 20, &left), 0);
	for (int id = 0; sys(__NR_timer_delete, id) == 0; id++)
		;
}

TEST(queued_signals_end_at_a_limit)
{
	unsigned long old = set_mask(~0UL), set = SIGBIT(34);
	struct timespec now = { 0, 0 };
	siginfo_t info = { .si_signo = 34, .si_code = SI_QUEUE };
	long r = 0, n, taken;

	for (n = 0; n < 100000 && r == 0; n++)
		r = sys(__NR_rt_sigqueueinfo, sys(__NR_getpid), 34, &info);
	EQ(r, -EAGAIN);
	for (long i = 0; i < 100000; i++) /* these say nothing but that there are some */
		EQ(sys(__NR_kill, sys(__NR_getpid), 34), 0);
	for (taken = 0; sys(__NR_rt_sigtimedwait, &set, NULL, &now, 8) == 34; taken++)
		;
	EQ(taken, n - 1);
	set_mask(old);
}

TEST(a_directory_of_many_names_is_read_in_small_parts_in_time)
{
	char name[] = "/tmp/many/000000", part[32];
	long fd, n, parts = 0;

	EQ(sys(__NR_mkdirat, AT_FDCWD, "/tmp/many", 0777), 0);
	for (n = 0; n < 30000; n++) {
		long left = n * 7919 % 30000;

		for (char *digit = name + sizeof name - 2; digit >= name + 10; digit--, left /= 10)
			*digit = (char)('0' + left % 10);
		EQ(sys(__NR_mknodat, AT_FDCWD, name, S_IFREG | 0644, 0), 0);
	}
	OK(fd = sys(__NR_openat, AT_FDCWD, "/tmp/many", O_RDONLY | O_DIRECTORY));
	while (sys(__NR_getdents64, fd, part, sizeof part) > 0)
		parts++;
	EQ(parts, n + 2);
	sys(__NR_close, fd);
}

TEST(thousands_of_threads_are_listed_and_told_apart_in_time)
{
	char part[32];
	long n, fd, parts = 0, first = 0, tid = 0;

	for (n = 0; n < MANY; n++) {
		tid = guest_clone(THREAD_FLAGS, stacks[n] + 128, NULL, NULL, NULL, park, NULL);
		OK(tid);
		first = first ? first : tid;
	}
	settle();
	OK(fd = sys(__NR_openat, AT_FDCWD, "/proc/self/task", O_RDONLY | O_DIRECTORY));
	while (sys(__NR_getdents64, fd, part, sizeof part) > 0)
		parts++;
	EQ(parts, n + 1 + 2);
	for (; first <= tid; first++)
		EQ(sys(__NR_tgkill, sys(__NR_getpid), first, 0), 0);
	EQ(futex(&never, FUTEX_WAKE, INT_MAX, NULL, NULL, 0), n);
	settle();
	sys(__NR_close, fd);
}

TEST(an_address_space_split_to_the_limit_is_enomem_and_heals)
{
	const long pages = 40000;
	char *at = (char *)sys(__NR_mmap, NULL, pages * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	long r = 0, i;

	OK(at);
	for (i = 0; i < pages && r == 0; i += 2)
		r = sys(__NR_mprotect, at + i * PAGE, PAGE, PROT_READ);
	EQ(r, -ENOMEM);
	EQ(sys(__NR_munmap, at, pages * PAGE), 0);
	OK(at = map_pages(1, PROT_READ));
	EQ(sys(__NR_munmap, at, PAGE), 0);
}

TEST(a_file_of_terabytes_without_data_takes_neither_time_nor_memory)
{
	long fd = sys(__NR_memfd_create, "wide", 0), copy = sys(__NR_memfd_create, "copy", 0);
	struct stat st;

	EQ(sys(__NR_ftruncate, fd, 1L << 43), 0);
	EQ(sys(__NR_ftruncate, fd, (1L << 43) + 1), -EFBIG);
	EQ(sys(__NR_pwrite64, fd, "x", 1, (1L << 43) - 1), 1);
	EQ(sys(__NR_lseek, fd, 0, 3 /* SEEK_DATA */), (1L << 43) - PAGE);
	EQ(sys(__NR_fstat, fd, &st), 0);
	EQ(st.st_blocks, 8);
	EQ(sys(__NR_fallocate, copy, 0, 0, 1L << 43), -ENOSPC);
	sys(__NR_close, fd);
	sys(__NR_close, copy);
}

int main(int argc, char **argv)
{
	const struct guest_test *t;

	for (t = __start_guest_tests; argc > 1 && t < __stop_guest_tests; t++) {
		if (strcmp(t->name, argv[1]) == 0) {
			guest_now = t->name;
			t->run();
			sys(__NR_exit_group, guest_failed);
		}
	}
	sys(__NR_exit_group, argc > 1 ? 2 : guest_run_all());
	return 0;
}
