/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Which word is which instruction. The buckets come from gen-decode at build time: a major opcode
 * (or a quadrant) names the bits that tell its rows apart best, and those bits name a short list of
 * rows in table order. Refuses to know how operands lie in the word (table.c).
 */
#include "isa/table.h"

#include <string.h>

struct key {
	uint8_t shift, width;
	uint16_t first; /* in buckets */
};

struct bucket {
	uint16_t first; /* in candidates */
	uint16_t count;
};

#include "decode_table.h"

/* Bits 1..0 = 3: a key by bits 6..2. Else: by bits 1..0, behind the others. */
static const struct key *key_of(uint32_t word)
{
	return &keys[(word & 3) == 3 ? word >> 2 & 31 : 32 + (word & 3)];
}

bool isa_decode(uint32_t word, struct insn *out)
{
	unsigned len = isa_length((uint16_t)word);
	const struct key *key;
	const struct bucket *bucket;

	if (len == 2)
		word &= 0xffff;
	key = key_of(word);
	bucket = &buckets[key->first + (word >> key->shift & ((1u << key->width) - 1))];

	for (unsigned i = 0; i < bucket->count; i++) {
		unsigned id = candidates[bucket->first + i];
		const struct insn_row *row = &isa_rows[id];

		if ((word & row->mask) != row->match)
			continue;
		isa_unpack(row->format, word, out);
		if (!isa_constraint_holds(row->constraint, out))
			continue;
		out->raw = word;
		out->id = (uint16_t)id;
		out->uop = row->uop;
		out->len = (uint8_t)len;
		return true;
	}

	memset(out, 0, sizeof(*out));
	out->raw = word;
	out->len = (uint8_t)len;
	return false;
}
