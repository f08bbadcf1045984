/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* splitmix64 as isa_random's source: state is a uint64_t, the seed at first. */
#ifndef TOLLGATE_TEST_RANDOM_H
#define TOLLGATE_TEST_RANDOM_H

#include <stdint.h>

static inline uint64_t test_random(void *state)
{
	uint64_t z = *(uint64_t *)state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

#endif
