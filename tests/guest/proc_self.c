/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: openat read */
#include "guest.h"

static char text[65536];

static long load(const char *path)
{
	long fd = sys(__NR_openat, AT_FDCWD, path, O_RDONLY, 0), n, at = 0;

	if (fd < 0)
		return fd;
	while ((n = sys(__NR_read, fd, text + at, sizeof(text) - 1 - at)) > 0)
		at += n;
	close_fd(fd);
	text[at] = 0;
	return n < 0 ? n : at;
}

TEST(proc_self_maps_names_the_stack_the_heap_and_the_program)
{
	long brk = sys(__NR_brk, 0);

	ORACLE(KERNEL);
	sys(__NR_brk, brk + 2 * PAGE);
	CHECK(load("/proc/self/maps") > 0);
	CHECK(strstr(text, "[stack]") != NULL);
	CHECK(strstr(text, "[heap]") != NULL);
	CHECK(strstr(text, "proc_self") != NULL);
	CHECK(strstr(text, "r-xp") != NULL);
}

TEST(proc_self_maps_names_the_vdso)
{
	ORACLE(KERNEL);
	CHECK(load("/proc/self/maps") > 0);
	CHECK(strstr(text, "[vdso]") != NULL);
}

static unsigned long hex(const char **at)
{
	unsigned long v = 0;

	for (;; (*at)++) {
		if (**at >= '0' && **at <= '9')
			v = v * 16 + (unsigned long)(**at - '0');
		else if (**at >= 'a' && **at <= 'f')
			v = v * 16 + (unsigned long)(**at - 'a' + 10);
		else
			return v;
	}
}

/* Finds the line that holds the address; returns its four permission letters, or NULL. */
static const char *permissions_of(unsigned long address)
{
	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		const char *at = line;
		unsigned long from = hex(&at), to;

		at++;
		to = hex(&at);
		if (address >= from && address < to)
			return at + 1;
		if (!strchr(line, '\n'))
			break;
	}
	return NULL;
}

TEST(proc_self_maps_shows_each_mapping_with_its_protection)
{
	char *p = map_pages(3, PROT_READ | PROT_WRITE);
	const char *perm;

	sys(__NR_mprotect, p + PAGE, PAGE, PROT_NONE);
	CHECK(load("/proc/self/maps") > 0);
	perm = permissions_of((unsigned long)p);
	CHECK(perm && !memcmp(perm, "rw-p", 4));
	perm = permissions_of((unsigned long)p + PAGE);
	CHECK(perm && !memcmp(perm, "---p", 4));
	sys(__NR_munmap, p, 3 * PAGE);
	CHECK(load("/proc/self/maps") > 0);
	EQ(permissions_of((unsigned long)p + PAGE), NULL);
}

TEST(proc_self_maps_agrees_with_the_stack_pointer)
{
	int here;
	const char *perm;

	CHECK(load("/proc/self/maps") > 0);
	perm = permissions_of((unsigned long)&here);
	CHECK(perm && !memcmp(perm, "rw-p", 4));
}

TEST(proc_self_cmdline_and_auxv)
{
	CHECK(load("/proc/self/cmdline") > 9);
	EQ(strcmp(text + strlen(text) - 9, "proc_self"), 0);
	EQ(load("/proc/self/auxv") % 16, 0);
	EQ(*(uint64_t *)(text + load("/proc/self/auxv") - 16), 0);
}

TEST(proc_self_status_and_stat_and_statm_and_task)
{
	ORACLE(KERNEL);
	CHECK(load("/proc/self/status") > 0);
	CHECK(strstr(text, "\nPid:\t") != NULL);
	CHECK(strstr(text, "\nVmRSS:\t") != NULL);
	CHECK(strstr(text, "\nThreads:\t1\n") != NULL);
	CHECK(load("/proc/self/stat") > 0);
	CHECK(strstr(text, "(proc_self)") != NULL);
	CHECK(load("/proc/self/statm") > 0);
	CHECK(load("/proc/self/mountinfo") > 0);
	OK(sys(__NR_newfstatat, AT_FDCWD, "/proc/self/task", text, 0));
	OK(load("/proc/self/cgroup"));
}

TEST(proc_system_files_that_runtimes_read)
{
	ORACLE(KERNEL);
	CHECK(load("/proc/cpuinfo") > 0);
	CHECK(strstr(text, "processor") != NULL);
	CHECK(strstr(text, "rv64imafdc") != NULL);
	CHECK(load("/proc/meminfo") > 0);
	CHECK(strstr(text, "MemTotal:") != NULL);
	CHECK(load("/proc/stat") > 0);
	CHECK(strstr(text, "cpu") != NULL);
	CHECK(load("/proc/uptime") > 0);
	CHECK(load("/proc/version") > 0);
	EQ(strncmp(text, "Linux version 6.12", 18), 0);
	CHECK(load("/proc/filesystems") > 0);
	CHECK(load("/proc/sys/vm/overcommit_memory") > 0);
	CHECK(load("/proc/sys/kernel/osrelease") > 0);
	CHECK(load("/proc/sys/kernel/pid_max") > 0);
	CHECK(load("/sys/devices/system/cpu/online") > 0);
	EQ(text[0], '0');
	CHECK(load("/sys/devices/system/cpu/possible") > 0);
	CHECK(load("/sys/kernel/mm/transparent_hugepage/enabled") > 0);
	CHECK(strchr(text, '[') != NULL);
}

TEST(proc_files_cannot_be_written_or_made)
{
	long r = sys(__NR_openat, AT_FDCWD, "/proc/nosuchfile", O_RDWR | O_CREAT, 0644);

	CHECK(r == -ENOENT || r == -EACCES || r == -EROFS);
	EQ(load("/proc/0"), -ENOENT);
}
