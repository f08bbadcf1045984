/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Who runs, and until which count. Every decision is a function of the retired count and the arena:
 * the run queue, the timers, the quantum's end. No host time, no host thread.
 */
#include "kernel/sched.h"

#include "kernel/time/clock.h"
#include "kernel/signal/signal.h"
#include "kernel/thread/thread.h"
#include "kernel/time/timer.h"

/* ---- the run queue ---- */

void sched_ready(struct kernel *k, struct thread *t)
{
	struct root *root = k->root;

	t->state = THREAD_READY;
	/* The quantum begins to count when somebody else wants the hart; until then it leaves no
	 * trace. */
	if (!root->run_queue.head && k->current && k->current != t)
		root->quantum_end = clock_retired(k) + k->options.quantum;
	LIST_APPEND(k, &root->run_queue, thread_ref(k, t), thread, run_next, run_prev);
}

void sched_forget(struct kernel *k, struct thread *t)
{
	if (t->state != THREAD_READY)
		return;
	LIST_REMOVE(k, &k->root->run_queue, thread_ref(k, t), thread, run_next, run_prev);
	if (!k->root->run_queue.head)
		k->root->quantum_end = 0;
}

void sched_yield_after_call(struct kernel *k)
{
	k->yield = 1;
}

void sched_quantum_restart(struct kernel *k)
{
	if (k->root->quantum_end)
		k->root->quantum_end = clock_retired(k) + k->options.quantum;
}

void sched_progress(struct kernel *k)
{
	k->root->idle_since_ns = clock_now(k);
	k->root->idle_base_ns = k->root->idle_ns;
	k->root->idle_skips = 0;
}

void sched_release(struct kernel *k)
{
	struct thread *t = k->current;
	uint64_t now = clock_retired(k);

	t->retired += now - k->root->switched_at;
	k->process->retired += now - k->root->switched_at;
	k->machine->save(k->machine_ctx, &t->regs);
	k->current = NULL;
	k->root->current = 0;
	k->root->quantum_end = 0;
	k->root->switched_at = now;
	k->yield = 0;
}

static void switch_in(struct kernel *k, struct thread *t)
{
	struct root *root = k->root;
	ref r = thread_ref(k, t);

	LIST_REMOVE(k, &root->run_queue, r, thread, run_next, run_prev);
	t->state = THREAD_RUNNING;
	k->current = t;
	k->process = AT(k, process, t->process);
	root->current = r;
	root->switched_at = clock_retired(k);
	root->quantum_end = root->run_queue.head ? root->switched_at + k->options.quantum : 0;
	k->machine->space_switch(k->machine_ctx, k->process->space);
	k->machine->restore(k->machine_ctx, &t->regs);
	kernel_event(k, &(struct tg_event){.kind = TG_EVENT_SWITCH, .tid = t->tid});
	if (t->in_call)
		dispatch_resume(k);
}

static void give_up_hart(struct kernel *k, struct thread *t)
{
	sched_release(k);
	sched_ready(k, t);
}

/* ---- boundaries ---- */

static uint64_t min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Where the slice of the current thread ends: the count may lie in the past. */
static uint64_t slice_end(struct kernel *k)
{
	uint64_t end = clock_count_at(k, timer_next(k, NULL));

	if (k->root->quantum_end)
		end = min(end, k->root->quantum_end);
	return min(end, cpu_timer_count(k));
}

static bool signals_due(const struct kernel *k)
{
	const struct thread *t = k->current;

	return ((t->signals.pending | k->process->signals.pending) & ~t->sigmask) ||
	       k->process->fatal_signal || t->restore_sigmask;
}

/* The slice has ended: what is due happens, in this order. */
static void boundary(struct kernel *k)
{
	struct thread *t = k->current;

	timer_expire(k, clock_now(k));
	cpu_timer_expire(k);
	if (k->root->quantum_end && clock_retired(k) >= k->root->quantum_end) {
		kernel_event(k, &(struct tg_event){.kind = TG_EVENT_PREEMPT, .tid = t->tid});
		give_up_hart(k, t);
	}
}

/*
 * Has the program done nothing but wait for longer than the limit? Work is what was retired
 * meanwhile: less than a hundredth of the time is a runtime's housekeeping. A few long sleeps are
 * no idling.
 */
static bool idles(struct kernel *k, uint64_t now)
{
	struct root *root = k->root;
	uint64_t elapsed = now - root->idle_since_ns, skipped = root->idle_ns - root->idle_base_ns;

	if (elapsed < k->options.virtual_limit_ns || root->idle_skips < LIMIT_IDLE_SKIPS)
		return false;
	if (elapsed - skipped <= elapsed / 100)
		return true;
	sched_progress(k);
	return false;
}

/*
 * Nobody can run: time jumps from deadline to deadline until somebody can. An interval timer that
 * has fired to no effect is not waited for again, since nothing can have changed (its next expiry
 * is armed with a younger sequence number).
 */
static void idle(struct kernel *k)
{
	struct root *root = k->root;
	uint64_t youngest = root->next_sequence;

	while (!root->run_queue.head && k->stop == TG_RUN) {
		uint64_t deadline = timer_next_armed_before(k, youngest), now = clock_now(k);

		if (timer_next(k, NULL) == NEVER) {
			kernel_stop(k, TG_STOP_DEADLOCK, 0);
			return;
		}
		if (deadline == NEVER || idles(k, now)) {
			kernel_stop(k, TG_STOP_IDLE, 0);
			return;
		}
		if (deadline > now) {
			root->idle_ns += deadline - now;
			root->idle_skips++;
		}
		timer_expire(k, clock_now(k));
	}
}

static struct tg_run stopped(const struct kernel *k)
{
	return (struct tg_run){.stop = k->stop, .status = k->status};
}

struct tg_run sched_leave(struct kernel *k)
{
	while (k->stop == TG_RUN) {
		struct thread *t = k->current;
		uint64_t now = clock_retired(k), end;

		if (now >= k->options.insn_limit) {
			kernel_stop(k, TG_STOP_INSN_LIMIT, 0);
			break;
		}
		if (!t) {
			idle(k);
			if (k->stop == TG_RUN)
				switch_in(k, AT(k, thread, k->root->run_queue.head));
			continue;
		}
		end = slice_end(k);
		if (end <= now) {
			/* A reservation may run on to its SC: small quanta would else keep a
			 * compare-and-swap loop from ever succeeding. */
			if (now - end < LIMIT_RESERVATION_EXTENSION &&
			    k->machine->reserved(k->machine_ctx))
				return (struct tg_run){.stop = TG_RUN, .until = now + 1};
			boundary(k);
			if (k->current != t)
				continue;
		}
		if (k->yield) {
			k->yield = 0;
			if (k->root->run_queue.head) {
				give_up_hart(k, t);
				continue;
			}
		}
		if (signals_due(k)) {
			signal_deliver(k, false, 0);
			if (k->current != t || k->stop != TG_RUN)
				continue;
		}
		end = slice_end(k);
		if (end > now)
			return (struct tg_run){.stop = TG_RUN,
					       .until = min(end, k->options.insn_limit)};
	}
	return stopped(k);
}

struct tg_run kernel_start(struct kernel *k)
{
	if (!k->root->current)
		k->current = NULL; /* it was set for the loading of the program only */
	return sched_leave(k);
}

struct tg_run kernel_on_slice_end(struct kernel *k)
{
	return sched_leave(k);
}
