/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The one source of randomness: a ChaCha20 key stream, drawn from in order by AT_RANDOM, getrandom
 * and the random devices.
 */
#ifndef TOLLGATE_KERNEL_ENTROPY_H
#define TOLLGATE_KERNEL_ENTROPY_H

#include "kernel/kernel.h"

/* root->entropy. Block number `block` of the stream for this key is what is drawn from; `used` of
 * its 64 bytes are gone. */
struct entropy {
	uint32_t key[8];
	uint64_t block;
	uint64_t used;
};

int entropy_init(struct kernel *k, const uint8_t seed[32]); /* 0 or -G_ENOMEM */
/* The next n bytes; told as one event. */
void entropy_draw(struct kernel *k, void *dst, uint64_t n);

#endif
