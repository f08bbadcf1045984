/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: mmap mprotect brk */
/* runs: ours */
/* tier: basic */
/* tollgate: --memory-limit=67108864 */
#include "guest.h"

#define MIB (1L << 20)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

TEST(memory_limit_is_charged_where_memory_becomes_private_and_writable)
{
	long r = sys(__NR_mmap, NULL, 128 * MIB, PROT_READ | PROT_WRITE, ANON, -1, 0), brk = sys(__NR_brk, 0);

	EQ(r, -ENOMEM);
	r = sys(__NR_mmap, NULL, 1024 * MIB, PROT_NONE, ANON, -1, 0);
	OK(r);
	EQ(sys(__NR_mprotect, r, 128 * MIB, PROT_READ | PROT_WRITE), -ENOMEM);
	EQ(sys(__NR_mprotect, r, 16 * MIB, PROT_READ | PROT_WRITE), 0);
	EQ(sys(__NR_munmap, r, 1024 * MIB), 0);
	EQ(sys(__NR_brk, brk + 128 * MIB), brk);
	r = sys(__NR_mmap, NULL, 128 * MIB, PROT_READ | PROT_WRITE, ANON | MAP_NORESERVE, -1, 0);
	OK(r);
	EQ(sys(__NR_munmap, r, 128 * MIB), 0);
}

TEST(memory_limit_is_given_back_by_munmap)
{
	for (int i = 0; i < 20; i++) {
		long r = sys(__NR_mmap, NULL, 32 * MIB, PROT_READ | PROT_WRITE, ANON, -1, 0);

		OK(r);
		memset((void *)r, 1, 32 * MIB / 16);
		EQ(sys(__NR_munmap, r, 32 * MIB), 0);
	}
}
