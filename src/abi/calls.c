/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The system-call table as data, and the tier of one call. Refuses to know: handlers.
 */
#include "abi/calls.h"

#include "abi/errors.h"
#include "abi/thread.h"

static const struct abi_syscall rows[] = {
#define ROW(nr_, name_, args_, family_, tier_, support_, refusal_, oracle_, note_, by_, peek_)     \
	{ .name = #name_,                                                                          \
	  .args = args_,                                                                           \
	  .note = note_,                                                                           \
	  .nr = nr_,                                                                               \
	  .refusal = refusal_,                                                                     \
	  .family = ABI_##family_,                                                                 \
	  .tier = ABI_TIER_##tier_,                                                                \
	  .support = support_,                                                                     \
	  .oracle = ABI_ORACLE_##oracle_,                                                          \
	  .peek = peek_,                                                                           \
	  .by_argument = by_ },
#define SYSCALL(nr, name, args, family, tier, support, oracle, note)                               \
	ROW(nr, name, args, family, tier, ABI_##support, 0, oracle, note, false, -1)
#define SYSCALL_REFUSED(nr, name, args, family, tier, error, oracle, note)                         \
	ROW(nr, name, args, family, tier, ABI_REFUSED, G_##error, oracle, note, false, -1)
#define SYSCALL_BY(nr, name, args, family, tier, support, oracle, note, predicate, peek)           \
	ROW(nr, name, args, family, tier, ABI_##support, 0, oracle, note, true, peek)
#include "abi/syscall.def"
#undef ROW
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

const struct abi_syscall *syscall_row(uint64_t nr)
{
	unsigned low = 0, high = ROWS;

	while (low < high) {
		unsigned mid = (low + high) / 2;

		if (rows[mid].nr == nr)
			return &rows[mid];
		if (rows[mid].nr < nr)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

const struct abi_syscall *syscall_row_by_name(const char *name)
{
	if ((name[0] == 's' || name[0] == 'S') && (name[1] == 'y' || name[1] == 'Y') &&
	    (name[2] == 's' || name[2] == 'S') && name[3] == '_')
		name += 4;
	for (unsigned i = 0; i < ROWS; i++) {
		if (same(rows[i].name, name))
			return &rows[i];
	}
	return NULL;
}

const struct abi_syscall *syscall_row_at(unsigned i)
{
	return i < ROWS ? &rows[i] : NULL;
}

/* A clone is a thread of the caller or, without these two flags together, a process. */
static enum abi_tier clone_flags_tier(uint64_t flags)
{
	const uint64_t thread = G_CLONE_VM | G_CLONE_THREAD;

	return (flags & thread) == thread ? ABI_TIER_ADVANCED : ABI_TIER_FULL;
}

static enum abi_tier tier_clone(const uint64_t *args, const uint64_t *peek)
{
	return clone_flags_tier(args[0]);
}

static enum abi_tier tier_clone3(const uint64_t *args, const uint64_t *peek)
{
	return peek ? clone_flags_tier(peek[0]) : ABI_TIER_ADVANCED;
}

/* Looking is BASIC, waiting is ADVANCED. peek: the timespec; no pointer means for ever. */
static enum abi_tier timeout_tier(bool for_ever, const uint64_t *peek)
{
	if (for_ever)
		return ABI_TIER_ADVANCED;
	if (!peek)
		return ABI_TIER_BASIC;
	return peek[0] || peek[1] ? ABI_TIER_ADVANCED : ABI_TIER_BASIC;
}

static enum abi_tier tier_pselect6(const uint64_t *args, const uint64_t *peek)
{
	return timeout_tier(args[4] == 0, peek);
}

static enum abi_tier tier_ppoll(const uint64_t *args, const uint64_t *peek)
{
	return timeout_tier(args[2] == 0, peek);
}

typedef enum abi_tier tier_fn(const uint64_t *args, const uint64_t *peek);

/* The predicates, in the order of their rows; syscall_tier finds one by the row's place. */
static const struct {
	uint16_t nr;
	tier_fn *tier;
} predicates[] = {
#define SYSCALL(...)
#define SYSCALL_REFUSED(...)
#define SYSCALL_BY(nr, name, args, family, tier, support, oracle, note, predicate, peek)           \
	{ nr, predicate },
#include "abi/syscall.def"
};

enum abi_tier syscall_tier(uint64_t nr, const uint64_t args[ABI_MAX_ARGS], const uint64_t *peek)
{
	const struct abi_syscall *row = syscall_row(nr);

	if (!row)
		return ABI_TIER_NONE;
	if (row->by_argument) {
		for (unsigned i = 0; i < sizeof(predicates) / sizeof(predicates[0]); i++) {
			if (predicates[i].nr == nr)
				return predicates[i].tier(args, peek);
		}
	}
	return row->tier;
}

const char *abi_family_name(enum abi_family family)
{
	static const char *const names[] = {
		[ABI_MEMORY] = "memory",   [ABI_THREAD] = "thread",   [ABI_SIGNAL] = "signal",
		[ABI_FILE] = "file",       [ABI_TREE] = "tree",       [ABI_STREAM] = "stream",
		[ABI_POLL] = "poll",       [ABI_TIME] = "time",       [ABI_PROCESS] = "process",
		[ABI_EXEC] = "exec",
	};

	return family < ABI_FAMILIES ? names[family] : "?";
}

const char *abi_tier_name(enum abi_tier tier)
{
	static const char *const names[] = {
		[ABI_TIER_BASIC] = "basic",
		[ABI_TIER_ADVANCED] = "advanced",
		[ABI_TIER_FULL] = "full",
		[ABI_TIER_NONE] = "none",
	};

	return tier < ABI_TIERS ? names[tier] : "?";
}

const char *abi_support_name(enum abi_support support)
{
	static const char *const names[] = {
		[ABI_FULL] = "full",
		[ABI_PARTIAL] = "partial",
		[ABI_REFUSED] = "refused",
		[ABI_UNSUPPORTED] = "unsupported",
	};

	return support < ABI_SUPPORTS ? names[support] : "?";
}

const char *abi_oracle_name(enum abi_oracle oracle)
{
	static const char *const names[] = {
		[ABI_ORACLE_QEMU] = "qemu",
		[ABI_ORACLE_KERNEL] = "kernel",
		[ABI_ORACLE_SELF] = "self",
		[ABI_ORACLE_NONE] = "none",
	};

	return oracle <= ABI_ORACLE_NONE ? names[oracle] : "?";
}
