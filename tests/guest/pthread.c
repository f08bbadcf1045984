/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: clone clone3 futex set_robust_list */
/* cflags: -pthread */
/* The C library's own threads: what real programs use, over all the calls below it. */
#include "guest.h"
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static long counter, turn;
static __thread long local = 5;

static void *add(void *arg)
{
	for (int i = 0; i < 2000; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
		local++;
	}
	return (void *)local;
}

TEST(pthread_mutex_protects_and_thread_local_storage_is_local)
{
	pthread_t t[8];
	void *result;

	for (int i = 0; i < 8; i++)
		EQ(pthread_create(&t[i], NULL, add, NULL), 0);
	for (int i = 0; i < 8; i++) {
		EQ(pthread_join(t[i], &result), 0);
		EQ(result, 2005);
	}
	EQ(counter, 16000);
	EQ(local, 5);
}

static void *take_turns(void *arg)
{
	long me = (long)arg;

	for (int i = 0; i < 100; i++) {
		pthread_mutex_lock(&mutex);
		while (turn % 3 != me)
			pthread_cond_wait(&cond, &mutex);
		turn++;
		pthread_cond_broadcast(&cond);
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

TEST(pthread_cond_hands_the_turn_around)
{
	pthread_t t[3];

	for (long i = 0; i < 3; i++)
		EQ(pthread_create(&t[i], NULL, take_turns, (void *)i), 0);
	for (int i = 0; i < 3; i++)
		EQ(pthread_join(t[i], NULL), 0);
	EQ(turn, 300);
}

TEST(pthread_cond_timedwait_times_out)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += 10000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&mutex);
	EQ(pthread_cond_timedwait(&cond, &mutex, &t), ETIMEDOUT);
	pthread_mutex_unlock(&mutex);
}

static sem_t sem;
static pthread_barrier_t barrier;
static int serial;

static void *meet(void *arg)
{
	sem_wait(&sem);
	if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
		__atomic_fetch_add(&serial, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

TEST(pthread_semaphores_and_barriers)
{
	pthread_t t[4];

	sem_init(&sem, 0, 0);
	pthread_barrier_init(&barrier, NULL, 4);
	for (int i = 0; i < 4; i++)
		EQ(pthread_create(&t[i], NULL, meet, NULL), 0);
	for (int i = 0; i < 4; i++)
		sem_post(&sem);
	for (int i = 0; i < 4; i++)
		EQ(pthread_join(t[i], NULL), 0);
	EQ(serial, 1);
}

static void *sleep_for_ever(void *arg)
{
	for (;;)
		sleep(1000);
	return NULL;
}

TEST(pthread_cancel_ends_a_sleeping_thread)
{
	pthread_t t;
	void *result;

	EQ(pthread_create(&t, NULL, sleep_for_ever, NULL), 0);
	settle();
	EQ(pthread_cancel(t), 0);
	EQ(pthread_join(t, &result), 0);
	EQ(result, PTHREAD_CANCELED);
}

static pthread_mutex_t robust;

static void *die_with_lock(void *arg)
{
	pthread_mutex_lock(&robust);
	return NULL;
}

TEST(pthread_robust_mutex_tells_that_its_owner_died)
{
	pthread_mutexattr_t attr;
	pthread_t t;

	ORACLE(KERNEL);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&robust, &attr);
	EQ(pthread_create(&t, NULL, die_with_lock, NULL), 0);
	EQ(pthread_join(t, NULL), 0);
	EQ(pthread_mutex_lock(&robust), EOWNERDEAD);
	EQ(pthread_mutex_consistent(&robust), 0);
	EQ(pthread_mutex_unlock(&robust), 0);
}

TEST(pthread_priority_inheritance_mutex_works)
{
	pthread_mutexattr_t attr;
	pthread_mutex_t m;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT);
	EQ(pthread_mutex_init(&m, &attr), 0);
	EQ(pthread_mutex_lock(&m), 0);
	EQ(pthread_mutex_unlock(&m), 0);
}

TEST(stdio_writes_and_reads_files)
{
	char line[64];
	FILE *f = fopen("/tmp/stdio", "w+");
	double d = 0;
	int n = 0;

	CHECK(f != NULL);
	fprintf(f, "%d %s %.17g\n", 42, "words", 0.1);
	rewind(f);
	EQ(fscanf(f, "%d %63s %lf", &n, line, &d), 3);
	EQ(n, 42);
	EQ(strcmp(line, "words"), 0);
	CHECK(d == 0.1);
	EQ(fclose(f), 0);
	unlink("/tmp/stdio");
}
