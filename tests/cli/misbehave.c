/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A guest that does one bad thing, named by its argument. It prints only what its caller has to see. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int sink;

static void jump_to_zero(void)
{
	((void (*)(void))(uintptr_t)sink)();
}

static void execute_data(void)
{
	static uint32_t ret = 0x00008067;

	((void (*)(void))(uintptr_t)&ret)();
}

static __attribute__((noinline)) int recurse(volatile char *above)
{
	volatile char frame[512];

	frame[sink] = *above;
	return recurse(frame) + frame[1];
}

static void overflow_the_stack(void)
{
	volatile char top = 0;

	sink = recurse(&top);
}

/* What is charged when it is mapped is refused with an error; what is not stops the run when it is touched. */
static void allocate_with(int flags)
{
	for (;;) {
		char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

		if (p == MAP_FAILED) {
			puts(strerror(errno));
			fflush(stdout);
			_exit(3);
		}
		memset(p, 1, 1 << 20);
	}
}

static void allocate(void)
{
	allocate_with(0);
}

static void allocate_unreserved(void)
{
	allocate_with(MAP_NORESERVE);
}

static void fill_a_file(void)
{
	static char block[1 << 16] = { 1 };
	int fd = open("/tmp/large", O_WRONLY | O_CREAT, 0600);

	for (;;) {
		if (write(fd, block, sizeof block) < 0 && errno != ENOSPC && errno != ENOMEM)
			_exit(9);
	}
}

static void *wait_for_ever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void make_threads(void)
{
	unsigned long n = 0;
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 16384);
	while ((err = pthread_create(&thread, &attr, wait_for_ever, NULL)) == 0)
		n++;
	printf("%s after %s threads\n", strerror(err), n > 1000 ? "thousands of" : "few");
	fflush(stdout);
	_exit(3);
}

static void make_files(void)
{
	unsigned n = 0;

	while (dup(1) >= 0)
		n++;
	printf("%s after %u\n", strerror(errno), n);
	fflush(stdout);
	_exit(3);
}

static void deadlock(void)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&mutex);
	pthread_mutex_lock(&mutex);
}

static void sleep_for_ever(void)
{
	for (;;)
		sleep(86400);
}

static void tick(int sig)
{
	sink = sig;
}

static void tick_for_ever(void)
{
	struct itimerval each = { { 0, 10000 }, { 0, 10000 } };

	signal(SIGALRM, tick);
	setitimer(ITIMER_REAL, &each, NULL);
	wait_for_ever(NULL);
}

static void fault_in_the_handler(int sig)
{
	*(volatile int *)(uintptr_t)(sink - sig) = 0;
}

static void fault_twice(void)
{
	signal(SIGSEGV, fault_in_the_handler);
	*(volatile int *)8 = 0;
}

static void fault_for_ever(void)
{
	signal(SIGSEGV, tick);
	*(volatile int *)8 = 0;
}

static void lose_the_stack(void)
{
	signal(SIGSEGV, tick);
	__asm__ volatile("li sp, 8\n\tsd zero, 0(sp)");
}

static void spin(void)
{
	while (!sink)
		;
}

static void illegal(void)
{
	__asm__ volatile(".4byte 0");
}

static void breakpoint(void)
{
	__asm__ volatile("ebreak");
}

static void bus_error(void)
{
	int fd = open("/tmp/short", O_RDWR | O_CREAT, 0600);
	volatile char *p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);

	sink = *p;
}

static void divide(void)
{
	sink = 7 / sink; /* a value on this machine, no trap */
	_exit(sink == -1 ? 0 : 1);
}

static void print_for_ever(void)
{
	for (;;)
		puts("and so on");
}

static void ask_for_nothing_known(void)
{
	for (long nr = 1000; nr < 1200; nr++) {
		if (syscall(nr, 1, 2, 3, 4, 5, 6) != -1 || errno != ENOSYS)
			_exit(1);
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} ways[] = {
		{ "jump-to-zero", jump_to_zero },
		{ "execute-data", execute_data },
		{ "recurse", overflow_the_stack },
		{ "allocate", allocate },
		{ "allocate-unreserved", allocate_unreserved },
		{ "fill-a-file", fill_a_file },
		{ "make-threads", make_threads },
		{ "make-files", make_files },
		{ "deadlock", deadlock },
		{ "sleep-for-ever", sleep_for_ever },
		{ "tick-for-ever", tick_for_ever },
		{ "fault-twice", fault_twice },
		{ "fault-for-ever", fault_for_ever },
		{ "lose-the-stack", lose_the_stack },
		{ "spin", spin },
		{ "illegal", illegal },
		{ "breakpoint", breakpoint },
		{ "bus-error", bus_error },
		{ "abort", abort },
		{ "divide-by-zero", divide },
		{ "print-for-ever", print_for_ever },
		{ "unknown-calls", ask_for_nothing_known },
	};

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		if (argc > 1 && strcmp(argv[1], ways[i].name) == 0)
			ways[i].run();
	}
	return 99;
}
