/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: faccessat faccessat2 */
/* tier: advanced */
#include "guest.h"

TEST(faccessat_of_what_is_there_is_zero)
{
	int fd = make_file("/tmp/a", "x");

	EQ(sys(__NR_faccessat, AT_FDCWD, "/tmp/a", F_OK), 0);
	EQ(sys(__NR_faccessat, AT_FDCWD, "/tmp/a", R_OK | W_OK), 0);
	EQ(sys(__NR_faccessat, AT_FDCWD, "/tmp", R_OK | W_OK | X_OK), 0);
	close_fd(fd);
}

TEST(faccessat_for_execution_needs_an_execute_bit_even_for_root)
{
	EQ(sys(__NR_faccessat, AT_FDCWD, "/tmp/a", X_OK), -EACCES);
}

TEST(faccessat_errors)
{
	EQ(sys(__NR_faccessat, AT_FDCWD, "/tmp/none", F_OK), -ENOENT);
	EQ(sys(__NR_faccessat, AT_FDCWD, "/tmp/a/x", F_OK), -ENOTDIR);
	EQ(sys(__NR_faccessat, AT_FDCWD, "/tmp/a", 8), -EINVAL);
	EQ(sys(__NR_faccessat, AT_FDCWD, BAD_POINTER, F_OK), -EFAULT);
	EQ(sys(__NR_faccessat, 99, "a", F_OK), -EBADF);
}

TEST(faccessat2_flags)
{
	ORACLE(KERNEL);
	EQ(sys(__NR_symlinkat, "nowhere", AT_FDCWD, "/tmp/l"), 0);
	EQ(sys(__NR_faccessat2, AT_FDCWD, "/tmp/l", F_OK, 0), -ENOENT);
	EQ(sys(__NR_faccessat2, AT_FDCWD, "/tmp/l", F_OK, AT_SYMLINK_NOFOLLOW), 0);
	EQ(sys(__NR_faccessat2, AT_FDCWD, "/tmp/a", R_OK, AT_EACCESS), 0);
	EQ(sys(__NR_faccessat2, AT_FDCWD, "/tmp/a", R_OK, 0x10000), -EINVAL);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/a", 0);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/l", 0);
}
