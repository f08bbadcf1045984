/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What the C workloads share: the size argument, the one line of output, a source of numbers that is the same
 * everywhere. It knows none of the programs.
 */
#ifndef WORKLOADS_C_COMMON_H
#define WORKLOADS_C_COMMON_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The first argument, or standard when there is none. What is no number above 0 ends the program with status 2. */
static inline uint64_t workload_size(int argc, char **argv, uint64_t standard)
{
	char *end;
	unsigned long size;

	if (argc < 2)
		return standard;
	size = strtoul(argv[1], &end, 10);
	if (argc > 2 || *end != 0 || size == 0 || size > 1000000) {
		fprintf(stderr, "usage: %s [SIZE, 1 to 1000000; default %" PRIu64 "]\n", argv[0], standard);
		exit(2);
	}
	return size;
}

static inline int workload_done(const char *name, uint64_t size, uint64_t checksum)
{
	printf("%s %" PRIu64 " %016" PRIx64 "\n", name, size, checksum);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}

/* xorshift64: never 0 when *state is not. */
static inline uint64_t workload_next(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return *state = x;
}

#endif
