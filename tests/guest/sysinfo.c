/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: sysinfo getrusage capget personality */
/* tier: basic */
#include "guest.h"
#include <sys/resource.h>
#include <sys/sysinfo.h>

TEST(sysinfo_tells_memory_and_processes)
{
	struct sysinfo si;

	memset(&si, 0xff, sizeof(si));
	EQ(sizeof(si), 112);
	EQ(sys(__NR_sysinfo, &si), 0);
	CHECK(si.totalram > 0 && si.totalram != -1UL);
	CHECK(si.freeram <= si.totalram);
	CHECK(si.mem_unit > 0);
	CHECK(si.procs > 0);
	CHECK(si.uptime >= 0);
	EQ(sys(__NR_sysinfo, BAD_POINTER), -EFAULT);
}

TEST(getrusage_of_this_process)
{
	struct rusage ru;

	memset(&ru, 0xff, sizeof(ru));
	EQ(sizeof(ru), 144);
	EQ(sys(__NR_getrusage, RUSAGE_SELF, &ru), 0);
	CHECK(ru.ru_utime.tv_sec >= 0 && ru.ru_utime.tv_usec >= 0 && ru.ru_utime.tv_usec < 1000000);
	CHECK(ru.ru_maxrss >= 0);
	EQ(sys(__NR_getrusage, RUSAGE_THREAD, &ru), 0);
	memset(&ru, 0xff, sizeof(ru));
	EQ(sys(__NR_getrusage, RUSAGE_CHILDREN, &ru), 0);
	EQ(ru.ru_utime.tv_sec, 0);
	EQ(sys(__NR_getrusage, 99, &ru), -EINVAL);
	EQ(sys(__NR_getrusage, RUSAGE_SELF, BAD_POINTER), -EFAULT);
}

TEST(capget_tells_its_version_and_the_sets)
{
	uint32_t header[2] = { 0x20080522, 0 }, data[6];

	EQ(sys(__NR_capget, header, data), 0);
	header[0] = 0x1234;
	EQ(sys(__NR_capget, header, NULL), 0);
	EQ(header[0], 0x20080522);
	header[0] = 0x1234;
	EQ(sys(__NR_capget, header, data), -EINVAL);
	EQ(header[0], 0x20080522);
	EQ(sys(__NR_capget, BAD_POINTER, data), -EFAULT);
	header[1] = 0x3fffffff;
	EQ(sys(__NR_capget, header, data), -ESRCH);
}

TEST(personality_is_linux_and_can_be_asked)
{
	EQ(sys(__NR_personality, 0xffffffff), 0);
	EQ(sys(__NR_personality, 0x40000), 0);
	EQ(sys(__NR_personality, 0xffffffff), 0x40000);
	EQ(sys(__NR_personality, 0), 0x40000);
}
