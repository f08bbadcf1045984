/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The kernel's handle and its entry points, the dispatcher's contract with handlers, and guest memory access. The handle holds
 * nothing of the guest: it is made anew from the arena after a restore.
 */
#ifndef TOLLGATE_KERNEL_KERNEL_H
#define TOLLGATE_KERNEL_KERNEL_H

#include "kernel/state.h"

struct kernel {
	struct arena arena;
	const struct tg_machine_ops *machine;
	void *machine_ctx;
	const struct tg_host_ops *host;
	void *host_ctx;
	struct tg_kernel_options options; /* with defaults filled in */
	struct root *root;
	struct thread *current;   /* arena_at(root->current) */
	struct process *process;  /* the current thread's */
	uint32_t stop;            /* enum tg_stop: set to end the run at the next chance (kernel_stop) */
	int32_t status;
	uint32_t yield;           /* the current thread gives up the hart when its call is over (sched_yield) */
	uint32_t wake_nesting; /* wakes that go on: epolls wake epolls */
};

/* Results of a handler besides a value >= 0 and -errno. */
#define CALL_WAIT INT64_MIN             /* parked: see wait.h */
#define CALL_NO_RETURN (INT64_MIN + 1)  /* the handler has set the registers itself, or the thread is gone */
/* Internal errnos, as Linux's; never seen by the guest (signal.h maps them). */
enum { K_ERESTARTSYS = 512, K_ERESTARTNOINTR = 513, K_ERESTARTNOHAND = 514 };

/* A handler: a[] are a0..a5 raw; 32-bit arguments are truncated by the handler. Prototypes come from syscall.def. */
typedef int64_t call_handler(struct kernel *k, const uint64_t a[6]);
#include "kernel/handlers.h" /* a prototype for each row of syscall.def that has a handler */

/* The records behind refs; NULL for 0 or a stale ref. */
#define AT(k, type, r) ((struct type *)arena_at(&(k)->arena, (r)))
#define NEW(k, type) arena_alloc(&(k)->arena, sizeof(struct type))

/* Ends the run; the first stop wins. */
void kernel_stop(struct kernel *k, uint32_t stop, int32_t status);
void kernel_event(struct kernel *k, const struct tg_event *event);

/* Guest memory of the current process. 0 or -G_EFAULT; a used-up touch budget stops the run and gives -G_ENOMEM. */
int user_load(struct kernel *k, uint64_t addr, void *dst, uint64_t n);
int user_store(struct kernel *k, uint64_t addr, const void *src, uint64_t n);
/* The same for another process. */
int process_load(struct kernel *k, const struct process *p, uint64_t addr, void *dst, uint64_t n);
int process_store(struct kernel *k, const struct process *p, uint64_t addr, const void *src, uint64_t n);
/* A NUL-terminated string of at most size - 1 bytes: its length, -G_EFAULT, or -G_ENAMETOOLONG. */
int64_t user_string(struct kernel *k, uint64_t addr, char *dst, uint64_t size);

/* Lists of records that hold `ref next, prev` at these offsets. */
void list_append(struct kernel *k, struct list *list, ref item, uint32_t next_offset, uint32_t prev_offset);
void list_insert_before(struct kernel *k, struct list *list, ref item, ref before, uint32_t next_offset, uint32_t prev_offset);
void list_remove(struct kernel *k, struct list *list, ref item, uint32_t next_offset, uint32_t prev_offset);
#define LIST_APPEND(k, list, item, type, next, prev) \
	list_append(k, list, item, offsetof(struct type, next), offsetof(struct type, prev))
#define LIST_INSERT_BEFORE(k, list, item, before, type, next, prev) \
	list_insert_before(k, list, item, before, offsetof(struct type, next), offsetof(struct type, prev))
#define LIST_REMOVE(k, list, item, type, next, prev) \
	list_remove(k, list, item, offsetof(struct type, next), offsetof(struct type, prev))

/* ---- Entry points (what vm calls; the public face of them is made in a later header) ---- */

/* Makes the kernel in the arena memory, which must be zeros; options are copied. 0 or -errno. */
int kernel_init(struct kernel *k, void *arena, uint64_t arena_bytes, const struct tg_machine_ops *machine, void *machine_ctx,
                const struct tg_host_ops *host, void *host_ctx, const struct tg_kernel_options *options);
/* Takes over an arena that holds a kernel already, and the machine state that belongs to it (restore). 0 or -G_EINVAL. */
int kernel_attach(struct kernel *k, void *arena, uint64_t arena_bytes, const struct tg_machine_ops *machine, void *machine_ctx,
                  const struct tg_host_ops *host, void *host_ctx, const struct tg_kernel_options *options);
/* Binds host directories and files into the tree, in order; a later one may lie inside an earlier one. 0 or -errno. */
int kernel_mount(struct kernel *k, const struct kernel_mount *mount);
/* Loads the program into process 100. 0 or -errno; *why is then one static line that says what is wrong with it. */
int kernel_exec(struct kernel *k, const struct kernel_program *program, const char **why);
struct tg_run kernel_start(struct kernel *k);
struct tg_run kernel_on_ecall(struct kernel *k);
struct tg_run kernel_on_fault(struct kernel *k, uint32_t cause, uint64_t tval);
struct tg_run kernel_on_slice_end(struct kernel *k);
uint64_t kernel_time(struct kernel *k, uint64_t retired); /* CSR time: virtual ns since the start at this count */
uint64_t kernel_now_ns(struct kernel *k);
/* Writes a line per waiting thread ("tid 101 waits in futex(...)") into buf, NUL-terminated; for stop deadlock. */
void kernel_describe_waits(struct kernel *k, char *buf, size_t size);
/* Reads a file of the guest tree after the run (--out): content of a regular file by absolute path. -errno, or
 * its size with *object set. */
int64_t kernel_file(struct kernel *k, const char *path, uint32_t *object);

#endif
