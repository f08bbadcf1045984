/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See cancel.h. */
#include "intercept/cancel.h"

#include "abi/errors.h"
#include "abi/signals.h"
#include "intercept/plan.h"
#include "intercept/raw.h"
#include "intercept/safe.h"

enum { REG_SP = 2, REG_S0 = 8 };

/* The registers as they would be at the site; false if the pc is not one of ours that can say. */
static bool as_at_site(const struct g_mcontext *m, struct g_mcontext *site)
{
	uint64_t pc = m->gregs[0], at;
	unsigned offset = 0;

	*site = *m;
	if (pc == (uint64_t)intercept_post_begin) {
		const struct frame *f = (const struct frame *)m->gregs[REG_SP];

		site->gregs[0] = f->site;
		site->gregs[REG_SP] += FRAME_SIZE;
		return true;
	}
	at = plan_site_of(&intercept, pc, &offset);
	if (!at || (offset != 0 && offset != THUNK_ECALL && offset != THUNK_BACK && offset != THUNK_LEAVE))
		return false;
	site->gregs[0] = offset < THUNK_BACK ? at : at + 4;
	return true;
}

static void handler(int sig, void *info, void *context)
{
	struct g_ucontext *uc = context;
	struct g_mcontext *m = &uc->mcontext, site;
	uint64_t pc = m->gregs[0], sp = m->gregs[REG_SP];
	void (*theirs)(int, void *, void *) =
		(void (*)(int, void *, void *))intercept.cancel_handlers[sig - CANCEL_FIRST];

	if (!as_at_site(m, &site)) {
		theirs(sig, info, context);
		return;
	}
	m->gregs[0] = site.gregs[0];
	m->gregs[REG_SP] = site.gregs[REG_SP];
	theirs(sig, info, context);
	/* It may have sent the thread elsewhere. If not, the call goes on where it was. */
	if (m->gregs[0] == site.gregs[0]) {
		m->gregs[0] = pc;
		m->gregs[REG_SP] = sp;
	}
}

bool cancel_sigaction(const uint64_t args[6], int64_t *result)
{
	struct g_sigaction action, old;
	uint64_t sig = (uint32_t)args[0], *theirs;
	uint64_t before;

	if (sig < CANCEL_FIRST || sig >= CANCEL_FIRST + CANCEL_SIGNALS || args[3] != sizeof(action.mask))
		return false;
	if (args[1] && safe_load(NULL, args[1], &action, sizeof(action)) != 0)
		return false;
	theirs = &intercept.cancel_handlers[sig - CANCEL_FIRST];
	before = *theirs;
	if (args[1] && action.handler > 1 && (action.flags & G_SA_SIGINFO)) {
		*theirs = action.handler;
		action.handler = (uint64_t)handler;
	}
	*result = RAW4(rt_sigaction, sig, args[1] ? &action : NULL, &old, sizeof(action.mask));
	if (*result != 0) {
		*theirs = before;
		return true;
	}
	if (old.handler == (uint64_t)handler)
		old.handler = before;
	if (args[2])
		*(struct g_sigaction *)args[2] = old;
	return true;
}
