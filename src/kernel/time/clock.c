/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Virtual time: retired instructions times a ratio, plus what was skipped because nobody could run.
 * 64-bit arithmetic with remainder, so that no count overflows before its result does.
 */
#include "kernel/time/clock.h"

/* floor or ceiling of value * num / den; num, den below 2^32 and not 0. */
static uint64_t scale(uint64_t value, uint32_t num, uint32_t den, bool up)
{
	uint64_t whole = value / den, rest = value % den * num;

	if (whole > (NEVER - UINT32_MAX) / num)
		return NEVER;
	return whole * num + rest / den + (up && rest % den != 0);
}

uint64_t clock_ns_of(const struct kernel *k, uint64_t insns)
{
	return scale(insns, k->options.ns_per_insn_num, k->options.ns_per_insn_den, false);
}

uint64_t clock_insns_for(const struct kernel *k, uint64_t ns)
{
	return scale(ns, k->options.ns_per_insn_den, k->options.ns_per_insn_num, true);
}

uint64_t clock_count_at(const struct kernel *k, uint64_t ns)
{
	if (ns == NEVER)
		return NEVER;
	return ns <= k->root->idle_ns ? 0 : clock_insns_for(k, ns - k->root->idle_ns);
}

uint64_t clock_retired(const struct kernel *k)
{
	return k->machine->retired(k->machine_ctx);
}

uint64_t kernel_time(struct kernel *k, uint64_t retired)
{
	return clock_ns_of(k, retired) + k->root->idle_ns;
}

uint64_t clock_now(struct kernel *k)
{
	return kernel_time(k, clock_retired(k));
}

uint64_t kernel_now_ns(struct kernel *k)
{
	return clock_now(k);
}

uint64_t clock_realtime(struct kernel *k)
{
	return k->options.clock_epoch_ns + clock_now(k);
}

uint64_t clock_thread_insns(const struct kernel *k, const struct thread *t)
{
	return t->retired + (t == k->current ? clock_retired(k) - k->root->switched_at : 0);
}

uint64_t clock_process_insns(const struct kernel *k, const struct process *p)
{
	return p->retired +
	       (k->current && p == k->process ? clock_retired(k) - k->root->switched_at : 0);
}

uint64_t clock_thread_ns(struct kernel *k, const struct thread *t)
{
	return clock_ns_of(k, clock_thread_insns(k, t));
}

uint64_t clock_process_ns(struct kernel *k, const struct process *p)
{
	return clock_ns_of(k, clock_process_insns(k, p));
}
