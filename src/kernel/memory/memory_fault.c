/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Faults: the growing stack, and which signal a fault is. */
#include "kernel/memory/memory.h"

#include <string.h>

#include "kernel/memory/area.h"
#include "kernel/tree/tree.h"

#define PAGE TG_PAGE_SIZE

static bool grow_down(struct kernel *k, const struct process *p, uint64_t addr)
{
	struct memory *mm = AT(k, memory, p->memory);
	struct area *area, *previous;
	uint64_t page = addr & -(uint64_t)PAGE, pages;
	uint32_t index;

	if (!mm || addr >= TG_ADDRESS_END || page < LIMIT_MMAP_MIN_ADDR)
		return false;
	index = area_index(k, mm, addr);
	area = memory_area_at(k, mm, index);
	if (!area || area->start <= addr || !(area->flags & AREA_GROWSDOWN))
		return false;
	previous = index ? memory_area_at(k, mm, index - 1) : NULL;
	if (previous && !(previous->flags & AREA_GROWSDOWN) && (previous->prot & 7) && page - previous->end < LIMIT_STACK_GAP)
		return false;
	pages = (area->start - page) / PAGE;
	if (area->end - page > p->rlimits[G_RLIMIT_STACK].cur ||
	    (area->flags & AREA_LOCKED && mm->locked_pages + pages > p->rlimits[G_RLIMIT_MEMLOCK].cur / PAGE))
		return false;
	if (mm->total_pages + pages > p->rlimits[G_RLIMIT_AS].cur / PAGE)
		return false;
	if (memory_may_grow(k, mm, area->prot, area->flags, pages)) {
		kernel_stop(k, TG_STOP_MEMORY_LIMIT, 0); /* what a first store beyond the limit does everywhere else */
		return false;
	}
	if (k->machine->map(k->machine_ctx, mm->space, page, pages * PAGE, memory_machine_prot(area->prot), 0, 0,
	                    memory_machine_flags(area)))
		return false;
	area_extend_down(k, mm, area, page);
	memory_settle(k);
	return true;
}

bool memory_grow(struct kernel *k, const struct process *p, uint64_t addr)
{
	return grow_down(k, p, addr);
}

bool memory_fault(struct kernel *k, uint32_t cause, uint64_t tval)
{
	if (cause != TG_CAUSE_FETCH_PAGE && cause != TG_CAUSE_LOAD_PAGE && cause != TG_CAUSE_STORE_PAGE)
		return false;
	return grow_down(k, k->process, tval);
}

/* The access that the area would have to allow; writable areas can be read (see memory_machine_prot). */
static bool allowed(const struct area *area, uint32_t cause)
{
	return memory_machine_prot(area->prot) & (cause == TG_CAUSE_FETCH_PAGE  ? TG_PROT_EXEC
	                                          : cause == TG_CAUSE_LOAD_PAGE ? TG_PROT_READ
	                                                                        : TG_PROT_WRITE);
}

static void page_fault(struct kernel *k, uint32_t cause, uint64_t tval, struct g_siginfo *info)
{
	const struct area *area = memory_area(k, memory_current(k), tval);

	info->signo = G_SIGSEGV;
	info->fault.addr = tval;
	if (!area) {
		info->code = G_SEGV_MAPERR;
	} else if (!allowed(area, cause) || !area->object) {
		info->code = G_SEGV_ACCERR;
	} else { /* the access was right and the page is not there: beyond the end of the file */
		info->signo = G_SIGBUS;
		info->code = G_BUS_ADRERR;
	}
}

void memory_fault_signal(struct kernel *k, uint32_t cause, uint64_t tval, struct g_siginfo *info)
{
	memset(info, 0, sizeof(*info));
	info->fault.addr = k->machine->reg(k->machine_ctx, TG_REG_PC); /* all but page faults name the instruction */
	switch (cause) {
	case TG_CAUSE_FETCH_PAGE:
	case TG_CAUSE_LOAD_PAGE:
	case TG_CAUSE_STORE_PAGE:
		page_fault(k, cause, tval, info);
		break;
	case TG_CAUSE_FETCH_MISALIGNED:
	case TG_CAUSE_LOAD_MISALIGNED:
	case TG_CAUSE_STORE_MISALIGNED:
		info->signo = G_SIGBUS;
		info->code = G_BUS_ADRALN;
		break;
	case TG_CAUSE_BREAKPOINT:
		info->signo = G_SIGTRAP;
		info->code = G_TRAP_BRKPT;
		break;
	default:
		info->signo = G_SIGILL;
		info->code = G_ILL_ILLOPC;
		break;
	}
}
