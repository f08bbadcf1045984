/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What stands behind the pointers of a call, as text. Every byte comes through the reader.
 * Refuses to know: which call it was.
 */
#include "abi/types.h"

#include "abi/abi.h"

enum { CHUNK = 64, DEFAULT_STRING = 32, DEFAULT_ITEMS = 32 };

static bool load(const struct abi_reader *r, uint64_t addr, void *dst, uint64_t n)
{
	return r && r->load(r->context, addr, dst, n) == 0;
}

static uint64_t max_string(const struct abi_reader *r)
{
	return r->max_string ? r->max_string : DEFAULT_STRING;
}

static uint64_t max_items(const struct abi_reader *r)
{
	return r->max_items ? r->max_items : DEFAULT_ITEMS;
}

static void show_address(struct abi_out *out, uint64_t addr)
{
	abi_show_number(out, (struct abi_type){ KIND_PTR, 0 }, addr);
}

/* A piece that stays inside one page, so that a string may end right before unreadable memory. */
static uint64_t piece(uint64_t addr, uint64_t left)
{
	uint64_t n = G_PAGE_SIZE - addr % G_PAGE_SIZE;

	if (n > CHUNK)
		n = CHUNK;
	return n < left ? n : left;
}

/* True if n bytes can be read, which are then shown without quotes. */
static bool show_range(struct abi_out *out, const struct abi_reader *r, uint64_t addr, uint64_t n)
{
	uint8_t bytes[CHUNK + 1];
	uint64_t done, len;

	for (done = 0; done < n; done += len) {
		len = piece(addr + done, n - done);
		if (!load(r, addr + done, bytes, len))
			return false;
	}
	abi_put_char(out, '"');
	for (done = 0; done < n; done += len) {
		len = piece(addr + done, n - done);
		if (!load(r, addr + done, bytes, len))
			break;
		abi_show_bytes(out, bytes, len);
	}
	abi_put_char(out, '"');
	return true;
}

static void show_buffer(struct abi_out *out, const struct abi_reader *r, uint64_t addr, uint64_t n)
{
	uint64_t limit, shown;

	if (!addr || !r) {
		show_address(out, addr);
		return;
	}
	limit = max_string(r);
	shown = n < limit ? n : limit;
	if (!show_range(out, r, addr, shown))
		show_address(out, addr);
	else if (shown < n)
		abi_put_str(out, "...");
}

static void show_string(struct abi_out *out, const struct abi_reader *r, uint64_t addr,
			uint64_t limit)
{
	uint8_t bytes[CHUNK];
	uint64_t n = 0;
	bool ended = false;

	while (addr && n <= limit && !ended) {
		uint64_t len = piece(addr + n, limit + 1 - n);

		if (!len || !load(r, addr + n, bytes, len)) {
			show_address(out, addr);
			return;
		}
		for (uint64_t i = 0; i < len && !ended; i++) {
			ended = !bytes[i];
			n += !ended;
		}
	}
	if (!addr || !show_range(out, r, addr, n < limit ? n : limit)) {
		show_address(out, addr);
		return;
	}
	if (!ended)
		abi_put_str(out, "...");
}

static void show_argv(struct abi_out *out, const struct abi_reader *r, uint64_t addr)
{
	uint64_t item;

	if (!addr || !load(r, addr, &item, 8)) {
		show_address(out, addr);
		return;
	}
	abi_put_char(out, '[');
	for (uint64_t i = 0; load(r, addr + 8 * i, &item, 8) && item; i++) {
		if (i)
			abi_put_str(out, ", ");
		if (i == max_items(r)) {
			abi_put_str(out, "...");
			break;
		}
		show_string(out, r, item, max_string(r));
	}
	abi_put_char(out, ']');
}

void abi_show_iovec(struct abi_out *out, const struct abi_reader *r, uint64_t addr, uint64_t n,
		    uint64_t total)
{
	struct g_iovec v;

	if (!addr || (n && !load(r, addr, &v, sizeof(v)))) {
		show_address(out, addr);
		return;
	}
	abi_put_char(out, '[');
	for (uint64_t i = 0; i < n; i++) {
		if (i)
			abi_put_str(out, ", ");
		if (i == max_items(r) || !load(r, addr + i * sizeof(v), &v, sizeof(v))) {
			abi_put_str(out, "...");
			break;
		}
		abi_put_str(out, "{iov_base=");
		show_buffer(out, r, v.base, v.len < total ? v.len : total);
		total -= v.len < total ? v.len : total;
		abi_put_str(out, ", iov_len=");
		abi_put_u64(out, v.len);
		abi_put_char(out, '}');
	}
	abi_put_char(out, ']');
}

static void show_structs(struct abi_out *out, const struct abi_reader *r, unsigned index,
			 uint64_t addr, uint64_t n)
{
	uint8_t bytes[ABI_LARGEST_STRUCT] = { 0 };
	uint64_t size = abi_struct_size(index);

	if (!addr || (n && !load(r, addr, bytes, size))) {
		show_address(out, addr);
		return;
	}
	abi_put_char(out, '[');
	for (uint64_t i = 0; i < n; i++) {
		if (i)
			abi_put_str(out, ", ");
		if (i == max_items(r) || !load(r, addr + i * size, bytes, size)) {
			abi_put_str(out, "...");
			break;
		}
		abi_show_struct(out, index, bytes);
	}
	abi_put_char(out, ']');
}

/* Numbers of 4 or 8 bytes: [1, 2]. */
static void show_numbers(struct abi_out *out, const struct abi_reader *r, struct abi_type item,
			 unsigned size, uint64_t addr, uint64_t n)
{
	uint64_t value = 0;

	if (!addr || (n && !load(r, addr, &value, size))) {
		show_address(out, addr);
		return;
	}
	abi_put_char(out, '[');
	for (uint64_t i = 0; i < n; i++) {
		if (i)
			abi_put_str(out, ", ");
		value = 0;
		if (i == max_items(r) || !load(r, addr + i * size, &value, size)) {
			abi_put_str(out, "...");
			break;
		}
		abi_show_number(out, item, value);
	}
	abi_put_char(out, ']');
}

/* Sets of processors and descriptors: [0 3 5]. n: bytes. */
static void show_bits(struct abi_out *out, const struct abi_reader *r, uint64_t addr, uint64_t n)
{
	bool any = false;
	uint8_t byte;

	if (!addr || (n && !load(r, addr, &byte, 1))) {
		show_address(out, addr);
		return;
	}
	if (n > G_FD_SETSIZE / 8)
		n = G_FD_SETSIZE / 8;
	abi_put_char(out, '[');
	for (uint64_t i = 0; i < n && load(r, addr + i, &byte, 1); i++) {
		for (unsigned b = 0; b < 8; b++) {
			if (!(byte >> b & 1))
				continue;
			if (any)
				abi_put_char(out, ' ');
			any = true;
			abi_put_u64(out, i * 8 + b);
		}
	}
	abi_put_char(out, ']');
}

static void show_dirents(struct abi_out *out, const struct abi_reader *r, uint64_t addr, uint64_t n)
{
	struct g_dirent64 d;
	uint64_t at = 0, count = 0;

	show_address(out, addr);
	while (at + offsetof(struct g_dirent64, name) < n &&
	       load(r, addr + at, &d, offsetof(struct g_dirent64, name)) && d.reclen) {
		at += d.reclen;
		count++;
	}
	abi_put_str(out, " /* ");
	abi_put_u64(out, count);
	abi_put_str(out, count == 1 ? " entry */" : " entries */");
}

static void show_inet(struct abi_out *out, const uint8_t *a)
{
	for (unsigned i = 0; i < 4; i++) {
		if (i)
			abi_put_char(out, '.');
		abi_put_u64(out, a[i]);
	}
}

static void show_sockaddr(struct abi_out *out, const struct abi_reader *r, uint64_t addr,
			  uint64_t n)
{
	uint8_t b[sizeof(struct g_sockaddr_un)] = { 0 };
	unsigned family;

	if (n > sizeof(b))
		n = sizeof(b);
	if (!addr || n < 2 || !load(r, addr, b, n)) {
		show_address(out, addr);
		return;
	}
	family = b[0] | b[1] << 8;
	abi_put_str(out, "{sa_family=");
	abi_print_flags(out, "sock_domain", family);
	if (family == G_AF_UNIX && n > 2) {
		bool hidden = !b[2]; /* an abstract name: @ and all bytes */
		uint64_t end = 2 + hidden;

		while (end < n && (hidden || b[end]))
			end++;
		abi_put_str(out, hidden ? ", sun_path=@\"" : ", sun_path=\"");
		abi_show_bytes(out, b + 2 + hidden, end - 2 - hidden);
		abi_put_char(out, '"');
	} else if (family == G_AF_INET && n >= sizeof(struct g_sockaddr_in)) {
		abi_put_str(out, ", sin_port=htons(");
		abi_put_u64(out, (unsigned)b[2] << 8 | b[3]);
		abi_put_str(out, "), sin_addr=inet_addr(\"");
		show_inet(out, b + 4);
		abi_put_str(out, "\")");
	} else if (family == G_AF_INET6 && n >= sizeof(struct g_sockaddr_in6)) {
		abi_put_str(out, ", sin6_port=htons(");
		abi_put_u64(out, (unsigned)b[2] << 8 | b[3]);
		abi_put_str(out, "), sin6_addr=\"");
		abi_show_bytes(out, b + 8, 16);
		abi_put_char(out, '"');
	} else if (n > 2) {
		abi_put_str(out, ", sa_data=\"");
		abi_show_bytes(out, b + 2, n - 2);
		abi_put_char(out, '"');
	}
	abi_put_char(out, '}');
}

/* Codes of a fault are named by its signal; 0, negative ones and SI_KERNEL by sender. */
static void show_si_code(struct abi_out *out, const struct g_siginfo *si)
{
	static const struct {
		uint8_t signo;
		const char *set;
	} sets[] = {
		{ G_SIGILL, "sigill_code" },   { G_SIGFPE, "sigfpe_code" },
		{ G_SIGSEGV, "sigsegv_code" }, { G_SIGBUS, "sigbus_code" },
		{ G_SIGTRAP, "sigtrap_code" }, { G_SIGCHLD, "sigchld_code" },
	};
	const char *set = "si_code";

	for (unsigned i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		if (sets[i].signo == si->signo && si->code > 0 && si->code < G_SI_KERNEL)
			set = sets[i].set;
	}
	abi_print_flags(out, set, (uint32_t)si->code);
}

void abi_print_siginfo(struct abi_out *out, const struct g_siginfo *si)
{
	abi_put_str(out, "{si_signo=");
	abi_print_signal(out, (uint32_t)si->signo);
	abi_put_str(out, ", si_code=");
	show_si_code(out, si);
	if (si->code == G_SI_TIMER) {
		abi_put_str(out, ", si_timerid=");
		abi_put_i64(out, si->timer.id);
		abi_put_str(out, ", si_overrun=");
		abi_put_i64(out, si->timer.overrun);
	} else if (si->code <= 0) {
		abi_put_str(out, ", si_pid=");
		abi_put_i64(out, si->rt.pid);
		abi_put_str(out, ", si_uid=");
		abi_put_u64(out, si->rt.uid);
	} else if (si->code != G_SI_KERNEL) {
		abi_put_str(out, ", si_addr=");
		show_address(out, si->fault.addr);
	}
	abi_put_char(out, '}');
}

static void show_siginfo(struct abi_out *out, const struct abi_reader *r, uint64_t addr)
{
	struct g_siginfo si;

	if (!addr || !load(r, addr, &si, sizeof(si)))
		show_address(out, addr);
	else
		abi_print_siginfo(out, &si);
}

static void show_sigset_at(struct abi_out *out, const struct abi_reader *r, uint64_t addr,
			   uint64_t n)
{
	uint64_t set;

	if (!addr || n != G_SIGSET_SIZE || !load(r, addr, &set, sizeof(set)))
		show_address(out, addr);
	else
		abi_show_sigset(out, set);
}

static void show_sigmask_arg(struct abi_out *out, const struct abi_reader *r, uint64_t addr)
{
	struct g_sigset_argpack pack;

	if (!addr || !load(r, addr, &pack, sizeof(pack))) {
		show_address(out, addr);
		return;
	}
	abi_put_str(out, "{sigmask=");
	show_sigset_at(out, r, pack.set, pack.size);
	abi_put_str(out, ", sigsetsize=");
	abi_put_u64(out, pack.size);
	abi_put_char(out, '}');
}

void abi_show_struct_at(struct abi_out *out, const struct abi_reader *r, unsigned index,
			uint64_t addr, uint64_t n)
{
	uint8_t bytes[ABI_LARGEST_STRUCT] = { 0 };
	uint64_t size = abi_struct_size(index);

	if (!addr || !load(r, addr, bytes, n < size ? n : size))
		show_address(out, addr);
	else
		abi_show_struct(out, index, bytes);
}

void abi_show_data(struct abi_out *out, const struct abi_reader *r, struct abi_type type,
		   uint64_t addr, uint64_t n)
{
	const struct abi_type i32 = { KIND_I32, 0 }, u32 = { KIND_U32, 0 };
	const struct abi_type u64 = { KIND_U64, 0 }, x64 = { KIND_X64, 0 };

	if (!r) {
		show_address(out, addr);
		return;
	}
	switch (type.kind) {
	case KIND_STR:
		show_string(out, r, addr, max_string(r));
		return;
	case KIND_PATH:
		show_string(out, r, addr, G_PATH_MAX);
		return;
	case KIND_ARGV:
		show_argv(out, r, addr);
		return;
	case KIND_BUF:
		show_buffer(out, r, addr, n);
		return;
	case KIND_SIGSET:
		show_sigset_at(out, r, addr, n);
		return;
	case KIND_SIGMASK_ARG:
		show_sigmask_arg(out, r, addr);
		return;
	case KIND_FDSET:
		n = n / 64 * 8 + (n % 64 ? 8 : 0);
		/* fall through */
	case KIND_BITS:
		show_bits(out, r, addr, n);
		return;
	case KIND_FDPAIR:
		show_numbers(out, r, i32, 4, addr, 2);
		return;
	case KIND_I32P:
		show_numbers(out, r, i32, 4, addr, n == (uint64_t)ABI_COUNT_UNKNOWN ? 1 : n);
		return;
	case KIND_U32P:
		show_numbers(out, r, u32, 4, addr, n == (uint64_t)ABI_COUNT_UNKNOWN ? 1 : n);
		return;
	case KIND_U64P:
		show_numbers(out, r, u64, 8, addr, n == (uint64_t)ABI_COUNT_UNKNOWN ? 1 : n);
		return;
	case KIND_X64P:
		show_numbers(out, r, x64, 8, addr, n == (uint64_t)ABI_COUNT_UNKNOWN ? 1 : n);
		return;
	case KIND_UTIMES:
		show_structs(out, r, abi_type_of("timespec").index, addr, 2);
		return;
	case KIND_DIRENTS:
		show_dirents(out, r, addr, n);
		return;
	case KIND_SOCKADDR:
		show_sockaddr(out, r, addr, n);
		return;
	case KIND_SIGINFO:
		show_siginfo(out, r, addr);
		return;
	case KIND_STRUCT:
		if (n == (uint64_t)ABI_COUNT_UNKNOWN)
			abi_show_struct_at(out, r, type.index, addr, ABI_LARGEST_STRUCT);
		else
			show_structs(out, r, type.index, addr, n);
		return;
	default:
		show_address(out, addr);
		return;
	}
}
