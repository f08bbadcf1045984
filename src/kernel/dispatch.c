/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * From a trap to a handler and back: the number's row, its tier, the call's record in the thread,
 * its result. The only place that branches on a system-call number, and it does so by the table.
 */
#include "kernel/kernel.h"

#include <string.h>

#include "kernel/memory/memory.h"
#include "kernel/sched.h"
#include "kernel/signal/signal.h"
#include "kernel/thread/thread.h"

#define PRECOMPILE_FIRST \
	0x10000000u /* numbers from here on are precompiles, a class of their own */

static call_handler *const handlers[G_NR_LIMIT] = {
#define HANDLER_FULL(nr, name)    [nr] = sys_##name,
#define HANDLER_PARTIAL(nr, name) [nr] = sys_##name,
#define HANDLER_REFUSED(nr, name)
#define HANDLER_UNSUPPORTED(nr, name)
#define SYSCALL(nr, name, args, family, tier, support, oracle, note) HANDLER_##support(nr, name)
#include "abi/syscall.def"
#undef HANDLER_FULL
#undef HANDLER_PARTIAL
#undef HANDLER_REFUSED
#undef HANDLER_UNSUPPORTED
};

static void tell_call(struct kernel *k, const struct thread *t, uint64_t nr)
{
	struct tg_event event = {.kind = TG_EVENT_CALL, .tid = t->tid, .nr = nr};

	memcpy(event.args, t->args, sizeof(event.args));
	kernel_event(k, &event);
}

static void tell_return(struct kernel *k, uint32_t tid, uint64_t nr, int64_t result,
			uint32_t outcome, uint32_t resumed)
{
	kernel_event(k, &(struct tg_event){.kind = TG_EVENT_RETURN,
					   .tid = tid,
					   .nr = nr,
					   .result = result,
					   .outcome = outcome,
					   .resumed = resumed});
}

/* May the call be made at all? Its handler, or NULL with the result and outcome that it gets
 * instead. */
static call_handler *admit(struct kernel *k, uint64_t nr, const uint64_t args[6], int64_t *result,
			   uint32_t *outcome)
{
	const struct abi_syscall *row = nr < PRECOMPILE_FIRST ? syscall_row(nr) : NULL;
	enum abi_tier tier;
	uint64_t peek[2];
	bool peeked;

	*result = -G_ENOSYS;
	*outcome = TG_OUTCOME_UNKNOWN;
	if (!row || row->support == ABI_UNSUPPORTED)
		return NULL;
	*outcome = TG_OUTCOME_REFUSED;
	if (k->options.tier < TG_TIER_FULL) {
		peeked = row->peek >= 0 && !user_load(k, args[row->peek], peek, sizeof(peek));
		tier = syscall_tier(nr, args, peeked ? peek : NULL);
		if (tier != ABI_TIER_NONE && (uint32_t)tier + TG_TIER_BASIC > k->options.tier)
			return NULL;
	}
	if (row->support == ABI_REFUSED) {
		*result = -(int64_t)row->refusal;
		return NULL;
	}
	return handlers[nr];
}

/* The call is over: what it held goes, its result is set, and signals see how it ended. */
static void finish(struct kernel *k, struct thread *t, uint64_t nr, int64_t result,
		   uint32_t outcome)
{
	uint32_t resumed = t->wait.resuming;
	bool restarts = result <= -K_ERESTARTSYS && result >= -K_ERESTARTNOHAND;

	wait_call_over(k, t);
	t->in_call = 0;
	tell_return(k, t->tid, nr, result, outcome, resumed);
	if (!restarts) {
		k->machine->set_reg(k->machine_ctx, TG_REG_A0, (uint64_t)result);
		k->machine->set_reg(k->machine_ctx, TG_REG_PC,
				    k->machine->reg(k->machine_ctx, TG_REG_PC) + 4);
	}
	/* A restart leaves pc at the ecall and a0 as the call found it: it runs again, after a
	 * handler or at once. */
	signal_deliver(k, true, result);
}

/* Calls the handler and does what its result asks for. */
static void carry_out(struct kernel *k, call_handler *handler, uint64_t nr)
{
	struct thread *t = k->current;
	ref self = k->root->current;
	uint32_t tid = t->tid, resumed = t->wait.resuming;
	uint64_t args[6];
	int64_t result;

	memcpy(args, t->args, sizeof(args));
	result = handler(k, args);
	if (result == CALL_WAIT) {
		t->wait.resuming = 1;
		tell_return(k, tid, nr, 0, TG_OUTCOME_WAIT, resumed);
		sched_release(k);
		return;
	}
	if (result != CALL_NO_RETURN) {
		finish(k, t, nr, result, TG_OUTCOME_DONE);
		return;
	}
	tell_return(k, tid, nr, 0, TG_OUTCOME_NO_RETURN, resumed);
	if (k->root->current != self) /* the thread is gone */
		return;
	wait_call_over(k, t);
	t->in_call = 0;
	if (k->stop == TG_RUN)
		signal_deliver(k, false, 0);
}

struct tg_run kernel_on_ecall(struct kernel *k)
{
	struct thread *t = k->current;
	uint64_t nr = k->machine->reg(k->machine_ctx, TG_REG_A7);
	call_handler *handler;
	uint32_t outcome;
	int64_t result;

	k->machine->clear_reservation(k->machine_ctx);
	for (unsigned i = 0; i < 6; i++)
		t->args[i] = k->machine->reg(k->machine_ctx, TG_REG_A0 + i);
	t->call_a0 = t->args[0];
	t->call_nr = nr < UINT32_MAX ? (uint32_t)nr : UINT32_MAX;
	t->in_call = 1;
	tell_call(k, t, nr);
	handler = admit(k, nr, t->args, &result, &outcome);
	k->root->unanswered = handler || result != -G_ENOSYS ? 0 : k->root->unanswered + 1;
	if (handler)
		carry_out(k, handler, nr);
	else
		finish(k, t, nr, result, outcome);
	/* A runtime that spins on a call it must have would never end, and never say which one it
	 * is. */
	if (k->root->unanswered > LIMIT_UNANSWERED_CALLS)
		kernel_stop(k, TG_STOP_REFUSED, (int32_t)nr);
	return sched_leave(k);
}

void dispatch_resume(struct kernel *k)
{
	struct thread *t = k->current;

	if (t->call_nr < G_NR_LIMIT && handlers[t->call_nr])
		carry_out(k, handlers[t->call_nr], t->call_nr);
	else /* only a forged image has a thread that waits in no call */
		finish(k, t, t->call_nr, -G_ENOSYS, TG_OUTCOME_UNKNOWN);
}

struct tg_run kernel_on_fault(struct kernel *k, uint32_t cause, uint64_t tval)
{
	struct g_siginfo info;

	if (cause == TG_CAUSE_MEMORY_LIMIT) {
		kernel_stop(k, TG_STOP_MEMORY_LIMIT, 0);
	} else if (!memory_fault(k, cause, tval) && k->stop == TG_RUN) {
		struct tg_event event = {.kind = TG_EVENT_FAULT,
					 .tid = k->current->tid,
					 .nr = cause,
					 .args = {tval}};

		kernel_event(k, &event);
		k->machine->clear_reservation(k->machine_ctx);
		memory_fault_signal(k, cause, tval, &info);
		signal_force(k, &info);
		signal_deliver(k, false, 0);
	}
	return sched_leave(k);
}
