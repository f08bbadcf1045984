/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The signal calls: actions, masks, sending, waiting for signals. */
#include "kernel/signal/signal_internal.h"

#include "kernel/thread/thread.h"
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
	struct g_siginfo info = siginfo_of(sig, code);

	info.rt.pid = (int32_t)k->process->pid;
	return info;
}

int64_t sys_kill(struct kernel *k, const uint64_t a[6])
{
	int32_t pid = (int32_t)a[0], sig = (int32_t)a[1];
	struct g_siginfo info = user_info(k, sig, G_SI_USER);
	bool found = false;

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
		if (sig < 0 || sig > G_NSIG)
			return -G_EINVAL;
		if (sig != 0)
			signal_send_process(k, p, &info, 0);
	}
	return found ? 0 : -G_ESRCH;
}

static int64_t send_to_thread(struct kernel *k, int32_t tgid, int32_t tid, int32_t sig, const struct g_siginfo *info)
{
	struct thread *t = thread_by_tid(k, (uint32_t)tid);
	/* A first thread that has ended stays to be found while others run, and no signal does anything to it. */
	const struct process *p = t ? AT(k, process, t->process) : process_by_pid(k, (uint32_t)tid);

	if (!p || (tgid > 0 && p->pid != (uint32_t)tgid))
		return -G_ESRCH;
	if (sig < 0 || sig > G_NSIG)
		return -G_EINVAL;
	return sig == 0 || !t ? 0 : signal_send_thread(k, t, info, 0);
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

#define KERNEL_INFO_BYTES 48 /* of a siginfo, as far as the kernel keeps one */

/* Codes whose layout Linux knows; of others, nothing may lie beyond what it keeps. */
static bool layout_known(uint32_t sig, int32_t code)
{
	static const uint8_t codes[] = {
		[G_SIGILL] = 11, [G_SIGTRAP] = 6, [G_SIGBUS] = 5, [G_SIGFPE] = 15, [G_SIGSEGV] = 10, [G_SIGCHLD] = 6, [G_SIGPOLL] = 6, [G_SIGSYS] = 2,
	};

	if (code == G_SI_KERNEL)
		return true;
	if (code <= G_SI_USER)
		return code >= G_SI_DETHREAD || code == G_SI_ASYNCNL;
	return (uint32_t)code <= (sig < sizeof codes && codes[sig] ? codes[sig] : codes[G_SIGPOLL]);
}

/* The sender's siginfo, with this signal's number. 0, -G_EFAULT or -G_E2BIG. */
static int load_info(struct kernel *k, uint64_t addr, int32_t sig, struct g_siginfo *out)
{
	uint8_t *bytes = (uint8_t *)out;
	uint8_t rest = 0;

	if (user_load(k, addr, out, sizeof *out) != 0)
		return -G_EFAULT;
	out->signo = sig;
	for (uint32_t i = KERNEL_INFO_BYTES; i < sizeof *out; i++) {
		rest |= bytes[i];
		bytes[i] = 0;
	}
	return rest != 0 && !layout_known((uint32_t)sig, out->code) ? -G_E2BIG : 0;
}

/* Nobody may pretend to be the kernel, except a thread to itself (a process is named by its first). */
static bool forged(const struct kernel *k, const struct g_siginfo *info, int32_t to)
{
	return (info->code >= 0 || info->code == G_SI_TKILL) && (uint32_t)to != k->current->tid;
}

int64_t sys_rt_sigqueueinfo(struct kernel *k, const uint64_t a[6])
{
	int32_t pid = (int32_t)a[0], sig = (int32_t)a[1];
	struct g_siginfo info;
	struct process *p;
	int err;

	err = load_info(k, a[2], sig, &info);
	if (err != 0)
		return err;
	if (forged(k, &info, pid))
		return -G_EPERM;
	p = process_by_pid(k, (uint32_t)pid);
	if (pid <= 0 || !p)
		return -G_ESRCH;
	if (sig < 0 || sig > G_NSIG)
		return -G_EINVAL;
	return sig == 0 ? 0 : signal_send_process(k, p, &info, 0);
}

int64_t sys_rt_tgsigqueueinfo(struct kernel *k, const uint64_t a[6])
{
	struct g_siginfo info;
	int err = load_info(k, a[3], (int32_t)a[2], &info);

	if (err != 0)
		return err;
	if ((int32_t)a[0] <= 0 || (int32_t)a[1] <= 0)
		return -G_EINVAL;
	if (forged(k, &info, (int32_t)a[1]))
		return -G_EPERM;
	return send_to_thread(k, (int32_t)a[0], (int32_t)a[1], (int32_t)a[2], &info);
}
