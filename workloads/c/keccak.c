/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Keccak-256 (the sponge with Ethereum's padding) over a number of megabytes: rotates and exclusive ors on 25 words, no
 * memory to speak of. The permutation is written from FIPS 202, section 3.2; constants are computed, not listed.
 */
#include <string.h>

#include "common.h"

#define RATE 136 /* bytes; 1600 bits less twice 256 */

struct keccak {
	uint64_t lane[25];
	uint64_t round_constant[24];
	unsigned int offset[25];
};

static uint64_t rotate(uint64_t x, unsigned int n)
{
	return n == 0 ? x : x << n | x >> (64 - n);
}

/* Section 3.2.5: bit 2^j - 1 of each constant comes out of an LFSR. Section 3.2.2: rho's offsets, along a walk. */
static void keccak_init(struct keccak *k)
{
	unsigned int lfsr = 1, x = 1, y = 0;

	memset(k, 0, sizeof(*k));
	for (int round = 0; round < 24; round++) {
		for (int j = 0; j < 7; j++) {
			if (lfsr & 1)
				k->round_constant[round] |= UINT64_C(1) << ((1 << j) - 1);
			lfsr = lfsr << 1 ^ (lfsr & 0x80 ? 0x171 : 0);
		}
	}
	for (unsigned int t = 0; t < 24; t++) {
		unsigned int next = (2 * x + 3 * y) % 5;

		k->offset[x + 5 * y] = (t + 1) * (t + 2) / 2 % 64;
		x = y;
		y = next;
	}
}

/*
 * The rounds with every index and offset a constant, so that the compiler sees 25 variables. The table of offsets is
 * what keccak_init computes; main checks that they agree.
 */
static const unsigned char fixed_offset[25] = {
	0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
};

static void keccak_f(struct keccak *k)
{
	uint64_t a[25], b[25], c[5], d[5];

	memcpy(a, k->lane, sizeof(a));
	for (int round = 0; round < 24; round++) {
#pragma GCC unroll 5
		for (int x = 0; x < 5; x++)
			c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
#pragma GCC unroll 5
		for (int x = 0; x < 5; x++)
			d[x] = c[(x + 4) % 5] ^ rotate(c[(x + 1) % 5], 1);
#pragma GCC unroll 5
		for (int y = 0; y < 5; y++) {
#pragma GCC unroll 5
			for (int x = 0; x < 5; x++)
				b[y + 5 * ((2 * x + 3 * y) % 5)] =
					rotate(a[x + 5 * y] ^ d[x], fixed_offset[x + 5 * y]);
		}
#pragma GCC unroll 5
		for (int y = 0; y < 25; y += 5) {
#pragma GCC unroll 5
			for (int x = 0; x < 5; x++)
				a[x + y] = b[x + y] ^ (~b[(x + 1) % 5 + y] & b[(x + 2) % 5 + y]);
		}
		a[0] ^= k->round_constant[round];
	}
	memcpy(k->lane, a, sizeof(a));
}

static void absorb(struct keccak *k, const unsigned char *data, size_t len)
{
	for (; len >= RATE; data += RATE, len -= RATE) {
		for (int i = 0; i < RATE / 8; i++) {
			uint64_t word;

			memcpy(&word, data + 8 * i, 8); /* both targets are little-endian */
			k->lane[i] ^= word;
		}
		keccak_f(k);
	}
}

int main(int argc, char **argv)
{
	static unsigned char buffer[RATE * 482]; /* about 64 KiB */
	static unsigned char last[RATE] = { [0] = 0x01, [RATE - 1] = 0x80 };
	uint64_t size = workload_size(argc, argv, 150), seed = 1, left = size * 1000000;
	struct keccak k;

	keccak_init(&k);
	for (int i = 0; i < 25; i++)
		if (k.offset[i] != fixed_offset[i])
			return 3;
	absorb(&k, last, RATE);
	if (k.lane[0] != UINT64_C(0x3c23f7860146d2c5)) /* of the empty message: c5d24601 86f7233c ... */
		return 3;

	keccak_init(&k);
	for (size_t i = 0; i < sizeof(buffer); i++)
		buffer[i] = (unsigned char)workload_next(&seed);
	while (left >= RATE) {
		size_t chunk = left < sizeof(buffer) ? left : sizeof(buffer);

		absorb(&k, buffer, chunk);
		left -= chunk - chunk % RATE;
	}
	absorb(&k, last, RATE);
	return workload_done("keccak", size, k.lane[0] ^ k.lane[3]);
}
