/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Files whose contents the kernel makes up: constant ones of /proc, /sys and /dev (synthetic.c,
 * system_text.c) and those of a process (proc.c, process_text.c). Inside the tree only.
 */
#ifndef TOLLGATE_KERNEL_SYNTHETIC_H
#define TOLLGATE_KERNEL_SYNTHETIC_H

#include "kernel/tree/inode.h"
#include "kernel/text.h"

enum { GENERATOR_PROCESS = 0x1000 /* generators from here on are rows of proc.c's tables */ };

/* Makes /proc, /sys, /dev in the tree. 0 or -errno. */
int synthetic_init(struct kernel *k);
/* Writes the contents of a file with a generator. 0 or -errno (its process is gone). */
int synthetic_text(struct kernel *k, const struct inode *inode, struct text *t);
/* May it be opened for writing? 0 or -errno. And a write of n bytes (kernel memory): n or -errno.
 */
int synthetic_writable(const struct inode *inode);
int64_t synthetic_write(struct kernel *k, const struct inode *inode, const char *src, uint64_t n);

/* Names below /proc that depend on processes: proc_lookup as directory_lookup; proc_name gives the
 * next one after *cursor (0 at first). */
int proc_lookup(struct kernel *k, ref dir, const char *name, uint64_t len, ref *out);
int proc_name(struct kernel *k, const struct inode *dir, uint64_t *cursor, char *name);
int64_t proc_readlink(struct kernel *k, const struct inode *link, char *buf, uint64_t size);
bool proc_is_magic(const struct inode *link);
/* Where a magic link leads: an inode (held), or 0 and a file (held). 0 or -errno. */
int proc_follow(struct kernel *k, const struct inode *link, ref *inode, ref *file);
/* The contents of a file below /proc/PID, and its writes. */
int proc_text(struct kernel *k, const struct inode *inode, struct text *t);
int proc_writable(const struct inode *inode);
int64_t proc_write(struct kernel *k, const struct inode *inode, const char *src, uint64_t n);
/* Gives /proc its dynamic names, and makes /proc/self and /proc/thread-self. */
int proc_init(struct kernel *k, ref proc);

/* process_text.c, memory_text.c: one file of /proc/PID or /proc/PID/task/TID each. */
typedef int text_maker(struct kernel *k, struct process *p, struct thread *t, struct text *out);
text_maker text_maps, text_smaps, text_smaps_rollup, text_statm, text_status, text_stat, text_auxv,
	text_cmdline, text_environ, text_comm, text_limits, text_cgroup, text_mounts,
	text_mountinfo, text_io, text_oom_score_adj, text_zero, text_personality, text_loginuid,
	text_id_map, text_coredump_filter;
/* /proc/PID/fdinfo/N */
int text_fdinfo(struct kernel *k, uint32_t fd, struct text *out);

/* memory_text.c, for process_text.c: the Vm lines of status; vsize in bytes and rss in pages. */
void text_status_memory(struct kernel *k, const struct process *p, struct text *out);
void memory_extent(struct kernel *k, const struct process *p, uint64_t *bytes, uint64_t *resident);

/* system_text.c: files that say the same to every process. */
typedef void system_maker(struct kernel *k, struct text *out);
void text_cpu_mask(struct kernel *k, struct text *out); /* "f", as Cpus_allowed has it */
system_maker text_cpuinfo, text_meminfo, text_system_stat, text_uptime, text_loadavg, text_cpu_list,
	text_uuid, text_boot_id;

#endif
