/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the files of this room share: the vm's record. */
#ifndef TOLLGATE_VM_INTERNAL_H
#define TOLLGATE_VM_INTERNAL_H

#include "kernel/kernel.h"
#include "machine/machine.h"
#include "vm/outside.h"
#include "vm/vm.h"

struct vm {
	struct kernel kernel;
	struct machine *machine;
	struct outside outside;
	void *arena;
	int stdin_fd, stdout_fd, stderr_fd;
	void (*progress)(void *ctx, uint64_t retired, uint64_t virtual_ns);
	void *progress_ctx;
	uint64_t progress_insns;
	struct vm_summary summary;
	bool want_hashes;
	bool summarized;
};

#endif
