/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Programs to be intercepted: `program NAME` runs one and says what came out, a sentence a check. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
extern long first_in_section(long, long, long, long, long, long, long, long);
extern long adjacent(void), odd_place(void), straddling(void), look_alike(void), many(void);
extern long indirect_number(long nr);
extern void with_registers(const uint64_t in[64], uint64_t out[64]);
extern const uint32_t literal;

static void say(int good, const char *name)
{
	printf("%s %s\n", good ? "ok" : "not ok", name);
}

static void sites(void)
{
	say(adjacent() == 4711, "adjacent_calls_are_both_intercepted");
	say(odd_place() == 4711, "calls_at_halfword_addresses_are_intercepted");
	say(straddling() == 4711, "a_call_on_two_pages_is_intercepted");
	say(look_alike() == 0x730000, "the_word_within_instructions_is_left_alone");
	say(literal == 0x73, "the_word_as_data_is_left_alone");
	say(many() == 4711, "fifteen_hundred_sites_in_a_row_are_intercepted");
	say(indirect_number(SYS_getppid) == 4711, "a_number_that_is_not_constant_is_seen");
	say(indirect_number(SYS_getpid) == getpid(), "a_number_that_is_not_constant_is_forwarded");
	say(first_in_section(0, 0, 0, 0, 0, 0, 0, SYS_getppid) == 4711, "the_first_call_of_a_section_is_intercepted");
	say(syscall(SYS_getppid) == 4711 && getppid() == 4711, "syscall_and_getppid_are_intercepted");
	say(syscall(SYS_mmap, 0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) > 0, "six_arguments_arrive");
}

static uint64_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state ^ *state >> 29;
}

static void registers(void)
{
	static const uint16_t numbers[] = { SYS_getppid, SYS_getpid, SYS_gettid, SYS_getuid, SYS_close, SYS_sched_yield, 999 };
	uint64_t in[64], out[64], seed = 1, bad = 0;

	for (unsigned round = 0; round < 10000; round++) {
		for (unsigned i = 0; i < 64; i++)
			in[i] = next_random(&seed);
		in[0] &= 0xff;
		if ((in[0] >> 5) > 4)
			in[0] &= 0x1f;
		in[17] = numbers[round % 7];
		if (in[17] == SYS_close)
			in[10] = (uint64_t)-1;
		out[3] = 0;
		with_registers(in, out);
		for (unsigned i = 0; i < 64; i++) {
			if (i == 2 || i == 4 || i == 10)
				continue;
			if (in[i] != out[i] && bad++ < 5)
				printf("# call %llu register %u: %llx is %llx\n", (unsigned long long)in[17], i,
				       (unsigned long long)in[i], (unsigned long long)out[i]);
		}
	}
	say(bad == 0, "ten_thousand_register_files_are_the_same_behind_a_call");
}

static void *work(void *arg)
{
	long bad = 0;

	for (int i = 0; i < 300; i++) {
		pid_t pid;
		int status;

		bad += getppid() < 0;
		if (i % 60)
			continue;
		pid = fork();
		if (pid == 0)
			_exit(getppid() > 0 ? 7 : 8);
		bad += waitpid(pid, &status, 0) != pid || WEXITSTATUS(status) != 7;
		pid = vfork();
		if (pid == 0)
			_exit(9);
		bad += waitpid(pid, &status, 0) != pid || WEXITSTATUS(status) != 9;
	}
	return (void *)bad;
}

static void threads(void)
{
	pthread_t t[8];
	void *result;
	long bad = 0;

	for (int i = 0; i < 8; i++)
		pthread_create(&t[i], NULL, work, NULL);
	for (int i = 0; i < 8; i++) {
		pthread_join(t[i], &result);
		bad += (long)result;
	}
	say(bad == 0, "eight_threads_fork_and_vfork");
}

static volatile unsigned long ticks;
static void on_tick(int sig)
{
	int saved = errno;

	ticks += getppid() > 0;
	errno = saved;
}

static void timer(void)
{
	struct itimerval every = { { 0, 50 }, { 0, 50 } };
	long bad = 0;
	int fd[2];
	char c;

	signal(SIGALRM, on_tick);
	if (pipe(fd))
		exit(1);
	setitimer(ITIMER_REAL, &every, NULL);
	for (int i = 0; i < 4000; i++) {
		ssize_t n;

		while ((n = write(fd[1], "x", 1)) < 0 && errno == EINTR)
			;
		bad += n != 1;
		while ((n = read(fd[0], &c, 1)) < 0 && errno == EINTR)
			;
		bad += n != 1 || c != 'x' || getppid() <= 0;
	}
	memset(&every, 0, sizeof(every));
	setitimer(ITIMER_REAL, &every, NULL);
	say(bad == 0 && ticks > 0, "a_timer_whose_handler_makes_calls_disturbs_nothing");
}

static volatile int cleaned;
static void clean(void *arg)
{
	cleaned = 1;
}

static void *block(void *arg)
{
	int *fd = arg;
	char c;

	pthread_cleanup_push(clean, NULL);
	read(fd[0], &c, 1);
	pthread_cleanup_pop(0);
	return NULL;
}

static void cancel(void)
{
	int bad = 0;

	for (int i = 0; i < 20; i++) {
		pthread_t t;
		void *result = NULL;
		int fd[2];

		cleaned = 0;
		if (pipe(fd))
			exit(1);
		pthread_create(&t, NULL, block, fd);
		usleep(3000);
		pthread_cancel(t);
		pthread_join(t, &result);
		bad += result != PTHREAD_CANCELED || !cleaned;
		close(fd[0]);
		close(fd[1]);
	}
	say(bad == 0, "a_thread_that_is_blocked_in_read_is_cancelled");
}

static void creation(void)
{
	pthread_t t;
	pid_t pid;

	pthread_create(&t, NULL, work, NULL);
	pthread_detach(t);
	usleep(1000);
	pid = fork();
	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
}

static void load(void)
{
	int bad = 0;

	for (int i = 0; i < 200; i++) {
		void *h = dlopen(getenv("LATE_OBJECT"), RTLD_NOW);
		long (*f)(void) = h ? (long (*)(void))dlsym(h, "late_getppid") : NULL;

		bad += !f || f() != 4711;
		if (h)
			dlclose(h);
	}
	say(bad == 0, "an_object_that_is_loaded_late_is_intercepted_from_its_first_call_on");
}

static void maps(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	char line[500];
	int bad = 0, any = 0;

	while (f && fgets(line, sizeof(line), f)) {
		any++;
		bad += strstr(line, " rwx") != NULL;
	}
	say(any && !bad, "no_memory_is_writable_and_executable");
}

static void jumps(void)
{
	static jmp_buf env;
	volatile int n = 0;

	if (setjmp(env) < 100) {
		n++;
		if (getppid() > 0)
			longjmp(env, n);
	}
	say(n == 100, "setjmp_and_longjmp_across_calls");
}

static void loop(void)
{
	for (int i = 0; i < 10000; i++)
		indirect_number(SYS_getppid);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} all[] = { { "sites", sites },   { "registers", registers }, { "threads", threads }, { "timer", timer },
		    { "cancel", cancel }, { "creation", creation },   { "load", load },	      { "maps", maps },
		    { "jumps", jumps },	  { "loop", loop } };

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 1; i < argc; i++)
		for (unsigned k = 0; k < sizeof(all) / sizeof(all[0]); k++)
			if (strcmp(argv[i], all[k].name) == 0)
				all[k].run();
	if (argc > 2 && strcmp(argv[1], "pgid") == 0)
		return getpgid(0) > 0 ? 0 : 1;
	return 0;
}
