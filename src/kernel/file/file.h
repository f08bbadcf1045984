/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Open files: descriptor tables, open file descriptions, and the table of what each kind of file can do. Read, write, poll, fcntl and
 * the rest of the descriptor calls are written once, above these operations.
 */
#ifndef TOLLGATE_KERNEL_FILE_H
#define TOLLGATE_KERNEL_FILE_H

#include "kernel/wait.h"

/* One row a kind; the operations are in file_kinds[] (file_kinds.c). */
enum file_kind {
	FILE_REGULAR,    /* data: inode's object */
	FILE_DIRECTORY,
	FILE_PATH,       /* O_PATH */
	FILE_GENERATED,  /* /proc and /sys text: contents made at open, data: block */
	FILE_DEVICE,     /* null zero full random urandom tty: minor says which */
	FILE_STDIN,
	FILE_OUTPUT,     /* the host's streams 1 and 2: minor says which */
	FILE_PIPE_READ,  /* data: struct pipe */
	FILE_PIPE_WRITE,
	FILE_SOCKET,     /* data: struct socket (socketpair) */
	FILE_EVENTFD,
	FILE_TIMERFD,
	FILE_EPOLL,
	FILE_KIND_COUNT
};

struct file {
	uint32_t users;      /* descriptors, pins, mappings and epoll items do not count as the latter */
	uint32_t kind;       /* enum file_kind */
	uint32_t flags;      /* G_O_* status flags: access mode, APPEND, NONBLOCK, DIRECT ... (not CLOEXEC) */
	uint32_t minor;
	uint64_t offset;
	ref inode;           /* struct inode of the tree, or 0 */
	ref data;            /* the kind's own record */
	ref queue;           /* struct wait_queue: readiness; pipes and sockets have their own per direction in data */
	ref locks;           /* flock/OFD owner state */
	ref epoll_items;     /* items of epolls that watch this description */
	uint32_t owner_pid, owner_signal;
};

struct fd_slot {
	ref file;
	uint32_t flags;      /* G_FD_CLOEXEC */
	uint32_t reserved;
};

struct fd_table {
	uint32_t users, capacity;
	ref slots;           /* block: struct fd_slot[capacity] */
	uint64_t all_used_below; /* no slot below this one is free: where the search for the lowest begins */
};

/* Where data comes from or goes to: guest memory by iovec (already copied in and checked), or kernel memory. */
struct io {
	struct g_iovec iov[8];   /* the first few; more are read from iov_addr as needed */
	uint64_t iov_addr;
	uint64_t count;
	uint64_t index, skip;    /* position */
	uint64_t left;           /* bytes in all that remain */
	uint8_t *kernel;         /* not NULL: a kernel buffer instead */
};
/* Sets up from a guest iovec array: total bytes or -G_EINVAL/-G_EFAULT. (Also for a single buffer.) */
int64_t io_from_iovec(struct kernel *k, struct io *io, uint64_t iov, uint64_t count);
int64_t io_from_buffer(struct kernel *k, struct io *io, uint64_t addr, uint64_t n);
void io_from_kernel(struct io *io, void *buf, uint64_t n);
/* Moves n bytes between src/dst and the io. 0 or -G_EFAULT (a prefix may have been moved; io->left says how much). */
int io_put(struct kernel *k, struct io *io, const void *src, uint64_t n);
int io_get(struct kernel *k, struct io *io, void *dst, uint64_t n);

struct file_operations {
	/* Bytes moved, 0 at the end of file, -errno, or -G_EAGAIN: cannot now; the caller waits on the queue unless non-blocking. *position is
	 * file->offset or the p-form's offset and is advanced. NULL: -G_EINVAL. */
	int64_t (*read)(struct kernel *k, struct file *f, struct io *io, uint64_t *position);
	int64_t (*write)(struct kernel *k, struct file *f, struct io *io, uint64_t *position);
	uint32_t (*poll)(struct kernel *k, struct file *f);      /* G_POLL* bits that hold now; NULL: always IN|OUT, epoll says EPERM */
	ref (*queue)(struct kernel *k, struct file *f, bool for_write); /* where to wait; NULL: f->queue */
	int64_t (*ioctl)(struct kernel *k, struct file *f, uint32_t request, uint64_t arg); /* NULL: -G_ENOTTY */
	int64_t (*seek)(struct kernel *k, struct file *f, int64_t offset, uint32_t whence); /* NULL: -G_ESPIPE */
	int (*stat)(struct kernel *k, struct file *f, struct g_stat *out);      /* NULL: of the inode, or an anonymous inode */
	int64_t (*mmap_object)(struct kernel *k, struct file *f, uint64_t offset, uint64_t len); /* machine object id, or -G_ENODEV */
	void (*release)(struct kernel *k, struct file *f);       /* the last user is gone */
	const char *(*link_name)(struct kernel *k, struct file *f); /* for /proc/self/fd: "pipe:[N]" ... NULL: path of the inode */
	bool positional;  /* pread/pwrite allowed; else -G_ESPIPE */
	/* A new description of the same thing, as open("/proc/self/fd/N") makes: in *out, or -errno. NULL: -G_ENXIO. */
	int (*reopen)(struct kernel *k, struct file *f, uint32_t flags, ref *out);
	/* Bytes that FIONREAD tells; NULL: -G_ENOTTY. */
	int64_t (*readable_bytes)(struct kernel *k, struct file *f);
	/* F_SETPIPE_SZ (bytes > 0) and F_GETPIPE_SZ (bytes 0): the size, or -errno. NULL: -G_EBADF. */
	int64_t (*pipe_size)(struct kernel *k, struct file *f, uint64_t bytes);
};
extern const struct file_operations *const file_kinds[FILE_KIND_COUNT];

static inline bool file_readable(const struct file *f)
{
	return (f->flags & G_O_ACCMODE) == G_O_RDONLY || (f->flags & G_O_ACCMODE) == G_O_RDWR;
}

static inline bool file_writable(const struct file *f)
{
	return (f->flags & G_O_ACCMODE) == G_O_WRONLY || (f->flags & G_O_ACCMODE) == G_O_RDWR;
}

/*
 * Reads or writes io at *position with all of Linux's rules for descriptors: access mode, blocking (progress is kept over waits), partial
 * results, EPIPE's signal. The calls of other rooms that move data (sendto, recvfrom ...) use it, too. flags: of the call, G_O_NONBLOCK
 * forces it not to wait.
 */
int64_t file_transfer(struct kernel *k, struct file *f, struct io *io, uint64_t *position, bool write, uint32_t flags);
/* What fstat says. 0 or -errno. */
int file_stat(struct kernel *k, struct file *f, struct g_stat *out);
/* What /proc/self/fd/N links to: length or -errno, terminated. */
int64_t file_link_name(struct kernel *k, struct file *f, char *buf, uint64_t size);
/* Opens an inode; the reference in *out is the caller's. flags: G_O_* as open has them. 0 or -errno. */
int file_open_inode(struct kernel *k, ref inode, uint32_t flags, ref *out);

/* Descriptors of the current process. */
struct file *fd_file(struct kernel *k, int32_t fd);            /* NULL: EBADF; also for O_PATH descriptors, as most calls want it */
struct file *fd_any(struct kernel *k, int32_t fd);             /* O_PATH, too */
ref fd_ref(struct kernel *k, int32_t fd);                      /* of the file, O_PATH too; 0 */
struct fd_slot *fd_slot(struct kernel *k, int32_t fd);         /* NULL: EBADF */
uint64_t fd_limit(struct kernel *k);                           /* descriptors are below it */
int64_t fd_free(struct kernel *k, int32_t at_least);           /* the lowest free one, or -G_EMFILE */
/* takes the caller's reference; lowest free; -G_EMFILE (reference dropped) */
int64_t fd_install(struct kernel *k, ref file, uint32_t fd_flags, int32_t at_least);
int64_t fd_close(struct kernel *k, int32_t fd);
/* A description with one user; the caller fills the rest. 0: no memory. */
ref file_new(struct kernel *k, uint32_t kind, uint32_t flags);
void file_hold(struct kernel *k, ref file);
void file_drop(struct kernel *k, ref file); /* releases at 0 users */
/*
 * The descriptor that the current call works on: looks it up on the first entry and pins it, gives the pinned
 * one when the call resumes after
 * a wait. NULL: EBADF.
 */
struct file *call_file(struct kernel *k, int32_t fd);

int fd_table_new(struct kernel *k, ref *out);
void fd_table_release(struct kernel *k, ref table);
void fd_table_exec(struct kernel *k, ref table); /* closes FD_CLOEXEC */
/* Opens 0, 1, 2. */
int fd_table_standard(struct kernel *k, ref table, bool stdin_given);

#endif
