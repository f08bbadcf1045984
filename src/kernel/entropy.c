/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * ChaCha20 (RFC 8439's block function with a 64-bit block counter and a zero nonce) as the stream
 * of all randomness, and getrandom.
 */
#include "kernel/entropy.h"

#include <string.h>

#define BLOCK_BYTES 64u

static uint32_t rotate(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static void quarter(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d)
{
	*a += *b;
	*d = rotate(*d ^ *a, 16);
	*c += *d;
	*b = rotate(*b ^ *c, 12);
	*a += *b;
	*d = rotate(*d ^ *a, 8);
	*c += *d;
	*b = rotate(*b ^ *c, 7);
}

static void block_make(const struct entropy *e, uint8_t out[BLOCK_BYTES])
{
	uint32_t start[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}, x[16];

	memcpy(start + 4, e->key, sizeof(e->key));
	start[12] = (uint32_t)e->block;
	start[13] = (uint32_t)(e->block >> 32);
	memcpy(x, start, sizeof(x));
	for (unsigned round = 0; round < 20; round += 2) {
		for (unsigned i = 0; i < 4; i++)
			quarter(&x[i], &x[4 + i], &x[8 + i], &x[12 + i]);
		for (unsigned i = 0; i < 4; i++)
			quarter(&x[i], &x[4 + (i + 1) % 4], &x[8 + (i + 2) % 4],
				&x[12 + (i + 3) % 4]);
	}
	for (unsigned i = 0; i < 16; i++) {
		uint32_t word = x[i] + start[i];

		for (unsigned byte = 0; byte < 4; byte++)
			out[4 * i + byte] = (uint8_t)(word >> 8 * byte);
	}
}

int entropy_init(struct kernel *k, const uint8_t seed[32])
{
	ref r = NEW(k, entropy);
	struct entropy *e = AT(k, entropy, r);

	if (!e)
		return -G_ENOMEM;
	for (unsigned i = 0; i < 8; i++)
		for (unsigned byte = 0; byte < 4; byte++)
			e->key[i] |= (uint32_t)seed[4 * i + byte] << 8 * byte;
	k->root->entropy = r;
	return 0;
}

static void draw(struct kernel *k, void *dst, uint64_t n)
{
	struct entropy *e = AT(k, entropy, k->root->entropy);
	uint8_t block[BLOCK_BYTES], *out = dst;

	while (n > 0) {
		uint64_t chunk = BLOCK_BYTES - e->used < n ? BLOCK_BYTES - e->used : n;

		block_make(e, block);
		memcpy(out, block + e->used, chunk);
		out += chunk;
		n -= chunk;
		e->used += chunk;
		if (e->used == BLOCK_BYTES) {
			e->used = 0;
			e->block++;
		}
	}
}

static void tell(struct kernel *k, uint64_t n)
{
	kernel_event(k, &(struct tg_event){.kind = TG_EVENT_ENTROPY,
					   .tid = k->current ? k->current->tid : 0,
					   .result = (int64_t)n});
}

void entropy_draw(struct kernel *k, void *dst, uint64_t n)
{
	draw(k, dst, n);
	tell(k, n);
}

int64_t sys_getrandom(struct kernel *k, const uint64_t a[6])
{
	uint32_t flags = (uint32_t)a[2];
	uint64_t len = a[1] < G_MAX_RW_COUNT ? a[1] : G_MAX_RW_COUNT, done = 0;
	uint8_t bytes[1024];

	if (flags & ~(uint32_t)(G_GRND_NONBLOCK | G_GRND_RANDOM | G_GRND_INSECURE))
		return -G_EINVAL;
	if ((flags & (G_GRND_INSECURE | G_GRND_RANDOM)) == (G_GRND_INSECURE | G_GRND_RANDOM))
		return -G_EINVAL;
	while (done < len) {
		/* Steps end at page boundaries, so that what lies before an unmapped page is
		 * written and counted. */
		uint64_t chunk = sizeof(bytes) - (a[0] + done) % sizeof(bytes);

		if (chunk > len - done)
			chunk = len - done;
		draw(k, bytes, chunk);
		if (user_store(k, a[0] + done, bytes, chunk))
			break;
		done += chunk;
	}
	memset(bytes, 0, sizeof(bytes));
	if (done)
		tell(k, done);
	return done || !len ? (int64_t)done : -G_EFAULT;
}
