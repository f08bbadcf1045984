/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What a type name means, and numbers, flags and structures as text. Refuses to know: guest memory.
 */
#include "abi/types.h"

#include "abi/abi.h"

static const struct {
	const char *name;
	enum abi_kind kind;
} argtypes[] = {
#define ARGTYPE(name, kind) { #name, KIND_##kind },
#include "abi/argtype.def"
#undef ARGTYPE
};

enum set_id {
#define SET(name, bits) SET_ID_##name,
#define SET_FLAG(set, name)
#define SET_FIELD(set, name, mask)
#define SET_VALUE(set, name)
#include "abi/flags.def"
#undef SET
#undef SET_FLAG
#undef SET_FIELD
#undef SET_VALUE
	SETS
};

static const struct {
	const char *name;
	uint64_t mask; /* the bits that count */
} sets[] = {
#define SET(name, bits) { #name, UINT64_MAX >> (64 - (bits)) },
#define SET_FLAG(set, name)
#define SET_FIELD(set, name, mask)
#define SET_VALUE(set, name)
#include "abi/flags.def"
#undef SET
#undef SET_FLAG
#undef SET_FIELD
#undef SET_VALUE
};

/* In the order of sets: the names of one stand together. */
static const struct {
	uint64_t mask;
	uint64_t value;
	const char *name;
	uint8_t set;
} flags[] = {
#define SET(name, bits)
#define SET_FLAG(set, name) { (uint64_t)G_##name, (uint64_t)G_##name, #name, SET_ID_##set },
#define SET_FIELD(set, name, mask) { (uint64_t)(mask), (uint64_t)G_##name, #name, SET_ID_##set },
#define SET_VALUE(set, name) { UINT64_MAX, (uint64_t)G_##name, #name, SET_ID_##set },
#include "abi/flags.def"
#undef SET
#undef SET_FLAG
#undef SET_FIELD
#undef SET_VALUE
};

enum { FLAGS = sizeof(flags) / sizeof(flags[0]) };

enum struct_id {
#define STRUCT(name, part) STRUCT_ID_##name,
#define FIELD(in, member, label, type)
#include "abi/fields.def"
#undef STRUCT
#undef FIELD
	STRUCTS
};

enum { STRUCT_WHOLE, STRUCT_PART };

static const struct {
	const char *name;
	uint16_t size;
	uint8_t part;
} structs[] = {
#define STRUCT(name, part) { #name, sizeof(struct g_##name), STRUCT_##part },
#define FIELD(in, member, label, type)
#include "abi/fields.def"
#undef STRUCT
#undef FIELD
};

#define STRUCT(name, part)                                                                         \
	_Static_assert(sizeof(struct g_##name) <= ABI_LARGEST_STRUCT, #name " needs a larger buffer");
#define FIELD(in, member, label, type)
#include "abi/fields.def"
#undef STRUCT
#undef FIELD

static const struct {
	const char *label;
	const char *type;
	uint16_t offset;
	uint8_t size;
	uint8_t in;
} fields[] = {
#define STRUCT(name, part)
#define FIELD(in, member, label, type)                                                             \
	{ label, type, offsetof(struct g_##in, member), sizeof(((struct g_##in *)0)->member),      \
	  STRUCT_ID_##in },
#include "abi/fields.def"
#undef STRUCT
#undef FIELD
};

enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

static bool same(const char *name, const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!name[i] || name[i] != word[i])
			return false;
	}
	return !name[len];
}

struct abi_type abi_type_find(const char *name, size_t len)
{
	for (unsigned i = 0; i < sizeof(argtypes) / sizeof(argtypes[0]); i++) {
		if (same(argtypes[i].name, name, len))
			return (struct abi_type){ argtypes[i].kind, 0 };
	}
	for (unsigned i = 0; i < SETS; i++) {
		if (same(sets[i].name, name, len))
			return (struct abi_type){ KIND_SET, i };
	}
	for (unsigned i = 0; i < STRUCTS; i++) {
		if (same(structs[i].name, name, len))
			return (struct abi_type){ KIND_STRUCT, i };
	}
	return (struct abi_type){ KIND_UNKNOWN, 0 };
}

struct abi_type abi_type_of(const char *name)
{
	size_t len = 0;

	while (name[len])
		len++;
	return abi_type_find(name, len);
}

bool abi_type_known(const char *type, size_t len)
{
	return abi_type_find(type, len).kind != KIND_UNKNOWN;
}

void abi_show_set(struct abi_out *out, unsigned set, uint64_t value)
{
	uint64_t left = value & sets[set].mask;
	bool any = false;
	unsigned i = 0;

	while (i < FLAGS && flags[i].set != set)
		i++;
	for (; i < FLAGS && flags[i].set == set; i++) {
		uint64_t mask = flags[i].mask & sets[set].mask;

		if ((left & mask) != (flags[i].value & mask))
			continue;
		/* A name for "no bits" only where a field or the whole value says so. */
		if (!(left & mask) && any && mask == sets[set].mask)
			continue;
		if (any)
			abi_put_char(out, '|');
		abi_put_str(out, flags[i].name);
		any = true;
		left &= ~mask;
		if (!left && mask == sets[set].mask)
			return;
	}
	if (left) {
		if (any)
			abi_put_char(out, '|');
		abi_put_hex(out, left);
	} else if (!any) {
		abi_put_char(out, '0');
	}
}

bool abi_print_flags(struct abi_out *out, const char *set, uint64_t value)
{
	struct abi_type type = abi_type_of(set);

	if (type.kind != KIND_SET)
		return false;
	abi_show_set(out, type.index, value);
	return true;
}

static void show_signal(struct abi_out *out, uint64_t sig, const char *prefix)
{
	const char *name = sig <= G_NSIG ? abi_signal_name((unsigned)sig) : NULL;

	if (name) {
		abi_put_str(out, prefix);
		abi_put_str(out, name + 3);
	} else if (sig >= G_SIGRTMIN && sig <= G_NSIG) {
		abi_put_str(out, prefix);
		if (sig == G_SIGRTMIN) {
			abi_put_str(out, "RTMIN");
		} else {
			abi_put_str(out, "RT_");
			abi_put_u64(out, sig - G_SIGRTMIN);
		}
	} else {
		abi_put_i64(out, (int32_t)sig);
	}
}

void abi_print_signal(struct abi_out *out, uint64_t sig)
{
	show_signal(out, sig, "SIG");
}

void abi_show_sigset(struct abi_out *out, uint64_t set)
{
	bool inverted, any = false;
	unsigned members = 0;

	/* By hand: the compiler's popcount is a library call on a machine without Zbb. */
	for (uint64_t rest = set; rest; rest &= rest - 1)
		members++;
	inverted = members >= G_NSIG / 2;
	if (inverted) {
		abi_put_char(out, '~');
		set = ~set;
	}
	abi_put_char(out, '[');
	for (unsigned sig = 1; sig <= G_NSIG; sig++) {
		if (!(set & G_SIGBIT(sig)))
			continue;
		if (any)
			abi_put_char(out, ' ');
		any = true;
		show_signal(out, sig, "");
	}
	abi_put_char(out, ']');
}

static void show_filemode(struct abi_out *out, uint64_t mode)
{
	if (mode & G_S_IFMT) {
		abi_print_flags(out, "file_kind", mode & G_S_IFMT);
		abi_put_char(out, '|');
	}
	abi_put_octal(out, mode & ~(uint64_t)G_S_IFMT);
}

static void show_limit(struct abi_out *out, uint64_t v)
{
	if (v == G_RLIM_INFINITY) {
		abi_put_str(out, "RLIM64_INFINITY");
	} else if (v > 1024 && v % 1024 == 0) {
		abi_put_u64(out, v / 1024);
		abi_put_str(out, "*1024");
	} else {
		abi_put_u64(out, v);
	}
}

static void show_dev(struct abi_out *out, uint64_t dev)
{
	abi_put_str(out, "makedev(");
	abi_put_hex(out, ((dev >> 8) & 0xfff) | ((dev >> 32) & 0xfffff000));
	abi_put_str(out, ", ");
	abi_put_hex(out, (dev & 0xff) | ((dev >> 12) & 0xffffff00));
	abi_put_char(out, ')');
}

static void show_address(struct abi_out *out, uint64_t v)
{
	if (v)
		abi_put_hex(out, v);
	else
		abi_put_str(out, "NULL");
}

void abi_show_number(struct abi_out *out, struct abi_type type, uint64_t value)
{
	switch (type.kind) {
	case KIND_SET:
		abi_show_set(out, type.index, value);
		return;
	case KIND_I16:
		abi_put_i64(out, (int16_t)value);
		return;
	case KIND_DFD:
		if ((int32_t)value == G_AT_FDCWD) {
			abi_put_str(out, "AT_FDCWD");
			return;
		}
		/* fall through */
	case KIND_I32:
		abi_put_i64(out, (int32_t)value);
		return;
	case KIND_U32:
		abi_put_u64(out, (uint32_t)value);
		return;
	case KIND_I64:
		abi_put_i64(out, (int64_t)value);
		return;
	case KIND_U64:
		abi_put_u64(out, value);
		return;
	case KIND_X32:
		value = (uint32_t)value;
		/* fall through */
	case KIND_X64:
		if (value)
			abi_put_hex(out, value);
		else
			abi_put_char(out, '0');
		return;
	case KIND_HANDLER:
		if (value <= G_SIG_IGN) {
			abi_put_str(out, value ? "SIG_IGN" : "SIG_DFL");
			return;
		}
		/* fall through */
	case KIND_PTR:
		show_address(out, value);
		return;
	case KIND_LIMIT:
		show_limit(out, value);
		return;
	case KIND_SIG:
		abi_print_signal(out, (uint32_t)value);
		return;
	case KIND_MODE:
		abi_put_octal(out, (uint32_t)value);
		return;
	case KIND_FILEMODE:
		show_filemode(out, (uint32_t)value);
		return;
	case KIND_DEV:
		show_dev(out, value);
		return;
	case KIND_EPOLL_DATA:
		abi_put_str(out, "{u32=");
		abi_put_u64(out, (uint32_t)value);
		abi_put_str(out, ", u64=");
		abi_put_u64(out, value);
		abi_put_char(out, '}');
		return;
	case KIND_SIGBITS:
		abi_show_sigset(out, value);
		return;
	default:
		abi_put_hex(out, value);
		return;
	}
}

/* Shortest escapes, as strace writes them: octal takes three digits only before another digit. */
void abi_show_bytes(struct abi_out *out, const uint8_t *bytes, size_t n)
{
	static const char named[] = "\a\b\t\n\v\f\r";

	for (size_t i = 0; i < n; i++) {
		uint8_t c = bytes[i];

		if (c == '"' || c == '\\') {
			abi_put_char(out, '\\');
			abi_put_char(out, (char)c);
		} else if (c >= '\t' && c <= '\r') {
			abi_put_char(out, '\\');
			abi_put_char(out, "abtnvfr"[c - named[0]]);
		} else if (c >= 0x20 && c < 0x7f) {
			abi_put_char(out, (char)c);
		} else {
			bool digit = i + 1 < n && bytes[i + 1] >= '0' && bytes[i + 1] <= '9';

			abi_put_char(out, '\\');
			if (digit || c >= 0100)
				abi_put_char(out, (char)('0' + (c >> 6)));
			if (digit || c >= 010)
				abi_put_char(out, (char)('0' + (c >> 3 & 7)));
			abi_put_char(out, (char)('0' + (c & 7)));
		}
	}
}

uint64_t abi_struct_size(unsigned index)
{
	return structs[index].size;
}

static void show_chars(struct abi_out *out, const uint8_t *bytes, size_t size)
{
	size_t n = 0;

	while (n < size && bytes[n])
		n++;
	abi_put_char(out, '"');
	abi_show_bytes(out, bytes, n);
	abi_put_char(out, '"');
}

void abi_show_struct(struct abi_out *out, unsigned index, const uint8_t *bytes)
{
	bool any = false;

	abi_put_char(out, '{');
	for (unsigned i = 0; i < FIELDS; i++) {
		const uint8_t *at = bytes + fields[i].offset;
		struct abi_type type;
		uint64_t value = 0;

		if (fields[i].in != index)
			continue;
		if (any)
			abi_put_str(out, ", ");
		any = true;
		abi_put_str(out, fields[i].label);
		abi_put_char(out, '=');
		type = abi_type_of(fields[i].type);
		if (type.kind == KIND_STRUCT) {
			abi_show_struct(out, type.index, at);
			continue;
		}
		if (type.kind == KIND_CHARS) {
			show_chars(out, at, fields[i].size);
			continue;
		}
		for (unsigned b = 0; b < fields[i].size && b < 8; b++)
			value |= (uint64_t)at[b] << (8 * b);
		abi_show_number(out, type, value);
	}
	if (structs[index].part)
		abi_put_str(out, ", ...");
	abi_put_char(out, '}');
}
