/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: advanced */
#include "guest_fault.h"

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)

TEST(mmap_anonymous_memory_is_zero_and_page_aligned)
{
	char *p = map_pages(3, RW);

	OK(p);
	EQ((long)p & (PAGE - 1), 0);
	for (unsigned long i = 0; i < 3 * PAGE; i++)
		EQ(p[i], 0);
	p[0] = p[3 * PAGE - 1] = 1;
	EQ(sys(__NR_munmap, p, 3 * PAGE), 0);
}

TEST(mmap_rounds_its_length_up_to_pages)
{
	char *p = (char *)sys(__NR_mmap, NULL, PAGE + 1, RW, ANON, -1, 0);

	OK(p);
	fault_catch();
	EQ(fault_store(p + 2 * PAGE - 1), 0);
	EQ(sys(__NR_munmap, p, 2 * PAGE), 0);
}

TEST(mmap_of_length_zero_is_einval)
{
	EQ(sys(__NR_mmap, NULL, 0, RW, ANON, -1, 0), -EINVAL);
}

TEST(mmap_of_a_huge_length_is_enomem)
{
	EQ(sys(__NR_mmap, NULL, -PAGE, RW, ANON, -1, 0), -ENOMEM);
	EQ(sys(__NR_mmap, NULL, -1L, RW, ANON, -1, 0), -ENOMEM);
	EQ(sys(__NR_mmap, NULL, 1L << 50, PROT_NONE, ANON | MAP_NORESERVE, -1, 0), -ENOMEM);
}

TEST(mmap_of_256_gib_is_enomem_in_a_38_bit_space)
{
	EQ(sys(__NR_mmap, NULL, 1L << 38, PROT_NONE, ANON | MAP_NORESERVE, -1, 0), -ENOMEM);
}

TEST(mmap_reserves_64_gib_without_access)
{
	long p = sys(__NR_mmap, NULL, 1L << 36, PROT_NONE, ANON | MAP_NORESERVE, -1, 0);

	OK(p);
	CHECK((unsigned long)p + (1UL << 36) <= 1UL << 38);
	EQ(sys(__NR_mprotect, p + (1L << 35), PAGE, RW), 0);
	*(volatile char *)(p + (1L << 35)) = 1;
	EQ(sys(__NR_munmap, p, 1L << 36), 0);
}

TEST(mmap_needs_shared_or_private)
{
	EQ(sys(__NR_mmap, NULL, PAGE, RW, MAP_ANONYMOUS, -1, 0), -EINVAL);
}

TEST(mmap_checks_its_descriptor_and_offset)
{
	EQ(sys(__NR_mmap, NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0), -EBADF);
	EQ(sys(__NR_mmap, NULL, PAGE, PROT_READ, MAP_PRIVATE, 1000, 0), -EBADF);
	EQ(sys(__NR_mmap, NULL, PAGE, RW, ANON, -1, 1), -EINVAL);
}

TEST(mmap_of_a_pipe_is_enodev)
{
	EQ(sys(__NR_mmap, NULL, PAGE, PROT_READ, MAP_PRIVATE, 0, 0), -ENODEV);
}

TEST(mmap_honours_a_free_hint)
{
	char *p = map_pages(16, RW);

	OK(p);
	EQ(sys(__NR_munmap, p, 16 * PAGE), 0);
	EQ(sys(__NR_mmap, p + 4 * PAGE, PAGE, RW, ANON, -1, 0), p + 4 * PAGE);
	EQ(sys(__NR_munmap, p + 4 * PAGE, PAGE), 0);
}

TEST(mmap_takes_another_place_when_the_hint_is_taken)
{
	char *p = map_pages(1, RW), *q;

	OK(p);
	*p = 42;
	q = (char *)sys(__NR_mmap, p, PAGE, RW, ANON, -1, 0);
	OK(q);
	CHECK(p != q);
	EQ(*p, 42);
	EQ(*q, 0);
	sys(__NR_munmap, p, PAGE);
	sys(__NR_munmap, q, PAGE);
}

TEST(mmap_fixed_replaces_what_was_there)
{
	char *p = map_pages(3, RW);

	OK(p);
	memset(p, 9, 3 * PAGE);
	EQ(sys(__NR_mmap, p + PAGE, PAGE, RW, ANON | MAP_FIXED, -1, 0), p + PAGE);
	EQ(p[PAGE - 1], 9);
	EQ(p[PAGE], 0);
	EQ(p[2 * PAGE - 1], 0);
	EQ(p[2 * PAGE], 9);
	EQ(sys(__NR_munmap, p, 3 * PAGE), 0);
}

TEST(mmap_fixed_at_an_unaligned_address_is_einval)
{
	char *p = map_pages(2, RW);

	OK(p);
	EQ(sys(__NR_mmap, p + 1, PAGE, RW, ANON | MAP_FIXED, -1, 0), -EINVAL);
	EQ(sys(__NR_munmap, p, 2 * PAGE), 0);
}

TEST(mmap_fixed_noreplace_fails_with_eexist_and_leaves_the_old_one)
{
	char *p = map_pages(2, RW);

	ORACLE(KERNEL);
	OK(p);
	*p = 5;
	EQ(sys(__NR_mmap, p, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0), -EEXIST);
	EQ(sys(__NR_mmap, p - PAGE, 2 * PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0), -EEXIST);
	EQ(*p, 5);
	EQ(sys(__NR_munmap, p, 2 * PAGE), 0);
	EQ(sys(__NR_mmap, p, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0), p);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(mmap_fixed_beyond_the_address_space_is_enomem)
{
	EQ(sys(__NR_mmap, 1L << 38, PAGE, RW, ANON | MAP_FIXED, -1, 0), -ENOMEM);
	EQ(sys(__NR_mmap, -2 * PAGE, PAGE, RW, ANON | MAP_FIXED, -1, 0), -ENOMEM);
}

TEST(mmap_unaligned_hint_is_rounded_to_a_page)
{
	char *p = map_pages(16, RW), *q;

	OK(p);
	EQ(sys(__NR_munmap, p, 16 * PAGE), 0);
	q = (char *)sys(__NR_mmap, p + 4 * PAGE + 100, PAGE, RW, ANON, -1, 0);
	OK(q);
	EQ((long)q & (PAGE - 1), 0);
	EQ(sys(__NR_munmap, q, PAGE), 0);
}

TEST(mmap_areas_grow_downwards)
{
	char *p = map_pages(1, RW), *q = map_pages(1, PROT_READ);

	OK(p);
	OK(q);
	CHECK(q < p);
	sys(__NR_munmap, p, PAGE);
	sys(__NR_munmap, q, PAGE);
}

TEST(mmap_shared_anonymous_memory_is_writable)
{
	char *p = (char *)sys(__NR_mmap, NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	OK(p);
	EQ(*p, 0);
	*p = 3;
	EQ(*p, 3);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(mmap_memory_without_access_faults_with_accerr)
{
	char *p = map_pages(1, PROT_NONE);

	OK(p);
	fault_catch();
	EQ(fault_load(p), FAULT_ACCERR);
	EQ(fault_store(p), FAULT_ACCERR);
	EQ(sys(__NR_munmap, p, PAGE), 0);
	EQ(fault_load(p), FAULT_MAPERR);
}

TEST(mmap_execute_only_memory_runs_and_cannot_be_read)
{
	uint32_t *p = (uint32_t *)map_pages(1, RW);

	ORACLE(KERNEL);
	OK(p);
	write_return_code(p, 1);
	EQ(sys(__NR_mprotect, p, PAGE, PROT_EXEC), 0);
	EQ(sys(__NR_riscv_flush_icache, 0, 0, 0), 0);
	fault_catch();
	EQ(fault_call(p), 0);
	EQ(fault_load(p), FAULT_ACCERR);
	EQ(fault_store(p), FAULT_ACCERR);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(mmap_write_only_memory_can_be_read_as_riscv_has_no_such_pages)
{
	char *p = map_pages(1, PROT_WRITE);

	OK(p);
	fault_catch();
	EQ(fault_store(p), 0);
	EQ(fault_load(p), 0);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(mmap_private_file_shows_the_file_and_keeps_writes_to_itself)
{
	int fd = make_file("/tmp/m", "hello, file");
	char *p, back[6] = "";

	CHECK(fd >= 0);
	p = (char *)sys(__NR_mmap, NULL, PAGE, RW, MAP_PRIVATE, fd, 0);
	OK(p);
	EQ(memcmp(p, "hello, file", 11), 0);
	EQ(p[11], 0);
	EQ(p[PAGE - 1], 0);
	p[0] = 'J';
	EQ(sys(__NR_pread64, fd, back, 5, 0), 5);
	EQ(memcmp(back, "hello", 5), 0);
	EQ(sys(__NR_munmap, p, PAGE), 0);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/m", 0);
}

TEST(mmap_private_file_sees_later_writes_to_pages_it_has_not_written)
{
	int fd = make_file("/tmp/m", "hello, file");
	char *p = (char *)sys(__NR_mmap, NULL, PAGE, RW, MAP_PRIVATE, fd, 0);

	OK(p);
	EQ(p[0], 'h');
	EQ(sys(__NR_pwrite64, fd, "J", 1, 0), 1);
	EQ(p[0], 'J');
	p[1] = 'E';
	EQ(sys(__NR_pwrite64, fd, "K", 1, 0), 1);
	EQ(p[0], 'J');
	EQ(sys(__NR_munmap, p, PAGE), 0);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/m", 0);
}

TEST(mmap_shared_file_writes_through_both_ways)
{
	int fd = make_file("/tmp/m", "hello, file");
	char *p = (char *)sys(__NR_mmap, NULL, PAGE, RW, MAP_SHARED, fd, 0), back[12];

	OK(p);
	p[0] = 'J';
	EQ(sys(__NR_pread64, fd, back, 5, 0), 5);
	EQ(memcmp(back, "Jello", 5), 0);
	EQ(sys(__NR_pwrite64, fd, "y", 1, 0), 1);
	EQ(p[0], 'y');
	EQ(close_fd(fd), 0);
	EQ(p[1], 'e');
	EQ(sys(__NR_munmap, p, PAGE), 0);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/m", 0);
}

TEST(mmap_two_shared_views_of_one_file_are_one_memory)
{
	int fd = make_file("/tmp/m", "x");
	volatile char *p = (char *)sys(__NR_mmap, NULL, PAGE, RW, MAP_SHARED, fd, 0);
	volatile char *q = (char *)sys(__NR_mmap, NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);

	OK(p);
	OK(q);
	p[100] = 77;
	EQ(q[100], 77);
	sys(__NR_munmap, p, PAGE);
	sys(__NR_munmap, q, PAGE);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/m", 0);
}

TEST(mmap_beyond_the_end_of_a_file_is_sigbus)
{
	int fd = make_file("/tmp/m", "hello");
	char *p = (char *)sys(__NR_mmap, NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);

	ORACLE(KERNEL);
	OK(p);
	fault_catch();
	EQ(fault_load(p + PAGE - 1), 0);
	EQ(fault_load(p + PAGE), FAULT_BUS_ADRERR);
	EQ(fault_address, p + PAGE);
	sys(__NR_munmap, p, 2 * PAGE);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/m", 0);
}

TEST(mmap_of_a_file_at_an_offset)
{
	int fd = make_file("/tmp/m", "first");
	char *p;

	EQ(sys(__NR_pwrite64, fd, "second", 6, PAGE), 6);
	p = (char *)sys(__NR_mmap, NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, PAGE);
	OK(p);
	EQ(memcmp(p, "second", 6), 0);
	EQ(sys(__NR_mmap, NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 100), -EINVAL);
	sys(__NR_munmap, p, PAGE);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/m", 0);
}

TEST(mmap_checks_the_access_mode_of_the_descriptor)
{
	int fd = make_file("/tmp/m", "hello"), ro, wo;

	close_fd(fd);
	ro = sys(__NR_openat, AT_FDCWD, "/tmp/m", O_RDONLY);
	wo = sys(__NR_openat, AT_FDCWD, "/tmp/m", O_WRONLY);
	EQ(sys(__NR_mmap, NULL, PAGE, RW, MAP_SHARED, ro, 0), -EACCES);
	EQ(sys(__NR_mmap, NULL, PAGE, PROT_READ, MAP_PRIVATE, wo, 0), -EACCES);
	OK(sys(__NR_mmap, NULL, PAGE, RW, MAP_PRIVATE, ro, 0));
	close_fd(ro);
	close_fd(wo);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/m", 0);
}

TEST(mmap_page_zero_is_never_mapped)
{
	fault_catch();
	EQ(fault_load((void *)0), FAULT_MAPERR);
	EQ(fault_store((void *)8), FAULT_MAPERR);
	EQ(fault_address, 8);
}
