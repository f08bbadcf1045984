/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "guest_fault.h"

TEST(memfd_create_is_a_file_without_a_name)
{
	struct stat st;
	char b[4];
	long fd = sys(__NR_memfd_create, "test", MFD_CLOEXEC);

	OK(fd);
	EQ(sys(__NR_fcntl, fd, F_GETFD), FD_CLOEXEC);
	EQ(sys(__NR_write, fd, "abc", 3), 3);
	EQ(sys(__NR_fstat, fd, &st), 0);
	EQ(st.st_size, 3);
	EQ(st.st_mode & S_IFMT, S_IFREG);
	EQ(sys(__NR_pread64, fd, b, 4, 0), 3);
	EQ(sys(__NR_ftruncate, fd, 2 * PAGE), 0);
	close_fd(fd);
}

TEST(memfd_mapped_twice_writable_and_executable_runs_what_was_written)
{
	long fd = sys(__NR_memfd_create, "jit", 0);
	uint32_t *w, *x;

	ORACLE(KERNEL);
	EQ(sys(__NR_ftruncate, fd, PAGE), 0);
	w = (uint32_t *)sys(__NR_mmap, NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	x = (uint32_t *)sys(__NR_mmap, NULL, PAGE, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
	OK(w);
	OK(x);
	CHECK(w != x);
	for (int i = 1; i < 50; i++) {
		write_return_code(w, i);
		sys(__NR_riscv_flush_icache, 0, 0, 0);
		EQ(((int (*)(void))x)(), i);
	}
	fault_catch();
	EQ(fault_store(x), FAULT_ACCERR);
	sys(__NR_munmap, w, PAGE);
	sys(__NR_munmap, x, PAGE);
	close_fd(fd);
}

TEST(memfd_mappings_outlive_the_descriptor)
{
	long fd = sys(__NR_memfd_create, "m", 0);
	char *p, *q;

	EQ(sys(__NR_ftruncate, fd, PAGE), 0);
	p = (char *)sys(__NR_mmap, NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	q = (char *)sys(__NR_mmap, NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	close_fd(fd);
	p[17] = 5;
	EQ(q[17], 5);
	sys(__NR_munmap, p, PAGE);
	EQ(q[17], 5);
	sys(__NR_munmap, q, PAGE);
}

TEST(memfd_seals_hold)
{
	long fd = sys(__NR_memfd_create, "s", MFD_ALLOW_SEALING), plain = sys(__NR_memfd_create, "p", 0);

	EQ(sys(__NR_write, fd, "abc", 3), 3);
	EQ(sys(__NR_fcntl, fd, F_GET_SEALS), 0);
	EQ(sys(__NR_fcntl, plain, F_GET_SEALS), F_SEAL_SEAL);
	EQ(sys(__NR_fcntl, fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW), 0);
	EQ(sys(__NR_ftruncate, fd, 1), -EPERM);
	EQ(sys(__NR_ftruncate, fd, 10), -EPERM);
	EQ(sys(__NR_pwrite64, fd, "x", 1, 0), 1);
	EQ(sys(__NR_fcntl, fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SEAL), 0);
	EQ(sys(__NR_pwrite64, fd, "x", 1, 0), -EPERM);
	EQ(sys(__NR_fcntl, fd, F_ADD_SEALS, F_SEAL_GROW), -EPERM);
	EQ(sys(__NR_fcntl, plain, F_ADD_SEALS, F_SEAL_GROW), -EPERM);
	close_fd(fd);
	close_fd(plain);
}

TEST(memfd_errors)
{
	static char name[300];

	memset(name, 'n', sizeof(name) - 1);
	EQ(sys(__NR_memfd_create, BAD_POINTER, 0), -EFAULT);
	EQ(sys(__NR_memfd_create, "x", 0x1000), -EINVAL);
	EQ(sys(__NR_memfd_create, name, 0), -EINVAL);
}
