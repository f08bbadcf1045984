/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: rt_sigaction mremap getcwd readlinkat clock_gettime epoll_ctl sigaltstack */
/* Corners that programs do stand in, one sentence each. */
#include "guest_thread.h"
#include <sys/epoll.h>

static void nothing(int sig)
{
}

TEST(rt_sigaction_forgets_flags_that_no_kernel_knows)
{
	struct ksigaction sa = { nothing, SA_RESTART | 0x400 | 0x1000000, 0 }, old;

	ORACLE(KERNEL);
	EQ(sys(__NR_rt_sigaction, SIGUSR1, &sa, NULL, 8), 0);
	EQ(sys(__NR_rt_sigaction, SIGUSR1, NULL, &old, 8), 0);
	EQ(old.flags & 0x400, 0);
	EQ(old.flags & SA_RESTART, SA_RESTART);
}

TEST(mremap_of_shared_memory_from_length_zero_makes_a_second_view)
{
	char *p = (char *)sys(__NR_mmap, NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), *q;

	ORACLE(KERNEL);
	q = (char *)sys(__NR_mremap, p, 0, PAGE, MREMAP_MAYMOVE);
	OK(q);
	CHECK(q != p);
	p[9] = 7;
	EQ(q[9], 7);
	sys(__NR_munmap, p, PAGE);
	EQ(q[9], 7);
	sys(__NR_munmap, q, PAGE);
}

TEST(getcwd_of_a_removed_directory_is_enoent)
{
	char b[64];

	EQ(sys(__NR_mkdirat, AT_FDCWD, "/tmp/gone", 0755), 0);
	EQ(sys(__NR_chdir, "/tmp/gone"), 0);
	EQ(sys(__NR_unlinkat, AT_FDCWD, "/tmp/gone", AT_REMOVEDIR), 0);
	EQ(sys(__NR_getcwd, b, sizeof(b)), -ENOENT);
	EQ(sys(__NR_openat, AT_FDCWD, "x", O_RDWR | O_CREAT, 0644), -ENOENT);
	EQ(sys(__NR_chdir, "/"), 0);
}

TEST(readlinkat_of_an_opened_symlink_takes_an_empty_path)
{
	char b[16];
	long fd;

	EQ(sys(__NR_symlinkat, "target", AT_FDCWD, "/tmp/sl"), 0);
	fd = sys(__NR_openat, AT_FDCWD, "/tmp/sl", O_PATH | O_NOFOLLOW, 0);
	OK(fd);
	EQ(sys(__NR_readlinkat, fd, "", b, sizeof(b)), 6);
	EQ(memcmp(b, "target", 6), 0);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/sl", 0);
}

TEST(clock_gettime_of_a_thread_by_its_id)
{
	int mine = (int)(~sys(__NR_gettid) * 8 | 6), process = (int)(~sys(__NR_getpid) * 8 | 2);
	struct timespec t = { -1, -1 };

	EQ(sys(__NR_clock_gettime, mine, &t), 0);
	CHECK(t.tv_sec >= 0 && t.tv_nsec >= 0);
	EQ(sys(__NR_clock_gettime, process, &t), 0);
	EQ(sys(__NR_clock_gettime, -0x3fffff0 * 8 + 6, &t), -EINVAL);
}

TEST(epoll_exclusive_is_only_for_add)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLEXCLUSIVE };
	long ep = sys(__NR_epoll_create1, 0), fd = sys(__NR_eventfd2, 0, 0);

	EQ(sys(__NR_epoll_ctl, ep, EPOLL_CTL_ADD, fd, &ev), 0);
	EQ(sys(__NR_epoll_ctl, ep, EPOLL_CTL_MOD, fd, &ev), -EINVAL);
	close_fd(ep);
	close_fd(fd);
}

static char alt[16384] __attribute__((aligned(16)));
static volatile int flags_inside;

static void look(int sig)
{
	stack_t ss;

	sys(__NR_sigaltstack, NULL, &ss);
	flags_inside = ss.ss_flags;
}

TEST(sigaltstack_autodisarm_disarms_while_the_handler_runs)
{
	stack_t ss = { .ss_sp = alt, .ss_size = sizeof(alt), .ss_flags = (int)(1u << 31) }, now, off = { .ss_flags = SS_DISABLE };

	ORACLE(KERNEL);
	EQ(sys(__NR_sigaltstack, &ss, NULL), 0);
	set_handler(SIGUSR1, look, SA_ONSTACK, 0);
	sys(__NR_tgkill, sys(__NR_getpid), sys(__NR_gettid), SIGUSR1);
	EQ(flags_inside, SS_DISABLE);
	EQ(sys(__NR_sigaltstack, NULL, &now), 0);
	EQ(now.ss_sp, alt);
	EQ(sys(__NR_sigaltstack, &off, NULL), 0);
}

TEST(renaming_over_an_open_file_leaves_the_open_one_readable)
{
	char b[4];
	int old = make_file("/tmp/r1", "old");

	close_fd(make_file("/tmp/r2", "new"));
	EQ(sys(__NR_renameat2, AT_FDCWD, "/tmp/r2", AT_FDCWD, "/tmp/r1", 0), 0);
	EQ(sys(__NR_read, old, b, 4), 3);
	EQ(memcmp(b, "old", 3), 0);
	close_fd(old);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/r1", 0);
}

TEST(write_at_the_end_of_a_mapping_of_a_file_is_seen_by_readers)
{
	int fd = make_file("/tmp/w", "abc");
	char *p = (char *)sys(__NR_mmap, NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);

	EQ(p[3], 0);
	EQ(sys(__NR_pwrite64, fd, "d", 1, 3), 1);
	EQ(p[3], 'd');
	sys(__NR_munmap, p, PAGE);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/w", 0);
}

TEST(reading_into_a_mapping_of_the_same_file_works)
{
	int fd = make_file("/tmp/w", "0123456789");
	char *p = (char *)sys(__NR_mmap, NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	EQ(sys(__NR_pread64, fd, p + 5, 5, 0), 5);
	EQ(memcmp(p, "0123401234", 10), 0);
	sys(__NR_munmap, p, PAGE);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/w", 0);
}

TEST(vectors_that_point_at_each_other_are_read_before_they_are_written)
{
	int fd = make_file("/tmp/w", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
	struct iovec v[2] = { { &v[1], 16 }, { alt, 8 } };

	alt[0] = 0;
	EQ(sys(__NR_readv, fd, v, 2), 24);
	EQ(alt[0], 'A');
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/w", 0);
}
