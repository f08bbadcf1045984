/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: openat */
/* runs: ours */
/* Tries to read what it must not see. Its arguments are paths; each is reported as seen, with the first word of what is there, or as closed. */
#define GUEST_NO_MAIN
#include "guest.h"

TEST(above_the_root_is_the_root)
{
	char name[64];
	long fd;

	OK(fd = sys(__NR_openat, AT_FDCWD, "/../../tmp/../..", O_RDONLY | O_DIRECTORY));
	EQ(sys(__NR_readlinkat, AT_FDCWD, "/proc/self/root", name, sizeof name), 1);
	EQ(sys(__NR_openat, fd, "../proc/self/root/../nowhere", O_RDONLY), -ENOENT);
	EQ(sys(__NR_fchdir, fd), 0);
	EQ(sys(__NR_getcwd, name, sizeof name), 2);
	sys(__NR_close, fd);
}

static void look(const char *path)
{
	char content[32] = "";
	long fd = sys(__NR_openat, AT_FDCWD, path, O_RDONLY | O_NONBLOCK), n = fd < 0 ? -1 : sys(__NR_read, fd, content, sizeof content - 1);

	content[strcspn(content, "\n")] = 0;
	guest_line(n > 0 ? "seen " : "closed ", n > 0 ? content : "", n > 0 ? "" : NULL);
	sys(__NR_close, fd);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		look(argv[i]);
	sys(__NR_exit_group, argc > 1 ? 0 : guest_run_all());
	return 0;
}
