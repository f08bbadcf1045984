/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A hash map of strings with chains, each entry from malloc: inserts, look-ups, removals and a growing table. Pointer
 * chasing and the allocator, with hardly any arithmetic.
 */
#include <stdbool.h>
#include <string.h>

#include "common.h"

struct entry {
	struct entry *next;
	uint64_t hash;
	uint64_t value;
	char key[];
};

struct map {
	struct entry **slot;
	uint64_t slots; /* a power of two */
	uint64_t count;
};

static void *must(void *p)
{
	if (p == NULL) {
		fputs("hashmap: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

static uint64_t hash_of(const char *key)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

	for (; *key != 0; key++)
		h = (h ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
	return h ^ h >> 29;
}

static struct entry **find(const struct map *m, const char *key, uint64_t hash)
{
	struct entry **p = &m->slot[hash & (m->slots - 1)];

	while (*p != NULL && ((*p)->hash != hash || strcmp((*p)->key, key) != 0))
		p = &(*p)->next;
	return p;
}

static void grow(struct map *m)
{
	uint64_t slots = m->slots * 2;
	struct entry **slot = must(calloc(slots, sizeof(struct entry *)));

	for (uint64_t i = 0; i < m->slots; i++) {
		for (struct entry *e = m->slot[i], *next; e != NULL; e = next) {
			next = e->next;
			e->next = slot[e->hash & (slots - 1)];
			slot[e->hash & (slots - 1)] = e;
		}
	}
	free(m->slot);
	m->slot = slot;
	m->slots = slots;
}

static void add(struct map *m, const char *key, uint64_t value)
{
	uint64_t hash = hash_of(key);
	struct entry **p = find(m, key, hash);

	if (*p == NULL) {
		size_t len = strlen(key) + 1;
		struct entry *e = must(malloc(sizeof(*e) + len));

		e->next = NULL;
		e->hash = hash;
		e->value = 0;
		memcpy(e->key, key, len);
		*p = e;
		m->count++;
	}
	(*p)->value += value;
	if (m->count > m->slots)
		grow(m);
}

static bool drop(struct map *m, const char *key)
{
	struct entry **p = find(m, key, hash_of(key)), *gone = *p;

	if (gone == NULL)
		return false;
	*p = gone->next;
	free(gone);
	m->count--;
	return true;
}

/* Keys of 4 to 28 characters; key is all zero before. */
static void spell(char *key, uint64_t n)
{
	int len = 0;

	for (uint64_t i = n % 7 + 1; i > 0; i--) {
		memcpy(key + len, "keyx", 4);
		len += 4;
	}
	do {
		key[--len] = (char)('a' + n % 26);
		n /= 26;
	} while (n > 0 && len > 0);
}

int main(int argc, char **argv)
{
	uint64_t size = workload_size(argc, argv, 400), seed = 1, sum = 0;
	struct map m = { .slots = 16, .slot = must(calloc(16, sizeof(struct entry *))) };
	char key[40];

	for (uint64_t i = 0; i < size * 10000; i++) {
		uint64_t n = workload_next(&seed) >> 20;

		memset(key, 0, sizeof(key));
		spell(key, n % 60000);
		if (n >> 40 & 1)
			add(&m, key, i);
		else if (n >> 39 & 1)
			sum += drop(&m, key);
		else
			sum += *find(&m, key, hash_of(key)) != NULL;
	}
	for (uint64_t i = 0; i < m.slots; i++) {
		for (struct entry *e = m.slot[i], *next; e != NULL; e = next) {
			next = e->next;
			sum += e->value ^ e->hash; /* the order within a chain does not matter */
			free(e);
		}
	}
	free(m.slot);
	return workload_done("hashmap", size, sum ^ m.count << 48);
}
