/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * membarrier and riscv_flush_icache: on one hart whose fetches see every store, the barriers have
 * happened already; what is left are the rules of registration.
 */
#include "kernel/kernel.h"

#define FLUSH_ICACHE_LOCAL 1u /* SYS_RISCV_FLUSH_ICACHE_LOCAL: the only flag */

#define REGISTRATIONS                                  \
	(G_MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED |  \
	 G_MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED | \
	 G_MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE)
#define COMMANDS                                                                             \
	(REGISTRATIONS | G_MEMBARRIER_CMD_GLOBAL | G_MEMBARRIER_CMD_GLOBAL_EXPEDITED |       \
	 G_MEMBARRIER_CMD_PRIVATE_EXPEDITED | G_MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE | \
	 G_MEMBARRIER_CMD_GET_REGISTRATIONS)

int64_t sys_membarrier(struct kernel *k, const uint64_t a[6])
{
	int32_t command = (int32_t)a[0];
	struct process *p = k->process;

	if ((uint32_t)a[1]) /* flags are for the restartable-sequence command only */
		return -G_EINVAL;
	switch (command) {
	case G_MEMBARRIER_CMD_QUERY:
		return COMMANDS;
	case G_MEMBARRIER_CMD_GLOBAL:
	case G_MEMBARRIER_CMD_GLOBAL_EXPEDITED:
		return 0;
	case G_MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED:
	case G_MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED:
	case G_MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE:
		p->membarrier |= (uint32_t)command;
		return 0;
	case G_MEMBARRIER_CMD_PRIVATE_EXPEDITED:
		return p->membarrier & G_MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED ? 0 : -G_EPERM;
	case G_MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE:
		return p->membarrier & G_MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE
			       ? 0
			       : -G_EPERM;
	case G_MEMBARRIER_CMD_GET_REGISTRATIONS:
		return (int64_t)p->membarrier;
	default:
		return -G_EINVAL;
	}
}

int64_t sys_riscv_flush_icache(struct kernel *k, const uint64_t a[6])
{
	(void)k;
	return a[2] & ~(uint64_t)FLUSH_ICACHE_LOCAL ? -G_EINVAL : 0;
}
