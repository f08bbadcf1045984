/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: prlimit64 mmap brk write */
#include "guest.h"

struct limit { uint64_t cur, max; };

static long set_limit(int what, uint64_t cur, struct limit *old)
{
	struct limit l;

	sys(__NR_prlimit64, 0, what, NULL, old);
	l = (struct limit){ cur, old->max };
	return sys(__NR_prlimit64, 0, what, &l, NULL);
}

TEST(limit_of_address_space_makes_mmap_and_brk_fail)
{
	struct limit old;
	long brk = sys(__NR_brk, 0);

	ORACLE(KERNEL);
	EQ(set_limit(9, 64 << 20, &old), 0);
	EQ(sys(__NR_mmap, NULL, 128 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), -ENOMEM);
	EQ(sys(__NR_brk, brk + (128 << 20)), brk);
	EQ(sys(__NR_prlimit64, 0, 9, &old, NULL), 0);
	OK(sys(__NR_mmap, NULL, 128 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static volatile int signals;

static void on_xfsz(int sig)
{
	signals++;
}

TEST(limit_of_file_size_is_efbig_with_sigxfsz)
{
	struct limit old;
	int fd = make_file("/tmp/big", NULL);

	set_handler(SIGXFSZ, on_xfsz, 0, 0);
	EQ(set_limit(1, 100, &old), 0);
	EQ(sys(__NR_write, fd, "abc", 3), 3);
	EQ(sys(__NR_pwrite64, fd, "abcdef", 6, 97), 3);
	EQ(signals, 0);
	EQ(sys(__NR_pwrite64, fd, "abc", 3, 100), -EFBIG);
	EQ(signals, 1);
	EQ(sys(__NR_ftruncate, fd, 101), -EFBIG);
	EQ(signals, 2);
	EQ(sys(__NR_prlimit64, 0, 1, &old, NULL), 0);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/big", 0);
}

TEST(limit_of_descriptors_does_not_close_what_is_open)
{
	struct limit old;
	long fd = sys(__NR_openat, AT_FDCWD, "/dev/null", O_RDONLY, 0);
	char c;

	EQ(sys(__NR_dup3, fd, 50, 0), 50);
	EQ(set_limit(7, 10, &old), 0);
	EQ(sys(__NR_read, 50, &c, 1), 0);
	EQ(sys(__NR_fcntl, fd, F_DUPFD, 10), -EINVAL);
	EQ(sys(__NR_dup3, fd, 10, 0), -EBADF);
	EQ(sys(__NR_prlimit64, 0, 7, &old, NULL), 0);
	close_fd(50);
	close_fd(fd);
}
