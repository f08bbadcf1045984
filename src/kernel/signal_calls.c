/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The signal calls: actions, masks, sending, waiting for signals. */
#include "kernel/signal_internal.h"

#include "kernel/thread.h"
#include "kernel/wait.h"

static bool valid_signal(int32_t sig)
{
	return sig >= 1 && sig <= G_NSIG;
}

int64_t sys_rt_sigaction(struct kernel *k, const uint64_t a[6])
{
	const uint64_t known = G_SA_NOCLDSTOP | G_SA_NOCLDWAIT | G_SA_SIGINFO | G_SA_ONSTACK | G_SA_RESTART | G_SA_NODEFER |
	                       G_SA_RESETHAND | G_SA_EXPOSE_TAGBITS;
	int32_t sig = (int32_t)a[0];
	struct g_sigaction fresh, old;
	enum g_sig_default preset;

	if (a[3] != G_SIGSET_SIZE)
		return -G_EINVAL;
	if (a[1] && user_load(k, a[1], &fresh, sizeof fresh) != 0)
		return -G_EFAULT;
	if (!valid_signal(sig) || (a[1] && (sig == G_SIGKILL || sig == G_SIGSTOP)))
		return -G_EINVAL;
	old = *signal_action(k, k->process, (uint32_t)sig);
	if (a[1]) {
		fresh.flags &= known;
		fresh.mask &= ~(G_SIGBIT(G_SIGKILL) | G_SIGBIT(G_SIGSTOP));
		*signal_action(k, k->process, (uint32_t)sig) = fresh;
		preset = abi_signal_default((unsigned)sig);
		if (fresh.handler == G_SIG_IGN ||
		    (fresh.handler == G_SIG_DFL && (preset == G_SIG_IGNORE || preset == G_SIG_CONT)))
			signal_flush(k, k->process, G_SIGBIT(sig));
	}
	if (a[2] && user_store(k, a[2], &old, sizeof old) != 0)
		return -G_EFAULT;
	return 0;
}

int64_t sys_rt_sigprocmask(struct kernel *k, const uint64_t a[6])
{
	struct thread *t = k->current;
	uint64_t old = t->sigmask, set;

	if (a[3] != G_SIGSET_SIZE)
		return -G_EINVAL;
	if (a[1]) {
		if (user_load(k, a[1], &set, sizeof set) != 0)
			return -G_EFAULT;
		switch ((int32_t)a[0]) {
		case G_SIG_BLOCK:
			signal_set_mask(k, t, old | set);
			break;
		case G_SIG_UNBLOCK:
			signal_set_mask(k, t, old & ~set);
			break;
		case G_SIG_SETMASK:
			signal_set_mask(k, t, set);
			break;
		default:
			return -G_EINVAL;
		}
	}
	if (a[2] && user_store(k, a[2], &old, sizeof old) != 0)
		return -G_EFAULT;
	return 0;
}

int64_t sys_rt_sigpending(struct kernel *k, const uint64_t a[6])
{
	uint64_t set = (k->current->signals.pending | k->process->signals.pending) & k->current->sigmask;
	uint8_t bytes[8];

	if (a[1] > G_SIGSET_SIZE)
		return -G_EINVAL;
	for (unsigned i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(set >> (8 * i));
	return user_store(k, a[0], bytes, a[1]) != 0 ? -G_EFAULT : 0;
}

int64_t sys_rt_sigsuspend(struct kernel *k, const uint64_t a[6])
{
	struct thread *t = k->current;
	uint64_t set;

	if (!t->wait.resuming) {
		if (a[1] != G_SIGSET_SIZE)
			return -G_EINVAL;
		if (user_load(k, a[0], &set, sizeof set) != 0)
			return -G_EFAULT;
		signal_set_temporary_mask(k, set);
	}
	if (signal_pending(k, t))
		return -K_ERESTARTNOHAND;
	return wait_park(k, NEVER);
}

int64_t sys_rt_sigtimedwait(struct kernel *k, const uint64_t a[6])
{
	struct thread *t = k->current;
	struct wait *wait = &t->wait;
	struct g_siginfo info;
	struct g_timespec timeout;
	uint64_t now = clock_now(k);
	uint32_t sig;

	if (!wait->resuming) {
		uint64_t set;

		if (a[3] != G_SIGSET_SIZE)
			return -G_EINVAL;
		if (user_load(k, a[0], &set, sizeof set) != 0)
			return -G_EFAULT;
		wait->words[0] = NEVER;
		if (a[2]) {
			if (user_load(k, a[2], &timeout, sizeof timeout) != 0)
				return -G_EFAULT;
			if (!timespec_valid(&timeout))
				return -G_EINVAL;
			wait->words[0] = deadline_after(now, timespec_ns(&timeout));
		}
		wait->words[1] = set & ~(G_SIGBIT(G_SIGKILL) | G_SIGBIT(G_SIGSTOP));
	}
	t->sigwait_set = wait->words[1];
	sig = signal_take(k, t, wait->words[1], &info);
	if (sig == 0 && now < wait->words[0] && !signal_pending(k, t))
		return wait_park(k, wait->words[0]);
	t->sigwait_set = 0;
	if (sig == 0)
		return now >= wait->words[0] ? -G_EAGAIN : -G_EINTR;
	if (a[1] && user_store(k, a[1], &info, sizeof info) != 0)
		return -G_EFAULT;
	return sig;
}

int64_t sys_sigaltstack(struct kernel *k, const uint64_t a[6])
{
	struct thread *t = k->current;
	uint64_t sp = k->machine->reg(k->machine_ctx, TG_REG_SP);
	struct g_sigstack fresh, old;
	int err;

	if (a[0] && user_load(k, a[0], &fresh, sizeof fresh) != 0)
		return -G_EFAULT;
	signal_get_altstack(t, sp, &old);
	if (a[0]) {
		err = signal_set_altstack(t, &fresh, sp);
		if (err != 0)
			return err;
	}
	if (a[1] && user_store(k, a[1], &old, sizeof old) != 0)
		return -G_EFAULT;
	return 0;
}

/* ---- sending ---- */

static struct g_siginfo user_info(struct kernel *k, int32_t sig, int32_t code)
{
	return (struct g_siginfo){ .signo = sig, .code = code, .rt = { .pid = (int32_t)k->process->pid } };
}

int64_t sys_kill(struct kernel *k, const uint64_t a[6])
{
	int32_t pid = (int32_t)a[0], sig = (int32_t)a[1];
	struct g_siginfo info = user_info(k, sig, G_SI_USER);
	bool found = false;

	if (sig < 0 || sig > G_NSIG)
		return -G_EINVAL;
	if (pid == INT32_MIN)
		return -G_ESRCH;
	for (ref r = k->root->processes.head; r != 0;) {
		struct process *p = AT(k, process, r);
		bool match = pid > 0    ? p->pid == (uint32_t)pid
		             : pid == 0 ? p->pgid == k->process->pgid
		             : pid == -1 ? p != k->process && p->pid != 1
		                         : p->pgid == (uint32_t)-pid;

		r = p->next;
		if (!match || p->exiting)
			continue;
		found = true;
		if (sig != 0)
			signal_send_process(k, p, &info, 0);
	}
	return found ? 0 : -G_ESRCH;
}

static int64_t send_to_thread(struct kernel *k, int32_t tgid, int32_t tid, int32_t sig, const struct g_siginfo *info)
{
	struct thread *t = thread_by_tid(k, (uint32_t)tid);

	if (sig < 0 || sig > G_NSIG)
		return -G_EINVAL;
	if (!t || (tgid > 0 && AT(k, process, t->process)->pid != (uint32_t)tgid))
		return -G_ESRCH;
	return sig == 0 ? 0 : signal_send_thread(k, t, info, 0);
}

int64_t sys_tgkill(struct kernel *k, const uint64_t a[6])
{
	struct g_siginfo info = user_info(k, (int32_t)a[2], G_SI_TKILL);

	if ((int32_t)a[0] <= 0 || (int32_t)a[1] <= 0)
		return -G_EINVAL;
	return send_to_thread(k, (int32_t)a[0], (int32_t)a[1], (int32_t)a[2], &info);
}

int64_t sys_tkill(struct kernel *k, const uint64_t a[6])
{
	struct g_siginfo info = user_info(k, (int32_t)a[1], G_SI_TKILL);

	if ((int32_t)a[0] <= 0)
		return -G_EINVAL;
	return send_to_thread(k, 0, (int32_t)a[0], (int32_t)a[1], &info);
}

/* Nobody may pretend to be the kernel, except to itself. */
static bool forged(const struct kernel *k, const struct g_siginfo *info, int32_t to_pid)
{
	return (info->code >= 0 || info->code == G_SI_TKILL) && (uint32_t)to_pid != k->process->pid;
}

int64_t sys_rt_sigqueueinfo(struct kernel *k, const uint64_t a[6])
{
	int32_t pid = (int32_t)a[0], sig = (int32_t)a[1];
	struct g_siginfo info;
	struct process *p;

	if (user_load(k, a[2], &info, sizeof info) != 0)
		return -G_EFAULT;
	info.signo = sig;
	if (forged(k, &info, pid))
		return -G_EPERM;
	if (sig < 0 || sig > G_NSIG)
		return -G_EINVAL;
	p = process_by_pid(k, (uint32_t)pid);
	if (pid <= 0 || !p)
		return -G_ESRCH;
	return sig == 0 ? 0 : signal_send_process(k, p, &info, 0);
}

int64_t sys_rt_tgsigqueueinfo(struct kernel *k, const uint64_t a[6])
{
	struct g_siginfo info;

	if (user_load(k, a[3], &info, sizeof info) != 0)
		return -G_EFAULT;
	info.signo = (int32_t)a[2];
	if ((int32_t)a[0] <= 0 || (int32_t)a[1] <= 0)
		return -G_EINVAL;
	if (forged(k, &info, (int32_t)a[0]))
		return -G_EPERM;
	return send_to_thread(k, (int32_t)a[0], (int32_t)a[1], (int32_t)a[2], &info);
}
