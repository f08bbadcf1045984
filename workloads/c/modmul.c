/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Multiplication modulo a 256-bit prime, in Montgomery form: the inner loop of pairings and signatures, made of 64 by 64
 * to 128 bit products and carries. The prime is that of the curve BN254. Each thousand of the size is a chain of
 * dependent products, ended by a check: a power by p - 1 must give 1.
 */
#include "common.h"

typedef unsigned __int128 u128;

static const uint64_t prime[4] = {
	0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029,
};

/* -1 / prime modulo 2^64, by Newton's iteration. */
static uint64_t inverse(void)
{
	uint64_t x = 1;

	for (int i = 0; i < 6; i++)
		x *= 2 - prime[0] * x;
	return -x;
}

static void subtract_prime_if_not_less(uint64_t a[4], uint64_t carry)
{
	uint64_t d[4], borrow = 0, keep;

	for (int i = 0; i < 4; i++) {
		u128 t = (u128)a[i] - prime[i] - borrow;

		d[i] = (uint64_t)t;
		borrow = (uint64_t)(t >> 64) & 1;
	}
	keep = -(uint64_t)(borrow > carry);
	for (int i = 0; i < 4; i++)
		a[i] = (a[i] & keep) | (d[i] & ~keep);
}

/* r = a * b / 2^256 modulo prime; r may be a or b. */
static void multiply(uint64_t r[4], const uint64_t a[4], const uint64_t b[4], uint64_t inv)
{
	uint64_t t[6] = { 0 };

#pragma GCC unroll 4
	for (int i = 0; i < 4; i++) {
		uint64_t carry = 0, m;
		u128 sum;

#pragma GCC unroll 4
		for (int j = 0; j < 4; j++) {
			sum = (u128)a[i] * b[j] + t[j] + carry;
			t[j] = (uint64_t)sum;
			carry = (uint64_t)(sum >> 64);
		}
		sum = (u128)t[4] + carry;
		t[4] = (uint64_t)sum;
		t[5] = (uint64_t)(sum >> 64);

		m = t[0] * inv;
		sum = (u128)m * prime[0] + t[0];
		carry = (uint64_t)(sum >> 64);
#pragma GCC unroll 3
		for (int j = 1; j < 4; j++) {
			sum = (u128)m * prime[j] + t[j] + carry;
			t[j - 1] = (uint64_t)sum;
			carry = (uint64_t)(sum >> 64);
		}
		sum = (u128)t[4] + carry;
		t[3] = (uint64_t)sum;
		t[4] = t[5] + (uint64_t)(sum >> 64);
	}
	for (int i = 0; i < 4; i++)
		r[i] = t[i];
	subtract_prime_if_not_less(r, t[4]);
}

/* 2^bits modulo prime, by doubling. */
static void power_of_two(uint64_t r[4], int bits)
{
	r[0] = 1;
	r[1] = r[2] = r[3] = 0;
	while (bits-- > 0) {
		uint64_t carry = r[3] >> 63;

		for (int i = 3; i > 0; i--)
			r[i] = r[i] << 1 | r[i - 1] >> 63;
		r[0] <<= 1;
		subtract_prime_if_not_less(r, carry);
	}
}

/* Fermat: x^(p - 1) is 1 for every x but 0. */
static int fermat(const uint64_t x[4], const uint64_t one[4], uint64_t inv)
{
	uint64_t r[4] = { one[0], one[1], one[2], one[3] };

	for (int bit = 255; bit >= 0; bit--) {
		uint64_t word = prime[bit / 64] - (bit < 64);

		multiply(r, r, r, inv);
		if (word >> bit % 64 & 1)
			multiply(r, r, x, inv);
	}
	return r[0] == one[0] && r[1] == one[1] && r[2] == one[2] && r[3] == one[3];
}

int main(int argc, char **argv)
{
	uint64_t size = workload_size(argc, argv, 15000), inv = inverse();
	uint64_t one[4], x[4], y[4];

	power_of_two(one, 256);
	power_of_two(x, 300);
	power_of_two(y, 411);
	for (uint64_t i = 0; i < size; i++) {
		for (int j = 0; j < 500; j++) {
			multiply(x, x, y, inv);
			multiply(y, y, x, inv);
		}
		if (i % 1000 == 0 && !fermat(x, one, inv))
			return 3;
	}
	return workload_done("modmul", size, x[0] ^ x[1] ^ x[2] ^ x[3] ^ y[0]);
}
