/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Self-modifying code: what was stored is what runs, after the flush that real hardware needs. */
#include "guest_fault.h"

static void flush(void)
{
	sys(__NR_riscv_flush_icache, 0, 0, 0);
	__asm__ volatile("fence.i" ::: "memory");
}

TEST(riscv_flush_icache_succeeds_and_checks_its_flags)
{
	ORACLE(KERNEL);
	EQ(sys(__NR_riscv_flush_icache, 0, 0, 0), 0);
	EQ(sys(__NR_riscv_flush_icache, 0, 0, 1), 0);
	EQ(sys(__NR_riscv_flush_icache, 0, 0, 2), -EINVAL);
	EQ(sys(__NR_riscv_flush_icache, 0x1000, 0x2000, 0), 0);
}

TEST(code_that_is_rewritten_runs_its_new_form)
{
	uint32_t *p = (uint32_t *)map_pages(1, PROT_READ | PROT_WRITE | PROT_EXEC);

	OK(p);
	for (int i = 0; i < 200; i++) {
		write_return_code(p, i);
		flush();
		EQ(((int (*)(void))p)(), i);
	}
	sys(__NR_munmap, p, PAGE);
}

TEST(code_written_under_another_protection_runs)
{
	uint32_t *p = (uint32_t *)map_pages(1, PROT_READ | PROT_WRITE);

	for (int i = 0; i < 50; i++) {
		EQ(sys(__NR_mprotect, p, PAGE, PROT_READ | PROT_WRITE), 0);
		write_return_code(p, i);
		EQ(sys(__NR_mprotect, p, PAGE, PROT_READ | PROT_EXEC), 0);
		flush();
		EQ(((int (*)(void))p)(), i);
	}
	sys(__NR_munmap, p, PAGE);
}

TEST(code_read_from_a_file_by_the_kernel_runs)
{
	uint32_t *p = (uint32_t *)map_pages(1, PROT_READ | PROT_WRITE | PROT_EXEC), code[2];
	int fd = make_file("/tmp/code", NULL);

	for (int i = 1; i < 20; i++) {
		write_return_code(code, i);
		EQ(sys(__NR_pwrite64, fd, code, 8, 0), 8);
		EQ(sys(__NR_pread64, fd, p, 8, 0), 8);
		flush();
		EQ(((int (*)(void))p)(), i);
	}
	close_fd(fd);
	sys(__NR_munmap, p, PAGE);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/code", 0);
}

TEST(code_that_is_unmapped_and_mapped_again_is_forgotten)
{
	uint32_t *p = (uint32_t *)map_pages(1, PROT_READ | PROT_WRITE | PROT_EXEC);

	write_return_code(p, 1);
	flush();
	EQ(((int (*)(void))p)(), 1);
	EQ(sys(__NR_mmap, p, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), p);
	fault_catch();
	EQ(fault_call(p), FAULT_ILLOPC);
	sys(__NR_munmap, p, PAGE);
}

/* On our machine a store takes effect at the next instruction, without any flush. */
TEST(code_is_coherent_without_a_flush)
{
	uint32_t *p = (uint32_t *)map_pages(1, PROT_READ | PROT_WRITE | PROT_EXEC);

	ORACLE(OURS);
	for (int i = 0; i < 100; i++) {
		write_return_code(p, i);
		EQ(((int (*)(void))p)(), i);
	}
	sys(__NR_munmap, p, PAGE);
}
