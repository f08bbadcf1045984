/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: clock_gettime */
/* The vdso: found by its ELF header, symbols of version LINUX_4.15, and the same answers as the calls give. */
#include "guest.h"
#include <elf.h>
#include <sys/auxv.h>
#include <sys/time.h>

static uint64_t base;

static void *symbol(const char *name)
{
	const Elf64_Ehdr *eh = (const Elf64_Ehdr *)base;
	const Elf64_Phdr *ph = (const Elf64_Phdr *)(base + eh->e_phoff);
	const Elf64_Sym *sym = NULL;
	const char *str = NULL;
	const uint32_t *hash = NULL, *gnu = NULL;
	uint64_t load = base, count = 0;

	for (int i = 0; i < eh->e_phnum; i++)
		if (ph[i].p_type == PT_LOAD)
			load = base + ph[i].p_offset - ph[i].p_vaddr;
	for (int i = 0; i < eh->e_phnum; i++) {
		if (ph[i].p_type != PT_DYNAMIC)
			continue;
		for (const Elf64_Dyn *d = (const Elf64_Dyn *)(load + ph[i].p_vaddr); d->d_tag; d++) {
			if (d->d_tag == DT_SYMTAB)
				sym = (const Elf64_Sym *)(load + d->d_un.d_ptr);
			if (d->d_tag == DT_STRTAB)
				str = (const char *)(load + d->d_un.d_ptr);
			if (d->d_tag == DT_HASH)
				hash = (const uint32_t *)(load + d->d_un.d_ptr);
			if (d->d_tag == DT_GNU_HASH)
				gnu = (const uint32_t *)(load + d->d_un.d_ptr);
		}
	}
	if (!sym || !str)
		return NULL;
	count = hash ? hash[1] : gnu ? 32 : 0;
	for (uint64_t i = 0; i < count; i++)
		if (sym[i].st_value && !strcmp(str + sym[i].st_name, name))
			return (void *)(load + sym[i].st_value);
	return NULL;
}

TEST(vdso_has_every_function_of_linux_4_15)
{
	static const char *const names[] = { "__vdso_rt_sigreturn", "__vdso_clock_gettime", "__vdso_gettimeofday",
					     "__vdso_clock_getres", "__vdso_getcpu", "__vdso_flush_icache",
					     "__vdso_riscv_hwprobe" };

	ORACLE(KERNEL);
	base = getauxval(AT_SYSINFO_EHDR);
	CHECK(base != 0);
	for (size_t i = 0; i < array_len(names); i++)
		if (!symbol(names[i]))
			EQ(0, i + 1);
}

TEST(vdso_clock_gettime_agrees_with_the_call)
{
	long (*get)(int, struct timespec *);
	struct timespec t;

	ORACLE(KERNEL);
	get = (long (*)(int, struct timespec *))symbol("__vdso_clock_gettime");
	for (int clock = 0; clock < 2; clock++) {
		long before = clock_ns(clock), mid;

		EQ(get(clock, &t), 0);
		mid = t.tv_sec * 1000000000L + t.tv_nsec;
		CHECK(mid >= before);
		CHECK(clock_ns(clock) >= mid);
	}
	CHECK(get(99, &t) == -EINVAL);
	EQ(get(CLOCK_PROCESS_CPUTIME_ID, &t), 0);
}

TEST(vdso_time_moves_while_it_is_watched)
{
	long (*get)(int, struct timespec *);
	struct timespec t;
	long start, i;

	ORACLE(KERNEL);
	get = (long (*)(int, struct timespec *))symbol("__vdso_clock_gettime");
	get(1, &t);
	start = t.tv_sec * 1000000000L + t.tv_nsec;
	for (i = 0; i < 100000000; i++) {
		get(1, &t);
		if (t.tv_sec * 1000000000L + t.tv_nsec > start + 100000)
			break;
	}
	CHECK(i < 100000000);
}

TEST(vdso_other_functions_work)
{
	struct timeval tv = { -1, -1 };
	struct timespec res = { -1, -1 };
	unsigned int cpu = 99, node = 99;
	struct { int64_t key; uint64_t value; } p = { 3, 0 };

	ORACLE(KERNEL);
	EQ(((long (*)(void *, void *))symbol("__vdso_gettimeofday"))(&tv, NULL), 0);
	CHECK(tv.tv_sec >= 0 && tv.tv_usec >= 0 && tv.tv_usec < 1000000);
	EQ(((long (*)(int, void *))symbol("__vdso_clock_getres"))(1, &res), 0);
	EQ(res.tv_sec, 0);
	EQ(((long (*)(void *, void *, void *))symbol("__vdso_getcpu"))(&cpu, &node, NULL), 0);
	CHECK(cpu != 99);
	EQ(((long (*)(long, long, long))symbol("__vdso_flush_icache"))(0, 0, 0), 0);
	EQ(((long (*)(void *, long, long, void *, long))symbol("__vdso_riscv_hwprobe"))(&p, 1, 0, NULL, 0), 0);
	EQ(p.value, 1);
}

TEST(vdso_sigreturn_is_the_two_instructions_that_unwinders_match)
{
	const uint32_t *code;

	ORACLE(KERNEL);
	code = (const uint32_t *)symbol("__vdso_rt_sigreturn");
	EQ(code[0], 0x08b00893);
	EQ(code[1], 0x00000073);
}
