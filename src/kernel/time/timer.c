/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Timers: a binary heap by (deadline, sequence) for virtual time, and a plain list per thread and
 * process for their CPU clocks (there are few of those). Refuses to know what an expiry means.
 */
#include "kernel/time/timer.h"

#include <string.h>

#include "kernel/time/clock.h"

#define ARMED_ON_CPU UINT32_MAX /* heap_index of an armed timer that is in a CPU list */
#define HEAP_START   16

/* Keys are kept beside the refs: ordering touches no timer record. */
struct timer_slot {
	uint64_t deadline_ns;
	uint64_t sequence;
	ref timer;
};

/* root->timers; made at the first arming. */
struct timer_heap {
	uint32_t count, capacity;
	ref slots; /* block: struct timer_slot[capacity] */
};

static struct timer_heap *heap_of(struct kernel *k)
{
	return AT(k, timer_heap, k->root->timers);
}

static struct timer_slot *slots_of(struct kernel *k, const struct timer_heap *heap)
{
	return arena_at(&k->arena, heap->slots);
}

static bool before(const struct timer_slot *a, const struct timer_slot *b)
{
	return a->deadline_ns != b->deadline_ns ? a->deadline_ns < b->deadline_ns
						: a->sequence < b->sequence;
}

static void place(struct kernel *k, struct timer_slot *slots, uint32_t i,
		  const struct timer_slot *slot)
{
	slots[i] = *slot;
	AT(k, timer, slot->timer)->heap_index = i + 1;
}

static void sift(struct kernel *k, const struct timer_heap *heap, uint32_t i)
{
	struct timer_slot *slots = slots_of(k, heap), moving = slots[i];

	while (i > 0 && before(&moving, &slots[(i - 1) / 2])) {
		place(k, slots, i, &slots[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	for (;;) {
		uint32_t child = 2 * i + 1;

		if (child >= heap->count)
			break;
		if (child + 1 < heap->count && before(&slots[child + 1], &slots[child]))
			child++;
		if (!before(&slots[child], &moving))
			break;
		place(k, slots, i, &slots[child]);
		i = child;
	}
	place(k, slots, i, &moving);
}

static int heap_reserve(struct kernel *k)
{
	struct timer_heap *heap = heap_of(k);
	uint32_t capacity;
	ref slots;

	if (!heap) {
		k->root->timers = NEW(k, timer_heap);
		heap = heap_of(k);
		if (!heap)
			return -G_EAGAIN;
	}
	if (heap->count < heap->capacity)
		return 0;
	if (heap->count >= LIMIT_TIMERS)
		return -G_EAGAIN;
	capacity = heap->capacity ? 2 * heap->capacity : HEAP_START;
	slots = heap->slots
			? arena_resize(&k->arena, heap->slots, capacity * sizeof(struct timer_slot))
			: arena_alloc(&k->arena, capacity * sizeof(struct timer_slot));
	if (!slots)
		return -G_EAGAIN;
	heap->slots = slots;
	heap->capacity = capacity;
	return 0;
}

static void heap_remove(struct kernel *k, struct timer *timer)
{
	struct timer_heap *heap = heap_of(k);
	struct timer_slot *slots = slots_of(k, heap);
	uint32_t i = timer->heap_index - 1, last = --heap->count;

	timer->heap_index = 0;
	if (i != last) {
		slots[i] = slots[last];
		sift(k, heap, i);
	}
	memset(&slots[last], 0, sizeof(slots[last]));
}

/* ---- CPU clocks ---- */

static ref *cpu_list(struct kernel *k, const struct timer *timer)
{
	struct thread *t;
	struct process *p;

	if (timer->clock == TIMER_CPU_THREAD) {
		t = AT(k, thread, timer->target);
		return t ? &t->cpu_timers : NULL;
	}
	p = AT(k, process, timer->target);
	return p ? &p->cpu_timers : NULL;
}

static void cpu_link(struct kernel *k, ref r, struct timer *timer, ref *first)
{
	timer->cpu_prev = 0;
	timer->cpu_next = *first;
	if (*first)
		AT(k, timer, *first)->cpu_prev = r;
	*first = r;
	timer->heap_index = ARMED_ON_CPU;
}

static void cpu_unlink(struct kernel *k, struct timer *timer)
{
	ref *first = cpu_list(k, timer);
	struct timer *next = AT(k, timer, timer->cpu_next), *prev = AT(k, timer, timer->cpu_prev);

	if (prev)
		prev->cpu_next = timer->cpu_next;
	else if (first)
		*first = timer->cpu_next;
	if (next)
		next->cpu_prev = timer->cpu_prev;
	timer->cpu_next = timer->cpu_prev = 0;
	timer->heap_index = 0;
}

/* ---- one timer ---- */

ref timer_new(struct kernel *k, uint32_t kind, uint32_t clock, ref owner, ref target)
{
	ref r = NEW(k, timer);
	struct timer *timer = AT(k, timer, r);

	if (!timer)
		return 0;
	timer->kind = kind;
	timer->clock = clock;
	timer->owner = owner;
	timer->target = target;
	return r;
}

void timer_disarm(struct kernel *k, ref r)
{
	struct timer *timer = AT(k, timer, r);

	if (!timer || !timer->heap_index)
		return;
	if (timer->clock == TIMER_MONOTONIC)
		heap_remove(k, timer);
	else
		cpu_unlink(k, timer);
}

void timer_free(struct kernel *k, ref r)
{
	timer_disarm(k, r);
	arena_free(&k->arena, r);
}

/* not_before_ns: it is not looked at until then, whatever its deadline. */
static int arm(struct kernel *k, ref r, uint64_t deadline_ns, uint64_t interval_ns, uint64_t not_before_ns)
{
	struct timer *timer = AT(k, timer, r);
	struct timer_heap *heap;

	if (!timer)
		return -G_EINVAL;
	timer_disarm(k, r);
	timer->deadline_ns = deadline_ns;
	timer->interval_ns = interval_ns;
	if (timer->clock != TIMER_MONOTONIC) {
		ref *first = cpu_list(k, timer);

		if (!first)
			return -G_EINVAL; /* the thread is gone */
		timer->sequence = k->root->next_sequence++;
		cpu_link(k, r, timer, first);
		return 0;
	}
	if (heap_reserve(k))
		return -G_EAGAIN;
	heap = heap_of(k);
	timer->sequence = k->root->next_sequence++;
	slots_of(k, heap)[heap->count] = (struct timer_slot){
		.deadline_ns = deadline_ns > not_before_ns ? deadline_ns : not_before_ns, .sequence = timer->sequence, .timer = r};
	sift(k, heap, heap->count++);
	return 0;
}

int timer_arm(struct kernel *k, ref r, uint64_t deadline_ns, uint64_t interval_ns)
{
	return arm(k, r, deadline_ns, interval_ns, 0);
}

/* ---- what is next ---- */

uint64_t timer_next(struct kernel *k, bool *periodic_only)
{
	const struct timer_heap *heap = heap_of(k);
	uint32_t periodic = 0;

	if (!heap || !heap->count) {
		if (periodic_only)
			*periodic_only = false;
		return NEVER;
	}
	if (periodic_only) {
		for (uint32_t i = 0; i < heap->count; i++)
			periodic += AT(k, timer, slots_of(k, heap)[i].timer)->interval_ns != 0;
		*periodic_only = periodic == heap->count;
	}
	return slots_of(k, heap)[0].deadline_ns;
}

uint64_t timer_next_armed_before(struct kernel *k, uint64_t sequence)
{
	const struct timer_heap *heap = heap_of(k);
	const struct timer_slot *slots;
	uint64_t earliest = NEVER;

	if (!heap || !heap->count)
		return NEVER;
	slots = slots_of(k, heap);
	if (slots[0].sequence < sequence)
		return slots[0].deadline_ns;
	for (uint32_t i = 1; i < heap->count; i++)
		if (slots[i].sequence < sequence && slots[i].deadline_ns < earliest)
			earliest = slots[i].deadline_ns;
	return earliest;
}

/* The retired count at which the clock of a CPU timer of whoever runs now reaches its deadline. */
static uint64_t cpu_count(struct kernel *k, const struct timer *timer, uint64_t used_before)
{
	uint64_t insns = clock_insns_for(k, timer->deadline_ns);

	if (insns == NEVER)
		return NEVER;
	return insns <= used_before ? 0 : k->root->switched_at + (insns - used_before);
}

uint64_t cpu_timer_count(struct kernel *k)
{
	uint64_t earliest = NEVER, used;

	if (!k->current || (!k->current->cpu_timers && !k->process->cpu_timers))
		return NEVER;
	used = k->current->retired;
	for (ref r = k->current->cpu_timers; r; r = AT(k, timer, r)->cpu_next) {
		uint64_t count = cpu_count(k, AT(k, timer, r), used);

		earliest = count < earliest ? count : earliest;
	}
	used = k->process->retired;
	for (ref r = k->process->cpu_timers; r; r = AT(k, timer, r)->cpu_next) {
		uint64_t count = cpu_count(k, AT(k, timer, r), used);

		earliest = count < earliest ? count : earliest;
	}
	return earliest;
}

uint64_t cpu_timer_next(struct kernel *k)
{
	uint64_t count = cpu_timer_count(k), now = clock_retired(k);

	return count == NEVER ? NEVER : count > now ? count - now : 0;
}

/* ---- expiry ---- */

/*
 * How long an interval timer rests before it can expire again: the longer, the more timers there are, so that timers of a nanosecond do
 * not cost each guest instruction an expiry of them all. Deadlines that pass meanwhile are counted in the next expiry.
 */
static uint64_t rest_ns(const struct kernel *k)
{
	const struct timer_heap *heap = AT(k, timer_heap, k->root->timers);

	return clock_ns_of(k, heap ? (uint64_t)heap->count * LIMIT_TIMER_REST : 0);
}

/* Re-arms an interval timer beyond now; how many deadlines have passed. */
static uint64_t expire_one(struct kernel *k, ref r, uint64_t now_ns)
{
	struct timer *timer = AT(k, timer, r);
	uint64_t interval = timer->interval_ns, deadline = timer->deadline_ns, passed = 0;

	timer_disarm(k, r);
	if (!interval)
		return 1;
	passed = (now_ns - deadline) / interval;
	deadline = interval > NEVER - now_ns ? NEVER : deadline + (passed + 1) * interval;
	/* Room has just been made: this cannot fail. */
	arm(k, r, deadline, interval, deadline_after(now_ns, rest_ns(k)));
	return passed + 1;
}

static void tell_owner(struct kernel *k, uint32_t kind, ref owner, uint64_t expiries)
{
	struct thread *t;

	switch (kind) {
	case TIMER_WAIT:
		t = AT(k, thread, owner);
		if (t && thread_waits(t))
			wake_thread(k, t, WAKE_TIMEOUT);
		break;
	case TIMER_FD:
		timerfd_expired(k, owner, expiries);
		break;
	case TIMER_POSIX:
		posix_timer_expired(k, owner, expiries);
		break;
	default:
		itimer_expired(k, owner, kind, expiries);
		break;
	}
}

void timer_expire(struct kernel *k, uint64_t now_ns)
{
	/* Armed while we are at it, by an owner: not before the next boundary. */
	uint64_t limit = k->root->next_sequence;

	for (;;) {
		const struct timer_heap *heap = heap_of(k);
		struct timer_slot first;
		uint64_t expiries;
		const struct timer *timer;
		uint32_t kind;
		ref owner;

		if (!heap || !heap->count)
			return;
		first = slots_of(k, heap)[0];
		if (first.deadline_ns > now_ns || first.sequence >= limit)
			return;
		timer = AT(k, timer, first.timer);
		kind = timer->kind;
		owner = timer->owner;
		expiries = expire_one(k, first.timer, now_ns);
		tell_owner(k, kind, owner, expiries);
	}
}

/* The due timer of a CPU list that comes first by (deadline, sequence), or 0. */
static ref cpu_due(struct kernel *k, ref first, uint64_t now_ns, uint64_t limit)
{
	struct timer_slot best = {.deadline_ns = NEVER, .sequence = NEVER};

	for (ref r = first; r;) {
		const struct timer *timer = AT(k, timer, r);
		struct timer_slot slot = {
			.deadline_ns = timer->deadline_ns, .sequence = timer->sequence, .timer = r};

		if (slot.deadline_ns <= now_ns && slot.sequence < limit && before(&slot, &best))
			best = slot;
		r = timer->cpu_next;
	}
	return best.timer;
}

static void cpu_expire(struct kernel *k, ref *first, uint64_t now_ns, uint64_t limit)
{
	ref r;

	while ((r = cpu_due(k, *first, now_ns, limit))) {
		uint32_t kind = AT(k, timer, r)->kind;
		ref owner = AT(k, timer, r)->owner;
		uint64_t expiries = expire_one(k, r, now_ns);

		tell_owner(k, kind, owner, expiries);
	}
}

void cpu_timer_expire(struct kernel *k)
{
	uint64_t limit = k->root->next_sequence;

	if (!k->current)
		return;
	if (k->current->cpu_timers)
		cpu_expire(k, &k->current->cpu_timers, clock_thread_ns(k, k->current), limit);
	if (k->process->cpu_timers)
		cpu_expire(k, &k->process->cpu_timers, clock_process_ns(k, k->process), limit);
}

void cpu_timers_gone(struct kernel *k, ref *first)
{
	while (*first)
		timer_disarm(k, *first);
}
