/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: sched_getaffinity */
/* runs: ours */
/* tollgate: --cpus=4 */
#include "guest.h"

TEST(cpus_four_are_told_by_every_source)
{
	uint64_t m = 0;
	unsigned int cpu = 99;
	char b[64] = "";
	long fd = sys(__NR_openat, AT_FDCWD, "/sys/devices/system/cpu/online", O_RDONLY, 0);

	EQ(sys(__NR_sched_getaffinity, 0, 8, &m), 8);
	EQ(m, 15);
	OK(fd);
	EQ(sys(__NR_read, fd, b, sizeof(b)), 4);
	EQ(strcmp(b, "0-3\n"), 0);
	EQ(sys(__NR_getcpu, &cpu, NULL, NULL), 0);
	CHECK(cpu < 4);
	close_fd(fd);
}
