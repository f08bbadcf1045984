/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* host: shm */
/* covers: openat read write */
#include "guest.h"

static long open_at(const char *path, int flags)
{
	return sys(__NR_openat, AT_FDCWD, path, flags, 0);
}

TEST(dev_null_takes_everything_and_gives_nothing)
{
	char b[8];
	long fd = open_at("/dev/null", O_RDWR);

	OK(fd);
	EQ(sys(__NR_write, fd, "abc", 3), 3);
	EQ(sys(__NR_read, fd, b, 8), 0);
	EQ(sys(__NR_lseek, fd, 100, SEEK_SET), 0);
	close_fd(fd);
}

TEST(dev_zero_gives_zeroes_and_can_be_mapped)
{
	char b[8] = "xxxxxxx", *p;
	long fd = open_at("/dev/zero", O_RDWR);

	OK(fd);
	EQ(sys(__NR_read, fd, b, 8), 8);
	for (int i = 0; i < 8; i++)
		EQ(b[i], 0);
	EQ(sys(__NR_write, fd, "abc", 3), 3);
	p = (char *)sys(__NR_mmap, NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	OK(p);
	EQ(p[5], 0);
	p[5] = 1;
	sys(__NR_munmap, p, PAGE);
	close_fd(fd);
}

TEST(dev_urandom_and_random_never_end_and_never_repeat)
{
	unsigned char a[32], b[32];
	long fd = open_at("/dev/urandom", O_RDONLY), r = open_at("/dev/random", O_RDONLY);

	OK(fd);
	OK(r);
	EQ(sys(__NR_read, fd, a, 32), 32);
	EQ(sys(__NR_read, fd, b, 32), 32);
	CHECK(memcmp(a, b, 32) != 0);
	EQ(sys(__NR_read, r, a, 32), 32);
	CHECK(memcmp(a, b, 32) != 0);
	close_fd(fd);
	close_fd(r);
}

TEST(dev_fd_and_proc_self_fd_open_what_is_open)
{
	char c = 0;
	int fd = make_file("/tmp/d", "D");
	long again;

	EQ(fd, 3);
	again = open_at("/proc/self/fd/3", O_RDONLY);
	OK(again);
	EQ(sys(__NR_read, again, &c, 1), 1);
	EQ(c, 'D');
	close_fd(again);
	again = open_at("/dev/fd/3", O_RDONLY);
	OK(again);
	close_fd(again);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/d", 0);
}

TEST(dev_shm_is_writable)
{
	long fd = sys(__NR_openat, AT_FDCWD, "/dev/shm/x", O_RDWR | O_CREAT | O_EXCL, 0600);

	OK(fd);
	EQ(sys(__NR_write, fd, "abc", 3), 3);
	close_fd(fd);
	EQ(sys(__NR_unlinkat, AT_FDCWD, "/dev/shm/x", 0), 0);
}
