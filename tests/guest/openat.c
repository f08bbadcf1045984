/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: advanced */
#include "guest.h"

static long open_at(const char *path, int flags, int mode)
{
	return sys(__NR_openat, AT_FDCWD, path, flags, mode);
}

TEST(openat_returns_the_lowest_free_descriptor_and_never_a_standard_one)
{
	long a = open_at("/dev/null", O_RDONLY, 0), b = open_at("/dev/null", O_RDONLY, 0);

	EQ(a, 3);
	EQ(b, 4);
	EQ(close_fd(a), 0);
	EQ(open_at("/dev/null", O_RDONLY, 0), 3);
	EQ(close_fd(3), 0);
	EQ(close_fd(4), 0);
}

TEST(openat_of_a_missing_file_is_enoent)
{
	EQ(open_at("/tmp/missing", O_RDONLY, 0), -ENOENT);
	EQ(open_at("/tmp/missing/x", O_RDONLY | O_CREAT, 0644), -ENOENT);
	EQ(open_at("", O_RDONLY, 0), -ENOENT);
}

TEST(openat_through_a_file_is_enotdir)
{
	int fd = make_file("/tmp/f", "x");

	EQ(open_at("/tmp/f/x", O_RDONLY, 0), -ENOTDIR);
	EQ(open_at("/tmp/f", O_RDONLY | O_DIRECTORY, 0), -ENOTDIR);
	EQ(open_at("/tmp/f/", O_RDONLY, 0), -ENOTDIR);
	EQ(sys(__NR_openat, fd, "x", O_RDONLY, 0), -ENOTDIR);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/f", 0);
}

TEST(openat_checks_the_directory_descriptor_only_for_relative_paths)
{
	EQ(sys(__NR_openat, 999, "x", O_RDONLY, 0), -EBADF);
	EQ(sys(__NR_openat, 999, "/dev/null", O_RDONLY, 0), 3);
	EQ(close_fd(3), 0);
}

TEST(openat_of_a_bad_pointer_is_efault)
{
	EQ(open_at(BAD_POINTER, O_RDONLY, 0), -EFAULT);
	EQ(open_at(NULL, O_RDONLY, 0), -EFAULT);
}

TEST(openat_of_a_path_that_runs_into_unmapped_memory_is_efault)
{
	char *p = map_pages(2, PROT_READ | PROT_WRITE);

	OK(p);
	memset(p, 'a', PAGE);
	EQ(sys(__NR_munmap, p + PAGE, PAGE), 0);
	EQ(open_at(p + PAGE - 10, O_RDONLY, 0), -EFAULT);
	memcpy(p + PAGE - 10, "/dev/null", 10);
	EQ(open_at(p + PAGE - 10, O_RDONLY, 0), 3);
	EQ(close_fd(3), 0);
	sys(__NR_munmap, p, PAGE);
}

TEST(openat_of_a_long_name_is_enametoolong)
{
	static char path[5000];

	memset(path, 'a', sizeof(path) - 1);
	path[0] = '/';
	EQ(open_at(path, O_RDONLY, 0), -ENAMETOOLONG);
	path[4096] = 0;
	EQ(open_at(path, O_RDONLY, 0), -ENAMETOOLONG);
}

TEST(openat_names_of_up_to_255_bytes_exist)
{
	static char path[300];

	memset(path, 'b', sizeof(path));
	memcpy(path, "/tmp/", 5);
	path[5 + 255] = 0;
	EQ(open_at(path, O_RDWR | O_CREAT, 0644), 3);
	EQ(close_fd(3), 0);
	EQ(sys(__NR_unlinkat, AT_FDCWD, path, 0), 0);
	path[5 + 255] = 'b';
	path[5 + 256] = 0;
	EQ(open_at(path, O_RDWR | O_CREAT, 0644), -ENAMETOOLONG);
}

TEST(openat_creat_makes_a_file_with_the_mode_less_the_umask)
{
	struct stat st;
	long fd = open_at("/tmp/c", O_RDWR | O_CREAT, 0666);

	EQ(fd, 3);
	EQ(sys(__NR_fstat, fd, &st), 0);
	EQ(st.st_mode, S_IFREG | 0644);
	EQ(st.st_size, 0);
	EQ(close_fd(fd), 0);
	EQ(open_at("/tmp/c", O_RDWR | O_CREAT | O_EXCL, 0666), -EEXIST);
	EQ(sys(__NR_unlinkat, AT_FDCWD, "/tmp/c", 0), 0);
	EQ(open_at("/tmp/c", O_RDWR | O_CREAT | O_EXCL, 0600), 3);
	EQ(close_fd(3), 0);
	EQ(sys(__NR_unlinkat, AT_FDCWD, "/tmp/c", 0), 0);
}

TEST(openat_trunc_empties_the_file)
{
	struct stat st;
	int fd = make_file("/tmp/t", "content");

	close_fd(fd);
	fd = open_at("/tmp/t", O_WRONLY | O_TRUNC, 0);
	EQ(fd, 3);
	EQ(sys(__NR_fstat, fd, &st), 0);
	EQ(st.st_size, 0);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/t", 0);
}

TEST(openat_of_a_directory_for_writing_is_eisdir)
{
	EQ(open_at("/tmp", O_WRONLY, 0), -EISDIR);
	EQ(open_at("/tmp", O_RDWR | O_CREAT, 0644), -EISDIR);
	EQ(open_at("/tmp", O_RDONLY | O_DIRECTORY, 0), 3);
	EQ(close_fd(3), 0);
}

TEST(openat_is_relative_to_a_directory_descriptor)
{
	long dir = open_at("/tmp", O_RDONLY | O_DIRECTORY, 0), fd;
	char c = 0;

	close_fd(make_file("/tmp/rel", "R"));
	fd = sys(__NR_openat, dir, "rel", O_RDONLY, 0);
	EQ(fd, 4);
	EQ(sys(__NR_read, fd, &c, 1), 1);
	EQ(c, 'R');
	close_fd(fd);
	fd = sys(__NR_openat, dir, "../tmp/./rel", O_RDONLY, 0);
	EQ(fd, 4);
	close_fd(fd);
	close_fd(dir);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/rel", 0);
}

TEST(openat_dot_dot_of_the_root_is_the_root)
{
	EQ(open_at("/../../../dev/null", O_RDONLY, 0), 3);
	EQ(close_fd(3), 0);
}

TEST(openat_follows_symlinks_and_nofollow_does_not)
{
	char c = 0;

	close_fd(make_file("/tmp/target", "T"));
	EQ(sys(__NR_symlinkat, "target", AT_FDCWD, "/tmp/link"), 0);
	EQ(open_at("/tmp/link", O_RDONLY, 0), 3);
	EQ(sys(__NR_read, 3, &c, 1), 1);
	EQ(c, 'T');
	EQ(close_fd(3), 0);
	EQ(open_at("/tmp/link", O_RDONLY | O_NOFOLLOW, 0), -ELOOP);
	EQ(open_at("/tmp/link", O_RDONLY | O_CREAT | O_EXCL, 0644), -EEXIST);
	EQ(sys(__NR_unlinkat, AT_FDCWD, "/tmp/target", 0), 0);
	EQ(open_at("/tmp/link", O_RDONLY, 0), -ENOENT);
	EQ(open_at("/tmp/link", O_RDWR | O_CREAT, 0644), 3);
	EQ(close_fd(3), 0);
	EQ(sys(__NR_unlinkat, AT_FDCWD, "/tmp/target", 0), 0);
	EQ(sys(__NR_unlinkat, AT_FDCWD, "/tmp/link", 0), 0);
}

TEST(openat_of_a_symlink_loop_is_eloop)
{
	EQ(sys(__NR_symlinkat, "loop2", AT_FDCWD, "/tmp/loop1"), 0);
	EQ(sys(__NR_symlinkat, "loop1", AT_FDCWD, "/tmp/loop2"), 0);
	EQ(open_at("/tmp/loop1", O_RDONLY, 0), -ELOOP);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/loop1", 0);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/loop2", 0);
}

TEST(openat_path_descriptors_cannot_be_read)
{
	char c;
	struct stat st;

	EQ(open_at("/dev/null", O_PATH, 0), 3);
	EQ(sys(__NR_read, 3, &c, 1), -EBADF);
	EQ(sys(__NR_fstat, 3, &st), 0);
	EQ(st.st_mode & S_IFMT, S_IFCHR);
	EQ(close_fd(3), 0);
}

TEST(openat_tmpfile_has_no_name)
{
	struct stat st;
	char back[4] = "";

	EQ(open_at("/tmp", O_TMPFILE | O_RDWR, 0600), 3);
	EQ(sys(__NR_write, 3, "abc", 3), 3);
	EQ(sys(__NR_pread64, 3, back, 3, 0), 3);
	EQ(memcmp(back, "abc", 3), 0);
	EQ(sys(__NR_fstat, 3, &st), 0);
	EQ(st.st_nlink, 0);
	EQ(close_fd(3), 0);
	EQ(open_at("/tmp", O_TMPFILE | O_RDONLY, 0600), -EINVAL);
}

TEST(openat_beyond_the_descriptor_limit_is_emfile)
{
	struct rlimit64 { uint64_t cur, max; } old, low;

	EQ(sys(__NR_prlimit64, 0, 7, NULL, &old), 0);
	low = old;
	low.cur = 4;
	EQ(sys(__NR_prlimit64, 0, 7, &low, NULL), 0);
	EQ(open_at("/dev/null", O_RDONLY, 0), 3);
	EQ(open_at("/dev/null", O_RDONLY, 0), -EMFILE);
	EQ(sys(__NR_prlimit64, 0, 7, &old, NULL), 0);
	EQ(close_fd(3), 0);
}
