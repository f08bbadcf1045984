/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: unlinkat */
/* runs: ours */
/* Puts a file of terabytes under its own name, and a file of as many that holds a word at /tmp/wide. */
#define GUEST_NO_MAIN
#include "guest.h"

TEST(a_file_may_be_wider_than_any_disk)
{
	long fd;

	OK(fd = sys(__NR_openat, AT_FDCWD, "/tmp/wide", O_RDWR | O_CREAT, 0644));
	EQ(sys(__NR_ftruncate, fd, 1L << 36), 0);
	EQ(sys(__NR_pwrite64, fd, "word", 4, 1L << 35), 4);
	sys(__NR_close, fd);
}

int main(int argc, char **argv)
{
	char self[256] = "";
	long fd;

	if (argc > 1) {
		sys(__NR_readlinkat, AT_FDCWD, "/proc/self/exe", self, sizeof self - 1);
		if (sys(__NR_unlinkat, AT_FDCWD, self, 0) != 0)
			sys(__NR_exit_group, 2);
		fd = sys(__NR_openat, AT_FDCWD, self, O_RDWR | O_CREAT, 0755);
		if (sys(__NR_ftruncate, fd, 1L << 42) != 0)
			sys(__NR_exit_group, 3);
	}
	sys(__NR_exit_group, guest_run_all());
	return 0;
}
