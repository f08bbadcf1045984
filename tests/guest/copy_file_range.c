/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: copy_file_range sendfile */
#include "guest.h"

TEST(copy_file_range_copies_with_and_without_offsets)
{
	char b[16];
	int64_t from = 2, to = 4;
	int in = make_file("/tmp/in", "0123456789"), out = make_file("/tmp/out", NULL);

	EQ(sys(__NR_copy_file_range, in, NULL, out, NULL, 4, 0), 4);
	EQ(sys(__NR_lseek, in, 0, SEEK_CUR), 4);
	EQ(sys(__NR_lseek, out, 0, SEEK_CUR), 4);
	EQ(sys(__NR_copy_file_range, in, &from, out, &to, 3, 0), 3);
	EQ(from, 5);
	EQ(to, 7);
	EQ(sys(__NR_lseek, in, 0, SEEK_CUR), 4);
	EQ(sys(__NR_pread64, out, b, 16, 0), 7);
	EQ(memcmp(b, "0123234", 7), 0);
	from = 100;
	EQ(sys(__NR_copy_file_range, in, &from, out, &to, 3, 0), 0);
	close_fd(in);
	close_fd(out);
}

TEST(copy_file_range_errors)
{
	int in = make_file("/tmp/in", "0123456789"), out = make_file("/tmp/out", NULL);
	int64_t a = 0, b = 2;
	long ro = sys(__NR_openat, AT_FDCWD, "/tmp/out", O_RDONLY, 0), dir = sys(__NR_openat, AT_FDCWD, "/tmp", O_RDONLY, 0);

	EQ(sys(__NR_copy_file_range, 99, NULL, out, NULL, 4, 0), -EBADF);
	EQ(sys(__NR_copy_file_range, in, NULL, 99, NULL, 4, 0), -EBADF);
	EQ(sys(__NR_copy_file_range, in, NULL, ro, NULL, 4, 0), -EBADF);
	EQ(sys(__NR_copy_file_range, in, NULL, out, NULL, 4, 1), -EINVAL);
	EQ(sys(__NR_copy_file_range, in, &a, in, &b, 4, 0), -EINVAL);
	EQ(sys(__NR_copy_file_range, dir, NULL, out, NULL, 4, 0), -EISDIR);
	EQ(sys(__NR_copy_file_range, 0, NULL, out, NULL, 4, 0), -EINVAL);
	EQ(sys(__NR_copy_file_range, in, BAD_POINTER, out, NULL, 4, 0), -EFAULT);
	close_fd(in);
	close_fd(out);
	close_fd(ro);
	close_fd(dir);
}

TEST(sendfile_to_a_file_and_a_pipe)
{
	int in = make_file("/tmp/in", "0123456789"), out = make_file("/tmp/out", NULL), p[2];
	int64_t off = 3;
	char b[16];

	EQ(sys(__NR_sendfile, out, in, NULL, 4), 4);
	EQ(sys(__NR_lseek, in, 0, SEEK_CUR), 4);
	EQ(sys(__NR_pipe2, p, 0), 0);
	EQ(sys(__NR_sendfile, p[1], in, &off, 100), 7);
	EQ(off, 10);
	EQ(sys(__NR_lseek, in, 0, SEEK_CUR), 4);
	EQ(sys(__NR_read, p[0], b, 16), 7);
	EQ(memcmp(b, "3456789", 7), 0);
	EQ(sys(__NR_sendfile, out, in, &off, 100), 0);
	EQ(sys(__NR_sendfile, 99, in, NULL, 1), -EBADF);
	EQ(sys(__NR_sendfile, out, 99, NULL, 1), -EBADF);
	EQ(sys(__NR_sendfile, out, in, BAD_POINTER, 1), -EFAULT);
	EQ(sys(__NR_sendfile, out, p[0], NULL, 1), -EINVAL);
	close_fd(p[0]);
	close_fd(p[1]);
	close_fd(in);
	close_fd(out);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/in", 0);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/out", 0);
}
