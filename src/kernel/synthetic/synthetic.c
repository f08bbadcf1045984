/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Synthetic files: the table of what /proc, /sys and /dev hold besides processes, and how generated
 * text is read and written. Values are constants of this machine, the same on every host. Refuses
 * to know processes (proc.c).
 */
#include "kernel/synthetic/synthetic.h"

#include <string.h>

#include "kernel/entropy.h"
#include "kernel/file/file_kinds.h"
#include "kernel/process/uts.h"

#define NUMBER2(x) #x
#define NUMBER(x)  NUMBER2(x)

struct synthetic_row {
	const char *path;
	const char *text;   /* what it says, or */
	system_maker *make; /* who says it */
};

static const struct synthetic_row rows[] = {
	{"/proc/cmdline", "\n", NULL},
	{"/proc/cpuinfo", NULL, text_cpuinfo},
	{"/proc/filesystems",
	 "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tcgroup2\nnodev\tpipefs\n", NULL},
	{"/proc/loadavg", NULL, text_loadavg},
	{"/proc/meminfo", NULL, text_meminfo},
	{"/proc/net/dev",
	 "Inter-|   Receive                                                |  Transmit\n"
	 " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs "
	 "drop fifo colls carrier compressed\n",
	 NULL},
	{"/proc/net/if_inet6", "", NULL},
	{"/proc/net/route",
	 "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT"
	 "                                                       \n",
	 NULL},
	{"/proc/net/tcp",
	 "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "
	 "timeout inode"
	 "                                                     \n",
	 NULL},
	{"/proc/net/unix", "Num       RefCount Protocol Flags    Type St Inode Path\n", NULL},
	{"/proc/stat", NULL, text_system_stat},
	{"/proc/swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n", NULL},
	{"/proc/sys/fs/epoll/max_user_watches", "1048576\n", NULL},
	{"/proc/sys/fs/file-max", "9223372036854775807\n", NULL},
	{"/proc/sys/fs/nr_open", NUMBER(LIMIT_FDS) "\n", NULL},
	{"/proc/sys/fs/pipe-max-size", NUMBER(LIMIT_PIPE_BYTES_MAX) "\n", NULL},
	{"/proc/sys/kernel/cap_last_cap", "40\n", NULL},
	{"/proc/sys/kernel/core_pattern", "core\n", NULL},
	{"/proc/sys/kernel/core_uses_pid", "0\n", NULL},
	{"/proc/sys/kernel/domainname", UTS_DOMAINNAME "\n", NULL},
	{"/proc/sys/kernel/hostname", UTS_NODENAME "\n", NULL},
	{"/proc/sys/kernel/io_uring_disabled", "2\n", NULL},
	{"/proc/sys/kernel/ngroups_max", "65536\n", NULL},
	{"/proc/sys/kernel/osrelease", UTS_RELEASE "\n", NULL},
	{"/proc/sys/kernel/ostype", "Linux\n", NULL},
	{"/proc/sys/kernel/overflowgid", "65534\n", NULL},
	{"/proc/sys/kernel/overflowuid", "65534\n", NULL},
	{"/proc/sys/kernel/perf_event_paranoid", "3\n", NULL},
	{"/proc/sys/kernel/pid_max", "4194304\n", NULL},
	{"/proc/sys/kernel/random/boot_id", NULL, text_boot_id},
	{"/proc/sys/kernel/random/entropy_avail", "256\n", NULL},
	{"/proc/sys/kernel/random/poolsize", "256\n", NULL},
	{"/proc/sys/kernel/random/uuid", NULL, text_uuid},
	{"/proc/sys/kernel/randomize_va_space", "0\n", NULL},
	{"/proc/sys/kernel/tainted", "0\n", NULL},
	{"/proc/sys/kernel/threads-max", NUMBER(LIMIT_THREADS) "\n", NULL},
	{"/proc/sys/kernel/unprivileged_bpf_disabled", "2\n", NULL},
	{"/proc/sys/kernel/version", UTS_VERSION "\n", NULL},
	{"/proc/sys/net/core/somaxconn", "4096\n", NULL},
	{"/proc/sys/vm/max_map_count", NUMBER(LIMIT_AREAS) "\n", NULL},
	{"/proc/sys/vm/mmap_min_addr", NUMBER(LIMIT_MMAP_MIN_ADDR) "\n", NULL},
	{"/proc/sys/vm/nr_hugepages", "0\n", NULL},
	{"/proc/sys/vm/overcommit_memory", "0\n", NULL},
	{"/proc/sys/vm/overcommit_ratio", "50\n", NULL},
	{"/proc/sys/vm/swappiness", "60\n", NULL},
	{"/proc/uptime", NULL, text_uptime},
	{"/proc/version",
	 "Linux version " UTS_RELEASE " (" UTS_NODENAME "@" UTS_NODENAME
	 ") (gcc (GCC) 14.2.0, GNU ld (GNU Binutils) 2.44) " UTS_VERSION "\n",
	 NULL},
	{"/sys/devices/system/cpu/isolated", "\n", NULL},
	{"/sys/devices/system/cpu/kernel_max", "127\n", NULL},
	{"/sys/devices/system/cpu/offline", "\n", NULL},
	{"/sys/devices/system/cpu/online", NULL, text_cpu_list},
	{"/sys/devices/system/cpu/possible", NULL, text_cpu_list},
	{"/sys/devices/system/cpu/present", NULL, text_cpu_list},
	{"/sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n", NULL},
	{"/sys/fs/cgroup/cpu.max", "max 100000\n", NULL},
	{"/sys/fs/cgroup/memory.high", "max\n", NULL},
	{"/sys/fs/cgroup/memory.max", "max\n", NULL},
	{"/sys/fs/cgroup/memory.swap.max", "max\n", NULL},
	{"/sys/fs/cgroup/pids.max", "max\n", NULL},
	{"/sys/kernel/mm/transparent_hugepage/defrag",
	 "always defer defer+madvise [madvise] never\n", NULL},
	{"/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n", NULL},
	{"/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", "2097152\n", NULL},
	{"/sys/kernel/mm/transparent_hugepage/shmem_enabled",
	 "always within_size advise [never] deny force\n", NULL},
	{"/sys/kernel/mm/transparent_hugepage/use_zero_page", "1\n", NULL},
};
#define ROWS (sizeof rows / sizeof rows[0])

/* Files of each /sys/devices/system/cpu/cpuN; a core and a package of its own is what every CPU is.
 */
enum { CPU_FIRST = ROWS + 1 };
static const char *const cpu_names[] = {
	"core_id",        "physical_package_id", "thread_siblings_list",
	"core_cpus_list", "core_siblings_list",  "package_cpus_list"};

static const struct {
	const char *path;
	uint32_t major, minor, mode;
} devices[] = {
	{"/dev/full", 1, 7, 0666},    {"/dev/null", 1, 3, 0666}, {"/dev/random", 1, 8, 0666},
	{"/dev/urandom", 1, 9, 0666}, {"/dev/tty", 5, 0, 0666},  {"/dev/zero", 1, 5, 0666},
};

static const struct {
	const char *path, *target;
} links[] = {
	{"/dev/fd", "/proc/self/fd"},       {"/dev/stdin", "/proc/self/fd/0"},
	{"/dev/stdout", "/proc/self/fd/1"}, {"/dev/stderr", "/proc/self/fd/2"},
	{"/proc/mounts", "self/mounts"},
};

static const char *const empty_directories[] = {"/sys/kernel/mm/hugepages", "/sys/class",
						"/sys/bus"};

static int make_text(struct kernel *k, const char *path, uint32_t generator, uint64_t size)
{
	ref r;
	int err = tree_make(k, path, G_S_IFREG | 0444, INODE_FIXED, &r);

	if (err != 0)
		return err;
	inode_at(k, r)->generator = generator;
	inode_at(k, r)->size = size;
	return 0;
}

static int make_link(struct kernel *k, const char *path, const char *target)
{
	uint64_t n = text_length(target);
	ref r, block = arena_alloc(&k->arena, n);
	int err = block ? tree_make(k, path, G_S_IFLNK | 0777, 0, &r) : -G_ENOMEM;

	if (err != 0)
		return err;
	memcpy(arena_at(&k->arena, block), target, n);
	inode_at(k, r)->content = block;
	inode_at(k, r)->size = n;
	return 0;
}

static int make_cpus(struct kernel *k)
{
	static const char base[] = "/sys/devices/system/cpu/cpu";
	char path[96];

	for (uint32_t cpu = 0; cpu < k->options.cpus; cpu++) {
		for (uint32_t i = 0; i < sizeof cpu_names / sizeof cpu_names[0]; i++) {
			uint64_t n = text_copy(path, sizeof path, base);
			ref unused;
			int err;

			n += text_decimal(path + n, cpu);
			n += text_copy(path + n, sizeof path - n, "/topology/");
			text_copy(path + n, sizeof path - n, cpu_names[i]);
			err = tree_make_directories(k, path, n, INODE_FIXED, &unused);
			if (err == 0)
				err = make_text(k, path, CPU_FIRST + i, G_PAGE_SIZE);
			if (err != 0)
				return err;
		}
	}
	return 0;
}

int synthetic_init(struct kernel *k)
{
	struct tree *tree = tree_of(k);
	ref r;
	int err = tree_make(k, "/proc", G_S_IFDIR | 0555, INODE_FIXED | INODE_MOUNT, &tree->proc);

	if (err == 0)
		err = tree_make(k, "/sys", G_S_IFDIR | 0555, INODE_FIXED | INODE_MOUNT, &tree->sys);
	if (err == 0)
		err = proc_init(k, tree->proc);
	for (uint32_t i = 0; err == 0 && i < ROWS; i++)
		err = make_text(k, rows[i].path, i + 1, rows[i].path[1] == 's' ? G_PAGE_SIZE : 0);
	if (err == 0)
		err = make_cpus(k);
	for (unsigned i = 0; err == 0 && i < sizeof empty_directories / sizeof empty_directories[0];
	     i++)
		err = tree_make(k, empty_directories[i], G_S_IFDIR | 0755, INODE_FIXED, &r);
	for (unsigned i = 0; err == 0 && i < sizeof devices / sizeof devices[0]; i++) {
		err = tree_make(k, devices[i].path, G_S_IFCHR | devices[i].mode, 0, &r);
		if (err == 0) {
			inode_at(k, r)->rdev_major = devices[i].major;
			inode_at(k, r)->rdev_minor = devices[i].minor;
		}
	}
	for (unsigned i = 0; err == 0 && i < sizeof links / sizeof links[0]; i++)
		err = make_link(k, links[i].path, links[i].target);
	return err;
}

/* The N of the cpuN directory that a file is in. */
static uint64_t cpu_of(struct kernel *k, const struct inode *inode)
{
	const struct inode *topology = inode_at(k, inode->parent);
	const struct inode *cpu = topology ? inode_at(k, topology->parent) : NULL;
	uint64_t number = 0;

	if (cpu && arena_size(&k->arena, cpu->name) > 3)
		text_number((const char *)arena_at(&k->arena, cpu->name) + 3,
			    arena_size(&k->arena, cpu->name) - 3, &number);
	return number;
}

int synthetic_text(struct kernel *k, const struct inode *inode, struct text *t)
{
	if (inode->generator >= GENERATOR_PROCESS)
		return proc_text(k, inode, t);
	if (inode->generator > ROWS) {
		text_u64(t, cpu_of(k, inode));
		text_char(t, '\n');
	} else if (rows[inode->generator - 1].make) {
		rows[inode->generator - 1].make(k, t);
	} else {
		text_str(t, rows[inode->generator - 1].text);
	}
	return 0;
}

int synthetic_writable(const struct inode *inode)
{
	return inode->generator >= GENERATOR_PROCESS ? proc_writable(inode) : -G_EACCES;
}

int64_t synthetic_write(struct kernel *k, const struct inode *inode, const char *src, uint64_t n)
{
	return inode->generator >= GENERATOR_PROCESS ? proc_write(k, inode, src, n) : -G_EIO;
}

/* ---- As open files ---- */

/* The text is made when reading starts, and again when it starts over. */
static int refresh(struct kernel *k, struct file *f)
{
	struct text t;
	uint64_t length;
	int err;

	text_begin(&t, k);
	err = synthetic_text(k, inode_at(k, f->inode), &t);
	arena_free(&k->arena, f->data);
	f->data = text_end(&t, &length);
	if (err == 0 && t.failed)
		err = -G_ENOMEM;
	if (err == 0 && length != t.capacity && length > 0) {
		ref exact = arena_resize(&k->arena, f->data, length);

		if (!exact)
			return -G_ENOMEM;
		f->data = exact;
	}
	return err;
}

static int64_t generated_read(struct kernel *k, struct file *f, struct io *io, uint64_t *position)
{
	uint64_t size, n, before = io->left;
	int err = *position == 0 || !f->data ? refresh(k, f) : 0;

	if (err != 0)
		return err;
	size = arena_size(&k->arena, f->data);
	n = *position >= size ? 0 : size - *position;
	if (n > io->left)
		n = io->left;
	if (n == 0)
		return 0;
	err = io_put(k, io, (const uint8_t *)arena_at(&k->arena, f->data) + *position, n);
	*position += before - io->left;
	return before != io->left ? (int64_t)(before - io->left) : err;
}

static int64_t generated_write(struct kernel *k, struct file *f, struct io *io, uint64_t *position)
{
	char buf[128];
	uint64_t n = io->left < sizeof buf ? io->left : sizeof buf;
	int64_t result;

	if (n == 0)
		return 0;
	if (io_get(k, io, buf, n) != 0)
		return -G_EFAULT;
	result = synthetic_write(k, inode_at(k, f->inode), buf, n);
	if (result > 0) {
		io->left =
			0; /* one value a call; what was too much of it is dropped as Linux does */
		*position += (uint64_t)result;
	}
	return result;
}

static int64_t generated_seek(struct kernel *k, struct file *f, int64_t offset, uint32_t whence)
{
	if (whence > G_SEEK_CUR)
		return -G_EINVAL; /* seq_lseek knows no end */
	return seek_in(k, f, offset, whence, 0, 0);
}

/* As Linux has it: /proc refuses what its files do not support by EIO, /sys by ENODEV. */
static int64_t generated_mmap_object(struct kernel *k, struct file *f, uint64_t offset,
				     uint64_t len)
{
	return directory_is_below(k, f->inode, tree_of(k)->proc) ? -G_EIO : -G_ENODEV;
}

static void generated_release(struct kernel *k, struct file *f)
{
	arena_free(&k->arena, f->data);
}

const struct file_operations generated_operations = {
	.read = generated_read,
	.write = generated_write,
	.seek = generated_seek,
	.mmap_object = generated_mmap_object,
	.release = generated_release,
	.positional = true,
};
