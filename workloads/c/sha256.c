/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * SHA-256 over a number of megabytes: 32-bit rotates and additions, on a machine whose registers have 64 bits. Written
 * from FIPS 180-4, sections 5 and 6; the constants are computed from the primes that define them.
 */
#include <string.h>

#include "common.h"

struct sha256 {
	uint32_t h[8];
	uint32_t k[64];
};

static uint32_t rotate(uint32_t x, unsigned int n)
{
	return x >> n | x << (32 - n);
}

/* The first 32 bits of the fractional part of the square or cube root of n: the largest r with (r / 2^32)^degree <= n. */
static uint32_t root_fraction(unsigned int n, int degree)
{
	uint64_t r = 0;

	for (int bit = 35; bit >= 0; bit--) {
		uint64_t next = r | UINT64_C(1) << bit;
		unsigned __int128 power = (unsigned __int128)next * next;

		/* A cube needs 108 bits, and is compared with n * 2^96. */
		if (degree == 3 ? power * next <= (unsigned __int128)n << 96 : power <= (unsigned __int128)n << 64)
			r = next;
	}
	return (uint32_t)r;
}

static void sha256_init(struct sha256 *s)
{
	int found = 0;

	for (unsigned int n = 2; found < 64; n++) {
		unsigned int divisor = 2;

		while (n % divisor != 0)
			divisor++;
		if (divisor != n)
			continue;
		if (found < 8)
			s->h[found] = root_fraction(n, 2);
		s->k[found++] = root_fraction(n, 3);
	}
}

static void compress(struct sha256 *s, const unsigned char *block)
{
	uint32_t w[64], v[8];

	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
		       (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (int i = 16; i < 64; i++) {
		uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
		uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;

		w[i] = w[i - 16] + s0 + w[i - 7] + s1;
	}
	memcpy(v, s->h, sizeof(v));
#pragma GCC unroll 8
	for (int i = 0; i < 64; i++) {
		/* Variable a of round i is v[-i mod 8]: nothing moves. */
#define V(n) v[((n) + 64 - i) % 8]
		uint32_t s1 = rotate(V(4), 6) ^ rotate(V(4), 11) ^ rotate(V(4), 25);
		uint32_t t1 = V(7) + s1 + ((V(4) & V(5)) ^ (~V(4) & V(6))) + s->k[i] + w[i];
		uint32_t s0 = rotate(V(0), 2) ^ rotate(V(0), 13) ^ rotate(V(0), 22);

		V(3) += t1;
		V(7) = t1 + s0 + ((V(0) & V(1)) ^ (V(0) & V(2)) ^ (V(1) & V(2)));
#undef V
	}
	for (int i = 0; i < 8; i++)
		s->h[i] += v[i];
}

int main(int argc, char **argv)
{
	static unsigned char buffer[1 << 16];
	static unsigned char empty[64] = { 0x80 };
	uint64_t size = workload_size(argc, argv, 100), seed = 1, checksum = 0;
	uint64_t blocks = size * 1000000 / 64;
	struct sha256 s;

	sha256_init(&s);
	compress(&s, empty);
	if (s.h[0] != 0xe3b0c442) /* the digest of the empty message */
		return 3;

	sha256_init(&s);
	for (size_t i = 0; i < sizeof(buffer); i++)
		buffer[i] = (unsigned char)workload_next(&seed);
	for (uint64_t i = 0; i < blocks; i++)
		compress(&s, buffer + i * 64 % sizeof(buffer));
	for (int i = 0; i < 8; i++)
		checksum = checksum * 31 + s.h[i];
	return workload_done("sha256", size, checksum);
}
