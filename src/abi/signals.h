/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Signals as a riscv64 guest sees them: numbers, codes, actions, the frame that a handler finds.
 * Refuses to know: when a signal is delivered and to whom.
 */
#ifndef TOLLGATE_ABI_SIGNALS_H
#define TOLLGATE_ABI_SIGNALS_H

#include "abi/base.h"

#define SIGNAL(nr, name, action) G_##name = nr,
enum {
#include "abi/signal.def"
	G_SIGIOT = G_SIGABRT,
	G_SIGPOLL = G_SIGIO,
	G_SIGRTMIN = 32,
	G_NSIG = 64, /* the highest; SIGRTMAX */
};
#undef SIGNAL

/* What the default action of a signal does. */
enum g_sig_default { G_SIG_TERM, G_SIG_CORE, G_SIG_IGNORE, G_SIG_STOP, G_SIG_CONT };

/* "SIGSEGV", "SIGRT_3"-style names are the printer's; this one is NULL for real-time signals. */
const char *abi_signal_name(unsigned sig);
/* By number 1..64; a real-time signal terminates. */
enum g_sig_default abi_signal_default(unsigned sig);

/* A set of signals: bit sig - 1. */
#define G_SIGBIT(sig) (UINT64_C(1) << ((sig)-1))
enum { G_SIGSET_SIZE = 8 };

/* rt_sigprocmask */
enum {
	G_SIG_BLOCK = 0,
	G_SIG_UNBLOCK = 1,
	G_SIG_SETMASK = 2,
};

/* Handlers that are not addresses. */
enum { G_SIG_DFL = 0, G_SIG_IGN = 1 };

enum {
	G_SA_NOCLDSTOP = 0x1,
	G_SA_NOCLDWAIT = 0x2,
	G_SA_SIGINFO = 0x4,
	G_SA_UNSUPPORTED = 0x400,
	G_SA_EXPOSE_TAGBITS = 0x800,
	G_SA_ONSTACK = 0x8000000,
	G_SA_RESTART = 0x10000000,
	G_SA_NODEFER = 0x40000000,
	G_SA_RESTORER = 0x04000000,
};
#define G_SA_RESETHAND 0x80000000u

/* The kernel's form. riscv64 has no restorer: the frame returns through the vdso. */
struct g_sigaction {
	uint64_t handler;
	uint64_t flags;
	uint64_t mask;
};
G_SIZE(sigaction, 24);
G_AT(sigaction, handler, 0);
G_AT(sigaction, flags, 8);
G_AT(sigaction, mask, 16);

/* sigaltstack */
enum {
	G_SS_ONSTACK = 0x1,
	G_SS_DISABLE = 0x2,
	G_MINSIGSTKSZ = 0x800,
	G_SIGSTKSZ = 0x2000,
};
#define G_SS_AUTODISARM 0x80000000u

struct g_sigstack {
	uint64_t sp;
	int32_t flags;
	uint32_t pad;
	uint64_t size;
};
G_SIZE(sigstack, 24);
G_AT(sigstack, sp, 0);
G_AT(sigstack, flags, 8);
G_AT(sigstack, size, 16);

/* si_code: who sent it; positive ones of a fault say what was wrong. */
enum {
	G_SI_USER = 0,
	G_SI_KERNEL = 128,
	G_SI_QUEUE = -1,
	G_SI_TIMER = -2,
	G_SI_MESGQ = -3,
	G_SI_ASYNCIO = -4,
	G_SI_SIGIO = -5,
	G_SI_TKILL = -6,
	G_SI_DETHREAD = -7,
	G_SI_ASYNCNL = -60,
};

enum {
	G_ILL_ILLOPC = 1,
	G_ILL_ILLOPN = 2,
	G_ILL_ILLADR = 3,
	G_ILL_ILLTRP = 4,
	G_ILL_PRVOPC = 5,
	G_ILL_PRVREG = 6,
	G_ILL_COPROC = 7,
	G_ILL_BADSTK = 8,
	G_FPE_INTDIV = 1,
	G_FPE_INTOVF = 2,
	G_FPE_FLTDIV = 3,
	G_FPE_FLTOVF = 4,
	G_FPE_FLTUND = 5,
	G_FPE_FLTRES = 6,
	G_FPE_FLTINV = 7,
	G_FPE_FLTSUB = 8,
	G_FPE_FLTUNK = 14,
	G_FPE_CONDTRAP = 15,
	G_SEGV_MAPERR = 1,
	G_SEGV_ACCERR = 2,
	G_SEGV_BNDERR = 3,
	G_SEGV_PKUERR = 4,
	G_SEGV_CPERR = 10,
	G_BUS_ADRALN = 1,
	G_BUS_ADRERR = 2,
	G_BUS_OBJERR = 3,
	G_TRAP_BRKPT = 1,
	G_TRAP_TRACE = 2,
	G_TRAP_BRANCH = 3,
	G_TRAP_HWBKPT = 4,
	G_CLD_EXITED = 1,
	G_CLD_KILLED = 2,
	G_CLD_DUMPED = 3,
	G_CLD_TRAPPED = 4,
	G_CLD_STOPPED = 5,
	G_CLD_CONTINUED = 6,
	G_POLL_IN = 1,
	G_POLL_OUT = 2,
	G_POLL_MSG = 3,
	G_POLL_ERR = 4,
	G_POLL_PRI = 5,
	G_POLL_HUP = 6,
	G_SYS_SECCOMP = 1,
};

struct g_siginfo {
	int32_t signo;
	int32_t error;
	int32_t code;
	uint32_t pad;
	union {
		struct {
			int32_t pid;
			uint32_t uid;
			uint64_t value; /* SI_QUEUE; only the low half if the sender set an int */
		} rt; /* also kill, tkill (value unused) */
		struct {
			int32_t id;
			int32_t overrun;
			uint64_t value;
		} timer;
		struct {
			int32_t pid;
			uint32_t uid;
			int32_t status;
			uint32_t pad;
			int64_t utime;
			int64_t stime;
		} child;
		struct {
			uint64_t addr;
			int16_t addr_lsb;
			uint16_t pad[3];
			uint64_t lower;
			uint64_t upper;
		} fault;
		struct {
			int64_t band;
			int32_t fd;
			uint32_t pad;
		} poll;
		struct {
			uint64_t call_addr;
			int32_t syscall;
			uint32_t arch;
		} sys;
		uint64_t raw[14];
	};
};
G_SIZE(siginfo, 128);
G_AT(siginfo, signo, 0);
G_AT(siginfo, error, 4);
G_AT(siginfo, code, 8);
G_AT(siginfo, rt.pid, 16);
G_AT(siginfo, rt.uid, 20);
G_AT(siginfo, rt.value, 24);
G_AT(siginfo, timer.id, 16);
G_AT(siginfo, timer.overrun, 20);
G_AT(siginfo, timer.value, 24);
G_AT(siginfo, child.pid, 16);
G_AT(siginfo, child.status, 24);
G_AT(siginfo, child.utime, 32);
G_AT(siginfo, child.stime, 40);
G_AT(siginfo, fault.addr, 16);
G_AT(siginfo, fault.addr_lsb, 24);
G_AT(siginfo, fault.lower, 32);
G_AT(siginfo, fault.upper, 40);
G_AT(siginfo, poll.band, 16);
G_AT(siginfo, poll.fd, 24);
G_AT(siginfo, sys.call_addr, 16);
G_AT(siginfo, sys.syscall, 24);
G_AT(siginfo, sys.arch, 28);

/* timer_create */
enum {
	G_SIGEV_SIGNAL = 0,
	G_SIGEV_NONE = 1,
	G_SIGEV_THREAD = 2,
	G_SIGEV_THREAD_ID = 4,
};

struct g_sigevent {
	uint64_t value;
	int32_t signo;
	int32_t notify;
	int32_t tid; /* SIGEV_THREAD_ID */
	uint32_t pad[11];
};
G_SIZE(sigevent, 64);
G_AT(sigevent, value, 0);
G_AT(sigevent, signo, 8);
G_AT(sigevent, notify, 12);
G_AT(sigevent, tid, 16);

/* Registers in a frame: gregs[0] is the pc, gregs[i] is x<i>. */
struct g_mcontext {
	uint64_t gregs[32];
	uint64_t fregs[32];
	uint32_t fcsr;
	uint32_t pad[64];
	uint32_t reserved;  /* must be 0 */
	uint32_t ext_magic; /* extension records (vector) would start here; END is {0, 0} */
	uint32_t ext_size;
};
G_SIZE(mcontext, 784);
G_AT(mcontext, fregs, 256);
G_AT(mcontext, fcsr, 512);
G_AT(mcontext, reserved, 772);
G_AT(mcontext, ext_magic, 776);
G_AT(mcontext, ext_size, 780);

struct g_ucontext {
	uint64_t flags;
	uint64_t link;
	struct g_sigstack stack;
	uint64_t sigmask;
	uint64_t unused[15];
	uint64_t pad;
	struct g_mcontext mcontext;
};
G_SIZE(ucontext, 960);
G_AT(ucontext, flags, 0);
G_AT(ucontext, link, 8);
G_AT(ucontext, stack, 16);
G_AT(ucontext, sigmask, 40);
G_AT(ucontext, mcontext, 176);

/* What a handler finds at its sp: a1 points at info, a2 at uc. */
struct g_sigframe {
	struct g_siginfo info;
	struct g_ucontext uc;
};
G_SIZE(sigframe, 1088);
G_AT(sigframe, uc, 128);
G_AT(sigframe, uc.sigmask, 168);
G_AT(sigframe, uc.mcontext.gregs[0], 304);
G_AT(sigframe, uc.mcontext.gregs[1], 312);
G_AT(sigframe, uc.mcontext.fregs[0], 560);
G_AT(sigframe, uc.mcontext.fcsr, 816);
G_AT(sigframe, uc.mcontext.reserved, 1076);
G_AT(sigframe, uc.mcontext.ext_magic, 1080);

#endif
