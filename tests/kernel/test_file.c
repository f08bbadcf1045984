/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Descriptors, transfers that wait, limits, locks and seals, with a test in the place of the program and its threads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "fake_machine.h"
#include "kernel/file/file.h"

#define PATH 0x2000
#define FDS 0x2800   /* of pipe2 */
#define IOV 0x3000
#define LOCK 0x3800
#define BUF 0x10000
#define BIG 0x30000  /* 256 KiB from here on */
#define WAITS INT64_MIN

static struct fake *start(void)
{
	struct fake *f = fake_new(NULL);

	assert_int_equal(fd_table_standard(&f->k, f->k.process->files, false), 0);
	return f;
}

static void end(struct fake *f)
{
	assert_int_equal(arena_check(&f->k.arena), 0);
	fake_free(f);
}

static int64_t open_at(struct fake *f, const char *path, uint64_t flags)
{
	memcpy(f->memory + PATH, path, strlen(path) + 1);
	return CALL(f, G_NR_openat, G_AT_FDCWD, PATH, flags, 0644);
}

static int64_t create(struct fake *f)
{
	return open_at(f, "/tmp/f", G_O_CREAT | G_O_RDWR);
}

static void iovec(struct fake *f, unsigned index, uint64_t base, uint64_t len)
{
	const struct g_iovec v = { base, len };

	memcpy(f->memory + IOV + index * sizeof(v), &v, sizeof(v));
}

static void descriptors_are_the_lowest_free_and_end_at_the_limit(void **state)
{
	struct fake *f = start();

	(void)state;
	f->k.process->rlimits[G_RLIMIT_NOFILE].cur = 40;
	for (int fd = 3; fd < 40; fd++)
		assert_int_equal(CALL(f, G_NR_dup, 0), fd);
	assert_int_equal(CALL(f, G_NR_dup, 0), -G_EMFILE);
	assert_int_equal(open_at(f, "/tmp/not-made", G_O_CREAT | G_O_RDWR), -G_EMFILE);
	assert_int_equal(CALL(f, G_NR_close, 17), 0);
	assert_int_equal(open_at(f, "/tmp/not-made", G_O_RDONLY), -G_ENOENT);
	assert_int_equal(CALL(f, G_NR_fcntl, 0, G_F_DUPFD, 5), 17);
	assert_int_equal(CALL(f, G_NR_fcntl, 0, G_F_DUPFD, 40), -G_EINVAL);
	end(f);
}

static void opening_and_closing_leaves_the_arena_as_it_was(void **state)
{
	struct fake *f = start();
	uint64_t used;

	(void)state;
	for (int round = 0; round < 3; round++) {
		assert_int_equal(create(f), 3);
		assert_int_equal(open_at(f, "/proc/self/maps", 0), 4);
		assert_int_equal(open_at(f, "/", 0), 5);
		assert_int_equal(CALL(f, G_NR_read, 4, BUF, 4096), 0);
		CALL(f, G_NR_getdents64, 5, BUF, 4096);
		CALL(f, G_NR_flock, 3, G_LOCK_EX);
		assert_int_equal(CALL(f, G_NR_close_range, 3, 100), 0);
		if (round == 0)
			used = arena_used(&f->k.arena);
	}
	assert_int_equal(arena_used(&f->k.arena), used);
	end(f);
}

/* A pipe holds 64 KiB: a bigger blocking write goes on where it stopped, as often as it must. */
static void a_write_that_waits_goes_on_where_it_stopped(void **state)
{
	const uint64_t n = 200000;
	struct fake *f = start();
	uint64_t got = 0;
	int64_t reader;

	(void)state;
	assert_int_equal(CALL(f, G_NR_pipe2, FDS, 0), 0);
	for (uint64_t i = 0; i < n; i++)
		f->memory[BIG + i] = (uint8_t)(i * 7 + i / 251);
	reader = fake_thread(f);
	assert_int_equal(CALL(f, G_NR_write, 4, BIG, n), WAITS);
	assert_int_equal(fake_tid(f), reader);
	while (got < n) {
		int64_t r = CALL(f, G_NR_read, 3, BUF, 30000);

		if (r == WAITS) { /* the writer's call has come to its end, and it runs */
			assert_int_equal(f->regs.x[TG_REG_A0], n);
			assert_int_equal(CALL(f, G_NR_sched_yield), WAITS);
			r = (int64_t)f->regs.x[TG_REG_A0];
		}
		assert_int_equal(fake_tid(f), reader);
		assert_true(r > 0);
		for (int64_t i = 0; i < r; i++)
			assert_int_equal(f->memory[BUF + i], (uint8_t)((got + i) * 7 + (got + i) / 251));
		got += (uint64_t)r;
	}
	assert_int_equal(got, n);
	end(f);
}

static void a_waiting_vector_is_the_one_that_was_given(void **state)
{
	struct fake *f = start();
	int64_t other;

	(void)state;
	assert_int_equal(CALL(f, G_NR_pipe2, FDS, 0), 0);
	other = fake_thread(f);
	iovec(f, 0, BUF, 4);
	assert_int_equal(CALL(f, G_NR_readv, 3, IOV, 1), WAITS);
	assert_int_equal(fake_tid(f), other);
	iovec(f, 0, BUF + 100, 4); /* too late */
	memcpy(f->memory + BIG, "data", 4);
	assert_int_equal(CALL(f, G_NR_write, 4, BIG, 4), 4);
	assert_int_equal(CALL(f, G_NR_sched_yield), WAITS);
	assert_int_equal(f->regs.x[TG_REG_A0], 4);
	assert_memory_equal(f->memory + BUF, "data", 4);
	assert_int_equal(f->memory[BUF + 100], 0);
	end(f);
}

static void a_descriptor_closed_during_a_wait_keeps_its_file_until_the_call_ends(void **state)
{
	struct fake *f = start();
	int64_t other;

	(void)state;
	assert_int_equal(CALL(f, G_NR_pipe2, FDS, 0), 0);
	other = fake_thread(f);
	assert_int_equal(CALL(f, G_NR_read, 3, BUF, 4), WAITS);
	assert_int_equal(fake_tid(f), other);
	assert_int_equal(CALL(f, G_NR_close, 3), 0);
	assert_int_equal(create(f), 3); /* another file takes the number */
	memcpy(f->memory + BIG, "data", 4);
	assert_int_equal(CALL(f, G_NR_write, 4, BIG, 4), 4);
	assert_int_equal(CALL(f, G_NR_sched_yield), WAITS);
	assert_int_equal(f->regs.x[TG_REG_A0], 4);
	assert_memory_equal(f->memory + BUF, "data", 4);
	end(f);
}

static void iovecs_are_checked_before_anything_moves(void **state)
{
	struct fake *f = start();

	(void)state;
	assert_int_equal(create(f), 3);
	for (unsigned i = 0; i < 12; i++)
		iovec(f, i, BUF + i, 1);
	memcpy(f->memory + BUF, "abcdefghijkl", 12);
	assert_int_equal(CALL(f, G_NR_writev, 3, IOV, 12), 12);
	assert_int_equal(CALL(f, G_NR_writev, 3, IOV, 1025), -G_EINVAL);
	iovec(f, 11, BUF, UINT64_MAX);
	assert_int_equal(CALL(f, G_NR_writev, 3, IOV, 12), -G_EINVAL);
	iovec(f, 11, UINT64_MAX - 4, 8);
	assert_int_equal(CALL(f, G_NR_writev, 3, IOV, 12), -G_EFAULT);
	assert_int_equal(CALL(f, G_NR_lseek, 3, 0, G_SEEK_CUR), 12);
	assert_int_equal(CALL(f, G_NR_pread64, 3, BIG, 100, 0), 12);
	assert_memory_equal(f->memory + BIG, "abcdefghijkl", 12);
	end(f);
}

static void a_bad_buffer_ends_a_transfer_at_its_page(void **state)
{
	struct fake *f = start();

	(void)state;
	assert_int_equal(create(f), 3);
	assert_int_equal(CALL(f, G_NR_write, 3, FAKE_MEMORY - 10, 100), 10);
	assert_int_equal(CALL(f, G_NR_write, 3, FAKE_MEMORY, 100), -G_EFAULT);
	assert_int_equal(CALL(f, G_NR_lseek, 3, 0, G_SEEK_END), 10);
	assert_int_equal(CALL(f, G_NR_pread64, 3, FAKE_MEMORY - 4, 10, 0), 4);
	assert_int_equal(CALL(f, G_NR_pread64, 3, FAKE_MEMORY, 10, 0), -G_EFAULT);
	end(f);
}

static void the_file_size_limit_cuts_and_then_signals(void **state)
{
	struct fake *f = start();

	(void)state;
	CALL(f, G_NR_rt_sigprocmask, G_SIG_BLOCK, 0, 0, 8);
	f->k.current->sigmask = G_SIGBIT(G_SIGXFSZ);
	assert_int_equal(create(f), 3);
	f->k.process->rlimits[G_RLIMIT_FSIZE].cur = 10;
	assert_int_equal(CALL(f, G_NR_write, 3, BUF, 8), 8);
	assert_int_equal(CALL(f, G_NR_write, 3, BUF, 8), 2);
	assert_int_equal(f->k.current->signals.pending, 0);
	assert_int_equal(CALL(f, G_NR_write, 3, BUF, 8), -G_EFBIG);
	assert_int_equal(f->k.current->signals.pending, G_SIGBIT(G_SIGXFSZ));
	assert_int_equal(CALL(f, G_NR_ftruncate, 3, 11), -G_EFBIG);
	assert_int_equal(CALL(f, G_NR_ftruncate, 3, 10), 0);
	end(f);
}

static int64_t lock_range(struct fake *f, int64_t fd, uint64_t command, int type, int64_t from, int64_t len)
{
	const struct g_flock lock = { .type = (int16_t)type, .start = from, .len = len };

	memcpy(f->memory + LOCK, &lock, sizeof(lock));
	return CALL(f, G_NR_fcntl, fd, command, LOCK);
}

static void locks_of_descriptions_conflict_by_range_and_type(void **state)
{
	struct fake *f = start();
	struct g_flock found;

	(void)state;
	assert_int_equal(create(f), 3);
	assert_int_equal(create(f), 4);
	assert_int_equal(lock_range(f, 3, G_F_OFD_SETLK, G_F_RDLCK, 0, 100), 0);
	assert_int_equal(lock_range(f, 4, G_F_OFD_SETLK, G_F_RDLCK, 50, 100), 0);
	assert_int_equal(lock_range(f, 4, G_F_OFD_SETLK, G_F_WRLCK, 99, 10), -G_EAGAIN);
	assert_int_equal(lock_range(f, 4, G_F_OFD_SETLK, G_F_WRLCK, 100, 10), 0);
	assert_int_equal(lock_range(f, 3, G_F_OFD_SETLK, G_F_UNLCK, 40, 20), 0); /* splits it in two */
	assert_int_equal(lock_range(f, 4, G_F_OFD_SETLK, G_F_WRLCK, 40, 20), 0);
	assert_int_equal(lock_range(f, 4, G_F_OFD_GETLK, G_F_WRLCK, 0, 0), 0);
	memcpy(&found, f->memory + LOCK, sizeof(found));
	assert_int_equal(found.type, G_F_RDLCK);
	assert_int_equal(found.start, 0);
	assert_int_equal(found.len, 40);
	assert_int_equal(found.pid, -1);
	assert_int_equal(CALL(f, G_NR_close, 3), 0);
	assert_int_equal(lock_range(f, 4, G_F_OFD_SETLK, G_F_WRLCK, 0, 0), 0);
	end(f);
}

static void a_waiting_lock_is_granted_when_the_holder_closes(void **state)
{
	struct fake *f = start();
	int64_t other;

	(void)state;
	assert_int_equal(create(f), 3);
	assert_int_equal(create(f), 4);
	assert_int_equal(CALL(f, G_NR_flock, 3, G_LOCK_EX), 0);
	assert_int_equal(CALL(f, G_NR_flock, 4, G_LOCK_SH | G_LOCK_NB), -G_EAGAIN);
	other = fake_thread(f);
	assert_int_equal(CALL(f, G_NR_flock, 4, G_LOCK_EX), WAITS);
	assert_int_equal(fake_tid(f), other);
	assert_int_equal(CALL(f, G_NR_close, 3), 0);
	assert_int_equal(CALL(f, G_NR_sched_yield), WAITS);
	assert_int_equal(f->regs.x[TG_REG_A0], 0);
	assert_int_equal(create(f), 3);
	assert_int_equal(CALL(f, G_NR_flock, 3, G_LOCK_EX | G_LOCK_NB), -G_EAGAIN);
	end(f);
}

static void closing_any_descriptor_drops_the_process_record_locks(void **state)
{
	struct fake *f = start();

	(void)state;
	assert_int_equal(create(f), 3);
	assert_int_equal(create(f), 4);
	assert_int_equal(create(f), 5);
	assert_int_equal(lock_range(f, 3, G_F_SETLK, G_F_WRLCK, 0, 0), 0);
	assert_int_equal(lock_range(f, 5, G_F_OFD_SETLK, G_F_WRLCK, 0, 0), -G_EAGAIN);
	assert_int_equal(CALL(f, G_NR_close, 4), 0);
	assert_int_equal(lock_range(f, 5, G_F_OFD_SETLK, G_F_WRLCK, 0, 0), 0);
	end(f);
}

static void seals_hold(void **state)
{
	struct fake *f = start();

	(void)state;
	memcpy(f->memory + PATH, "m", 2);
	assert_int_equal(CALL(f, G_NR_memfd_create, PATH, G_MFD_ALLOW_SEALING), 3);
	assert_int_equal(CALL(f, G_NR_ftruncate, 3, 100), 0);
	assert_int_equal(CALL(f, G_NR_fcntl, 3, G_F_ADD_SEALS, G_F_SEAL_GROW | G_F_SEAL_SHRINK), 0);
	assert_int_equal(CALL(f, G_NR_ftruncate, 3, 101), -G_EPERM);
	assert_int_equal(CALL(f, G_NR_ftruncate, 3, 99), -G_EPERM);
	assert_int_equal(CALL(f, G_NR_pwrite64, 3, BUF, 1, 100), -G_EPERM);
	assert_int_equal(CALL(f, G_NR_pwrite64, 3, BUF, 1, 99), 1);
	assert_int_equal(CALL(f, G_NR_fcntl, 3, G_F_ADD_SEALS, G_F_SEAL_WRITE | G_F_SEAL_SEAL), 0);
	assert_int_equal(CALL(f, G_NR_pwrite64, 3, BUF, 1, 0), -G_EPERM);
	assert_int_equal(CALL(f, G_NR_fcntl, 3, G_F_ADD_SEALS, G_F_SEAL_EXEC), -G_EPERM);
	assert_int_equal(CALL(f, G_NR_fcntl, 3, G_F_GET_SEALS), 0xf);
	end(f);
}

static void a_reader_that_is_gone_is_epipe_and_a_signal(void **state)
{
	struct fake *f = start();

	(void)state;
	assert_int_equal(CALL(f, G_NR_pipe2, FDS, 0), 0);
	assert_int_equal(CALL(f, G_NR_close, 3), 0);
	f->k.current->sigmask = G_SIGBIT(G_SIGPIPE);
	assert_int_equal(CALL(f, G_NR_write, 4, BUF, 1), -G_EPIPE);
	assert_int_equal(f->k.current->signals.pending, G_SIGBIT(G_SIGPIPE));
	end(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptors_are_the_lowest_free_and_end_at_the_limit),
		cmocka_unit_test(opening_and_closing_leaves_the_arena_as_it_was),
		cmocka_unit_test(a_write_that_waits_goes_on_where_it_stopped),
		cmocka_unit_test(a_waiting_vector_is_the_one_that_was_given),
		cmocka_unit_test(a_descriptor_closed_during_a_wait_keeps_its_file_until_the_call_ends),
		cmocka_unit_test(iovecs_are_checked_before_anything_moves),
		cmocka_unit_test(a_bad_buffer_ends_a_transfer_at_its_page),
		cmocka_unit_test(the_file_size_limit_cuts_and_then_signals),
		cmocka_unit_test(locks_of_descriptions_conflict_by_range_and_type),
		cmocka_unit_test(a_waiting_lock_is_granted_when_the_holder_closes),
		cmocka_unit_test(closing_any_descriptor_drops_the_process_record_locks),
		cmocka_unit_test(seals_hold),
		cmocka_unit_test(a_reader_that_is_gone_is_epipe_and_a_signal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
