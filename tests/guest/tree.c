/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: mkdirat unlinkat renameat2 linkat symlinkat mknodat */
#include "guest.h"

static long exists(const char *path)
{
	return sys(__NR_faccessat, AT_FDCWD, path, F_OK) == 0;
}

static long mkdir_at(const char *path)
{
	return sys(__NR_mkdirat, AT_FDCWD, path, 0777);
}

static long rename_at(const char *from, const char *to, int flags)
{
	return sys(__NR_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
}

static long unlink_at(const char *path)
{
	return sys(__NR_unlinkat, AT_FDCWD, path, 0);
}

static long rmdir_at(const char *path)
{
	return sys(__NR_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}

TEST(mkdirat_makes_a_directory_with_the_mode_less_the_umask)
{
	struct stat st;

	EQ(mkdir_at("/tmp/t"), 0);
	EQ(sys(__NR_newfstatat, AT_FDCWD, "/tmp/t", &st, 0), 0);
	EQ(st.st_mode, S_IFDIR | 0755);
	EQ(st.st_nlink, 2);
	EQ(mkdir_at("/tmp/t"), -EEXIST);
	EQ(mkdir_at("/tmp/t/a/b"), -ENOENT);
	EQ(mkdir_at("/"), -EEXIST);
	EQ(mkdir_at(""), -ENOENT);
	EQ(mkdir_at("/tmp/t/slash/"), 0);
	EQ(rmdir_at("/tmp/t/slash"), 0);
	close_fd(make_file("/tmp/t/f", "x"));
	EQ(mkdir_at("/tmp/t/f/x"), -ENOTDIR);
	EQ(sys(__NR_mkdirat, AT_FDCWD, BAD_POINTER, 0777), -EFAULT);
}

TEST(unlinkat_removes_files_and_not_directories)
{
	EQ(unlink_at("/tmp/t/f"), 0);
	EQ(exists("/tmp/t/f"), 0);
	EQ(unlink_at("/tmp/t/f"), -ENOENT);
	EQ(unlink_at("/tmp/t"), -EISDIR);
	EQ(unlink_at(""), -ENOENT);
	EQ(sys(__NR_unlinkat, AT_FDCWD, "/tmp/t", 0x99999), -EINVAL);
}

TEST(unlinkat_removedir_removes_empty_directories_only)
{
	EQ(mkdir_at("/tmp/t/d"), 0);
	close_fd(make_file("/tmp/t/d/f", "x"));
	EQ(rmdir_at("/tmp/t/d"), -ENOTEMPTY);
	EQ(rmdir_at("/tmp/t/d/f"), -ENOTDIR);
	EQ(unlink_at("/tmp/t/d/f"), 0);
	EQ(rmdir_at("/tmp/t/d/."), -EINVAL);
	EQ(rmdir_at("/tmp/t/d/.."), -ENOTEMPTY);
	EQ(rmdir_at("/tmp/t/d"), 0);
	EQ(exists("/tmp/t/d"), 0);
}

TEST(unlinkat_of_an_open_file_keeps_its_content_until_it_is_closed)
{
	struct stat st;
	char b[4];
	int fd = make_file("/tmp/t/f", "abc");

	EQ(unlink_at("/tmp/t/f"), 0);
	EQ(sys(__NR_read, fd, b, 4), 3);
	EQ(sys(__NR_fstat, fd, &st), 0);
	EQ(st.st_nlink, 0);
	EQ(sys(__NR_write, fd, "d", 1), 1);
	close_fd(fd);
}

TEST(renameat2_moves_and_replaces)
{
	char c = 0;
	int fd;

	close_fd(make_file("/tmp/t/a", "A"));
	close_fd(make_file("/tmp/t/b", "B"));
	EQ(rename_at("/tmp/t/a", "/tmp/t/b", 0), 0);
	EQ(exists("/tmp/t/a"), 0);
	fd = sys(__NR_openat, AT_FDCWD, "/tmp/t/b", O_RDONLY);
	EQ(sys(__NR_read, fd, &c, 1), 1);
	EQ(c, 'A');
	close_fd(fd);
	EQ(rename_at("/tmp/t/b", "/tmp/t/b", 0), 0);
	EQ(exists("/tmp/t/b"), 1);
}

TEST(renameat2_of_directories)
{
	EQ(mkdir_at("/tmp/t/d1"), 0);
	EQ(mkdir_at("/tmp/t/d2"), 0);
	close_fd(make_file("/tmp/t/d1/f", "x"));
	EQ(rename_at("/tmp/t/d1", "/tmp/t/d2", 0), 0);
	EQ(exists("/tmp/t/d2/f"), 1);
	EQ(mkdir_at("/tmp/t/d1"), 0);
	EQ(rename_at("/tmp/t/d1", "/tmp/t/d2", 0), -ENOTEMPTY);
	EQ(rename_at("/tmp/t/d1", "/tmp/t/d1/inside", 0), -EINVAL);
	EQ(rename_at("/tmp/t/b", "/tmp/t/d1", 0), -EISDIR);
	EQ(rename_at("/tmp/t/d1", "/tmp/t/b", 0), -ENOTDIR);
}

TEST(renameat2_flags)
{
	ORACLE(KERNEL);
	EQ(rename_at("/tmp/t/d1", "/tmp/t/d2", 1), -EEXIST);
	EQ(rename_at("/tmp/t/d1", "/tmp/t/d2", 2), 0);
	EQ(exists("/tmp/t/d1/f"), 1);
	EQ(rename_at("/tmp/t/d1", "/tmp/t/none", 2), -ENOENT);
	EQ(rename_at("/tmp/t/d1", "/tmp/t/d2", 3), -EINVAL);
	EQ(rename_at("/tmp/t/d1", "/tmp/t/d2", 0x100), -EINVAL);
	EQ(rename_at("/tmp/t/d1", "/tmp/t/d2", 2), 0);
}

TEST(renameat2_errors)
{
	EQ(rename_at("/tmp/t/none", "/tmp/t/x", 0), -ENOENT);
	EQ(rename_at("/tmp/t/b/x", "/tmp/t/x", 0), -ENOTDIR);
	EQ(rename_at("/tmp/t/b", "/tmp/none/x", 0), -ENOENT);
	EQ(rename_at(BAD_POINTER, "/tmp/t/x", 0), -EFAULT);
	EQ(sys(__NR_renameat2, 99, "b", AT_FDCWD, "/tmp/x", 0), -EBADF);
}

TEST(linkat_gives_a_second_name)
{
	struct stat st;

	EQ(sys(__NR_linkat, AT_FDCWD, "/tmp/t/b", AT_FDCWD, "/tmp/t/hard", 0), 0);
	EQ(sys(__NR_newfstatat, AT_FDCWD, "/tmp/t/hard", &st, 0), 0);
	EQ(st.st_nlink, 2);
	EQ(sys(__NR_linkat, AT_FDCWD, "/tmp/t/b", AT_FDCWD, "/tmp/t/hard", 0), -EEXIST);
	EQ(sys(__NR_linkat, AT_FDCWD, "/tmp/t/none", AT_FDCWD, "/tmp/t/h2", 0), -ENOENT);
	EQ(sys(__NR_linkat, AT_FDCWD, "/tmp/t", AT_FDCWD, "/tmp/h2", 0), -EPERM);
	EQ(sys(__NR_linkat, AT_FDCWD, "/tmp/t/b", AT_FDCWD, "/tmp/t/h2", 0x99999), -EINVAL);
	EQ(unlink_at("/tmp/t/b"), 0);
	EQ(sys(__NR_newfstatat, AT_FDCWD, "/tmp/t/hard", &st, 0), 0);
	EQ(st.st_nlink, 1);
}

TEST(symlinkat_may_point_anywhere)
{
	EQ(sys(__NR_symlinkat, "hard", AT_FDCWD, "/tmp/t/soft"), 0);
	EQ(exists("/tmp/t/soft"), 1);
	EQ(sys(__NR_symlinkat, "x", AT_FDCWD, "/tmp/t/soft"), -EEXIST);
	EQ(sys(__NR_symlinkat, "", AT_FDCWD, "/tmp/t/s2"), -ENOENT);
	EQ(sys(__NR_symlinkat, "x", AT_FDCWD, "/tmp/none/s2"), -ENOENT);
	EQ(sys(__NR_symlinkat, BAD_POINTER, AT_FDCWD, "/tmp/t/s2"), -EFAULT);
	EQ(sys(__NR_symlinkat, "/tmp/t/d2/../d2", AT_FDCWD, "/tmp/t/s3"), 0);
	EQ(exists("/tmp/t/s3/f"), 1);
	EQ(sys(__NR_linkat, AT_FDCWD, "/tmp/t/soft", AT_FDCWD, "/tmp/t/linked", 0), 0);
	struct stat st;

	EQ(sys(__NR_newfstatat, AT_FDCWD, "/tmp/t/linked", &st, AT_SYMLINK_NOFOLLOW), 0);
	EQ(st.st_mode & S_IFMT, S_IFLNK);
}

TEST(mknodat_makes_regular_files)
{
	struct stat st;

	EQ(sys(__NR_mknodat, AT_FDCWD, "/tmp/t/node", S_IFREG | 0640, 0), 0);
	EQ(sys(__NR_newfstatat, AT_FDCWD, "/tmp/t/node", &st, 0), 0);
	EQ(st.st_mode, S_IFREG | 0640);
	EQ(sys(__NR_mknodat, AT_FDCWD, "/tmp/t/node", S_IFREG | 0640, 0), -EEXIST);
	EQ(sys(__NR_mknodat, AT_FDCWD, "/tmp/t/node2", S_IFDIR | 0640, 0), -EPERM);
}
