/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Our guest layouts beside those of the headers that a riscv64 compiler brings: compiling is the
 * test. Built by check-sources only. Fields the older of those headers may lack are left out.
 */
#include <stddef.h>

#include "abi/abi.h"

#include <asm/statfs.h>
#include <asm/termbits.h>
#include <elf.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <linux/openat2.h>
#include <linux/rseq.h>
#include <linux/sched.h>
#include <linux/stat.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <time.h>
#include <ucontext.h>

#define SAME_SIZE(g, type) _Static_assert(sizeof(struct g_##g) == sizeof(type), #g)
#define SAME(g, field, type, theirs)                                                               \
	_Static_assert(offsetof(struct g_##g, field) == offsetof(type, theirs), #g "." #field);    \
	_Static_assert(sizeof(((struct g_##g *)0)->field) == sizeof(((type *)0)->theirs),          \
		       "size of " #g "." #field)

SAME_SIZE(iovec, struct iovec);
SAME(iovec, base, struct iovec, iov_base);
SAME(iovec, len, struct iovec, iov_len);
SAME_SIZE(timespec, struct timespec);
SAME(timespec, nsec, struct timespec, tv_nsec);
SAME_SIZE(timeval, struct timeval);
SAME(timeval, usec, struct timeval, tv_usec);
SAME_SIZE(itimerspec, struct itimerspec);
SAME(itimerspec, value, struct itimerspec, it_value);
SAME_SIZE(itimerval, struct itimerval);
SAME(itimerval, value, struct itimerval, it_value);
SAME_SIZE(timezone, struct timezone);
SAME_SIZE(tms, struct tms);
SAME(tms, cstime, struct tms, tms_cstime);
SAME_SIZE(timex, struct timex);
SAME(timex, status, struct timex, status);
SAME(timex, time, struct timex, time);
SAME(timex, tick, struct timex, tick);
SAME(timex, tai, struct timex, tai);

SAME_SIZE(stat, struct stat);
SAME(stat, dev, struct stat, st_dev);
SAME(stat, ino, struct stat, st_ino);
SAME(stat, mode, struct stat, st_mode);
SAME(stat, nlink, struct stat, st_nlink);
SAME(stat, uid, struct stat, st_uid);
SAME(stat, gid, struct stat, st_gid);
SAME(stat, rdev, struct stat, st_rdev);
SAME(stat, size, struct stat, st_size);
SAME(stat, blksize, struct stat, st_blksize);
SAME(stat, blocks, struct stat, st_blocks);
SAME(stat, atime, struct stat, st_atim);
SAME(stat, mtime, struct stat, st_mtim);
SAME(stat, ctime, struct stat, st_ctim);
SAME_SIZE(statx, struct statx);
SAME(statx, mask, struct statx, stx_mask);
SAME(statx, blksize, struct statx, stx_blksize);
SAME(statx, attributes, struct statx, stx_attributes);
SAME(statx, nlink, struct statx, stx_nlink);
SAME(statx, uid, struct statx, stx_uid);
SAME(statx, gid, struct statx, stx_gid);
SAME(statx, mode, struct statx, stx_mode);
SAME(statx, ino, struct statx, stx_ino);
SAME(statx, size, struct statx, stx_size);
SAME(statx, blocks, struct statx, stx_blocks);
SAME(statx, attributes_mask, struct statx, stx_attributes_mask);
SAME(statx, atime, struct statx, stx_atime);
SAME(statx, btime, struct statx, stx_btime);
SAME(statx, ctime, struct statx, stx_ctime);
SAME(statx, mtime, struct statx, stx_mtime);
SAME(statx, rdev_major, struct statx, stx_rdev_major);
SAME(statx, dev_major, struct statx, stx_dev_major);
SAME(statx, dev_minor, struct statx, stx_dev_minor);
SAME(statx, mnt_id, struct statx, stx_mnt_id);
SAME_SIZE(statfs, struct statfs);
SAME(statfs, type, struct statfs, f_type);
SAME(statfs, bsize, struct statfs, f_bsize);
SAME(statfs, blocks, struct statfs, f_blocks);
SAME(statfs, bfree, struct statfs, f_bfree);
SAME(statfs, bavail, struct statfs, f_bavail);
SAME(statfs, files, struct statfs, f_files);
SAME(statfs, ffree, struct statfs, f_ffree);
SAME(statfs, fsid, struct statfs, f_fsid);
SAME(statfs, namelen, struct statfs, f_namelen);
SAME(statfs, frsize, struct statfs, f_frsize);
SAME(statfs, flags, struct statfs, f_flags);
SAME_SIZE(flock, struct flock);
SAME(flock, type, struct flock, l_type);
SAME(flock, whence, struct flock, l_whence);
SAME(flock, start, struct flock, l_start);
SAME(flock, len, struct flock, l_len);
SAME(flock, pid, struct flock, l_pid);
SAME_SIZE(f_owner_ex, struct f_owner_ex);
SAME_SIZE(open_how, struct open_how);
SAME(open_how, mode, struct open_how, mode);
SAME(open_how, resolve, struct open_how, resolve);
SAME_SIZE(termios, struct termios);
SAME(termios, line, struct termios, c_line);
SAME(termios, cc, struct termios, c_cc);

SAME_SIZE(pollfd, struct pollfd);
SAME(pollfd, events, struct pollfd, events);
SAME(pollfd, revents, struct pollfd, revents);
SAME_SIZE(epoll_event, struct epoll_event);
SAME(epoll_event, data, struct epoll_event, data);

SAME_SIZE(siginfo, siginfo_t);
SAME(siginfo, signo, siginfo_t, si_signo);
SAME(siginfo, error, siginfo_t, si_errno);
SAME(siginfo, code, siginfo_t, si_code);
SAME(siginfo, rt.pid, siginfo_t, si_pid);
SAME(siginfo, rt.uid, siginfo_t, si_uid);
SAME(siginfo, rt.value, siginfo_t, si_value);
SAME(siginfo, timer.id, siginfo_t, si_timerid);
SAME(siginfo, timer.overrun, siginfo_t, si_overrun);
SAME(siginfo, child.status, siginfo_t, si_status);
SAME(siginfo, child.utime, siginfo_t, si_utime);
SAME(siginfo, child.stime, siginfo_t, si_stime);
SAME(siginfo, fault.addr, siginfo_t, si_addr);
SAME(siginfo, fault.addr_lsb, siginfo_t, si_addr_lsb);
SAME(siginfo, fault.lower, siginfo_t, si_lower);
SAME(siginfo, fault.upper, siginfo_t, si_upper);
SAME(siginfo, poll.band, siginfo_t, si_band);
SAME(siginfo, poll.fd, siginfo_t, si_fd);
SAME(siginfo, sys.call_addr, siginfo_t, si_call_addr);
SAME(siginfo, sys.syscall, siginfo_t, si_syscall);
SAME(siginfo, sys.arch, siginfo_t, si_arch);
SAME_SIZE(sigstack, stack_t);
SAME(sigstack, sp, stack_t, ss_sp);
SAME(sigstack, flags, stack_t, ss_flags);
SAME(sigstack, size, stack_t, ss_size);
SAME_SIZE(sigevent, struct sigevent);
SAME(sigevent, value, struct sigevent, sigev_value);
SAME(sigevent, signo, struct sigevent, sigev_signo);
SAME(sigevent, notify, struct sigevent, sigev_notify);
SAME(ucontext, flags, ucontext_t, __uc_flags);
SAME(ucontext, link, ucontext_t, uc_link);
SAME(ucontext, stack, ucontext_t, uc_stack);
_Static_assert(offsetof(struct g_ucontext, sigmask) == offsetof(ucontext_t, uc_sigmask), "sigmask");
_Static_assert(offsetof(struct g_ucontext, mcontext) == offsetof(ucontext_t, uc_mcontext), "mc");
_Static_assert(sizeof(struct g_ucontext) == sizeof(ucontext_t), "ucontext");
SAME(mcontext, gregs, mcontext_t, __gregs);
_Static_assert(offsetof(struct g_mcontext, fregs) == offsetof(mcontext_t, __fpregs), "fregs");
_Static_assert(offsetof(struct g_mcontext, fcsr) ==
		       offsetof(mcontext_t, __fpregs) + offsetof(struct __riscv_mc_d_ext_state, __fcsr),
	       "fcsr");
_Static_assert(sizeof(struct g_sigframe) == sizeof(siginfo_t) + sizeof(ucontext_t), "sigframe");

SAME_SIZE(futex_waitv, struct futex_waitv);
SAME(futex_waitv, uaddr, struct futex_waitv, uaddr);
SAME(futex_waitv, flags, struct futex_waitv, flags);
SAME_SIZE(robust_list_head, struct robust_list_head);
SAME(robust_list_head, futex_offset, struct robust_list_head, futex_offset);
SAME(robust_list_head, pending, struct robust_list_head, list_op_pending);
SAME_SIZE(sched_param, struct sched_param);
SAME_SIZE(clone_args, struct clone_args);
SAME(clone_args, exit_signal, struct clone_args, exit_signal);
SAME(clone_args, stack, struct clone_args, stack);
SAME(clone_args, tls, struct clone_args, tls);
SAME(clone_args, set_tid, struct clone_args, set_tid);
SAME(clone_args, cgroup, struct clone_args, cgroup);
SAME_SIZE(rseq, struct rseq);
SAME(rseq, cpu_id, struct rseq, cpu_id);
SAME(rseq, flags, struct rseq, flags);

SAME_SIZE(rlimit, struct rlimit);
SAME(rlimit, max, struct rlimit, rlim_max);
SAME_SIZE(rusage, struct rusage);
SAME(rusage, stime, struct rusage, ru_stime);
SAME(rusage, maxrss, struct rusage, ru_maxrss);
SAME(rusage, minflt, struct rusage, ru_minflt);
SAME(rusage, majflt, struct rusage, ru_majflt);
SAME(rusage, inblock, struct rusage, ru_inblock);
SAME(rusage, nsignals, struct rusage, ru_nsignals);
SAME(rusage, nvcsw, struct rusage, ru_nvcsw);
SAME(rusage, nivcsw, struct rusage, ru_nivcsw);
SAME_SIZE(utsname, struct utsname);
SAME(utsname, machine, struct utsname, machine);
SAME_SIZE(sysinfo, struct sysinfo);
SAME(sysinfo, loads, struct sysinfo, loads);
SAME(sysinfo, totalram, struct sysinfo, totalram);
SAME(sysinfo, freeswap, struct sysinfo, freeswap);
SAME(sysinfo, procs, struct sysinfo, procs);
SAME(sysinfo, totalhigh, struct sysinfo, totalhigh);
SAME(sysinfo, mem_unit, struct sysinfo, mem_unit);
SAME_SIZE(cap_header, struct __user_cap_header_struct);
SAME_SIZE(cap_data, struct __user_cap_data_struct);
SAME(cap_data, permitted, struct __user_cap_data_struct, permitted);

SAME_SIZE(sockaddr_un, struct sockaddr_un);
SAME(sockaddr_un, path, struct sockaddr_un, sun_path);
SAME_SIZE(msghdr, struct msghdr);
SAME(msghdr, namelen, struct msghdr, msg_namelen);
SAME(msghdr, iov, struct msghdr, msg_iov);
SAME(msghdr, iovlen, struct msghdr, msg_iovlen);
SAME(msghdr, control, struct msghdr, msg_control);
SAME(msghdr, controllen, struct msghdr, msg_controllen);
SAME(msghdr, flags, struct msghdr, msg_flags);
SAME_SIZE(mmsghdr, struct mmsghdr);
SAME_SIZE(cmsghdr, struct cmsghdr);
SAME_SIZE(ucred, struct ucred);
SAME_SIZE(linger, struct linger);

SAME_SIZE(elf64_ehdr, Elf64_Ehdr);
SAME(elf64_ehdr, machine, Elf64_Ehdr, e_machine);
SAME(elf64_ehdr, entry, Elf64_Ehdr, e_entry);
SAME(elf64_ehdr, phoff, Elf64_Ehdr, e_phoff);
SAME(elf64_ehdr, flags, Elf64_Ehdr, e_flags);
SAME(elf64_ehdr, phentsize, Elf64_Ehdr, e_phentsize);
SAME(elf64_ehdr, phnum, Elf64_Ehdr, e_phnum);
SAME(elf64_ehdr, shstrndx, Elf64_Ehdr, e_shstrndx);
SAME_SIZE(elf64_phdr, Elf64_Phdr);
SAME(elf64_phdr, flags, Elf64_Phdr, p_flags);
SAME(elf64_phdr, offset, Elf64_Phdr, p_offset);
SAME(elf64_phdr, vaddr, Elf64_Phdr, p_vaddr);
SAME(elf64_phdr, filesz, Elf64_Phdr, p_filesz);
SAME(elf64_phdr, memsz, Elf64_Phdr, p_memsz);
SAME(elf64_phdr, align, Elf64_Phdr, p_align);
SAME_SIZE(elf64_shdr, Elf64_Shdr);
SAME(elf64_shdr, offset, Elf64_Shdr, sh_offset);
SAME(elf64_shdr, link, Elf64_Shdr, sh_link);
SAME(elf64_shdr, entsize, Elf64_Shdr, sh_entsize);
SAME_SIZE(elf64_sym, Elf64_Sym);
SAME(elf64_sym, value, Elf64_Sym, st_value);
SAME_SIZE(elf64_dyn, Elf64_Dyn);
SAME_SIZE(elf64_rela, Elf64_Rela);
SAME_SIZE(elf64_nhdr, Elf64_Nhdr);
SAME_SIZE(auxv, Elf64_auxv_t);
