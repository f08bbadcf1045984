/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: advanced */
#include "guest.h"

struct how { uint64_t flags, mode, resolve; };

TEST(openat2_opens_as_openat_does)
{
	struct how h = { O_RDWR | O_CREAT, 0600, 0 };
	struct stat st;
	long fd;

	ORACLE(KERNEL);
	fd = sys(__NR_openat2, AT_FDCWD, "/tmp/o", &h, sizeof(h));
	EQ(fd, 3);
	EQ(sys(__NR_fstat, fd, &st), 0);
	EQ(st.st_mode, S_IFREG | 0600);
	close_fd(fd);
}

TEST(openat2_is_strict_about_flags_and_mode)
{
	struct how h = { O_RDWR, 0600, 0 };

	ORACLE(KERNEL);
	EQ(sys(__NR_openat2, AT_FDCWD, "/tmp/o", &h, sizeof(h)), -EINVAL);
	h = (struct how){ 1UL << 40, 0, 0 };
	EQ(sys(__NR_openat2, AT_FDCWD, "/tmp/o", &h, sizeof(h)), -EINVAL);
	h = (struct how){ O_RDONLY, 0, 1 << 20 };
	EQ(sys(__NR_openat2, AT_FDCWD, "/tmp/o", &h, sizeof(h)), -EINVAL);
	h = (struct how){ O_RDONLY, 0, 0 };
	EQ(sys(__NR_openat2, AT_FDCWD, "/tmp/o", &h, 16), -EINVAL);
	struct { struct how h; uint64_t more; } big = { h, 1 };

	EQ(sys(__NR_openat2, AT_FDCWD, "/tmp/o", &big, sizeof(big)), -E2BIG);
	big.more = 0;
	EQ(sys(__NR_openat2, AT_FDCWD, "/tmp/o", &big, sizeof(big)), 3);
	close_fd(3);
	EQ(sys(__NR_openat2, AT_FDCWD, "/tmp/o", BAD_POINTER, sizeof(h)), -EFAULT);
}

TEST(openat2_resolve_no_symlinks_and_beneath)
{
	struct how h = { O_RDONLY, 0, 4 };
	long dir;

	ORACLE(KERNEL);
	dir = sys(__NR_openat, AT_FDCWD, "/tmp", O_RDONLY | O_DIRECTORY, 0);
	EQ(dir, 3);
	EQ(sys(__NR_symlinkat, "o", AT_FDCWD, "/tmp/l"), 0);
	EQ(sys(__NR_openat2, dir, "l", &h, sizeof(h)), -ELOOP);
	h.resolve = 8;
	EQ(sys(__NR_openat2, dir, "l", &h, sizeof(h)), 4);
	close_fd(4);
	EQ(sys(__NR_openat2, dir, "../tmp/o", &h, sizeof(h)), -EXDEV);
	EQ(sys(__NR_openat2, dir, "/tmp/o", &h, sizeof(h)), -EXDEV);
	h.resolve = 16;
	EQ(sys(__NR_openat2, dir, "/o", &h, sizeof(h)), 4);
	close_fd(4);
	close_fd(dir);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/o", 0);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/l", 0);
}
