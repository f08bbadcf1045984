/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: clone futex pipe2 tgkill sched_yield */
/* Many threads, every kind of wait, signals among them; only sums are printed, and every byte must arrive. */
#include "guest_thread.h"

#define WORKERS 8
#define ROUNDS 200

static int pipes[WORKERS][2];
static volatile long received[WORKERS], signals;
static struct thread threads[WORKERS];
static volatile int lock;
static volatile long shared_count;

static void on_signal(int sig)
{
	__atomic_fetch_add(&signals, 1, __ATOMIC_SEQ_CST);
}

static void take(void)
{
	int zero = 0;

	if (__atomic_compare_exchange_n(&lock, &zero, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	while (__atomic_exchange_n(&lock, 2, __ATOMIC_ACQUIRE) != 0)
		futex(&lock, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 2, NULL, NULL, 0);
}

static void give(void)
{
	if (__atomic_exchange_n(&lock, 0, __ATOMIC_RELEASE) == 2)
		futex(&lock, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0);
}

/* Reads from its own pipe, writes to its neighbour's, counts under the lock, and signals its neighbour now and then. */
static void worker(void *arg)
{
	long me = (long)arg, next = (me + 1) % WORKERS;
	unsigned char byte;

	for (int i = 0; i < ROUNDS; i++) {
		byte = (unsigned char)(me + i);
		while (sys(__NR_write, pipes[next][1], &byte, 1) != 1)
			;
		while (sys(__NR_read, pipes[me][0], &byte, 1) != 1)
			;
		received[me] += byte;
		take();
		shared_count++;
		if (i % 17 == 0)
			sys(__NR_sched_yield);
		give();
		if (i % 10 == 3 && i < ROUNDS / 2)
			sys(__NR_tgkill, sys(__NR_getpid), sys(__NR_getpid), SIGUSR1);
		if (i % 50 == 0)
			sleep_ms(1);
	}
}

TEST(stress_of_pipes_locks_signals_and_sleeps_loses_nothing)
{
	long sum = 0, expected = 0;

	set_handler(SIGUSR1, on_signal, SA_RESTART, 0);
	for (int i = 0; i < WORKERS; i++)
		EQ(sys(__NR_pipe2, pipes[i], 0), 0);
	for (long i = 0; i < WORKERS; i++)
		CHECK(thread_start(&threads[i], worker, (void *)i) > 0);
	for (int i = 0; i < WORKERS; i++)
		thread_join(&threads[i]);
	for (long me = 0; me < WORKERS; me++) {
		sum += received[me];
		for (int i = 0; i < ROUNDS; i++)
			expected += (unsigned char)(me + i);
	}
	EQ(sum, expected);
	EQ(shared_count, WORKERS * ROUNDS);
	CHECK(signals > 0);
	EQ(sys(__NR_close_range, 3, -1, 0), 0);
}
