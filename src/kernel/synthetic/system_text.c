/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Files of /proc and /sys that speak of the machine: constants, the memory limit, the virtual
 * clock. Refuses to know processes. */
#include "kernel/entropy.h"
#include "kernel/memory/memory.h"
#include "kernel/synthetic/synthetic.h"
#include "kernel/wait.h"

#define ISA      "rv64imafdc_zicntr_zicsr_zifencei_zihintpause_zca_zcd_zba_zbb_zbs"
#define TICK_NS  10000000u
#define NS_PER_S 1000000000u

void text_cpuinfo(struct kernel *k, struct text *out)
{
	for (uint32_t cpu = 0; cpu < k->options.cpus; cpu++) {
		text_str(out, "processor\t: ");
		text_u64(out, cpu);
		text_str(out, "\nhart\t\t: ");
		text_u64(out, cpu);
		text_str(out, "\nisa\t\t: " ISA "\nmmu\t\t: sv39\nmvendorid\t: 0x0\nmarchid\t\t: "
			      "0x0\nmimpid\t\t: 0x0\nhart isa\t: " ISA "\n\n");
	}
}

void text_cpu_list(struct kernel *k, struct text *out)
{
	text_char(out, '0');
	if (k->options.cpus > 1) {
		text_char(out, '-');
		text_u64(out, k->options.cpus - 1);
	}
	text_char(out, '\n');
}

/* Words of 32 bits, the highest first. */
void text_cpu_mask(struct kernel *k, struct text *out)
{
	uint32_t words = (k->options.cpus + 31) / 32, top = k->options.cpus % 32;

	for (uint32_t i = words; i-- > 0;) {
		uint32_t bits = i == words - 1 && top != 0 ? (UINT32_C(1) << top) - 1 : UINT32_MAX;

		text_hex(out, bits, i == words - 1 ? 1 : 8);
		if (i > 0)
			text_char(out, ',');
	}
}

static void kilobytes(struct text *out, const char *label, uint64_t bytes)
{
	uint64_t n = text_length(label);

	text_str(out, label);
	text_repeat(out, ' ', n < 16 ? 16 - n : 0);
	text_u64_right(out, bytes / 1024, 8);
	text_str(out, " kB\n");
}

static void none(struct text *out, const char *const *labels)
{
	for (; *labels; labels++)
		kilobytes(out, *labels, 0);
}

/* Memory is what the run may use; what a machine does behind a program's back (caches, slabs) is
 * not there. */
void text_meminfo(struct kernel *k, struct text *out)
{
	static const char *const before[] = {"Buffers:",        "Cached:",       "SwapCached:",
					     "Active:",         "Inactive:",     "Active(anon):",
					     "Inactive(anon):", "Active(file):", "Inactive(file):",
					     "Unevictable:",    "Mlocked:",      "SwapTotal:",
					     "SwapFree:",       "Zswap:",        "Zswapped:",
					     "Dirty:",          "Writeback:",    NULL};
	static const char *const between[] = {"Mapped:",
					      "Shmem:",
					      "KReclaimable:",
					      "Slab:",
					      "SReclaimable:",
					      "SUnreclaim:",
					      "KernelStack:",
					      "PageTables:",
					      "SecPageTables:",
					      "NFS_Unstable:",
					      "Bounce:",
					      "WritebackTmp:",
					      NULL};
	static const char *const after[] = {"VmallocUsed:",   "VmallocChunk:",   "Percpu:",
					    "AnonHugePages:", "ShmemHugePages:", "ShmemPmdMapped:",
					    "FileHugePages:", "FilePmdMapped:",  NULL};
	const struct memory_accounts *accounts = AT(k, memory_accounts, k->root->memory_accounts);
	uint64_t used = accounts ? accounts->charged_pages * G_PAGE_SIZE : 0;
	uint64_t total = k->options.memory_limit, available = used < total ? total - used : 0;

	kilobytes(out, "MemTotal:", total);
	kilobytes(out, "MemFree:", available);
	kilobytes(out, "MemAvailable:", available);
	none(out, before);
	kilobytes(out, "AnonPages:", used);
	none(out, between);
	kilobytes(out, "CommitLimit:", total / 2);
	kilobytes(out, "Committed_AS:", used);
	kilobytes(out, "VmallocTotal:", UINT64_C(67108864) * 1024);
	none(out, after);
	text_str(out,
		 "HugePages_Total:       0\nHugePages_Free:        0\nHugePages_Rsvd:        0\n"
		 "HugePages_Surp:        0\n");
	kilobytes(out, "Hugepagesize:", 2048 * 1024);
	kilobytes(out, "Hugetlb:", 0);
}

/* What all threads have run, in ticks; the rest of the time was idle. */
static uint64_t busy_ns(struct kernel *k)
{
	uint64_t sum = 0;

	for (ref r = k->root->processes.head; r; r = AT(k, process, r)->next)
		sum += clock_process_ns(k, AT(k, process, r));
	return sum;
}

static void cpu_line(struct text *out, uint64_t user, uint64_t idle)
{
	text_u64(out, user);
	text_str(out, " 0 0 ");
	text_u64(out, idle);
	text_str(out, " 0 0 0 0 0 0\n");
}

void text_system_stat(struct kernel *k, struct text *out)
{
	uint64_t busy = busy_ns(k), now = clock_now(k), idle = now > busy ? now - busy : 0;

	text_str(out, "cpu  ");
	cpu_line(out, busy / TICK_NS, (idle + (k->options.cpus - 1) * now) / TICK_NS);
	for (uint32_t cpu = 0; cpu < k->options.cpus; cpu++) {
		text_str(out, "cpu");
		text_u64(out, cpu);
		text_char(out, ' ');
		cpu_line(out, cpu == 0 ? busy / TICK_NS : 0, (cpu == 0 ? idle : now) / TICK_NS);
	}
	text_str(out, "intr 0\nctxt 0\nbtime ");
	text_u64(out, k->options.clock_epoch_ns / NS_PER_S);
	text_str(
		out,
		"\nprocesses 1\nprocs_running 1\nprocs_blocked 0\nsoftirq 0 0 0 0 0 0 0 0 0 0 0\n");
}

static void seconds(struct text *out, uint64_t ns)
{
	text_u64(out, ns / NS_PER_S);
	text_char(out, '.');
	text_u64_zeros(out, ns % NS_PER_S / TICK_NS, 2);
}

void text_uptime(struct kernel *k, struct text *out)
{
	uint64_t busy = busy_ns(k), now = clock_now(k);

	seconds(out, now);
	text_char(out, ' ');
	seconds(out, (now > busy ? now - busy : 0) + (k->options.cpus - 1) * now);
	text_char(out, '\n');
}

void text_loadavg(struct kernel *k, struct text *out)
{
	text_str(out, "0.00 0.00 0.00 1/");
	text_u64(out, k->root->thread_count);
	text_char(out, ' ');
	text_u64(out, k->root->next_tid - 1);
	text_char(out, '\n');
}

/* RFC 4122 version 4: 8-4-4-4-12. */
static void uuid(struct text *out, uint8_t bytes[16])
{
	bytes[6] = (uint8_t)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
	for (unsigned i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			text_char(out, '-');
		text_hex(out, bytes[i], 2);
	}
	text_char(out, '\n');
}

void text_uuid(struct kernel *k, struct text *out)
{
	uint8_t bytes[16];

	entropy_draw(k, bytes, sizeof bytes);
	uuid(out, bytes);
}

/* Every run is the same boot. */
void text_boot_id(struct kernel *k, struct text *out)
{
	uint8_t bytes[16] = {'t', 'o', 'l', 'l', 'g', 'a', 't', 'e',
			     ' ', 'b', 'o', 'o', 't', ' ', 'i', 'd'};

	uuid(out, bytes);
}
