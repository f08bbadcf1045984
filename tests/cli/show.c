/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A guest that shows what it was given. Commands: args, env, cwd, exe, stdin, cat FILE, ls DIR, put FILE TEXT, exit N, fds, time, random. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int cat(int fd)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof buf)) > 0)
		fwrite(buf, 1, (size_t)n, stdout);
	return n < 0 || fd < 0;
}

static int ls(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;

	if (!dir)
		return 1;
	while ((e = readdir(dir)))
		printf("%s\n", e->d_name);
	return closedir(dir);
}

static int fds(void)
{
	for (int fd = 0; fd < 3; fd++) {
		struct stat st;

		if (fstat(fd, &st) != 0)
			return 1;
		printf("%d: %s %o uid %u\n", fd, S_ISFIFO(st.st_mode) ? "pipe" : "other", (unsigned)st.st_mode & 0777, (unsigned)st.st_uid);
	}
	printf("umask %03o pid %d\n", (unsigned)umask(0), (int)getpid());
	return 0;
}

int main(int argc, char **argv, char **envp)
{
	const char *command = argc > 1 ? argv[1] : "args";
	char buf[4096];
	struct timespec now;

	if (strcmp(command, "args") == 0) {
		for (int i = 0; i < argc; i++)
			printf("[%s]\n", argv[i]);
	} else if (strcmp(command, "env") == 0) {
		while (*envp)
			puts(*envp++);
	} else if (strcmp(command, "cwd") == 0) {
		puts(getcwd(buf, sizeof buf) ? buf : "none");
	} else if (strcmp(command, "exe") == 0) {
		ssize_t n = readlink("/proc/self/exe", buf, sizeof buf);

		printf("%.*s %s\n", (int)n, buf, (char *)getauxval(AT_EXECFN));
	} else if (strcmp(command, "stdin") == 0) {
		return cat(0) || fflush(stdout);
	} else if (strcmp(command, "cat") == 0 && argc > 2) {
		return cat(open(argv[2], O_RDONLY)) || fflush(stdout);
	} else if (strcmp(command, "ls") == 0 && argc > 2) {
		return ls(argv[2]) || fflush(stdout);
	} else if (strcmp(command, "put") == 0 && argc > 3) {
		int fd = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0644);

		return write(fd, argv[3], strlen(argv[3])) < 0;
	} else if (strcmp(command, "exit") == 0 && argc > 2) {
		return atoi(argv[2]);
	} else if (strcmp(command, "fds") == 0) {
		return fds() || fflush(stdout);
	} else if (strcmp(command, "time") == 0) {
		clock_gettime(CLOCK_REALTIME, &now);
		printf("%lld\n", (long long)now.tv_sec);
	} else if (strcmp(command, "random") == 0) {
		if (getrandom(buf, 8, 0) != 8)
			return 1;
		for (int i = 0; i < 8; i++)
			printf("%02x", (unsigned char)buf[i]);
		puts("");
	} else {
		return 98;
	}
	return fflush(stdout);
}
