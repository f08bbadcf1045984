/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The standard streams: the run's input and outputs, which look like pipes to the guest. */
#include "kernel/stream/stream.h"

#include "kernel/sched.h"

enum { CHUNK = 4096, INPUT_NONE = 0 }; /* minor of standard input: 0 when it is empty or at its end */

static int64_t stdin_read(struct kernel *k, struct file *f, struct io *io, uint64_t *position)
{
	uint8_t buf[CHUNK];
	int64_t done = 0;

	(void)position;
	while (io->left > 0 && f->minor != INPUT_NONE) {
		uint64_t want = io->left < CHUNK ? io->left : CHUNK;
		int64_t got = k->host->input(k->host_ctx, buf, want);

		if (got < 0) {
			kernel_stop(k, TG_STOP_HOST, (int32_t)-got);
			return -G_EIO;
		}
		if ((uint64_t)got < want)
			f->minor = INPUT_NONE;
		if (io_put(k, io, buf, (uint64_t)got) != 0)
			return -G_EFAULT;
		done += got;
	}
	return done;
}

static uint32_t stdin_poll(struct kernel *k, struct file *f)
{
	(void)k;
	return f->minor != INPUT_NONE ? G_POLLIN | G_POLLRDNORM : G_POLLHUP;
}

static int64_t output_write(struct kernel *k, struct file *f, struct io *io, uint64_t *position)
{
	uint8_t buf[CHUNK];
	int64_t done = 0;

	(void)position;
	while (io->left > 0) {
		uint64_t n = io->left < CHUNK ? io->left : CHUNK;
		int err;

		if (io_get(k, io, buf, n) != 0)
			return done ? done : -G_EFAULT;
		err = k->host->output(k->host_ctx, (int)f->minor, buf, n);
		if (err != 0) {
			kernel_stop(k, TG_STOP_HOST, -err);
			return -G_EIO;
		}
		done += (int64_t)n;
		sched_progress(k); /* whoever writes to the outside does not idle */
	}
	return done;
}

static uint32_t output_poll(struct kernel *k, struct file *f)
{
	(void)k;
	(void)f;
	return G_POLLOUT | G_POLLWRNORM;
}

/* /dev/stdin, /dev/stdout and /proc/self/fd/N: the same stream again. */
static int standard_reopen(struct kernel *k, struct file *f, uint32_t flags, ref *out)
{
	uint32_t access = flags & G_O_ACCMODE;

	if (access != (f->kind == FILE_STDIN ? G_O_RDONLY : G_O_WRONLY))
		return -G_EACCES;
	*out = file_new(k, f->kind, access | (flags & G_O_NONBLOCK));
	if (!*out)
		return -G_ENFILE;
	AT(k, file, *out)->minor = f->minor;
	return 0;
}

const struct file_operations stdin_operations = {
	.read = stdin_read,
	.poll = stdin_poll,
	.reopen = standard_reopen,
};

const struct file_operations output_operations = {
	.write = output_write,
	.poll = output_poll,
	.reopen = standard_reopen,
};
