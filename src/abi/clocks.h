/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Constants and layouts of clocks and timers. Refuses to know: what time it is.
 */
#ifndef TOLLGATE_ABI_CLOCKS_H
#define TOLLGATE_ABI_CLOCKS_H

#include "abi/base.h"

enum {
	G_CLOCK_REALTIME = 0,
	G_CLOCK_MONOTONIC = 1,
	G_CLOCK_PROCESS_CPUTIME_ID = 2,
	G_CLOCK_THREAD_CPUTIME_ID = 3,
	G_CLOCK_MONOTONIC_RAW = 4,
	G_CLOCK_REALTIME_COARSE = 5,
	G_CLOCK_MONOTONIC_COARSE = 6,
	G_CLOCK_BOOTTIME = 7,
	G_CLOCK_REALTIME_ALARM = 8,
	G_CLOCK_BOOTTIME_ALARM = 9,
	G_CLOCK_SGI_CYCLE = 10,
	G_CLOCK_TAI = 11,
};

/*
 * A negative clock id names a CPU-time clock: (~id of the process or thread) << 3, bit 2 set for a
 * thread, bits 1..0 the kind.
 */
enum { G_CPUCLOCK_PROF = 0, G_CPUCLOCK_VIRT = 1, G_CPUCLOCK_SCHED = 2, G_CPUCLOCK_PERTHREAD = 4 };

enum {
	G_TIMER_ABSTIME = 01,
	G_TFD_TIMER_ABSTIME = 01,
	G_TFD_TIMER_CANCEL_ON_SET = 02,
	G_TFD_CLOEXEC = 02000000,
	G_TFD_NONBLOCK = 04000,
};
enum {
	G_ITIMER_REAL = 0,
	G_ITIMER_VIRTUAL = 1,
	G_ITIMER_PROF = 2,
};

struct g_itimerspec {
	struct g_timespec interval;
	struct g_timespec value;
};
G_SIZE(itimerspec, 32);
G_AT(itimerspec, value, 16);

struct g_itimerval {
	struct g_timeval interval;
	struct g_timeval value;
};
G_SIZE(itimerval, 32);
G_AT(itimerval, value, 16);

struct g_timezone {
	int32_t minuteswest;
	int32_t dsttime;
};
G_SIZE(timezone, 8);

struct g_tms {
	int64_t utime; /* in ticks of 10 ms */
	int64_t stime;
	int64_t cutime;
	int64_t cstime;
};
G_SIZE(tms, 32);
enum { G_USER_HZ = 100 };

struct g_timex {
	uint32_t modes;
	uint32_t pad0;
	int64_t offset;
	int64_t freq;
	int64_t maxerror;
	int64_t esterror;
	int32_t status;
	uint32_t pad1;
	int64_t constant;
	int64_t precision;
	int64_t tolerance;
	struct g_timeval time;
	int64_t tick;
	int64_t ppsfreq;
	int64_t jitter;
	int32_t shift;
	uint32_t pad2;
	int64_t stabil;
	int64_t jitcnt;
	int64_t calcnt;
	int64_t errcnt;
	int64_t stbcnt;
	int32_t tai;
	uint32_t spare[11];
};
G_SIZE(timex, 208);
G_AT(timex, status, 40);
G_AT(timex, time, 72);
G_AT(timex, tai, 160);

#endif
