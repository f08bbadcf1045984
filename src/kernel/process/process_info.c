/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What a process asks about itself: ids, groups, capabilities, personality, prctl. It runs as user 0 without any capability, as in a
 * container that has dropped them all: ids can be set to what they are and to nothing else.
 */
#include <string.h>

#include "kernel/memory/memory.h"
#include "kernel/text.h"
#include "kernel/thread/thread.h"

#define NO_ID UINT32_MAX /* "leave it", or an error, by call */
#define DEFAULT_TIMER_SLACK 50000
#define CAPABILITIES 0 /* of every set */

/* ---- ids ---- */

int64_t sys_getuid(struct kernel *k, const uint64_t a[6])
{
	return 0;
}

int64_t sys_geteuid(struct kernel *k, const uint64_t a[6])
{
	return 0;
}

int64_t sys_getgid(struct kernel *k, const uint64_t a[6])
{
	return 0;
}

int64_t sys_getegid(struct kernel *k, const uint64_t a[6])
{
	return 0;
}

int64_t sys_getppid(struct kernel *k, const uint64_t a[6])
{
	return k->process->ppid;
}

static int64_t set_id(uint64_t id)
{
	if ((uint32_t)id == NO_ID)
		return -G_EINVAL;
	return (uint32_t)id ? -G_EPERM : 0;
}

static int64_t set_ids(const uint64_t *ids, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if ((uint32_t)ids[i] != NO_ID && (uint32_t)ids[i] != 0)
			return -G_EPERM;
	return 0;
}

int64_t sys_setuid(struct kernel *k, const uint64_t a[6])
{
	return set_id(a[0]);
}

int64_t sys_setgid(struct kernel *k, const uint64_t a[6])
{
	return set_id(a[0]);
}

int64_t sys_setreuid(struct kernel *k, const uint64_t a[6])
{
	return set_ids(a, 2);
}

int64_t sys_setregid(struct kernel *k, const uint64_t a[6])
{
	return set_ids(a, 2);
}

int64_t sys_setresuid(struct kernel *k, const uint64_t a[6])
{
	return set_ids(a, 3);
}

int64_t sys_setresgid(struct kernel *k, const uint64_t a[6])
{
	return set_ids(a, 3);
}

/* The answer is the id before the call, whether it could be changed or not. */
int64_t sys_setfsuid(struct kernel *k, const uint64_t a[6])
{
	return 0;
}

int64_t sys_setfsgid(struct kernel *k, const uint64_t a[6])
{
	return 0;
}

static int64_t store_zeros(struct kernel *k, const uint64_t *addresses)
{
	const uint32_t zero = 0;

	for (unsigned i = 0; i < 3; i++)
		if (user_store(k, addresses[i], &zero, sizeof(zero)))
			return -G_EFAULT;
	return 0;
}

int64_t sys_getresuid(struct kernel *k, const uint64_t a[6])
{
	return store_zeros(k, a);
}

int64_t sys_getresgid(struct kernel *k, const uint64_t a[6])
{
	return store_zeros(k, a);
}

/* No supplementary groups. */
int64_t sys_getgroups(struct kernel *k, const uint64_t a[6])
{
	return (int32_t)a[0] < 0 ? -G_EINVAL : 0;
}

/* ---- process groups and sessions ---- */

static const struct process *named(struct kernel *k, int32_t pid)
{
	const struct thread *t;

	if (!pid)
		return k->process;
	t = pid > 0 ? thread_by_tid(k, (uint32_t)pid) : NULL;
	return t ? AT(k, process, t->process) : NULL;
}

int64_t sys_getpgid(struct kernel *k, const uint64_t a[6])
{
	const struct process *p = named(k, (int32_t)a[0]);

	return p ? (int64_t)p->pgid : -G_ESRCH;
}

int64_t sys_getsid(struct kernel *k, const uint64_t a[6])
{
	const struct process *p = named(k, (int32_t)a[0]);

	return p ? (int64_t)p->sid : -G_ESRCH;
}

/* ---- capabilities, personality ---- */

int64_t sys_capget(struct kernel *k, const uint64_t a[6])
{
	struct g_cap_header header;
	struct g_cap_data data[2];
	uint64_t size;

	if (user_load(k, a[0], &header, sizeof(header)))
		return -G_EFAULT;
	switch (header.version) {
	case G__LINUX_CAPABILITY_VERSION_1:
		size = sizeof(data[0]);
		break;
	case G__LINUX_CAPABILITY_VERSION_2:
	case G__LINUX_CAPABILITY_VERSION_3:
		size = sizeof(data);
		break;
	default: /* how a program asks for the version */
		header.version = G__LINUX_CAPABILITY_VERSION_3;
		if (user_store(k, a[0], &header.version, sizeof(header.version)))
			return -G_EFAULT;
		return a[1] ? -G_EINVAL : 0;
	}
	if (!a[1])
		return 0;
	if (header.pid < 0)
		return -G_EINVAL;
	if (!named(k, header.pid))
		return -G_ESRCH;
	memset(data, CAPABILITIES, sizeof(data));
	return user_store(k, a[1], data, size) ? -G_EFAULT : 0;
}

int64_t sys_personality(struct kernel *k, const uint64_t a[6])
{
	uint32_t persona = (uint32_t)a[0], old = (uint32_t)k->process->persona;

	if (persona == UINT32_MAX)
		return old;
	if (persona & ~(uint32_t)G_ADDR_NO_RANDOMIZE)
		return -G_EINVAL;
	k->process->persona = persona;
	return old;
}

/* ---- prctl ---- */

static int64_t set_thread_name(struct kernel *k, uint64_t addr)
{
	char name[G_TASK_COMM_LEN];
	int64_t n = user_string(k, addr, name, sizeof(name)); /* a longer one is cut */

	if (n < 0 && n != -G_ENAMETOOLONG)
		return n;
	name[sizeof(name) - 1] = 0;
	memset(k->current->name, 0, sizeof(k->current->name));
	text_copy((char *)k->current->name, sizeof(k->current->name), name);
	return 0;
}

static bool name_is_valid(const char *name)
{
	for (; *name; name++)
		if (*name < 0x20 || *name > 0x7e || *name == '\\' || *name == '`' || *name == '$' || *name == '[' || *name == ']')
			return false;
	return true;
}

static int64_t set_vma_name(struct kernel *k, const uint64_t a[6])
{
	char name[G_ANON_VMA_NAME_MAX_LEN];
	int64_t n;

	if (a[1] != G_PR_SET_VMA_ANON_NAME)
		return -G_EINVAL;
	if (a[4]) {
		n = user_string(k, a[4], name, sizeof(name));
		if (n < 0)
			return n == -G_ENAMETOOLONG ? -G_EINVAL : n;
		if (!name_is_valid(name))
			return -G_EINVAL;
	}
	return memory_set_name(k, memory_current(k), a[2], a[3], a[4] ? name : NULL);
}

static int64_t ambient(const uint64_t a[6])
{
	if (a[1] == G_PR_CAP_AMBIENT_CLEAR_ALL)
		return a[2] | a[3] | a[4] ? -G_EINVAL : 0;
	if ((a[3] | a[4]) || a[2] > G_CAP_LAST_CAP)
		return -G_EINVAL;
	switch (a[1]) {
	case G_PR_CAP_AMBIENT_IS_SET:
	case G_PR_CAP_AMBIENT_LOWER:
		return 0;
	case G_PR_CAP_AMBIENT_RAISE:
		return -G_EPERM;
	default:
		return -G_EINVAL;
	}
}

static int64_t get_auxv(struct kernel *k, const uint64_t a[6])
{
	const void *auxv = arena_at(&k->arena, k->process->auxv);
	uint64_t size = arena_size(&k->arena, k->process->auxv), n = a[2] < size ? a[2] : size;

	if (a[3] | a[4])
		return -G_EINVAL;
	return user_store(k, a[1], auxv, n) ? -G_EFAULT : (int64_t)size;
}

static int64_t store_int(struct kernel *k, uint64_t addr, uint32_t value)
{
	return user_store(k, addr, &value, sizeof(value)) ? -G_EFAULT : 0;
}

/* Options that set something of the process or thread. */
static int64_t prctl_set(struct kernel *k, const uint64_t a[6])
{
	struct process *p = k->process;
	bool rest = a[2] | a[3] | a[4];

	switch ((uint32_t)a[0]) {
	case G_PR_SET_NAME:
		return set_thread_name(k, a[1]);
	case G_PR_SET_PDEATHSIG: /* the first process has no parent that could end before it */
		if (a[1] > G_NSIG)
			return -G_EINVAL;
		p->pdeath_signal = (uint32_t)a[1];
		return 0;
	case G_PR_SET_DUMPABLE:
		if (a[1] > 1)
			return -G_EINVAL;
		p->dumpable = (uint32_t)a[1];
		return 0;
	case G_PR_SET_KEEPCAPS:
		if (a[1] > 1)
			return -G_EINVAL;
		p->keep_caps = (uint32_t)a[1];
		return 0;
	case G_PR_SET_TIMERSLACK: /* deadlines are exact: slack is remembered and never used */
		p->timer_slack = (int64_t)a[1] > 0 ? a[1] : DEFAULT_TIMER_SLACK;
		return 0;
	case G_PR_SET_CHILD_SUBREAPER:
		p->child_subreaper = a[1] != 0;
		return 0;
	case G_PR_SET_NO_NEW_PRIVS:
		if (a[1] != 1 || rest)
			return -G_EINVAL;
		p->no_new_privs = 1;
		return 0;
	case G_PR_SET_THP_DISABLE:
		if (rest)
			return -G_EINVAL;
		p->thp_disable = a[1] != 0;
		return 0;
	case G_PR_SET_VMA:
		return set_vma_name(k, a);
	case G_PR_RISCV_SET_ICACHE_FLUSH_CTX: /* fetches are coherent with stores, so that either setting is kept */
		return a[1] > G_PR_RISCV_CTX_SW_FENCEI_OFF || a[2] > G_PR_RISCV_SCOPE_PER_THREAD ? -G_EINVAL : 0;
	case G_PR_SET_TIMING:
		return a[1] ? -G_EINVAL : 0;
	case G_PR_CAP_AMBIENT:
		return ambient(a);
	case G_PR_CAPBSET_DROP:
	case G_PR_SET_SECUREBITS:
	case G_PR_SET_MM:
	case G_PR_SET_IO_FLUSHER:
		return -G_EPERM;
	default:
		return -G_EINVAL;
	}
}

int64_t sys_prctl(struct kernel *k, const uint64_t a[6])
{
	const struct process *p = k->process;
	bool rest = a[1] | a[2] | a[3] | a[4];

	switch ((uint32_t)a[0]) {
	case G_PR_GET_NAME:
		return user_store(k, a[1], k->current->name, sizeof(k->current->name)) ? -G_EFAULT : 0;
	case G_PR_GET_PDEATHSIG:
		return store_int(k, a[1], p->pdeath_signal);
	case G_PR_GET_DUMPABLE:
		return p->dumpable;
	case G_PR_GET_KEEPCAPS:
		return p->keep_caps;
	case G_PR_GET_TIMERSLACK:
		return (int64_t)p->timer_slack;
	case G_PR_GET_CHILD_SUBREAPER:
		return store_int(k, a[1], p->child_subreaper);
	case G_PR_GET_NO_NEW_PRIVS:
		return rest ? -G_EINVAL : (int64_t)p->no_new_privs;
	case G_PR_GET_THP_DISABLE:
		return rest ? -G_EINVAL : (int64_t)p->thp_disable;
	case G_PR_GET_TID_ADDRESS:
		return user_store(k, a[1], &k->current->clear_child_tid, sizeof(uint64_t)) ? -G_EFAULT : 0;
	case G_PR_GET_TIMING:
	case G_PR_GET_SECUREBITS:
		return 0;
	case G_PR_CAPBSET_READ:
		return a[1] > G_CAP_LAST_CAP ? -G_EINVAL : CAPABILITIES;
	case G_PR_GET_MDWE:
		return rest ? -G_EINVAL : 0;
	case G_PR_GET_IO_FLUSHER:
		return -G_EPERM;
	case G_PR_GET_AUXV:
		return get_auxv(k, a);
	default:
		return prctl_set(k, a);
	}
}
