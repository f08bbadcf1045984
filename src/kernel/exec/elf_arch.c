/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The arch string of .riscv.attributes against what the machine executes: RV64GC with Zba, Zbb, Zbs. Source: RISC-V ELF psABI,
 * "Attributes"; ISA manual, "ISA Extension Naming Conventions".
 */
#include "kernel/exec/elf_arch.h"

#include <string.h>

#include "abi/abi.h"

#define ATTRIBUTES_MAX 4096 /* longer ones are not judged */
#define TAG_FILE 1
#define TAG_ARCH 5

/* What runs, and extensions whose instructions are hints on a machine without them. */
static const char *const supported[] = {
	"i", "m", "a", "f", "d", "g", "c", "b", "zicsr", "zifencei", "zmmul", "zaamo", "zalrsc", "zca", "zcd", "zba", "zbb", "zbs",
	"zicntr", "zihintpause", "zihintntl", "zicbop", "zicfilp", "ziccif", "ziccrse", "ziccamoa", "zicclsm", "zic64b", "za64rs",
	"za128rs", "zkt",
};

#define LACKING(name, shown) { name, "needs extension " shown ", which this machine does not have" }
static const struct {
	const char *name, *line;
} lacking[] = {
	LACKING("v", "V"), LACKING("q", "Q"), LACKING("h", "H"), LACKING("zfh", "Zfh"), LACKING("zfhmin", "Zfhmin"), LACKING("zfa", "Zfa"),
	LACKING("zfbfmin", "Zfbfmin"), LACKING("zfinx", "Zfinx"), LACKING("zdinx", "Zdinx"), LACKING("zbc", "Zbc"), LACKING("zbkb", "Zbkb"),
	LACKING("zbkc", "Zbkc"), LACKING("zbkx", "Zbkx"), LACKING("zkn", "Zkn"), LACKING("zknd", "Zknd"), LACKING("zkne", "Zkne"),
	LACKING("zknh", "Zknh"), LACKING("zkr", "Zkr"), LACKING("zks", "Zks"), LACKING("zksed", "Zksed"), LACKING("zksh", "Zksh"),
	LACKING("zicond", "Zicond"), LACKING("zicbom", "Zicbom"), LACKING("zicboz", "Zicboz"),
	LACKING("zihpm", "Zihpm"), LACKING("zacas", "Zacas"), LACKING("zabha", "Zabha"), LACKING("zawrs", "Zawrs"), LACKING("zcb", "Zcb"),
	LACKING("zcmp", "Zcmp"), LACKING("zcmt", "Zcmt"), LACKING("zcmop", "Zcmop"), LACKING("zimop", "Zimop"),
	LACKING("zicfiss", "Zicfiss"), LACKING("ztso", "Ztso"), LACKING("zve32x", "Zve32x (V)"), LACKING("zve32f", "Zve32f (V)"),
	LACKING("zve64x", "Zve64x (V)"), LACKING("zve64f", "Zve64f (V)"), LACKING("zve64d", "Zve64d (V)"), LACKING("zvl32b", "Zvl32b (V)"),
	LACKING("zvl64b", "Zvl64b (V)"), LACKING("zvl128b", "Zvl128b (V)"), LACKING("zvl256b", "Zvl256b (V)"),
	LACKING("e", "E"), LACKING("p", "P"),
};

static bool is(const char *name, const char *other, uint64_t n)
{
	uint64_t i = 0;

	while (i < n && name[i] && name[i] == other[i])
		i++;
	return i == n && !name[i];
}

static const char *judge(const char *name, uint64_t n)
{
	for (uint32_t i = 0; i < sizeof(supported) / sizeof(*supported); i++)
		if (is(supported[i], name, n))
			return NULL;
	for (uint32_t i = 0; i < sizeof(lacking) / sizeof(*lacking); i++)
		if (is(lacking[i].name, name, n))
			return lacking[i].line;
	if (name[0] == 's') /* for the operating system's side: never an instruction that a program executes */
		return NULL;
	if (name[0] == 'x')
		return "needs a vendor's own extension, which this machine does not have";
	return "needs an extension that this machine does not have";
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Skips a version: digits, and "p" digits. */
static uint64_t skip_version(const char *arch, uint64_t n, uint64_t at)
{
	while (at < n && digit(arch[at]))
		at++;
	if (at + 1 < n && arch[at] == 'p' && digit(arch[at + 1]) && at && digit(arch[at - 1]))
		for (at++; at < n && digit(arch[at]);)
			at++;
	return at;
}

/* Length of a long name without its version: "zvl128b1p0" is "zvl128b", "zba" is itself. */
static uint64_t name_length(const char *word, uint64_t n)
{
	uint64_t end = n, at = n;

	while (at && digit(word[at - 1]))
		at--;
	if (at == n)
		return n;
	end = at;
	if (at > 1 && word[at - 1] == 'p' && digit(word[at - 2])) {
		for (at--; at && digit(word[at - 1]);)
			at--;
		end = at;
	}
	return end;
}

const char *elf_check_arch(const char *arch, uint64_t n)
{
	uint64_t at = 4;

	if (n < 5 || memcmp(arch, "rv", 2) != 0)
		return NULL;
	if (memcmp(arch, "rv32", 4) == 0)
		return "needs RV32; only RV64 programs run here";
	if (memcmp(arch, "rv64", 4) != 0)
		return "needs a base other than RV64";
	while (at < n) {
		uint64_t end = at;
		const char *line;

		if (arch[at] == '_') {
			at++;
			continue;
		}
		if (arch[at] == 'z' || arch[at] == 's' || arch[at] == 'x') {
			while (end < n && arch[end] != '_')
				end++;
			line = judge(arch + at, name_length(arch + at, end - at));
		} else {
			line = judge(arch + at, 1);
			end = skip_version(arch, n, at + 1);
		}
		if (line)
			return line;
		at = end;
	}
	return NULL;
}

struct cursor {
	const uint8_t *at, *end;
};

static uint64_t uleb(struct cursor *c)
{
	uint64_t value = 0;

	for (unsigned shift = 0; c->at < c->end; shift += 7) {
		uint8_t byte = *c->at++;

		if (shift < 64)
			value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			break;
	}
	return value;
}

static uint32_t word(struct cursor *c)
{
	uint32_t value = 0;

	if (c->end - c->at < 4) {
		c->at = c->end;
		return 0;
	}
	memcpy(&value, c->at, 4);
	c->at += 4;
	return value;
}

/* A NUL-terminated string: its length, and the cursor behind it; UINT64_MAX when it does not end. */
static uint64_t text(struct cursor *c, const char **out)
{
	const uint8_t *start = c->at;

	*out = (const char *)start;
	while (c->at < c->end && *c->at)
		c->at++;
	if (c->at == c->end)
		return UINT64_MAX;
	return (uint64_t)(c->at++ - start);
}

/* The attributes of one file subsection: the line of its arch string, or NULL. */
static const char *judge_attributes(struct cursor c)
{
	while (c.at < c.end) {
		uint64_t tag = uleb(&c), n;
		const char *value;

		if (tag % 2 == 0) {
			uleb(&c);
			continue;
		}
		n = text(&c, &value);
		if (n == UINT64_MAX)
			return NULL;
		if (tag == TAG_ARCH)
			return elf_check_arch(value, n);
	}
	return NULL;
}

int elf_check_attributes(const struct elf_source *source, uint64_t offset, uint64_t size, const char **why)
{
	uint8_t bytes[ATTRIBUTES_MAX];
	struct cursor c;
	const char *vendor, *line = NULL;

	if (size < 2 || size > sizeof(bytes) || offset > source->size || size > source->size - offset ||
	    source->read(source->ctx, offset, bytes, size) != (int64_t)size || bytes[0] != 'A')
		return 0;
	c.at = bytes + 1;
	c.end = bytes + size;
	while (!line && c.end - c.at > 4) {
		const uint8_t *start = c.at;
		uint32_t length = word(&c);
		uint64_t n;

		if (length < 5 || length > (uint64_t)(c.end - start))
			return 0;
		n = text(&c, &vendor);
		if (n != UINT64_MAX && is("riscv", vendor, n) && c.at < start + length) {
			struct cursor sub = { c.at, start + length };
			const uint8_t *head = sub.at;
			uint64_t tag = uleb(&sub);
			uint32_t inner = word(&sub);

			if (tag == TAG_FILE && inner >= (uint64_t)(sub.at - head) && inner <= (uint64_t)(sub.end - head)) {
				sub.end = head + inner;
				line = judge_attributes(sub);
			}
		}
		c.at = start + length;
	}
	if (!line)
		return 0;
	*why = line;
	return -G_ENOEXEC;
}
