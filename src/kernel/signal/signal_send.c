/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Sending signals: pending sets, who is chosen, who is woken. One rule decides for whom a process-directed signal is: the lowest tid
 * that does not block it, looked up anew whenever it matters, so that a change of masks moves the signal along.
 */
#include "kernel/signal/signal_internal.h"

#include <stddef.h>

#include "kernel/wait.h"

static const uint64_t stop_signals =
	G_SIGBIT(G_SIGSTOP) | G_SIGBIT(G_SIGTSTP) | G_SIGBIT(G_SIGTTIN) | G_SIGBIT(G_SIGTTOU);

/* The lowest signal of a set that is not empty. By steps: the builtin is a library call on harts without Zbb. */
static uint32_t lowest_signal(uint64_t set)
{
	uint32_t sig = 1;

	for (uint32_t step = 32; step; step /= 2) {
		if (!(set & ((UINT64_C(1) << step) - 1))) {
			set >>= step;
			sig += step;
		}
	}
	return sig;
}

/* A thread in sigtimedwait takes the signals of its set although they are blocked. */
static uint64_t blocked_now(const struct thread *t)
{
	return t->sigmask & ~t->sigwait_set;
}

static bool action_ignores(const struct g_sigaction *action, uint32_t sig)
{
	if (action->handler == G_SIG_IGN)
		return true;
	return action->handler == G_SIG_DFL && (abi_signal_default(sig) == G_SIG_IGNORE || abi_signal_default(sig) == G_SIG_CONT);
}

static bool action_kills(const struct g_sigaction *action, uint32_t sig)
{
	enum g_sig_default preset = abi_signal_default(sig);

	return action->handler == G_SIG_DFL && (preset == G_SIG_TERM || preset == G_SIG_CORE);
}

struct g_sigaction *signal_action(struct kernel *k, const struct process *p, uint32_t sig)
{
	struct sighand *hand = AT(k, sighand, p->sighand);

	return &hand->actions[(sig - 1) % G_NSIG]; /* callers have checked it; the compiler cannot know */
}

/* The live thread with the lowest tid that does not block sig, or NULL. */
static struct thread *thread_for(struct kernel *k, const struct process *p, uint32_t sig)
{
	for (ref r = p->threads.head; r != 0;) {
		struct thread *t = AT(k, thread, r);

		if (t->state != THREAD_DEAD && !(blocked_now(t) & G_SIGBIT(sig)))
			return t;
		r = t->next;
	}
	return NULL;
}

/* Process-directed signals that are this thread's to take: no thread with a lower tid takes them. */
static uint64_t shared_for(struct kernel *k, const struct thread *t)
{
	const struct process *p = AT(k, process, t->process);
	uint64_t mine = p->signals.pending & ~blocked_now(t);

	for (ref r = p->threads.head; r != 0 && mine != 0;) {
		const struct thread *other = AT(k, thread, r);

		if (other == t)
			break;
		mine &= blocked_now(other);
		r = other->next;
	}
	return mine;
}

bool signal_pending(struct kernel *k, const struct thread *t)
{
	const struct process *p = AT(k, process, t->process);

	if (p->fatal_signal != 0)
		return true;
	return ((t->signals.pending | shared_for(k, t)) & ~t->sigmask & ~t->sigwait_set) != 0;
}

/* ---- queues ---- */

/* Takes a record out of its queue. */
static void forget(struct kernel *k, struct process *p, struct signal_queue *q, ref r)
{
	if (AT(k, signal_info, r)->timer == 0) /* a timer's record was counted when the timer was made */
		p->queued_signals--;
	LIST_REMOVE(k, &q->infos, r, signal_info, next, prev);
	arena_free(&k->arena, r);
}

static void queue_clear(struct kernel *k, struct process *p, struct signal_queue *q, uint64_t which)
{
	for (ref r = (q->pending & which) ? q->infos.head : 0; r != 0;) {
		struct signal_info *info = AT(k, signal_info, r);
		ref next = info->next;

		if (which & G_SIGBIT((uint32_t)info->info.signo)) {
			if (info->timer)
				posix_timer_signal_dropped(k, info->timer);
			forget(k, p, q, r);
		}
		r = next;
	}
	q->pending &= ~which;
}

void signal_flush(struct kernel *k, struct process *p, uint64_t which)
{
	queue_clear(k, p, &p->signals, which);
	for (ref r = p->threads.head; r != 0;) {
		struct thread *t = AT(k, thread, r);

		queue_clear(k, p, &t->signals, which);
		r = t->next;
	}
}

/*
 * Adds to a pending set: standard signals coalesce, real-time ones and those of timer_create queue. Beyond RLIMIT_SIGPENDING a real-time
 * signal is refused if it says more than kill does; others are pending all the same, without a record of who sent them.
 */
static int enqueue(struct kernel *k, struct process *p, struct signal_queue *q, const struct g_siginfo *info, ref timer)
{
	uint32_t sig = (uint32_t)info->signo;
	bool realtime = sig >= G_SIGRTMIN, free_of_limit = timer != 0 || (!realtime && info->code >= 0);
	struct signal_info *record;
	ref r = 0;

	if (!realtime && timer == 0 && (q->pending & G_SIGBIT(sig)))
		return 0;
	if (free_of_limit || p->queued_signals < p->rlimits[G_RLIMIT_SIGPENDING].cur)
		r = NEW(k, signal_info);
	if (r == 0 && realtime && info->code != G_SI_USER)
		return -G_EAGAIN;
	q->pending |= G_SIGBIT(sig);
	if (r == 0)
		return 0;
	record = AT(k, signal_info, r);
	record->info = *info;
	record->timer = timer;
	LIST_APPEND(k, &q->infos, r, signal_info, next, prev);
	if (timer != 0)
		posix_timer_signal_queued(k, timer);
	else
		p->queued_signals++;
	return 0;
}

/* Faults go before everything else, then the lowest number. */
static uint32_t next_signal(uint64_t set)
{
	const uint64_t synchronous = G_SIGBIT(G_SIGSEGV) | G_SIGBIT(G_SIGBUS) | G_SIGBIT(G_SIGILL) | G_SIGBIT(G_SIGTRAP) |
	                             G_SIGBIT(G_SIGFPE) | G_SIGBIT(G_SIGSYS);

	if (set & synchronous)
		set &= synchronous;
	return set ? lowest_signal(set) : 0;
}

static void take(struct kernel *k, struct process *p, struct signal_queue *q, uint32_t sig, struct g_siginfo *out)
{
	bool found = false, more = false;

	*out = siginfo_of((int32_t)sig, G_SI_USER);
	for (ref r = q->infos.head; r != 0;) {
		struct signal_info *record = AT(k, signal_info, r);
		ref next = record->next;

		if ((uint32_t)record->info.signo == sig) {
			if (found) {
				more = true;
				break;
			}
			found = true;
			*out = record->info;
			if (record->timer)
				posix_timer_signal_taken(k, record->timer, out);
			forget(k, p, q, r);
		}
		r = next;
	}
	if (!more)
		q->pending &= ~G_SIGBIT(sig);
}

uint32_t signal_take(struct kernel *k, struct thread *t, uint64_t set, struct g_siginfo *out)
{
	struct process *p = AT(k, process, t->process);
	uint32_t sig = next_signal(t->signals.pending & set);

	if (sig != 0) {
		take(k, p, &t->signals, sig, out);
		return sig;
	}
	sig = next_signal(shared_for(k, t) & set);
	if (sig != 0)
		take(k, p, &p->signals, sig, out);
	return sig;
}

/* ---- sending ---- */

/* SIGCONT and the stop signals cancel each other's pending ones. */
static void cancel_opposites(struct kernel *k, struct process *p, uint32_t sig)
{
	if (stop_signals & G_SIGBIT(sig))
		signal_flush(k, p, G_SIGBIT(G_SIGCONT));
	else if (sig == G_SIGCONT)
		signal_flush(k, p, stop_signals);
}

static void wake_for_signal(struct kernel *k, struct thread *t)
{
	if (t && thread_waits(t))
		wake_thread(k, t, WAKE_SIGNAL);
}

static int send(struct kernel *k, struct process *p, struct thread *directed, const struct g_siginfo *info, ref timer)
{
	uint32_t sig = (uint32_t)info->signo;
	const struct g_sigaction *action = signal_action(k, p, sig);
	struct thread *target = directed ? directed : thread_for(k, p, sig);
	const struct thread *judge = directed ? directed : AT(k, thread, p->threads.head);
	int err;

	cancel_opposites(k, p, sig);
	/* A blocked signal is kept even if it is ignored now: the action may change, or sigwait may take it. */
	if (action_ignores(action, sig) && !(judge->sigmask & G_SIGBIT(sig)))
		return 0;
	err = enqueue(k, p, directed ? &directed->signals : &p->signals, info, timer);
	if (err != 0)
		return err;
	if (target && !(blocked_now(target) & G_SIGBIT(sig))) {
		if (action_kills(action, sig) && !(target->sigwait_set & G_SIGBIT(sig)) && p->fatal_signal == 0)
			p->fatal_signal = sig;
		wake_for_signal(k, target);
	}
	return 0;
}

int signal_send_thread(struct kernel *k, struct thread *t, const struct g_siginfo *info, ref timer)
{
	return send(k, AT(k, process, t->process), t, info, timer);
}

int signal_send_process(struct kernel *k, struct process *p, const struct g_siginfo *info, ref timer)
{
	return send(k, p, NULL, info, timer);
}

void signal_force(struct kernel *k, const struct g_siginfo *info)
{
	struct thread *t = k->current;
	uint32_t sig = (uint32_t)info->signo;
	struct g_sigaction *action = signal_action(k, k->process, sig);

	if ((t->sigmask & G_SIGBIT(sig)) || action->handler == G_SIG_IGN) {
		*action = (struct g_sigaction){ .handler = G_SIG_DFL };
		t->sigmask &= ~G_SIGBIT(sig);
	}
	/* the fault's own record replaces one that somebody sent */
	queue_clear(k, k->process, &t->signals, G_SIGBIT(sig));
	enqueue(k, k->process, &t->signals, info, 0);
	if (action_kills(action, sig) && k->process->fatal_signal == 0)
		k->process->fatal_signal = sig;
}

/* Signals that this thread no longer takes may be another's now. */
static void hand_over(struct kernel *k, struct process *p, uint64_t signals)
{
	uint64_t left = p->signals.pending & signals;

	while (left != 0) {
		wake_for_signal(k, thread_for(k, p, lowest_signal(left)));
		left &= left - 1;
	}
}

void signal_set_mask(struct kernel *k, struct thread *t, uint64_t mask)
{
	uint64_t added;

	mask &= ~(G_SIGBIT(G_SIGKILL) | G_SIGBIT(G_SIGSTOP));
	added = mask & ~t->sigmask;
	t->sigmask = mask;
	if (added != 0)
		hand_over(k, AT(k, process, t->process), added);
}

void signal_set_temporary_mask(struct kernel *k, uint64_t mask)
{
	struct thread *t = k->current;

	if (t->restore_sigmask) /* the call resumes: it has been done */
		return;
	t->saved_sigmask = t->sigmask;
	t->restore_sigmask = 1;
	signal_set_mask(k, t, mask);
}

void signal_thread_gone(struct kernel *k, struct thread *t)
{
	struct process *p = AT(k, process, t->process);

	queue_clear(k, p, &t->signals, UINT64_MAX);
	hand_over(k, p, UINT64_MAX);
}

void signal_exec(struct kernel *k, struct process *p)
{
	struct sighand *hand = AT(k, sighand, p->sighand);
	struct thread *t = AT(k, thread, p->threads.head);

	for (uint32_t sig = 1; sig <= G_NSIG; sig++) {
		struct g_sigaction *action = &hand->actions[sig - 1];
		uint64_t kept = action->handler == G_SIG_IGN ? G_SIG_IGN : G_SIG_DFL;

		*action = (struct g_sigaction){ .handler = kept };
	}
	t->altstack_sp = t->altstack_size = 0;
	t->altstack_flags = 0;
	posix_timers_exec(k, p);
}
