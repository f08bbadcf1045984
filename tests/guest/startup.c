/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* host: root */
/* covers: execve */
/* tier: basic */
/* What a program finds when it starts: the auxiliary vector, arguments, environment, as the C library sees them. */
#include "guest.h"
#include <elf.h>
#include <sys/auxv.h>

extern char **environ;
extern void _start(void);

static const uint64_t *auxv(void)
{
	char **e = environ;

	while (*e)
		e++;
	return (const uint64_t *)(e + 1);
}

static const uint64_t *find(uint64_t type)
{
	for (const uint64_t *a = auxv(); a[0] != AT_NULL; a += 2)
		if (a[0] == type)
			return a + 1;
	return NULL;
}

TEST(startup_auxv_has_every_entry_that_runtimes_read)
{
	static const int must[] = { AT_PHDR, AT_PHENT, AT_PHNUM, AT_PAGESZ, AT_BASE, AT_FLAGS, AT_ENTRY, AT_UID, AT_EUID,
				    AT_GID, AT_EGID, AT_SECURE, AT_RANDOM, AT_HWCAP, AT_CLKTCK, AT_EXECFN };

	for (size_t i = 0; i < array_len(must); i++)
		if (!find(must[i]))
			EQ(0, must[i]);
}

TEST(startup_auxv_values_that_are_the_same_everywhere)
{
	EQ(*find(AT_PAGESZ), 4096);
	EQ(*find(AT_PHENT), 56);
	EQ(*find(AT_CLKTCK), 100);
	EQ(*find(AT_SECURE), 0);
	EQ(*find(AT_UID), 0);
	EQ(*find(AT_EGID), 0);
	EQ(*find(AT_FLAGS), 0);
	EQ(*find(AT_BASE), 0);
	EQ(*find(AT_ENTRY), _start);
}

TEST(startup_hwcap_is_imafdc)
{
	EQ(*find(AT_HWCAP) & 0x112d, 0x112d);
}

TEST(startup_minsigstksz_is_1088_or_more_by_the_size_of_vector_state)
{
	ORACLE(KERNEL);
	CHECK(find(AT_MINSIGSTKSZ) != NULL);
	CHECK(*find(AT_MINSIGSTKSZ) >= 1088);
}

TEST(startup_minsigstksz_is_1088)
{
	ORACLE(KERNEL);
	CHECK(find(AT_MINSIGSTKSZ) != NULL);
	EQ(*find(AT_MINSIGSTKSZ), 1088);
}

TEST(startup_program_headers_are_in_memory_with_a_load_segment)
{
	const Elf64_Phdr *ph = (const Elf64_Phdr *)*find(AT_PHDR);
	int loads = 0;

	for (uint64_t i = 0; i < *find(AT_PHNUM); i++)
		loads += ph[i].p_type == PT_LOAD;
	CHECK(loads >= 2);
}

TEST(startup_execfn_is_the_program_path)
{
	const char *name = (const char *)*find(AT_EXECFN);

	CHECK(strlen(name) >= 7);
	EQ(strcmp(name + strlen(name) - 7, "startup"), 0);
}

TEST(startup_random_bytes_are_not_all_equal)
{
	const unsigned char *r = (const unsigned char *)*find(AT_RANDOM);
	int differ = 0;

	for (int i = 1; i < 16; i++)
		differ |= r[i] != r[0];
	EQ(differ, 1);
}

TEST(startup_program_path_is_below_prog)
{
	ORACLE(OURS);
	EQ(strcmp((const char *)*find(AT_EXECFN), "/prog/startup"), 0);
}

TEST(startup_environment_is_empty)
{
	ORACLE(OURS);
	EQ(*environ, NULL);
}

TEST(startup_bss_is_zero_and_data_is_loaded)
{
	static char bss[3 * PAGE];
	static char data[3 * PAGE] = { 1, 2, 3 };

	for (size_t i = 0; i < sizeof(bss); i++)
		EQ(bss[i], 0);
	EQ(data[2], 3);
	EQ(data[2 * PAGE], 0);
	bss[2 * PAGE] = data[PAGE] = 1;
}

TEST(startup_vdso_is_an_elf_file)
{
	ORACLE(KERNEL);
	CHECK(find(AT_SYSINFO_EHDR) != NULL);
	EQ(memcmp((const void *)*find(AT_SYSINFO_EHDR), "\177ELF", 4), 0);
}

TEST(startup_rounding_mode_and_flags_are_zero)
{
	uint64_t frm;

	__asm__ volatile("frrm %0" : "=r"(frm));
	EQ(frm, 0);
}
