/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* timerfd: a timer whose expiries are read. */
#include "kernel/time/clock_id.h"
#include "kernel/stream/stream.h"
#include "kernel/time/timer.h"

struct timerfd {
	ref timer;
	uint64_t expiries;    /* not read yet */
	uint32_t clock_kind;  /* enum clock_source_kind */
	uint32_t reserved;
};

static struct timerfd *timerfd_of(struct kernel *k, const struct file *f)
{
	return AT(k, timerfd, f->data);
}

static int64_t timerfd_read(struct kernel *k, struct file *f, struct io *io, uint64_t *position)
{
	struct timerfd *t = timerfd_of(k, f);
	uint64_t expiries = t->expiries;

	(void)position;
	if (io->left < sizeof expiries)
		return -G_EINVAL;
	if (expiries == 0)
		return -G_EAGAIN;
	t->expiries = 0;
	return io_put(k, io, &expiries, sizeof expiries) != 0 ? -G_EFAULT : (int64_t)sizeof expiries;
}

static uint32_t timerfd_poll(struct kernel *k, struct file *f)
{
	return timerfd_of(k, f)->expiries ? G_POLLIN | G_POLLRDNORM : 0;
}

static void timerfd_release(struct kernel *k, struct file *f)
{
	timer_free(k, timerfd_of(k, f)->timer);
	arena_free(&k->arena, f->data);
}

void timerfd_expired(struct kernel *k, ref file, uint64_t expiries)
{
	struct file *f = AT(k, file, file);

	if (!f)
		return;
	timerfd_of(k, f)->expiries += expiries;
	wake_all(k, f->queue, G_POLLIN | G_POLLRDNORM);
}

const struct file_operations timerfd_operations = {
	.read = timerfd_read,
	.poll = timerfd_poll,
	.seek = stream_seek,
	.release = timerfd_release,
};

int64_t sys_timerfd_create(struct kernel *k, const uint64_t a[6])
{
	int32_t clock = (int32_t)a[0];
	uint32_t flags = (uint32_t)a[1];
	struct clock_source source;
	struct timerfd *t;
	int64_t fd;
	ref data;

	if ((flags & ~(uint32_t)(G_TFD_CLOEXEC | G_TFD_NONBLOCK)) ||
	    (clock != G_CLOCK_REALTIME && clock != G_CLOCK_MONOTONIC && clock != G_CLOCK_BOOTTIME))
		return -G_EINVAL; /* the alarm clocks need a device that can wake the machine */
	if (clock_source(k, clock, &source) != 0)
		return -G_EINVAL;
	data = NEW(k, timerfd);
	t = AT(k, timerfd, data);
	if (!t)
		return -G_ENOMEM;
	t->clock_kind = source.kind;
	fd = stream_install(k, FILE_TIMERFD, G_O_RDWR | (flags & G_TFD_NONBLOCK), data, flags & G_TFD_CLOEXEC);
	if (fd < 0)
		return fd;
	t->timer = timer_new(k, TIMER_FD, TIMER_MONOTONIC, fd_ref(k, (int32_t)fd), 0);
	if (t->timer != 0)
		return fd;
	fd_close(k, (int32_t)fd);
	return -G_ENOMEM;
}

static struct timerfd *timerfd_at(struct kernel *k, int32_t fd, struct file **file, int64_t *err)
{
	*file = fd_file(k, fd);
	*err = !*file ? -G_EBADF : (*file)->kind != FILE_TIMERFD ? -G_EINVAL : 0;
	return *err ? NULL : timerfd_of(k, *file);
}

static void get(struct kernel *k, const struct timerfd *t, struct g_itimerspec *out)
{
	const struct timer *timer = AT(k, timer, t->timer);
	uint64_t now = clock_now(k);

	*out = (struct g_itimerspec){ 0 };
	if (!timer)
		return;
	out->interval = timespec_of(timer->interval_ns);
	if (timer->heap_index != 0)
		out->value = timespec_of(timer->deadline_ns > now ? timer->deadline_ns - now : 1);
}

int64_t sys_timerfd_settime(struct kernel *k, const uint64_t a[6])
{
	uint32_t flags = (uint32_t)a[1];
	struct g_itimerspec fresh, old;
	struct timerfd *t;
	struct file *f;
	uint64_t deadline, offset;
	int64_t err;

	if (user_load(k, a[2], &fresh, sizeof fresh) != 0)
		return -G_EFAULT;
	if ((flags & ~(uint32_t)(G_TFD_TIMER_ABSTIME | G_TFD_TIMER_CANCEL_ON_SET)) || !timespec_valid(&fresh.value) ||
	    !timespec_valid(&fresh.interval))
		return -G_EINVAL;
	t = timerfd_at(k, (int32_t)a[0], &f, &err);
	if (!t)
		return err;
	get(k, t, &old);
	deadline = timespec_ns(&fresh.value);
	t->expiries = 0;
	if (deadline == 0) {
		timer_disarm(k, t->timer);
		AT(k, timer, t->timer)->interval_ns = timespec_ns(&fresh.interval);
	} else {
		offset = t->clock_kind == CLOCK_SOURCE_REALTIME ? clock_realtime_offset(k) : 0;
		if (!(flags & G_TFD_TIMER_ABSTIME))
			deadline = deadline_after(clock_now(k), deadline);
		else
			deadline = deadline > offset ? deadline - offset : 0;
		if (timer_arm(k, t->timer, deadline, timespec_ns(&fresh.interval)) != 0)
			return -G_ENOMEM;
	}
	return a[3] && user_store(k, a[3], &old, sizeof old) != 0 ? -G_EFAULT : 0;
}

int64_t sys_timerfd_gettime(struct kernel *k, const uint64_t a[6])
{
	struct g_itimerspec current;
	struct file *f;
	int64_t err;
	const struct timerfd *t = timerfd_at(k, (int32_t)a[0], &f, &err);

	if (!t)
		return err;
	get(k, t, &current);
	return user_store(k, a[1], &current, sizeof current) != 0 ? -G_EFAULT : 0;
}
