/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the machine says of itself: names, memory, processor features, ticks. Constants on every host. */
#include <string.h>

#include "kernel/memory/memory.h"
#include "kernel/text.h"
#include "kernel/process/uts.h"
#include "kernel/wait.h"

#define TIMEBASE_HZ 1000000000u /* CSR time counts virtual nanoseconds */

int64_t sys_uname(struct kernel *k, const uint64_t a[6])
{
	struct g_utsname name;

	memset(&name, 0, sizeof(name));
	text_copy(name.sysname, sizeof(name.sysname), UTS_SYSNAME);
	text_copy(name.nodename, sizeof(name.nodename), UTS_NODENAME);
	text_copy(name.release, sizeof(name.release), UTS_RELEASE);
	text_copy(name.version, sizeof(name.version), UTS_VERSION);
	text_copy(name.machine, sizeof(name.machine), UTS_MACHINE);
	text_copy(name.domainname, sizeof(name.domainname), UTS_DOMAINNAME);
	return user_store(k, a[0], &name, sizeof(name)) ? -G_EFAULT : 0;
}

int64_t sys_sysinfo(struct kernel *k, const uint64_t a[6])
{
	const struct memory_accounts *accounts = AT(k, memory_accounts, k->root->memory_accounts);
	uint64_t used = (accounts->charged_pages + k->machine->touched(k->machine_ctx)) * TG_PAGE_SIZE;
	struct g_sysinfo info;

	memset(&info, 0, sizeof(info));
	info.uptime = (int64_t)((clock_now(k) + 999999999) / 1000000000);
	info.totalram = k->options.memory_limit;
	info.freeram = used < info.totalram ? info.totalram - used : 0;
	info.procs = (uint16_t)k->root->thread_count;
	info.mem_unit = 1;
	return user_store(k, a[0], &info, sizeof(info)) ? -G_EFAULT : 0;
}

int64_t sys_times(struct kernel *k, const uint64_t a[6])
{
	const uint64_t tick_ns = 1000000000 / G_USER_HZ;
	struct g_tms times;

	memset(&times, 0, sizeof(times));
	times.utime = (int64_t)(clock_process_ns(k, k->process) / tick_ns);
	if (a[0] && user_store(k, a[0], &times, sizeof(times)))
		return -G_EFAULT;
	return (int64_t)(clock_now(k) / tick_ns);
}

/* One hart: whatever the guest is told of --cpus, it always runs on number 0. */
int64_t sys_getcpu(struct kernel *k, const uint64_t a[6])
{
	const uint32_t zero = 0;

	if (a[0] && user_store(k, a[0], &zero, sizeof(zero)))
		return -G_EFAULT;
	if (a[1] && user_store(k, a[1], &zero, sizeof(zero)))
		return -G_EFAULT;
	return 0;
}

/* ---- riscv_hwprobe ---- */

/* false: the key is unknown. */
static bool probe(int64_t key, uint64_t *value)
{
	switch (key) {
	case G_RISCV_HWPROBE_KEY_MVENDORID:
	case G_RISCV_HWPROBE_KEY_MARCHID:
	case G_RISCV_HWPROBE_KEY_MIMPID:
	case G_RISCV_HWPROBE_KEY_ZICBOZ_BLOCK_SIZE:
		*value = 0;
		return true;
	case G_RISCV_HWPROBE_KEY_BASE_BEHAVIOR:
		*value = G_RISCV_HWPROBE_BASE_BEHAVIOR_IMA;
		return true;
	case G_RISCV_HWPROBE_KEY_IMA_EXT_0:
		*value = G_RISCV_HWPROBE_IMA_FD | G_RISCV_HWPROBE_IMA_C | G_RISCV_HWPROBE_EXT_ZBA | G_RISCV_HWPROBE_EXT_ZBB |
		         G_RISCV_HWPROBE_EXT_ZBS;
		return true;
	case G_RISCV_HWPROBE_KEY_CPUPERF_0:
		*value = G_RISCV_HWPROBE_MISALIGNED_FAST;
		return true;
	case G_RISCV_HWPROBE_KEY_HIGHEST_VIRT_ADDRESS:
		*value = TG_ADDRESS_END; /* the first that is not, in spite of the key's name */
		return true;
	case G_RISCV_HWPROBE_KEY_TIME_CSR_FREQ:
		*value = TIMEBASE_HZ;
		return true;
	case G_RISCV_HWPROBE_KEY_MISALIGNED_SCALAR_PERF:
		*value = G_RISCV_HWPROBE_MISALIGNED_SCALAR_FAST;
		return true;
	default:
		return false;
	}
}

static bool is_bitmask(int64_t key)
{
	return key == G_RISCV_HWPROBE_KEY_BASE_BEHAVIOR || key == G_RISCV_HWPROBE_KEY_IMA_EXT_0 || key == G_RISCV_HWPROBE_KEY_CPUPERF_0;
}

static uint64_t online_cpus(struct kernel *k)
{
	return k->options.cpus >= 64 ? UINT64_MAX : (UINT64_C(1) << k->options.cpus) - 1;
}

/* At most 64 CPUs: one word of a mask, or as many of its bytes as the guest gives. */
static int load_mask(struct kernel *k, uint64_t addr, uint64_t size, uint64_t *mask)
{
	*mask = 0;
	return user_load(k, addr, mask, size < sizeof(*mask) ? size : sizeof(*mask)) ? -G_EFAULT : 0;
}

static int64_t probe_values(struct kernel *k, uint64_t pairs, uint64_t count, uint64_t size, uint64_t cpus)
{
	uint64_t mask;

	if (size || cpus) {
		if (load_mask(k, cpus, size, &mask))
			return -G_EFAULT;
		if (!(mask & online_cpus(k)))
			return -G_EINVAL;
	}
	for (uint64_t i = 0; i < count; i++, pairs += sizeof(struct g_hwprobe)) {
		struct g_hwprobe pair = { 0 };

		if (user_load(k, pairs, &pair.key, sizeof(pair.key)))
			return -G_EFAULT;
		if (!probe(pair.key, &pair.value))
			pair = (struct g_hwprobe){ -1, 0 };
		if (user_store(k, pairs, &pair, sizeof(pair)))
			return -G_EFAULT;
	}
	return 0;
}

/* RISCV_HWPROBE_WHICH_CPUS: the mask keeps the CPUs that have all these values; they are all alike. */
static int64_t probe_cpus(struct kernel *k, uint64_t pairs, uint64_t count, uint64_t size, uint64_t cpus)
{
	uint64_t mask;
	bool matches = true;

	if (!size || !cpus)
		return -G_EINVAL;
	if (load_mask(k, cpus, size, &mask))
		return -G_EFAULT;
	if (!mask)
		mask = online_cpus(k);
	mask &= online_cpus(k);
	for (uint64_t i = 0; i < count; i++, pairs += sizeof(struct g_hwprobe)) {
		struct g_hwprobe pair;
		uint64_t value;

		if (user_load(k, pairs, &pair, sizeof(pair)))
			return -G_EFAULT;
		if (!probe(pair.key, &value)) {
			matches = false;
			pair = (struct g_hwprobe){ -1, 0 };
			if (user_store(k, pairs, &pair, sizeof(pair)))
				return -G_EFAULT;
		} else if (is_bitmask(pair.key) ? (value & pair.value) != pair.value : value != pair.value) {
			matches = false;
		}
	}
	if (!matches)
		mask = 0;
	return user_store(k, cpus, &mask, size < sizeof(mask) ? size : sizeof(mask)) ? -G_EFAULT : 0;
}

int64_t sys_riscv_hwprobe(struct kernel *k, const uint64_t a[6])
{
	uint32_t flags = (uint32_t)a[4];

	if (flags == G_RISCV_HWPROBE_WHICH_CPUS)
		return probe_cpus(k, a[0], a[1], a[2], a[3]);
	return flags ? -G_EINVAL : probe_values(k, a[0], a[1], a[2], a[3]);
}
