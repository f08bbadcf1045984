/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See late.h. */
#include "intercept/late.h"

#include "abi/calls.h"
#include "abi/mapping.h"
#include "intercept/raw.h"

static void lock(int *word)
{
	while (__atomic_exchange_n(word, 1, __ATOMIC_ACQUIRE))
		RAW1(sched_yield, 0);
}

static void unlock(int *word)
{
	__atomic_store_n(word, 0, __ATOMIC_RELEASE);
}

/* Thunks of code that is gone are nobody's. Islands keep their slot in the table, with nothing in it. */
static void forget(uint64_t start, uint64_t end)
{
	for (unsigned i = 0; i < intercept.lates;) {
		struct late *late = &intercept.late[i];

		if (late->start < start || late->end > end) {
			i++;
			continue;
		}
		for (unsigned k = 0; k < intercept.island_count; k++) {
			struct island *island = &intercept.islands[k];

			if (island->at != late->island)
				continue;
			RAW2(munmap, island->at, island->end - island->at);
			intercept.mapped_bytes -= island->end - island->at;
			island->at = island->next = island->end = 0;
		}
		*late = intercept.late[--intercept.lates];
	}
	for (unsigned i = 0; i < intercept.named_count;) {
		if (intercept.named[i].start >= start && intercept.named[i].end <= end)
			intercept.named[i] = intercept.named[--intercept.named_count];
		else
			i++;
	}
}

bool late_call(uint64_t nr, const uint64_t args[6], int64_t *result)
{
	if (nr == G_NR_mmap) {
		if (!(args[2] & G_PROT_EXEC) || (args[3] & G_MAP_ANONYMOUS) || (args[2] & G_PROT_WRITE))
			return false;
		*result = RAW6(mmap, args[0], args[1], args[2], args[3], args[4], args[5]);
		if (raw_failed(*result))
			return true;
		lock(&intercept.late_lock);
		late_patch((uint64_t)*result, args[1], (int)args[4], args[5], (uint8_t)args[2]);
		unlock(&intercept.late_lock);
		return true;
	}
	if (nr == G_NR_munmap && intercept.lates) {
		*result = RAW2(munmap, args[0], args[1]);
		if (*result == 0) {
			lock(&intercept.late_lock);
			forget(args[0], args[0] + args[1]);
			unlock(&intercept.late_lock);
		}
		return true;
	}
	return false;
}
