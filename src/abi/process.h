/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Constants and layouts of what a process asks about itself and its machine: limits, usage, names,
 * capabilities, prctl, hwprobe, wait. Refuses to know: the answers.
 */
#ifndef TOLLGATE_ABI_PROCESS_H
#define TOLLGATE_ABI_PROCESS_H

#include "abi/base.h"

enum {
	G_RLIMIT_CPU = 0,
	G_RLIMIT_FSIZE = 1,
	G_RLIMIT_DATA = 2,
	G_RLIMIT_STACK = 3,
	G_RLIMIT_CORE = 4,
	G_RLIMIT_RSS = 5,
	G_RLIMIT_NPROC = 6,
	G_RLIMIT_NOFILE = 7,
	G_RLIMIT_MEMLOCK = 8,
	G_RLIMIT_AS = 9,
	G_RLIMIT_LOCKS = 10,
	G_RLIMIT_SIGPENDING = 11,
	G_RLIMIT_MSGQUEUE = 12,
	G_RLIMIT_NICE = 13,
	G_RLIMIT_RTPRIO = 14,
	G_RLIMIT_RTTIME = 15,
	G_RLIM_NLIMITS = 16,
};
#define G_RLIM_INFINITY UINT64_MAX

struct g_rlimit {
	uint64_t cur;
	uint64_t max;
};
G_SIZE(rlimit, 16);
G_AT(rlimit, max, 8);

enum {
	G_RUSAGE_SELF = 0,
	G_RUSAGE_CHILDREN = -1,
	G_RUSAGE_THREAD = 1,
	G_PRIO_PROCESS = 0,
	G_PRIO_PGRP = 1,
	G_PRIO_USER = 2,
};

struct g_rusage {
	struct g_timeval utime;
	struct g_timeval stime;
	int64_t maxrss; /* KiB */
	int64_t ixrss;
	int64_t idrss;
	int64_t isrss;
	int64_t minflt;
	int64_t majflt;
	int64_t nswap;
	int64_t inblock;
	int64_t oublock;
	int64_t msgsnd;
	int64_t msgrcv;
	int64_t nsignals;
	int64_t nvcsw;
	int64_t nivcsw;
};
G_SIZE(rusage, 144);
G_AT(rusage, stime, 16);
G_AT(rusage, maxrss, 32);
G_AT(rusage, minflt, 64);
G_AT(rusage, nvcsw, 128);
G_AT(rusage, nivcsw, 136);

struct g_utsname {
	char sysname[65];
	char nodename[65];
	char release[65];
	char version[65];
	char machine[65];
	char domainname[65];
};
G_SIZE(utsname, 390);
G_AT(utsname, machine, 260);

struct g_sysinfo {
	int64_t uptime;
	uint64_t loads[3];
	uint64_t totalram;
	uint64_t freeram;
	uint64_t sharedram;
	uint64_t bufferram;
	uint64_t totalswap;
	uint64_t freeswap;
	uint16_t procs;
	uint16_t pad;
	uint32_t pad2;
	uint64_t totalhigh;
	uint64_t freehigh;
	uint32_t mem_unit;
	uint32_t pad3;
};
G_SIZE(sysinfo, 112);
G_AT(sysinfo, uptime, 0);
G_AT(sysinfo, loads, 8);
G_AT(sysinfo, totalram, 32);
G_AT(sysinfo, freeswap, 72);
G_AT(sysinfo, procs, 80);
G_AT(sysinfo, totalhigh, 88);
G_AT(sysinfo, mem_unit, 104);

/* capget, capset */
enum {
	G__LINUX_CAPABILITY_VERSION_1 = 0x19980330,
	G__LINUX_CAPABILITY_VERSION_2 = 0x20071026,
	G__LINUX_CAPABILITY_VERSION_3 = 0x20080522,
	G_CAP_LAST_CAP = 40,
};

struct g_cap_header {
	uint32_t version;
	int32_t pid;
};
G_SIZE(cap_header, 8);
G_AT(cap_header, pid, 4);

/* version 3 has two of them */
struct g_cap_data {
	uint32_t effective;
	uint32_t permitted;
	uint32_t inheritable;
};
G_SIZE(cap_data, 12);

/* prctl */
enum {
	G_PR_SET_PDEATHSIG = 1,
	G_PR_GET_PDEATHSIG = 2,
	G_PR_GET_DUMPABLE = 3,
	G_PR_SET_DUMPABLE = 4,
	G_PR_GET_UNALIGN = 5,
	G_PR_SET_UNALIGN = 6,
	G_PR_GET_KEEPCAPS = 7,
	G_PR_SET_KEEPCAPS = 8,
	G_PR_GET_TIMING = 13,
	G_PR_SET_TIMING = 14,
	G_PR_SET_NAME = 15,
	G_PR_GET_NAME = 16,
	G_PR_GET_ENDIAN = 19,
	G_PR_GET_SECCOMP = 21,
	G_PR_SET_SECCOMP = 22,
	G_PR_CAPBSET_READ = 23,
	G_PR_CAPBSET_DROP = 24,
	G_PR_GET_TSC = 25,
	G_PR_GET_SECUREBITS = 27,
	G_PR_SET_SECUREBITS = 28,
	G_PR_SET_TIMERSLACK = 29,
	G_PR_GET_TIMERSLACK = 30,
	G_PR_TASK_PERF_EVENTS_DISABLE = 31,
	G_PR_TASK_PERF_EVENTS_ENABLE = 32,
	G_PR_MCE_KILL = 33,
	G_PR_MCE_KILL_GET = 34,
	G_PR_SET_MM = 35,
	G_PR_SET_PTRACER = 1499557217,
	G_PR_SET_CHILD_SUBREAPER = 36,
	G_PR_GET_CHILD_SUBREAPER = 37,
	G_PR_SET_NO_NEW_PRIVS = 38,
	G_PR_GET_NO_NEW_PRIVS = 39,
	G_PR_GET_TID_ADDRESS = 40,
	G_PR_SET_THP_DISABLE = 41,
	G_PR_GET_THP_DISABLE = 42,
	G_PR_CAP_AMBIENT = 47,
	G_PR_GET_SPECULATION_CTRL = 52,
	G_PR_SET_SPECULATION_CTRL = 53,
	G_PR_SET_TAGGED_ADDR_CTRL = 55,
	G_PR_GET_TAGGED_ADDR_CTRL = 56,
	G_PR_SET_IO_FLUSHER = 57,
	G_PR_GET_IO_FLUSHER = 58,
	G_PR_SET_SYSCALL_USER_DISPATCH = 59,
	G_PR_SCHED_CORE = 62,
	G_PR_SET_MDWE = 65,
	G_PR_GET_MDWE = 66,
	G_PR_SET_MEMORY_MERGE = 67,
	G_PR_GET_MEMORY_MERGE = 68,
	G_PR_RISCV_V_SET_CONTROL = 69,
	G_PR_RISCV_V_GET_CONTROL = 70,
	G_PR_RISCV_SET_ICACHE_FLUSH_CTX = 71,
	G_PR_SET_VMA = 1398164801,
	G_PR_GET_AUXV = 1096112214,
};
enum {
	G_PR_SET_VMA_ANON_NAME = 0,
	G_PR_CAP_AMBIENT_IS_SET = 1,
	G_PR_CAP_AMBIENT_RAISE = 2,
	G_PR_CAP_AMBIENT_LOWER = 3,
	G_PR_CAP_AMBIENT_CLEAR_ALL = 4,
	G_PR_RISCV_CTX_SW_FENCEI_ON = 0,
	G_PR_RISCV_CTX_SW_FENCEI_OFF = 1,
	G_PR_RISCV_SCOPE_PER_PROCESS = 0,
	G_PR_RISCV_SCOPE_PER_THREAD = 1,
	G_ANON_VMA_NAME_MAX_LEN = 80,
	G_TASK_COMM_LEN = 16,
};

/* riscv_hwprobe */
struct g_hwprobe {
	int64_t key; /* comes back as -1 if it is unknown */
	uint64_t value;
};
G_SIZE(hwprobe, 16);
G_AT(hwprobe, value, 8);
enum {
	G_RISCV_HWPROBE_KEY_MVENDORID = 0x0,
	G_RISCV_HWPROBE_KEY_MARCHID = 0x1,
	G_RISCV_HWPROBE_KEY_MIMPID = 0x2,
	G_RISCV_HWPROBE_KEY_BASE_BEHAVIOR = 0x3,
	G_RISCV_HWPROBE_KEY_IMA_EXT_0 = 0x4,
	G_RISCV_HWPROBE_KEY_CPUPERF_0 = 0x5,
	G_RISCV_HWPROBE_KEY_ZICBOZ_BLOCK_SIZE = 0x6,
	G_RISCV_HWPROBE_KEY_HIGHEST_VIRT_ADDRESS = 0x7,
	G_RISCV_HWPROBE_KEY_TIME_CSR_FREQ = 0x8,
	G_RISCV_HWPROBE_KEY_MISALIGNED_SCALAR_PERF = 0x9,
	G_RISCV_HWPROBE_MAX_KEY = 9,
	G_RISCV_HWPROBE_WHICH_CPUS = 0x1,
};
enum {
	G_RISCV_HWPROBE_BASE_BEHAVIOR_IMA = 0x1,
	G_RISCV_HWPROBE_IMA_FD = 0x1,
	G_RISCV_HWPROBE_IMA_C = 0x2,
	G_RISCV_HWPROBE_IMA_V = 0x4,
	G_RISCV_HWPROBE_EXT_ZBA = 0x8,
	G_RISCV_HWPROBE_EXT_ZBB = 0x10,
	G_RISCV_HWPROBE_EXT_ZBS = 0x20,
	G_RISCV_HWPROBE_EXT_ZICBOZ = 0x40,
	G_RISCV_HWPROBE_EXT_ZBC = 0x80,
	G_RISCV_HWPROBE_MISALIGNED_FAST = 0x3,
	G_RISCV_HWPROBE_MISALIGNED_SCALAR_FAST = 0x3,
};
#define G_RISCV_HWPROBE_EXT_ZIHINTPAUSE 0x1000000000ull
#define G_RISCV_HWPROBE_EXT_ZCA         0x80000000000ull
#define G_RISCV_HWPROBE_EXT_ZCD         0x200000000000ull

/* wait4, waitid */
enum {
	G_WNOHANG = 0x1,
	G_WUNTRACED = 0x2,
	G_WSTOPPED = 0x2,
	G_WEXITED = 0x4,
	G_WCONTINUED = 0x8,
	G_WNOWAIT = 0x1000000,
	G___WNOTHREAD = 0x20000000,
	G___WALL = 0x40000000,
	G_P_ALL = 0x0,
	G_P_PID = 0x1,
	G_P_PGID = 0x2,
	G_P_PIDFD = 0x3,
};
#define G___WCLONE 0x80000000u

enum {
	G_GRND_NONBLOCK = 0x1,
	G_GRND_RANDOM = 0x2,
	G_GRND_INSECURE = 0x4,
};
enum {
	G_PER_LINUX = 0x0,
	G_ADDR_NO_RANDOMIZE = 0x40000,
};
#define G_AUDIT_ARCH_RISCV64 0xc00000f3u

#endif
