/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* tier: basic */
#include "guest.h"

static unsigned char b[4096];

TEST(getrandom_fills_the_whole_buffer)
{
	int changed = 0;

	memset(b, 0, sizeof(b));
	EQ(sys(__NR_getrandom, b, 256, 0), 256);
	for (int i = 0; i < 256; i += 16) {
		int any = 0;

		for (int k = 0; k < 16; k++)
			any |= b[i + k];
		changed += any != 0;
	}
	EQ(changed, 16);
	EQ(b[256], 0);
}

TEST(getrandom_never_repeats_itself)
{
	EQ(sys(__NR_getrandom, b, 32, 0), 32);
	EQ(sys(__NR_getrandom, b + 32, 32, 0), 32);
	CHECK(memcmp(b, b + 32, 32) != 0);
	CHECK(memcmp(b, b + 16, 16) != 0);
}

TEST(getrandom_is_well_mixed)
{
	int ones = 0, seen[256] = { 0 }, distinct = 0;

	EQ(sys(__NR_getrandom, b, sizeof(b), 0), sizeof(b));
	for (size_t i = 0; i < sizeof(b); i++) {
		ones += __builtin_popcount(b[i]);
		seen[b[i]] = 1;
	}
	for (int i = 0; i < 256; i++)
		distinct += seen[i];
	EQ(distinct, 256);
	CHECK(ones > 15700 && ones < 17100);
}

TEST(getrandom_of_no_bytes_is_zero)
{
	EQ(sys(__NR_getrandom, b, 0, 0), 0);
}

TEST(getrandom_flags)
{
	EQ(sys(__NR_getrandom, b, 8, 1), 8);
	EQ(sys(__NR_getrandom, b, 8, 2), 8);
	EQ(sys(__NR_getrandom, b, 8, 4), 8);
	EQ(sys(__NR_getrandom, b, 8, 6), -EINVAL);
	EQ(sys(__NR_getrandom, b, 8, 0x100), -EINVAL);
}

TEST(getrandom_of_a_bad_pointer_is_efault)
{
	EQ(sys(__NR_getrandom, BAD_POINTER, 8, 0), -EFAULT);
}
