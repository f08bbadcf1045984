/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The initial stack. From the top: 8 zero bytes, the name the program was started by, environment and argument strings (as one run of
 * bytes, arguments first), 16 random bytes, the auxiliary vector, envp, argv, argc. The order is Linux's: programs find the strings of
 * their arguments next to each other and overwrite them (setproctitle).
 */
#include "kernel/exec/exec.h"

#include <string.h>

#include "kernel/entropy.h"
#include "kernel/text.h"

#define PAGE TG_PAGE_SIZE
#define STACK_SPARE (UINT64_C(32) * PAGE) /* mapped below sp at the start, as Linux does */
#define AUXV_MAX 32
#define HWCAP                                                                                                                          \
	(G_COMPAT_HWCAP_ISA_I | G_COMPAT_HWCAP_ISA_M | G_COMPAT_HWCAP_ISA_A | G_COMPAT_HWCAP_ISA_F | G_COMPAT_HWCAP_ISA_D |            \
	 G_COMPAT_HWCAP_ISA_C)

struct strings {
	uint64_t count, bytes;
};

/* Counts a vector, against the limits of one string and of all together. */
static int measure(const char *const *vector, struct strings *out, uint64_t *total)
{
	memset(out, 0, sizeof(*out));
	for (; vector && vector[out->count]; out->count++) {
		uint64_t n = text_length(vector[out->count]) + 1;

		*total += n + 8;
		if (n > LIMIT_ARG_BYTES || *total > LIMIT_ARGS_TOTAL)
			return -G_E2BIG;
		out->bytes += n;
	}
	return 0;
}

/* All strings of a vector in one block; 0 when there are none (*failed tells it from no memory). */
static ref join(struct kernel *k, const char *const *vector, const struct strings *s, bool *failed)
{
	ref block;
	char *at;

	if (!s->bytes)
		return 0;
	block = arena_alloc(&k->arena, s->bytes);
	at = arena_at(&k->arena, block);
	if (!block) {
		*failed = true;
		return 0;
	}
	for (uint64_t i = 0; i < s->count; i++) {
		uint64_t n = text_length(vector[i]) + 1;

		memcpy(at, vector[i], n);
		at += n;
	}
	return block;
}

struct places {
	uint64_t execfn, env, args, random;
};

static uint32_t fill_auxv(const struct start *s, const struct places *at, struct g_auxv *v)
{
	uint32_t n = 0;

#define ADD(tag, what) (v[n].type = (tag), v[n++].value = (what))
	if (s->vdso)
		ADD(G_AT_SYSINFO_EHDR, s->vdso);
	for (uint32_t tag = G_AT_L1I_CACHESIZE; tag <= G_AT_L3_CACHEGEOMETRY; tag++)
		ADD(tag, 0); /* unknown, as on a board whose device tree does not say */
	ADD(G_AT_MINSIGSTKSZ, sizeof(struct g_sigframe));
	ADD(G_AT_HWCAP, HWCAP);
	ADD(G_AT_PAGESZ, PAGE);
	ADD(G_AT_CLKTCK, 100);
	ADD(G_AT_PHDR, s->phdr);
	ADD(G_AT_PHENT, sizeof(struct g_elf64_phdr));
	ADD(G_AT_PHNUM, s->phnum);
	ADD(G_AT_BASE, s->base);
	ADD(G_AT_FLAGS, 0);
	ADD(G_AT_ENTRY, s->entry);
	ADD(G_AT_UID, 0);
	ADD(G_AT_EUID, 0);
	ADD(G_AT_GID, 0);
	ADD(G_AT_EGID, 0);
	ADD(G_AT_SECURE, 0);
	ADD(G_AT_RANDOM, at->random);
	ADD(G_AT_EXECFN, at->execfn);
	ADD(G_AT_NULL, 0);
#undef ADD
	return n;
}

static uint64_t *fill_pointers(uint64_t *out, const char *const *vector, uint64_t count, uint64_t addr)
{
	for (uint64_t i = 0; i < count; i++) {
		*out++ = addr;
		addr += text_length(vector[i]) + 1;
	}
	*out++ = 0;
	return out;
}

static int map_stack(struct kernel *k, struct memory *mm, uint64_t sp, bool executable)
{
	uint64_t start = (sp & -(uint64_t)PAGE) - STACK_SPARE;
	uint32_t prot = G_PROT_READ | G_PROT_WRITE | (executable ? G_PROT_EXEC : 0u);
	int64_t result = memory_map(k, mm, start, mm->stack_top - start, prot, G_MAP_PRIVATE | G_MAP_FIXED_NOREPLACE, 0, 0, 0,
	                            AREA_STACK | AREA_GROWSDOWN, 7);

	return result < 0 ? (int)result : 0;
}

static int store_block(struct kernel *k, const struct process *p, uint64_t addr, ref block)
{
	return block ? process_store(k, p, addr, arena_at(&k->arena, block), arena_size(&k->arena, block)) : 0;
}

/* argc, argv, envp and the auxiliary vector at sp, by way of a block that is as long. */
static int store_vectors(struct kernel *k, struct process *p, const struct start *s, const struct places *at, uint64_t argc, uint64_t envc,
                         uint64_t sp)
{
	struct g_auxv auxv[AUXV_MAX];
	uint32_t entries = fill_auxv(s, at, auxv);
	uint64_t words = 1 + argc + 1 + envc + 1;
	ref block = arena_alloc(&k->arena, words * 8 + entries * sizeof(*auxv));
	uint64_t *word = arena_at(&k->arena, block);
	int result;

	p->auxv = arena_alloc(&k->arena, entries * sizeof(*auxv));
	if (!block || !p->auxv) {
		arena_free(&k->arena, block);
		return -G_ENOMEM;
	}
	memcpy(arena_at(&k->arena, p->auxv), auxv, entries * sizeof(*auxv));
	*word++ = argc;
	word = fill_pointers(word, s->argv, argc, at->args);
	word = fill_pointers(word, s->envp, envc, at->env);
	memcpy(word, auxv, entries * sizeof(*auxv));
	result = store_block(k, p, sp, block);
	arena_free(&k->arena, block);
	return result;
}

static int store_strings(struct kernel *k, struct process *p, const struct start *s, const struct places *at)
{
	uint8_t random[16];
	int result = process_store(k, p, at->execfn, s->execfn, text_length(s->execfn) + 1);

	if (!result)
		result = store_block(k, p, at->env, p->environ);
	if (!result)
		result = store_block(k, p, at->args, p->cmdline);
	if (result)
		return result;
	entropy_draw(k, random, sizeof(random));
	return process_store(k, p, at->random, random, sizeof(random));
}

int stack_build(struct kernel *k, struct process *p, const struct start *s, uint64_t *sp)
{
	struct memory *mm = AT(k, memory, p->memory);
	struct strings args, env;
	struct places at;
	struct g_auxv auxv[AUXV_MAX];
	uint64_t total = text_length(s->execfn) + 1, words;
	bool failed = false;
	int result = measure(s->argv, &args, &total);

	if (!result)
		result = measure(s->envp, &env, &total);
	if (result)
		return result;
	at.execfn = mm->stack_top - 8 - (text_length(s->execfn) + 1);
	at.env = at.execfn - env.bytes;
	at.args = at.env - args.bytes;
	at.random = (at.args & -UINT64_C(16)) - 16;
	words = 1 + args.count + 1 + env.count + 1 + 2 * fill_auxv(s, &at, auxv);
	*sp = (at.random - words * 8) & -UINT64_C(16);

	p->cmdline = join(k, s->argv, &args, &failed);
	p->environ = join(k, s->envp, &env, &failed);
	if (failed)
		return -G_ENOMEM;
	result = map_stack(k, mm, *sp, s->exec_stack);
	if (!result)
		result = store_strings(k, p, s, &at);
	if (!result)
		result = store_vectors(k, p, s, &at, args.count, env.count, *sp);
	p->arg_start = at.args;
	p->arg_end = p->env_start = at.env;
	p->env_end = at.execfn;
	p->start_stack = *sp;
	return result;
}
