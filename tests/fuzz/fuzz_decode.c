/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Any bytes as a stream of instructions: what decodes encodes back to the same word and has a text;
 * and any bytes as an instruction struct: encode refuses it or makes a word that decodes to it.
 */
#include "isa/isa.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static size_t one_word(const uint8_t *data, size_t size)
{
	struct insn insn;
	uint32_t word = 0, made;
	char text[80];

	memcpy(&word, data, size < 4 ? size : 4);
	if (isa_decode(word, &insn)) {
		require(insn.id != INSN_INVALID && insn.uop != UOP_ILLEGAL);
		require(isa_encode(&insn, &made) == insn.len && made == insn.raw);
	}
	require(insn.len == isa_length((uint16_t)word));
	require((size_t)isa_disassemble(&insn, word, text, sizeof(text)) < sizeof(text));
	return insn.len;
}

static void one_struct(const uint8_t *data, size_t size)
{
	struct insn in, out;
	uint32_t word;
	int len;

	if (size < sizeof(in))
		return;
	memcpy(&in, data, sizeof(in));
	in.id %= INSN_COUNT + 1;
	len = isa_encode(&in, &word);
	if (len < 0)
		return;
	require(isa_decode(word, &out) && out.len == len);
	/* A narrower row may name the word better (pause is a fence); the operands stay. */
	require(out.rd == in.rd && out.rs1 == in.rs1 && out.rs2 == in.rs2 && out.rs3 == in.rs3 &&
		out.imm == in.imm && out.rm == in.rm);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	one_struct(data, size);
	for (size_t at = 0; at < size;)
		at += one_word(data + at, size - at);
	return 0;
}
