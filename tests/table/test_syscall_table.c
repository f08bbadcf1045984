/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The tables of src/abi checked as data: order, names, notes, argument grammar, tiers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/abi.h"
#include "abi/print.h"
#include "abi/types.h"

/* Iterates over every row. */
#define EACH_ROW(row)                                                                              \
	(const struct abi_syscall *row = syscall_row_at(0); row; row = syscall_row_at(index_of(row) + 1))

static unsigned index_of(const struct abi_syscall *row)
{
	return (unsigned)(row - syscall_row_at(0));
}

static void numbers_strictly_increase_and_the_limit_is_one_past_the_last(void **state)
{
	int last = -1;

	for EACH_ROW (row) {
		assert_true(row->nr > last);
		last = row->nr;
	}
	assert_int_equal(last + 1, G_NR_LIMIT);
}

static void names_are_unique_words_that_make_a_handler_name(void **state)
{
	for EACH_ROW (row) {
		assert_true(strlen(row->name) > 0);
		assert_int_equal(strspn(row->name, "abcdefghijklmnopqrstuvwxyz0123456789_"),
				 strlen(row->name));
		assert_ptr_equal(syscall_row_by_name(row->name), row);
	}
	assert_null(syscall_row_by_name("open"));
	assert_null(syscall_row_by_name(""));
	assert_ptr_equal(syscall_row_by_name("SYS_read"), syscall_row(63));
	assert_ptr_equal(syscall_row_by_name("sys_read"), syscall_row(63));
}

static void every_number_finds_its_row_and_no_other_number_finds_one(void **state)
{
	unsigned found = 0, rows = 0;

	for EACH_ROW (row) {
		assert_ptr_equal(syscall_row(row->nr), row);
		rows++;
	}
	for (uint64_t nr = 0; nr < 70000; nr++)
		found += syscall_row(nr) != NULL;
	assert_int_equal(found, rows);
	assert_null(syscall_row(UINT64_MAX));
	assert_null(syscall_row(UINT64_C(1) << 32));
	assert_null(syscall_row(38));  /* renameat: not on riscv64 */
	assert_null(syscall_row(244)); /* the start of the architecture's own numbers */
}

static void a_partial_or_refused_row_says_why(void **state)
{
	for EACH_ROW (row) {
		if (row->support == ABI_PARTIAL || row->support == ABI_REFUSED)
			assert_true(strlen(row->note) > 10);
		if (row->support == ABI_FULL)
			assert_string_equal(row->note, "");
	}
}

static void a_supported_row_has_a_tier_and_an_oracle(void **state)
{
	for EACH_ROW (row) {
		if (row->support != ABI_FULL && row->support != ABI_PARTIAL)
			continue;
		assert_int_not_equal(row->tier, ABI_TIER_NONE);
		assert_int_not_equal(row->oracle, ABI_ORACLE_NONE);
	}
}

static void nothing_in_the_lower_two_tiers_is_unsupported(void **state)
{
	for EACH_ROW (row) {
		if (row->tier < ABI_TIER_FULL)
			assert_int_not_equal(row->support, ABI_UNSUPPORTED);
	}
}

static void only_a_refused_row_has_a_fixed_error_and_it_has_a_name(void **state)
{
	for EACH_ROW (row) {
		assert_int_equal(row->refusal != 0, row->support == ABI_REFUSED);
		if (row->refusal)
			assert_non_null(abi_errno_name(row->refusal));
	}
}

static void argument_lists_are_of_the_grammar_and_their_types_are_known(void **state)
{
	for EACH_ROW (row) {
		const char *spec = row->args;
		struct abi_arg arg;
		unsigned n = 0;
		int more;

		while ((more = abi_next_arg(&spec, &arg)) == 1) {
			n++;
			if (!abi_type_known(arg.type, arg.type_len))
				fail_msg("%s: unknown type %.*s", row->name, arg.type_len, arg.type);
		}
		if (more < 0)
			fail_msg("%s: cannot read '%s'", row->name, spec);
		if (arg.type)
			assert_true(abi_type_known(arg.type, arg.type_len));
		assert_in_range(n, 0, ABI_MAX_ARGS);
	}
}

static bool names_an_argument(const struct abi_syscall *row, const char *name, size_t len)
{
	const char *spec = row->args;
	struct abi_arg arg;

	if (len == 3 && memcmp(name, "ret", 3) == 0)
		return true;
	while (abi_next_arg(&spec, &arg) == 1) {
		if (arg.name_len == len && memcmp(arg.name, name, len) == 0)
			return true;
	}
	return false;
}

static void counts_name_an_argument_of_the_same_call(void **state)
{
	for EACH_ROW (row) {
		const char *spec = row->args;
		struct abi_arg arg;

		while (abi_next_arg(&spec, &arg) == 1) {
			if (arg.count && !names_an_argument(row, arg.count, arg.count_len))
				fail_msg("%s: no argument %.*s", row->name, arg.count_len,
					 arg.count);
		}
	}
}

/* A buffer without a length would be shown as empty or as endless. */
static void types_that_need_a_count_have_one(void **state)
{
	for EACH_ROW (row) {
		const char *spec = row->args;
		struct abi_arg arg;

		while (abi_next_arg(&spec, &arg) == 1) {
			switch (abi_type_find(arg.type, arg.type_len).kind) {
			case KIND_BUF:
			case KIND_IOVEC:
			case KIND_SIGSET:
			case KIND_BITS:
			case KIND_FDSET:
			case KIND_DIRENTS:
			case KIND_SOCKADDR:
				if (!arg.count)
					fail_msg("%s: %.*s without a count", row->name,
						 arg.name_len, arg.name);
				break;
			default:
				break;
			}
		}
	}
}

static void a_type_name_means_one_thing(void **state)
{
	static const char *const names[] = {
#define ARGTYPE(name, kind) #name,
#include "abi/argtype.def"
#undef ARGTYPE
#define SET(name, bits) #name,
#define SET_FLAG(set, name)
#define SET_FIELD(set, name, mask)
#define SET_VALUE(set, name)
#include "abi/flags.def"
#undef SET
#undef SET_FLAG
#undef SET_FIELD
#undef SET_VALUE
#define STRUCT(name, part) #name,
#define FIELD(in, member, label, type)
#include "abi/fields.def"
#undef STRUCT
#undef FIELD
	};
	size_t n = sizeof(names) / sizeof(names[0]);

	for (size_t i = 0; i < n; i++) {
		for (size_t j = i + 1; j < n; j++)
			assert_string_not_equal(names[i], names[j]);
	}
}

static void fields_of_structures_have_known_types_that_fit(void **state)
{
	static const struct {
		const char *where, *type;
		size_t size;
	} fields[] = {
#define STRUCT(name, part)
#define FIELD(in, member, label, type)                                                             \
	{ #in "." #member, type, sizeof(((struct g_##in *)0)->member) },
#include "abi/fields.def"
#undef STRUCT
#undef FIELD
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct abi_type type = abi_type_of(fields[i].type);

		if (type.kind == KIND_UNKNOWN || type.kind >= KIND_NONE)
			fail_msg("%s: %s", fields[i].where, fields[i].type);
		if (type.kind == KIND_STRUCT)
			assert_int_equal(abi_struct_size(type.index), fields[i].size);
		else if (type.kind != KIND_CHARS)
			assert_in_range(fields[i].size, 1, 8);
	}
}

static void flags_of_one_set_stand_together_and_are_not_zero(void **state)
{
	static const struct {
		const char *set, *name;
		uint64_t value;
		int kind;
	} flags[] = {
#define SET(name, bits) { #name, NULL, bits, 's' },
#define SET_FLAG(set, name) { #set, #name, (uint64_t)G_##name, 'f' },
#define SET_FIELD(set, name, mask) { #set, #name, (uint64_t)G_##name & ~(uint64_t)(mask), 'm' },
#define SET_VALUE(set, name) { #set, #name, (uint64_t)G_##name, 'v' },
#include "abi/flags.def"
#undef SET
#undef SET_FLAG
#undef SET_FIELD
#undef SET_VALUE
	};
	const char *set = "";

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (flags[i].kind == 's') {
			set = flags[i].set;
			assert_in_range(flags[i].value, 16, 64);
			continue;
		}
		assert_string_equal(flags[i].set, set);
		if (flags[i].kind == 'f' && !flags[i].value)
			fail_msg("%s can never be seen", flags[i].name);
		if (flags[i].kind == 'm' && flags[i].value)
			fail_msg("%s has bits outside its field", flags[i].name);
	}
}

static void a_clone_is_advanced_if_it_makes_a_thread_and_full_otherwise(void **state)
{
	uint64_t args[6] = { G_CLONE_VM | G_CLONE_THREAD | G_CLONE_SIGHAND };
	uint64_t words[2] = { G_CLONE_VM | G_CLONE_THREAD | G_CLONE_SIGHAND };

	assert_int_equal(syscall_tier(G_NR_clone, args, NULL), ABI_TIER_ADVANCED);
	args[0] = 0x50f00; /* what Go passes */
	assert_int_equal(syscall_tier(G_NR_clone, args, NULL), ABI_TIER_ADVANCED);
	args[0] = G_SIGCHLD;
	assert_int_equal(syscall_tier(G_NR_clone, args, NULL), ABI_TIER_FULL);
	args[0] = G_CLONE_VM | G_CLONE_VFORK | G_SIGCHLD;
	assert_int_equal(syscall_tier(G_NR_clone, args, NULL), ABI_TIER_FULL);
	assert_int_equal(syscall_row(G_NR_clone3)->peek, 0);
	assert_int_equal(syscall_tier(G_NR_clone3, args, words), ABI_TIER_ADVANCED);
	words[0] = G_CLONE_VM | G_CLONE_VFORK;
	assert_int_equal(syscall_tier(G_NR_clone3, args, words), ABI_TIER_FULL);
	assert_int_equal(syscall_tier(G_NR_clone3, args, NULL), ABI_TIER_ADVANCED);
}

static void looking_is_basic_and_waiting_is_advanced(void **state)
{
	uint64_t args[6] = { 0x1000, 3, 0x2000, 0, 0x3000, 0 };
	uint64_t zero[2] = { 0, 0 }, one_ns[2] = { 0, 1 }, one_s[2] = { 1, 0 };

	assert_int_equal(syscall_row(G_NR_ppoll)->peek, 2);
	assert_int_equal(syscall_tier(G_NR_ppoll, args, zero), ABI_TIER_BASIC);
	assert_int_equal(syscall_tier(G_NR_ppoll, args, one_ns), ABI_TIER_ADVANCED);
	assert_int_equal(syscall_tier(G_NR_ppoll, args, one_s), ABI_TIER_ADVANCED);
	assert_int_equal(syscall_tier(G_NR_ppoll, args, NULL), ABI_TIER_BASIC);
	args[2] = 0;
	assert_int_equal(syscall_tier(G_NR_ppoll, args, NULL), ABI_TIER_ADVANCED);
	assert_int_equal(syscall_row(G_NR_pselect6)->peek, 4);
	assert_int_equal(syscall_tier(G_NR_pselect6, args, zero), ABI_TIER_BASIC);
	args[4] = 0;
	assert_int_equal(syscall_tier(G_NR_pselect6, args, NULL), ABI_TIER_ADVANCED);
}

static void other_calls_have_the_tier_of_their_row(void **state)
{
	const uint64_t args[6] = { 0 };

	for EACH_ROW (row) {
		if (!row->by_argument) {
			assert_int_equal(row->peek, -1);
			assert_int_equal(syscall_tier(row->nr, args, NULL), row->tier);
		} else {
			assert_in_range(row->peek + 1, 0, ABI_MAX_ARGS);
		}
	}
	assert_int_equal(syscall_tier(9999, args, NULL), ABI_TIER_NONE);
}

static void the_promised_members_are_in_their_tiers(void **state)
{
	static const char *const basic[] = { "brk", "mmap", "munmap", "mremap", "mprotect",
		"madvise", "openat", "close", "read", "write", "readv", "writev", "pread64",
		"pwrite64", "preadv", "pwritev", "lseek", "fstat", "newfstatat", "statx",
		"readlinkat", "faccessat", "getcwd", "fcntl", "ioctl", "dup", "exit", "exit_group",
		"sigaltstack", "rt_sigaction", "rt_sigprocmask", "ppoll", "set_tid_address",
		"set_robust_list", "prlimit64", "sched_getaffinity", "uname", "getrandom",
		"clock_gettime", "riscv_hwprobe", "rseq", "prctl", "getpid", "gettid", "getuid" };
	static const char *const advanced[] = { "clone", "clone3", "futex", "nanosleep",
		"clock_nanosleep", "sched_yield", "kill", "tkill", "tgkill", "rt_sigreturn",
		"rt_sigtimedwait", "setitimer", "timer_create", "epoll_pwait", "eventfd2",
		"timerfd_create", "pipe2", "socketpair", "membarrier", "riscv_flush_icache",
		"memfd_create", "mincore", "mlock", "getdents64", "flock" };
	static const char *const full[] = { "execve", "wait4", "waitid", "socket", "setpgid" };

	for (size_t i = 0; i < sizeof(basic) / sizeof(basic[0]); i++)
		assert_int_equal(syscall_row_by_name(basic[i])->tier, ABI_TIER_BASIC);
	for (size_t i = 0; i < sizeof(advanced) / sizeof(advanced[0]); i++)
		assert_int_equal(syscall_row_by_name(advanced[i])->tier, ABI_TIER_ADVANCED);
	for (size_t i = 0; i < sizeof(full) / sizeof(full[0]); i++)
		assert_int_equal(syscall_row_by_name(full[i])->tier, ABI_TIER_FULL);
}

static void errors_have_names_both_ways(void **state)
{
	assert_string_equal(abi_errno_name(2), "ENOENT");
	assert_string_equal(abi_errno_text(2), "No such file or directory");
	assert_null(abi_errno_name(0));
	assert_null(abi_errno_name(41));
	assert_null(abi_errno_name(512));
	for (unsigned nr = 1; nr < 4096; nr++) {
		const char *name = abi_errno_name(nr);

		if (name)
			assert_int_equal(abi_errno_number(name), nr);
	}
	assert_int_equal(abi_errno_number("ENOENTX"), 0);
	assert_int_equal(abi_errno_number("ENO"), 0);
	assert_true(abi_is_error((uint64_t)-4095));
	assert_true(abi_is_error((uint64_t)-1));
	assert_false(abi_is_error((uint64_t)-4096));
	assert_false(abi_is_error(0));
}

static void signals_have_names_and_default_actions(void **state)
{
	for (unsigned sig = 1; sig < G_SIGRTMIN; sig++)
		assert_non_null(abi_signal_name(sig));
	assert_null(abi_signal_name(0));
	assert_null(abi_signal_name(32));
	assert_int_equal(abi_signal_default(G_SIGSEGV), G_SIG_CORE);
	assert_int_equal(abi_signal_default(G_SIGCHLD), G_SIG_IGNORE);
	assert_int_equal(abi_signal_default(G_SIGURG), G_SIG_IGNORE);
	assert_int_equal(abi_signal_default(G_SIGTSTP), G_SIG_STOP);
	assert_int_equal(abi_signal_default(64), G_SIG_TERM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_strictly_increase_and_the_limit_is_one_past_the_last),
		cmocka_unit_test(names_are_unique_words_that_make_a_handler_name),
		cmocka_unit_test(every_number_finds_its_row_and_no_other_number_finds_one),
		cmocka_unit_test(a_partial_or_refused_row_says_why),
		cmocka_unit_test(a_supported_row_has_a_tier_and_an_oracle),
		cmocka_unit_test(nothing_in_the_lower_two_tiers_is_unsupported),
		cmocka_unit_test(only_a_refused_row_has_a_fixed_error_and_it_has_a_name),
		cmocka_unit_test(argument_lists_are_of_the_grammar_and_their_types_are_known),
		cmocka_unit_test(counts_name_an_argument_of_the_same_call),
		cmocka_unit_test(types_that_need_a_count_have_one),
		cmocka_unit_test(a_type_name_means_one_thing),
		cmocka_unit_test(fields_of_structures_have_known_types_that_fit),
		cmocka_unit_test(flags_of_one_set_stand_together_and_are_not_zero),
		cmocka_unit_test(a_clone_is_advanced_if_it_makes_a_thread_and_full_otherwise),
		cmocka_unit_test(looking_is_basic_and_waiting_is_advanced),
		cmocka_unit_test(other_calls_have_the_tier_of_their_row),
		cmocka_unit_test(the_promised_members_are_in_their_tiers),
		cmocka_unit_test(errors_have_names_both_ways),
		cmocka_unit_test(signals_have_names_and_default_actions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
