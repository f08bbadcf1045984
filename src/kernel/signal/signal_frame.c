/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Delivery: the frame of a handler on the guest's stack (arch/riscv's layout), default actions, restarts, and the way back.
 */
#include "kernel/signal/signal_internal.h"

#include <string.h>

#include "kernel/thread/thread.h"
#include "kernel/vdso/vdso.h"
#include "kernel/wait.h"

/* ---- the alternate stack ---- */

bool signal_on_altstack(const struct thread *t, uint64_t sp)
{
	if (t->altstack_flags & G_SS_AUTODISARM)
		return false;
	return sp > t->altstack_sp && sp - t->altstack_sp <= t->altstack_size;
}

void signal_get_altstack(const struct thread *t, uint64_t sp, struct g_sigstack *out)
{
	*out = (struct g_sigstack){ .sp = t->altstack_sp, .size = t->altstack_size };
	if (t->altstack_size == 0)
		out->flags = G_SS_DISABLE;
	else if (signal_on_altstack(t, sp))
		out->flags = G_SS_ONSTACK;
	out->flags |= (int32_t)(t->altstack_flags & G_SS_AUTODISARM);
}

int signal_set_altstack(struct thread *t, const struct g_sigstack *stack, uint64_t sp)
{
	uint32_t flags = (uint32_t)stack->flags, mode = flags & ~G_SS_AUTODISARM;

	if (signal_on_altstack(t, sp))
		return -G_EPERM;
	if (mode != G_SS_DISABLE && mode != G_SS_ONSTACK && mode != 0)
		return -G_EINVAL;
	if (mode == G_SS_DISABLE) {
		t->altstack_sp = t->altstack_size = 0;
		t->altstack_flags = flags & G_SS_AUTODISARM;
		return 0;
	}
	if (stack->size < G_MINSIGSTKSZ)
		return -G_ENOMEM;
	t->altstack_sp = stack->sp;
	t->altstack_size = stack->size;
	t->altstack_flags = flags & G_SS_AUTODISARM;
	return 0;
}

/* ---- frames ---- */

/* Where the frame goes; 0: nowhere (the alternate stack would overflow). */
static uint64_t frame_address(const struct thread *t, const struct g_sigaction *action, uint64_t sp)
{
	if (signal_on_altstack(t, sp) && !signal_on_altstack(t, sp - sizeof(struct g_sigframe)))
		return 0;
	if ((action->flags & G_SA_ONSTACK) && t->altstack_size != 0 && !signal_on_altstack(t, sp))
		sp = t->altstack_sp + t->altstack_size;
	return (sp - sizeof(struct g_sigframe)) & ~UINT64_C(15);
}

static int push_frame(struct kernel *k, const struct g_sigaction *action, const struct g_siginfo *info)
{
	struct thread *t = k->current;
	struct g_sigframe frame;
	struct tg_regs regs;
	uint64_t addr;

	k->machine->save(k->machine_ctx, &regs);
	addr = frame_address(t, action, regs.x[TG_REG_SP]);
	if (addr == 0)
		return -G_EFAULT;
	memset(&frame, 0, sizeof frame);
	frame.info = *info;
	frame.uc.stack.sp = t->altstack_sp;
	frame.uc.stack.size = t->altstack_size;
	frame.uc.stack.flags = t->altstack_size ? (int32_t)t->altstack_flags : G_SS_DISABLE;
	frame.uc.sigmask = t->restore_sigmask ? t->saved_sigmask : t->sigmask;
	memcpy(frame.uc.mcontext.gregs, regs.x, sizeof regs.x);
	frame.uc.mcontext.gregs[0] = regs.pc;
	memcpy(frame.uc.mcontext.fregs, regs.f, sizeof regs.f);
	frame.uc.mcontext.fcsr = regs.fcsr;
	if (user_store(k, addr, &frame, sizeof frame) != 0)
		return -G_EFAULT;
	if (t->altstack_flags & G_SS_AUTODISARM) {
		t->altstack_sp = t->altstack_size = 0;
		t->altstack_flags = 0;
	}
	regs.x[TG_REG_RA] = vdso_sigreturn(k);
	regs.x[TG_REG_SP] = addr;
	regs.x[TG_REG_A0] = (uint64_t)info->signo;
	regs.x[TG_REG_A0 + 1] = addr + offsetof(struct g_sigframe, info);
	regs.x[TG_REG_A0 + 2] = addr + offsetof(struct g_sigframe, uc);
	regs.pc = action->handler;
	k->machine->restore(k->machine_ctx, &regs);
	return 0;
}

static void handle(struct kernel *k, uint32_t sig, const struct g_siginfo *info)
{
	struct thread *t = k->current;
	struct g_sigaction *slot = signal_action(k, k->process, sig), action = *slot;
	struct g_siginfo fault = siginfo_of(G_SIGSEGV, G_SI_KERNEL);
	uint64_t mask;

	if (action.flags & G_SA_RESETHAND)
		slot->handler = G_SIG_DFL;
	if (push_frame(k, &action, info) != 0) {
		if (sig == G_SIGSEGV) /* its own handler cannot be called */
			*slot = (struct g_sigaction){ .handler = G_SIG_DFL };
		signal_force(k, &fault);
		return;
	}
	t->restore_sigmask = 0;
	mask = t->sigmask | action.mask;
	if (!(action.flags & G_SA_NODEFER))
		mask |= G_SIGBIT(sig);
	signal_set_mask(k, t, mask);
	kernel_event(k, &(struct tg_event){ .kind = TG_EVENT_SIGNAL, .tid = t->tid, .nr = sig });
}

/* What becomes of a call that ended with a restart code, when a handler is about to run. */
static void settle_restart(struct kernel *k, const struct g_sigaction *action, int64_t result)
{
	uint64_t pc = k->machine->reg(k->machine_ctx, TG_REG_PC);

	if (result == -K_ERESTARTNOINTR || (result == -K_ERESTARTSYS && (action->flags & G_SA_RESTART)))
		return; /* the frame holds the ecall's pc and the call's own a0: it runs again after the handler */
	k->machine->set_reg(k->machine_ctx, TG_REG_A0, (uint64_t)(int64_t)-G_EINTR);
	k->machine->set_reg(k->machine_ctx, TG_REG_PC, pc + 4);
}

static void restore_mask(struct kernel *k, struct thread *t)
{
	if (t->restore_sigmask) {
		t->restore_sigmask = 0;
		signal_set_mask(k, t, t->saved_sigmask);
	}
}

void signal_deliver(struct kernel *k, bool in_call, int64_t result)
{
	struct thread *t = k->current;
	bool restarts = in_call && (result == -K_ERESTARTSYS || result == -K_ERESTARTNOINTR || result == -K_ERESTARTNOHAND);

	if (t->restore_sigmask && !restarts && !(in_call && result == -G_EINTR))
		restore_mask(k, t);
	while (k->stop == TG_RUN && k->current == t && t->state != THREAD_DEAD) {
		struct g_siginfo info;
		struct g_sigaction *action;
		uint32_t sig;

		if (k->process->fatal_signal != 0) {
			process_exit(k, k->process, 0, k->process->fatal_signal);
			return;
		}
		sig = signal_take(k, t, ~t->sigmask, &info);
		if (sig == 0)
			break;
		action = signal_action(k, k->process, sig);
		if (action->handler == G_SIG_IGN)
			continue;
		if (action->handler != G_SIG_DFL) {
			if (restarts)
				settle_restart(k, action, result);
			restarts = false;
			handle(k, sig, &info);
			continue;
		}
		switch (abi_signal_default(sig)) {
		case G_SIG_IGNORE:
		case G_SIG_CONT:
			break;
		case G_SIG_STOP: /* nobody outside could continue it */
			kernel_stop(k, TG_STOP_DEADLOCK, (int32_t)sig);
			return;
		case G_SIG_TERM:
		case G_SIG_CORE:
			process_exit(k, k->process, 0, sig);
			return;
		}
	}
	if (k->current == t)
		restore_mask(k, t);
}

/* ---- the way back ---- */

static bool frame_is_good(const struct g_sigframe *frame)
{
	return frame->uc.mcontext.reserved == 0 && frame->uc.mcontext.ext_magic == 0 && frame->uc.mcontext.ext_size == 0;
}

int64_t sys_rt_sigreturn(struct kernel *k, const uint64_t a[6])
{
	struct thread *t = k->current;
	struct g_siginfo fault = siginfo_of(G_SIGSEGV, G_SI_KERNEL);
	struct g_sigframe frame;
	struct tg_regs regs;
	uint64_t sp = k->machine->reg(k->machine_ctx, TG_REG_SP);

	(void)a;
	if (user_load(k, sp, &frame, sizeof frame) != 0 || !frame_is_good(&frame)) {
		signal_force(k, &fault);
		return CALL_NO_RETURN;
	}
	memset(&regs, 0, sizeof regs);
	regs.pc = frame.uc.mcontext.gregs[0];
	memcpy(regs.x + 1, frame.uc.mcontext.gregs + 1, sizeof regs.x - sizeof *regs.x);
	memcpy(regs.f, frame.uc.mcontext.fregs, sizeof regs.f);
	regs.fcsr = frame.uc.mcontext.fcsr & 0xff;
	k->machine->restore(k->machine_ctx, &regs);
	signal_set_mask(k, t, frame.uc.sigmask);
	signal_set_altstack(t, &frame.uc.stack, regs.x[TG_REG_SP]); /* its errors are nobody's */
	return CALL_NO_RETURN;
}
