/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: fchmod fchmodat fchmodat2 fchown fchownat umask utimensat */
#include "guest.h"

static unsigned int mode_of(const char *path)
{
	struct stat st;

	return sys(__NR_newfstatat, AT_FDCWD, path, &st, 0) ? 0 : st.st_mode & 07777;
}

TEST(fchmod_changes_the_mode)
{
	int fd = make_file("/tmp/c", "x");

	EQ(sys(__NR_fchmod, fd, 0600), 0);
	EQ(mode_of("/tmp/c"), 0600);
	EQ(sys(__NR_fchmodat, AT_FDCWD, "/tmp/c", 0755), 0);
	EQ(mode_of("/tmp/c"), 0755);
	EQ(sys(__NR_faccessat, AT_FDCWD, "/tmp/c", X_OK), 0);
	EQ(sys(__NR_fchmod, 99, 0600), -EBADF);
	EQ(sys(__NR_fchmodat, AT_FDCWD, "/tmp/none", 0755), -ENOENT);
	EQ(sys(__NR_fchmodat, AT_FDCWD, BAD_POINTER, 0755), -EFAULT);
	close_fd(fd);
}

TEST(fchmodat2_has_flags)
{
	ORACLE(KERNEL);
	EQ(sys(__NR_fchmodat2, AT_FDCWD, "/tmp/c", 0640, 0), 0);
	EQ(mode_of("/tmp/c"), 0640);
	EQ(sys(__NR_fchmodat2, AT_FDCWD, "/tmp/c", 0640, 0x8000000), -EINVAL);
}

TEST(fchown_to_root_succeeds)
{
	int fd = make_file("/tmp/c", "x");

	EQ(sys(__NR_fchown, fd, 0, 0), 0);
	EQ(sys(__NR_fchown, fd, -1, -1), 0);
	EQ(sys(__NR_fchownat, AT_FDCWD, "/tmp/c", 0, 0, 0), 0);
	EQ(sys(__NR_fchown, 99, 0, 0), -EBADF);
	EQ(sys(__NR_fchownat, AT_FDCWD, "/tmp/none", 0, 0, 0), -ENOENT);
	EQ(sys(__NR_fchownat, AT_FDCWD, "/tmp/c", 0, 0, 0x8000000), -EINVAL);
	close_fd(fd);
}

TEST(umask_returns_the_old_one_and_is_used)
{
	EQ(sys(__NR_umask, 077), 022);
	EQ(sys(__NR_mkdirat, AT_FDCWD, "/tmp/u", 0777), 0);
	EQ(mode_of("/tmp/u"), 0700);
	EQ(sys(__NR_umask, 022), 077);
	EQ(sys(__NR_unlinkat, AT_FDCWD, "/tmp/u", AT_REMOVEDIR), 0);
}

TEST(utimensat_sets_omits_and_takes_now)
{
	struct timespec t[2] = { { 1000, 5 }, { 2000, 6 } };
	struct stat st;
	int fd = make_file("/tmp/c", "x");

	EQ(sys(__NR_utimensat, AT_FDCWD, "/tmp/c", t, 0), 0);
	EQ(sys(__NR_fstat, fd, &st), 0);
	EQ(st.st_atim.tv_sec, 1000);
	EQ(st.st_mtim.tv_sec, 2000);
	EQ(st.st_mtim.tv_nsec, 6);
	t[0].tv_nsec = UTIME_OMIT;
	t[1] = (struct timespec){ 3000, 0 };
	EQ(sys(__NR_utimensat, fd, NULL, t, 0), 0);
	EQ(sys(__NR_fstat, fd, &st), 0);
	EQ(st.st_atim.tv_sec, 1000);
	EQ(st.st_mtim.tv_sec, 3000);
	EQ(sys(__NR_utimensat, fd, NULL, NULL, 0), 0);
	EQ(sys(__NR_fstat, fd, &st), 0);
	CHECK(st.st_mtim.tv_sec > 3000);
	t[0].tv_nsec = 1000000000;
	EQ(sys(__NR_utimensat, fd, NULL, t, 0), -EINVAL);
	EQ(sys(__NR_utimensat, AT_FDCWD, "/tmp/none", NULL, 0), -ENOENT);
	EQ(sys(__NR_utimensat, fd, NULL, BAD_POINTER, 0), -EFAULT);
	EQ(sys(__NR_utimensat, 99, NULL, NULL, 0), -EBADF);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/c", 0);
}
