/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The JSON summary of a run. */
#include "cli/summary.h"

#include <inttypes.h>
#include <string.h>

#include "abi/calls.h"
#include "cli/json.h"

#define SUMMARY_SCHEMA "tollgate-summary-1"

static const char *stop_name(uint32_t stop)
{
	switch ((enum tg_stop)stop) {
	case TG_STOP_EXITED:
		return "exited";
	case TG_STOP_KILLED:
		return "killed";
	case TG_STOP_DEADLOCK:
		return "deadlock";
	case TG_STOP_IDLE:
		return "idle";
	case TG_STOP_REFUSED:
		return "refused";
	case TG_STOP_INSN_LIMIT:
		return "insn-limit";
	case TG_STOP_MEMORY_LIMIT:
		return "memory-limit";
	case TG_STOP_ARENA_LIMIT:
		return "arena-limit";
	case TG_STOP_HOST:
		return "host-error";
	case TG_RUN:
		break;
	}
	return "unknown";
}

static void write_counts(struct json *j, const char *key, const uint64_t counts[VM_CALL_NUMBERS])
{
	json_open(j, key, '{');
	for (uint64_t nr = 0; nr < VM_CALL_NUMBERS; nr++) {
		const struct abi_syscall *row = syscall_row(nr);

		if (row && counts[nr])
			json_u64(j, row->name, counts[nr]);
	}
	json_close(j, '}');
}

static void write_unknown(struct json *j, const struct vm_summary *s)
{
	json_open(j, "unknown", '{');
	for (uint32_t i = 0; i < s->unknown_count; i++) {
		char number[24];

		snprintf(number, sizeof number, "%" PRIu64, s->unknown[i].number);
		json_u64(j, number, s->unknown[i].count);
	}
	if (s->unknown_more)
		json_u64(j, "more", s->unknown_more);
	json_close(j, '}');
}

static void write_members(struct json *j, const struct vm_summary *s, const struct run_options *o, const char *program_guest)
{
	char seed[65];

	for (unsigned i = 0; i < 32; i++)
		snprintf(seed + 2 * i, 3, "%02x", o->vm.kernel.entropy_seed[i]);
	json_string(j, "schema", SUMMARY_SCHEMA);
	json_u64(j, "semantics", TG_SEMANTICS);
	json_string(j, "program", program_guest);
	json_string(j, "program_sha256", s->program_sha256[0] ? s->program_sha256 : NULL);
	json_open(j, "argv", '[');
	json_string(j, NULL, o->argv0 ? o->argv0 : program_guest);
	for (char **arg = o->program + 1; *arg; arg++)
		json_string(j, NULL, *arg);
	json_close(j, ']');
	json_string(j, "entropy_seed", seed);
	json_string(j, "stop", stop_name(s->stop));
	if (s->stop == TG_STOP_EXITED)
		json_i64(j, "exit_code", s->status);
	else
		json_string(j, "exit_code", NULL);
	if (s->stop == TG_STOP_KILLED)
		json_i64(j, "signal", s->status);
	else
		json_string(j, "signal", NULL);
	json_u64(j, "retired", s->retired);
	json_u64(j, "cost", s->cost);
	json_u64(j, "virtual_ns", s->virtual_ns);
	json_string(j, "state_digest", s->state_digest);
	write_counts(j, "syscalls", s->calls);
	write_counts(j, "refused", s->refused);
	write_unknown(j, s);
	json_u64(j, "threads", s->threads);
	json_u64(j, "preemptions", s->preemptions);
	json_u64(j, "switches", s->switches);
	json_u64(j, "signals", s->signals);
	json_u64(j, "entropy_bytes", s->entropy_bytes);
	json_u64(j, "peak_memory_bytes", s->peak_memory_bytes);
	json_string(j, "engine", s->engine);
}

int summary_write(const struct vm_summary *s, const struct run_options *o, const char *program_guest)
{
	struct json j = { .out = strcmp(o->summary, "-") == 0 ? stderr : fopen(o->summary, "we") };
	int bad;

	if (!j.out)
		return -1;
	json_open(&j, NULL, '{');
	write_members(&j, s, o, program_guest);
	json_close(&j, '}');
	bad = ferror(j.out) | (fflush(j.out) != 0);
	if (j.out != stderr)
		bad |= fclose(j.out) != 0;
	return bad ? -1 : 0;
}
