/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The names that uname, /proc/version and /proc/sys/kernel give. */
#ifndef TOLLGATE_KERNEL_UTS_H
#define TOLLGATE_KERNEL_UTS_H

#define UTS_SYSNAME "Linux"
#define UTS_NODENAME "tollgate"
#define UTS_RELEASE "6.12.0"
#define UTS_VERSION "#1 SMP"
#define UTS_MACHINE "riscv64"
#define UTS_DOMAINNAME "(none)"

#endif
