/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: basic */
#include "guest_fault.h"

#define RW (PROT_READ | PROT_WRITE)

TEST(madvise_dontneed_zeroes_private_anonymous_memory)
{
	char *p = map_pages(3, RW);

	OK(p);
	memset(p, 8, 3 * PAGE);
	EQ(sys(__NR_madvise, p + PAGE, PAGE, MADV_DONTNEED), 0);
	EQ(p[PAGE - 1], 8);
	EQ(p[PAGE], 0);
	EQ(p[2 * PAGE - 1], 0);
	EQ(p[2 * PAGE], 8);
	EQ(sys(__NR_munmap, p, 3 * PAGE), 0);
}

TEST(madvise_dontneed_rereads_a_private_file)
{
	int fd = make_file("/tmp/a", "original");
	char *p = (char *)sys(__NR_mmap, NULL, PAGE, RW, MAP_PRIVATE, fd, 0);

	ORACLE(KERNEL);
	OK(p);
	p[0] = 'X';
	EQ(sys(__NR_madvise, p, PAGE, MADV_DONTNEED), 0);
	EQ(p[0], 'o');
	sys(__NR_munmap, p, PAGE);
	close_fd(fd);
	sys(__NR_unlinkat, AT_FDCWD, "/tmp/a", 0);
}

TEST(madvise_dontneed_keeps_shared_memory)
{
	char *p = (char *)sys(__NR_mmap, NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	OK(p);
	p[0] = 4;
	EQ(sys(__NR_madvise, p, PAGE, MADV_DONTNEED), 0);
	EQ(p[0], 4);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(madvise_hints_succeed)
{
	static const int hints[] = { MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTFORK,
				     MADV_DOFORK, MADV_DONTDUMP, MADV_DODUMP };
	char *p = map_pages(1, RW);

	OK(p);
	p[0] = 1;
	for (size_t i = 0; i < array_len(hints); i++)
		EQ(sys(__NR_madvise, p, PAGE, hints[i]), 0);
	EQ(p[0], 1);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(madvise_free_leaves_the_old_bytes_or_zeroes)
{
	char *p = map_pages(1, RW);

	OK(p);
	p[0] = 77;
	EQ(sys(__NR_madvise, p, PAGE, MADV_FREE), 0);
	CHECK(p[0] == 77 || p[0] == 0);
	p[0] = 78;
	EQ(p[0], 78);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

/* A kernel without transparent huge pages answers EINVAL; either way the memory keeps its content. */
TEST(madvise_hugepage_hints_change_nothing_that_can_be_seen)
{
	static const int hints[] = { MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_COLD, MADV_PAGEOUT };
	char *p = map_pages(1, PROT_READ | PROT_WRITE);

	p[7] = 3;
	for (size_t i = 0; i < array_len(hints); i++) {
		long r = sys(__NR_madvise, p, PAGE, hints[i]);

		CHECK(r == 0 || r == -EINVAL);
		EQ(p[7], 3);
	}
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(madvise_checks_alignment_and_advice)
{
	char *p = map_pages(1, RW);

	OK(p);
	EQ(sys(__NR_madvise, p + 1, PAGE, MADV_DONTNEED), -EINVAL);
	EQ(sys(__NR_madvise, p, 0, MADV_DONTNEED), 0);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(madvise_unknown_advice_is_einval)
{
	char *p = map_pages(1, RW);

	ORACLE(KERNEL);
	OK(p);
	EQ(sys(__NR_madvise, p, PAGE, 5), -EINVAL);
	EQ(sys(__NR_madvise, p, PAGE, 999), -EINVAL);
	EQ(sys(__NR_madvise, p, 0, 999), -EINVAL);
	EQ(sys(__NR_munmap, p, PAGE), 0);
}

TEST(madvise_over_a_hole_is_enomem_and_still_does_the_rest)
{
	char *p = map_pages(3, RW);

	ORACLE(KERNEL);
	OK(p);
	p[0] = p[2 * PAGE] = 5;
	EQ(sys(__NR_munmap, p + PAGE, PAGE), 0);
	EQ(sys(__NR_madvise, p, 3 * PAGE, MADV_DONTNEED), -ENOMEM);
	EQ(p[0], 0);
	EQ(p[2 * PAGE], 0);
	EQ(sys(__NR_munmap, p, 3 * PAGE), 0);
}

TEST(madvise_populate_write_makes_pages_present)
{
	char *p = map_pages(2, RW);

	ORACLE(KERNEL);
	OK(p);
	EQ(sys(__NR_madvise, p, 2 * PAGE, 23), 0);
	EQ(sys(__NR_mprotect, p, PAGE, PROT_READ), 0);
	EQ(sys(__NR_madvise, p, PAGE, 23), -EINVAL);
	EQ(sys(__NR_madvise, p, PAGE, 22), 0);
	EQ(sys(__NR_munmap, p, 2 * PAGE), 0);
}
