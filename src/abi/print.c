/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * One call as a line: walks the row's argument list and shows each by its type. Refuses to know any
 * call by name or number; a type may look at the argument that decides its meaning.
 */
#include "abi/print.h"

#include "abi/abi.h"
#include "abi/types.h"

struct call {
	struct abi_out *out;
	const struct abi_reader *reader;
	const uint64_t *args;
	const char *spec;
	uint64_t result;
	bool returned; /* and without error: what the call wrote may be shown */
};

/* The value that a `[count]` names. */
static uint64_t count_of(const struct call *call, const struct abi_arg *arg)
{
	const char *spec = call->spec;
	struct abi_arg other;

	if (!arg->count)
		return (uint64_t)ABI_COUNT_UNKNOWN;
	for (unsigned i = 0; i < ABI_MAX_ARGS && abi_next_arg(&spec, &other) == 1; i++) {
		struct abi_type type;
		uint32_t n = 0;

		if (other.name_len != arg->count_len ||
		    __builtin_memcmp(other.name, arg->count, other.name_len) != 0)
			continue;
		type = abi_type_find(other.type, other.type_len);
		if (type.kind == KIND_I32 || type.kind == KIND_U32)
			return (uint32_t)call->args[i];
		if (type.kind != KIND_U32P)
			return call->args[i];
		/* A length behind a pointer, as accept has it. */
		if (!call->reader ||
		    call->reader->load(call->reader->context, call->args[i], &n, sizeof(n)) != 0)
			return 0;
		return n;
	}
	return call->result;
}

/* What the arguments of futex mean, by operation; a bit per argument that is shown. */
enum { FUTEX_HAS_TIME = 1, FUTEX_HAS_NUMBER = 2, FUTEX_HAS_ADDR2 = 4, FUTEX_HAS_VAL3 = 8 };

static unsigned futex_shape(uint64_t op)
{
	static const uint8_t shapes[] = {
		[G_FUTEX_WAIT] = FUTEX_HAS_TIME,
		[G_FUTEX_WAKE] = 0,
		[G_FUTEX_FD] = 0,
		[G_FUTEX_REQUEUE] = FUTEX_HAS_NUMBER | FUTEX_HAS_ADDR2,
		[G_FUTEX_CMP_REQUEUE] = FUTEX_HAS_NUMBER | FUTEX_HAS_ADDR2 | FUTEX_HAS_VAL3,
		[G_FUTEX_WAKE_OP] = FUTEX_HAS_NUMBER | FUTEX_HAS_ADDR2 | FUTEX_HAS_VAL3,
		[G_FUTEX_LOCK_PI] = FUTEX_HAS_TIME,
		[G_FUTEX_UNLOCK_PI] = 0,
		[G_FUTEX_TRYLOCK_PI] = 0,
		[G_FUTEX_WAIT_BITSET] = FUTEX_HAS_TIME | FUTEX_HAS_VAL3,
		[G_FUTEX_WAKE_BITSET] = FUTEX_HAS_VAL3,
		[G_FUTEX_WAIT_REQUEUE_PI] = FUTEX_HAS_TIME | FUTEX_HAS_ADDR2,
		[G_FUTEX_CMP_REQUEUE_PI] = FUTEX_HAS_NUMBER | FUTEX_HAS_ADDR2 | FUTEX_HAS_VAL3,
		[G_FUTEX_LOCK_PI2] = FUTEX_HAS_TIME,
	};
	uint32_t command = (uint32_t)op & (uint32_t)G_FUTEX_CMD_MASK;

	if (command >= sizeof(shapes))
		return FUTEX_HAS_NUMBER | FUTEX_HAS_ADDR2 | FUTEX_HAS_VAL3;
	return shapes[command];
}

static void show_futex_op(struct abi_out *out, uint64_t op)
{
	abi_print_flags(out, "futex_cmd", (uint32_t)op & (uint32_t)G_FUTEX_CMD_MASK);
	if (op & G_FUTEX_PRIVATE_FLAG)
		abi_put_str(out, "_PRIVATE");
	if (op & G_FUTEX_CLOCK_REALTIME)
		abi_put_str(out, "|FUTEX_CLOCK_REALTIME");
}

/* strace's order: the stack first, though it is the second argument. */
static void show_clone_flags(struct abi_out *out, const uint64_t *args)
{
	uint64_t flags = args[0] & ~(uint64_t)G_CSIGNAL, sig = args[0] & G_CSIGNAL;

	abi_put_str(out, "child_stack=");
	abi_show_number(out, abi_type_of("ptr"), args[1]);
	abi_put_str(out, ", flags=");
	if (flags || !sig)
		abi_print_flags(out, "clone_flags", flags);
	if (sig) {
		if (flags)
			abi_put_char(out, '|');
		abi_print_signal(out, sig);
	}
}

static bool clone_uses(const uint64_t *args, enum abi_kind kind)
{
	switch (kind) {
	case KIND_CLONE_PTID:
		return args[0] & (G_CLONE_PARENT_SETTID | G_CLONE_PIDFD);
	case KIND_CLONE_TLS:
		return args[0] & G_CLONE_SETTLS;
	case KIND_CLONE_CTID:
		return args[0] & (G_CLONE_CHILD_SETTID | G_CLONE_CHILD_CLEARTID);
	default:
		return false;
	}
}

/* The third argument of fcntl, by its command. */
static struct abi_type fcntl_type(uint64_t cmd)
{
	switch ((uint32_t)cmd) {
	case G_F_GETFD:
	case G_F_GETFL:
	case G_F_GETOWN:
	case G_F_GETSIG:
	case G_F_GETLEASE:
	case G_F_GETPIPE_SZ:
	case G_F_GET_SEALS:
		return abi_type_of("none");
	case G_F_SETFD:
		return abi_type_of("fd_flags");
	case G_F_SETFL:
		return abi_type_of("oflags");
	case G_F_ADD_SEALS:
		return abi_type_of("seals");
	case G_F_GETLK:
	case G_F_SETLK:
	case G_F_SETLKW:
	case G_F_OFD_GETLK:
	case G_F_OFD_SETLK:
	case G_F_OFD_SETLKW:
		return abi_type_of("flock");
	case G_F_SETOWN_EX:
	case G_F_GETOWN_EX:
		return abi_type_of("f_owner_ex");
	case G_F_DUPFD:
	case G_F_DUPFD_CLOEXEC:
	case G_F_DUPFD_QUERY:
	case G_F_SETOWN:
	case G_F_SETPIPE_SZ:
		return abi_type_of("i32");
	case G_F_SETSIG:
		return abi_type_of("sig");
	default:
		return abi_type_of("x64");
	}
}

static struct abi_type prctl_type(uint64_t option)
{
	switch ((uint32_t)option) {
	case G_PR_SET_NAME:
		return abi_type_of("str");
	case G_PR_SET_VMA:
		return abi_type_of("vma_attr");
	case G_PR_SET_PDEATHSIG:
		return abi_type_of("sig");
	default:
		return abi_type_of("x64");
	}
}

/* A type that depends on another argument becomes one that does not; "none" is not shown. */
static struct abi_type settle(const struct call *call, struct abi_type type)
{
	const uint64_t *a = call->args;
	unsigned shape = futex_shape(a[1]);

	switch (type.kind) {
	case KIND_OMODE:
		return abi_type_of((a[2] & (G_O_CREAT | G_O_TMPFILE_BIT)) ? "mode" : "none");
	case KIND_FUTEX_TIME:
		if (shape & FUTEX_HAS_TIME)
			return abi_type_of("timespec");
		/* With nothing behind it that is shown, it is not shown either. */
		return abi_type_of(shape & FUTEX_HAS_NUMBER ? "u32" : "none");
	case KIND_FUTEX_ADDR2:
		return abi_type_of(shape & FUTEX_HAS_ADDR2 ? "ptr" : "none");
	case KIND_FUTEX_VAL3:
		return abi_type_of(shape & FUTEX_HAS_VAL3 ? "x32" : "none");
	case KIND_CLONE_STACK:
	case KIND_CLONE_PTID:
	case KIND_CLONE_TLS:
	case KIND_CLONE_CTID:
		return clone_uses(a, type.kind) ? type : abi_type_of("none");
	case KIND_FCNTL_ARG:
		return fcntl_type(a[1]);
	case KIND_PRCTL_ARG2:
		return prctl_type(a[0]);
	default:
		return type;
	}
}

static void show_arg(const struct call *call, const struct abi_arg *arg, struct abi_type type,
		     uint64_t value)
{
	uint64_t n;

	if (type.kind == KIND_FUTEX_OP) {
		show_futex_op(call->out, value);
	} else if (type.kind == KIND_CLONE_FLAGS) {
		show_clone_flags(call->out, call->args);
	} else if (type.kind == KIND_CLONE_PTID) {
		abi_put_str(call->out, "parent_tid=");
		abi_show_data(call->out, call->returned ? call->reader : NULL, abi_type_of("i32p"),
			      value, 1);
	} else if (type.kind == KIND_CLONE_TLS || type.kind == KIND_CLONE_CTID) {
		abi_put_str(call->out, type.kind == KIND_CLONE_TLS ? "tls=" : "child_tidptr=");
		abi_show_number(call->out, abi_type_of("ptr"), value);
	} else if (type.kind != KIND_STRUCT && type.kind <= KIND_NONE) {
		abi_show_number(call->out, type, value);
	} else if (!call->reader || (arg->direction == '>' && !call->returned)) {
		abi_show_number(call->out, abi_type_of("ptr"), value);
	} else {
		n = count_of(call, arg);
		if (type.kind == KIND_IOVEC)
			abi_show_iovec(call->out, call->reader, value, n,
				       arg->direction == '>' ? call->result : UINT64_MAX);
		else if (type.kind == KIND_STRUCT && arg->bytes)
			abi_show_struct_at(call->out, call->reader, type.index, value, n);
		else
			abi_show_data(call->out, call->reader, type, value, n);
	}
}

static void print_unknown(struct abi_out *out, uint64_t nr, const uint64_t *args)
{
	abi_put_str(out, "syscall_");
	abi_put_hex(out, nr);
	abi_put_char(out, '(');
	for (unsigned i = 0; i < ABI_MAX_ARGS; i++) {
		if (i)
			abi_put_str(out, ", ");
		abi_show_number(out, abi_type_of("x64"), args[i]);
	}
	abi_put_char(out, ')');
}

void abi_print_call(struct abi_out *out, uint64_t nr, const uint64_t args[ABI_MAX_ARGS],
		    const uint64_t *result, const struct abi_reader *reader)
{
	const struct abi_syscall *row = syscall_row(nr);
	struct call call = { .out = out, .reader = reader, .args = args };
	struct abi_arg arg;
	const char *spec;
	bool any = false;

	if (!row) {
		print_unknown(out, nr, args);
		return;
	}
	call.spec = row->args;
	if (result && !abi_is_error(*result)) {
		call.returned = true;
		call.result = *result;
	}
	abi_put_str(out, row->name);
	abi_put_char(out, '(');
	spec = row->args;
	for (unsigned i = 0; i < ABI_MAX_ARGS && abi_next_arg(&spec, &arg) == 1; i++) {
		struct abi_type type = settle(&call, abi_type_find(arg.type, arg.type_len));

		if (type.kind == KIND_NONE)
			continue;
		if (any)
			abi_put_str(out, ", ");
		any = true;
		show_arg(&call, &arg, type, args[i]);
	}
	abi_put_char(out, ')');
}

static void print_error(struct abi_out *out, unsigned error)
{
	const char *name = abi_errno_name(error);

	abi_put_str(out, "-1 ");
	if (name) {
		abi_put_str(out, name);
		abi_put_str(out, " (");
		abi_put_str(out, abi_errno_text(error));
	} else {
		abi_put_str(out, "(errno ");
		abi_put_u64(out, error);
	}
	abi_put_char(out, ')');
}

static void print_poll_count(struct abi_out *out, const uint64_t *args, uint64_t count,
			     const struct abi_reader *reader)
{
	const struct abi_type type = abi_type_of("pollfd_ready");
	uint64_t shown = 0;
	struct g_pollfd p;

	abi_put_i64(out, (int64_t)count);
	if (!count)
		abi_put_str(out, " (Timeout)");
	if (!count || !args || !reader)
		return;
	for (uint64_t i = 0; i < (uint32_t)args[1] && shown < count; i++) {
		if (shown == ABI_MAX_READY ||
		    reader->load(reader->context, args[0] + i * sizeof(p), &p, sizeof(p)) != 0)
			break;
		if (!p.revents)
			continue;
		abi_put_str(out, shown++ ? ", " : " ([");
		abi_show_struct(out, type.index, (const uint8_t *)&p);
	}
	if (shown)
		abi_put_str(out, shown < count ? ", ...])" : "])");
}

static void print_fcntl_result(struct abi_out *out, const uint64_t *args, uint64_t result)
{
	const char *set = NULL;

	if (args && (uint32_t)args[1] == G_F_GETFL)
		set = "oflags";
	else if (args && (uint32_t)args[1] == G_F_GETFD && result)
		set = "fd_flags";
	if (!set) {
		abi_put_i64(out, (int64_t)result);
		return;
	}
	abi_put_hex(out, result);
	abi_put_str(out, " (flags ");
	abi_print_flags(out, set, result);
	abi_put_char(out, ')');
}

void abi_print_result(struct abi_out *out, uint64_t nr, const uint64_t *args, uint64_t result,
		      const struct abi_reader *reader)
{
	const struct abi_syscall *row = syscall_row(nr);
	struct abi_type type = { KIND_I64, 0 };
	struct abi_arg arg;

	abi_put_str(out, " = ");
	if (row) {
		const char *spec = row->args;

		while (abi_next_arg(&spec, &arg) == 1)
			;
		if (arg.type)
			type = abi_type_find(arg.type, arg.type_len);
	}
	if (type.kind == KIND_NONE)
		abi_put_char(out, '?');
	else if (abi_is_error(result))
		print_error(out, (unsigned)(0 - result));
	else if (type.kind == KIND_PTR)
		abi_put_hex(out, result);
	else if (type.kind == KIND_POLL_COUNT)
		print_poll_count(out, args, result, reader);
	else if (type.kind == KIND_SELECT_COUNT)
		print_poll_count(out, NULL, result, NULL);
	else if (type.kind == KIND_FCNTL_RESULT)
		print_fcntl_result(out, args, result);
	else
		abi_show_number(out, type, result);
}
