/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: advanced */
#include "guest_fault.h"

#define RW (PROT_READ | PROT_WRITE)

TEST(mprotect_read_only_faults_on_store_with_accerr_and_the_address)
{
	char *p = map_pages(2, RW);

	OK(p);
	fault_catch();
	p[5] = 3;
	EQ(sys(__NR_mprotect, p, PAGE, PROT_READ), 0);
	EQ(fault_load(p + 5), 0);
	EQ(p[5], 3);
	EQ(fault_store(p + 5), FAULT_ACCERR);
	EQ(fault_address, p + 5);
	EQ(fault_store(p + PAGE), 0);
	EQ(sys(__NR_mprotect, p, PAGE, RW), 0);
	EQ(fault_store(p + 5), 0);
	EQ(sys(__NR_munmap, p, 2 * PAGE), 0);
}

TEST(mprotect_none_faults_and_keeps_the_content)
{
	char *p = map_pages(1, RW);

	OK(p);
	fault_catch();
	p[0] = 9;
	EQ(sys(__NR_mprotect, p, PAGE, PROT_NONE), 0);
	EQ(fault_load(p), FAULT_ACCERR);
	EQ(sys(__NR_mprotect, p, PAGE, PROT_READ), 0);
	EQ(p[0], 9);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(mprotect_without_exec_faults_on_fetch)
{
	uint32_t *p = (uint32_t *)map_pages(1, RW);

	OK(p);
	fault_catch();
	write_return_code(p, 7);
	EQ(fault_call(p), FAULT_ACCERR);
	EQ(fault_address, p);
	EQ(fault_pc, p);
	EQ(sys(__NR_mprotect, p, PAGE, PROT_READ | PROT_EXEC), 0);
	EQ(sys(__NR_riscv_flush_icache, 0, 0, 0), 0);
	EQ(fault_call(p), 0);
	EQ(((int (*)(void))p)(), 7);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(mprotect_of_a_hole_is_enomem_after_changing_what_came_before)
{
	char *p = map_pages(3, RW);

	ORACLE(KERNEL);
	OK(p);
	fault_catch();
	EQ(sys(__NR_munmap, p + PAGE, PAGE), 0);
	EQ(sys(__NR_mprotect, p, 3 * PAGE, PROT_READ), -ENOMEM);
	EQ(sys(__NR_mprotect, p + PAGE, PAGE, PROT_READ), -ENOMEM);
	EQ(fault_store(p + 2 * PAGE), 0);
	EQ(sys(__NR_munmap, p, 3 * PAGE), 0);
}

TEST(mprotect_stops_at_the_hole)
{
	char *p = map_pages(3, RW);

	ORACLE(KERNEL);
	OK(p);
	fault_catch();
	EQ(sys(__NR_munmap, p + PAGE, PAGE), 0);
	EQ(sys(__NR_mprotect, p, 3 * PAGE, PROT_READ), -ENOMEM);
	EQ(fault_store(p), FAULT_ACCERR);
	EQ(sys(__NR_munmap, p, 3 * PAGE), 0);
}

TEST(mprotect_checks_alignment_protection_and_range)
{
	char *p = map_pages(1, RW);

	ORACLE(KERNEL);
	OK(p);
	EQ(sys(__NR_mprotect, p + 1, PAGE, PROT_READ), -EINVAL);
	EQ(sys(__NR_mprotect, p, PAGE, 0x100), -EINVAL);
	EQ(sys(__NR_mprotect, p, 0, PROT_READ), 0);
	EQ(sys(__NR_mprotect, p, PAGE, PROT_READ | PROT_GROWSDOWN | PROT_GROWSUP), -EINVAL);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(mprotect_length_that_wraps_is_enomem)
{
	char *p = map_pages(1, RW);

	OK(p);
	EQ(sys(__NR_mprotect, p, -PAGE, PROT_READ), -ENOMEM);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(mprotect_of_a_shared_read_only_file_to_writable_is_eacces)
{
	int fd = make_file("/tmp/p", "text"), ro;
	char *p;

	close_fd(fd);
	ro = sys(__NR_openat, AT_FDCWD, "/tmp/p", O_RDONLY);
	p = (char *)sys(__NR_mmap, NULL, PAGE, PROT_READ, MAP_SHARED, ro, 0);
	OK(p);
	EQ(sys(__NR_mprotect, p, PAGE, RW), -EACCES);
	EQ(p[0], 't');
	EQ(sys(__NR_munmap, p, PAGE), 0);
	close_fd(ro);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/p", 0);
}

TEST(mprotect_merges_and_splits_without_losing_a_byte)
{
	char *p = map_pages(8, RW);

	OK(p);
	for (int i = 0; i < 8; i++)
		p[i * PAGE] = (char)(i + 1);
	for (int i = 0; i < 8; i += 2)
		EQ(sys(__NR_mprotect, p + i * PAGE, PAGE, PROT_READ), 0);
	EQ(sys(__NR_mprotect, p + PAGE, 6 * PAGE, PROT_NONE), 0);
	EQ(sys(__NR_mprotect, p, 8 * PAGE, RW), 0);
	for (int i = 0; i < 8; i++)
		EQ(p[i * PAGE], i + 1);
	EQ(sys(__NR_munmap, p, 8 * PAGE), 0);
}
