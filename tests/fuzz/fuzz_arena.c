/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The arena under a random script against a plain model: blocks never overlap, stale refs never
 * resolve, free memory is zeros; and with a random image: what arena_attach accepts can be used
 * without harm.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/arena.h"

#define CAPACITY (1u << 20)
#define SLOTS    64

struct model {
	ref live, stale;
	uint64_t size;
	uint8_t fill;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int condition)
{
	if (!condition)
		abort();
}

static void verify(const struct arena *a, const struct model *m)
{
	const uint8_t *p = arena_at(a, m->live);

	if (!m->live)
		return;
	need(p && arena_size(a, m->live) == m->size);
	for (uint64_t i = 0; i < m->size; i++)
		need(p[i] == m->fill);
}

static void script(struct arena *a, const uint8_t *data, size_t size)
{
	struct model models[SLOTS] = {0};

	for (; size >= 4; data += 4, size -= 4) {
		struct model *m = &models[data[0] % SLOTS];
		uint64_t n = (uint64_t)(data[2] | data[3] << 8) << (data[1] >> 4 & 3) * 2;
		const uint8_t *p;

		verify(a, m);
		need(!arena_at(a, m->stale));
		if (!m->live) {
			m->live = arena_alloc(a, n);
			if (!m->live)
				continue;
			p = arena_at(a, m->live);
			for (uint64_t i = 0; i < n; i++)
				need(p[i] == 0);
		} else if (data[1] & 1) {
			arena_free(a, m->live);
			m->stale = m->live;
			m->live = 0;
			continue;
		} else {
			ref r = arena_resize(a, m->live, n);

			if (!r)
				continue;
			p = arena_at(a, r);
			for (uint64_t i = 0; i < n; i++)
				need(p[i] == (i < m->size ? m->fill : 0));
			m->stale = m->live;
			m->live = r;
		}
		m->size = n;
		m->fill = data[1] | 1;
		memset(arena_at(a, m->live), m->fill, n);
	}
	need(arena_check(a) == 0);
	for (unsigned i = 0; i < SLOTS; i++)
		verify(a, &models[i]);
}

/* Any image that passes the check must survive use: out-of-bounds accesses are the sanitizer's to
 * find. */
static void image(uint8_t *base, const uint8_t *data, size_t size)
{
	struct arena a;
	ref r[SLOTS];

	while (size >= 3) {
		uint32_t at = (uint32_t)(data[0] | data[1] << 8) * 2u % 65536u;

		base[at] ^= data[2];
		data += 3;
		size -= 3;
	}
	if (arena_attach(&a, base, CAPACITY))
		return;
	for (unsigned i = 0; i < SLOTS; i++)
		r[i] = arena_alloc(&a, i * i * 7);
	for (unsigned i = 0; i < SLOTS; i++)
		arena_free(&a, r[i]);
	need(arena_check(&a) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	uint8_t *base = aligned_alloc(4096, CAPACITY);

	if (!base || size < 1)
		return free(base), 0;
	memset(base, 0, CAPACITY);
	need(arena_init(&a, base, CAPACITY) == 0);
	if (data[0] & 1) {
		for (unsigned i = 1; i < 20; i++)
			arena_free(&a, i % 3 ? 0 : arena_alloc(&a, i * 900));
		arena_alloc(&a, 100);
		image(base, data + 1, size - 1);
	} else {
		script(&a, data + 1, size - 1);
	}
	free(base);
	return 0;
}
