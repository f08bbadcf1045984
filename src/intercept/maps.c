/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See maps.h. */
#include "intercept/maps.h"

#include "abi/errors.h"
#include "abi/files.h"
#include "abi/mapping.h"
#include "intercept/raw.h"
#include "intercept/text.h"

enum { SCRATCH_APART = 4 << 20, STACK_ROOM = 64 << 20 };

int scratch_init(struct scratch *s, size_t size)
{
	/* The kernel would put it right below the libraries, where the islands have to go. */
	long at = RAW6(mmap, 0, size + SCRATCH_APART, G_PROT_READ | G_PROT_WRITE,
		       G_MAP_PRIVATE | G_MAP_ANONYMOUS | G_MAP_NORESERVE, -1, 0);

	if (raw_failed(at))
		return (int)at;
	RAW2(munmap, at + (long)size, SCRATCH_APART);
	s->base = s->next = (uint8_t *)at;
	s->end = s->base + size;
	return 0;
}

void *scratch_take(struct scratch *s, size_t size)
{
	uint8_t *at = s->next;

	size = (size + 15) & ~(size_t)15;
	if ((size_t)(s->end - at) < size)
		return NULL;
	s->next += size;
	return at;
}

void scratch_free(struct scratch *s)
{
	RAW2(munmap, s->base, s->end - s->base);
}

static const char *hexadecimal(const char *s, uint64_t *out)
{
	uint64_t v = 0;

	for (;; s++) {
		unsigned digit = (unsigned)(*s - '0');

		if (digit > 9)
			digit = (unsigned)(*s - 'a') + 10;
		if (digit > 15)
			break;
		v = v << 4 | digit;
	}
	*out = v;
	return s;
}

/* One line, zero-ended at its end: start-end perms offset dev inode path. */
static bool parse_line(char *line, struct map *map)
{
	const char *s = hexadecimal(line, &map->start);

	if (*s++ != '-')
		return false;
	s = hexadecimal(s, &map->end);
	if (*s++ != ' ')
		return false;
	map->prot = (uint8_t)((s[0] == 'r' ? G_PROT_READ : 0) | (s[1] == 'w' ? G_PROT_WRITE : 0) |
			      (s[2] == 'x' ? G_PROT_EXEC : 0));
	s = hexadecimal(s + 5, &map->offset);
	for (unsigned field = 0; field < 2; field++) {
		while (*s == ' ')
			s++;
		while (*s && *s != ' ')
			s++;
	}
	while (*s == ' ')
		s++;
	map->path = s;
	map->used_up = false;
	return true;
}

int maps_read(struct maps *maps, struct scratch *scratch, unsigned more)
{
	long fd = RAW4(openat, G_AT_FDCWD, "/proc/self/maps", G_O_CLOEXEC, 0), n;
	char *text = (char *)scratch->next, *s = text;
	size_t size = 0, room = (size_t)(scratch->end - scratch->next) / 2;
	unsigned lines = 0;

	if (raw_failed(fd))
		return (int)fd;
	while (size < room && (n = RAW3(read, fd, text + size, room - size)) > 0)
		size += (size_t)n;
	RAW1(close, fd);
	if (!size || size == room)
		return -G_ENOMEM;
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '\n') {
			text[i] = 0;
			lines++;
		}
	}
	scratch_take(scratch, size + 1);
	maps->room = lines + more;
	maps->map = scratch_take(scratch, maps->room * sizeof(struct map));
	if (!maps->map)
		return -G_ENOMEM;
	maps->count = 0;
	for (; lines; lines--, s += text_length(s) + 1)
		if (parse_line(s, &maps->map[maps->count]))
			maps->count++;
	return 0;
}

static void insert(struct maps *maps, unsigned before, uint64_t at, uint64_t size)
{
	if (maps->count == maps->room)
		return; /* the gap is then found taken when it is tried */
	memmove(&maps->map[before + 1], &maps->map[before],
		(maps->count - before) * sizeof(struct map));
	maps->count++;
	maps->map[before] =
		(struct map){ .start = at, .end = at + size, .path = "", .prot = G_PROT_READ };
}

/* Where in the gap before map i, or 0. A gap that the heap or the stack grows into is used last. */
static uint64_t place(const struct maps *maps, unsigned i, uint64_t low, uint64_t high,
		      uint64_t size, uint64_t reach)
{
	uint64_t start = i ? maps->map[i - 1].end : 0x10000;
	uint64_t end = maps->map[i].start;
	uint64_t first = high > reach ? high - reach : 0, last = low + reach;

	if (text_equal(maps->map[i].path, "[stack]"))
		end = end > STACK_ROOM ? end - STACK_ROOM : 0;
	if (start < 0x10000)
		start = 0x10000;
	start = (start > first ? start : first) + (RAW_PAGE - 1);
	start &= ~(uint64_t)(RAW_PAGE - 1);
	end = (end < last ? end : last) & ~(uint64_t)(RAW_PAGE - 1);
	if (end < size || end - size < start)
		return 0;
	/* Below the code its end is next to it; above, its start, unless a heap may begin there. */
	if (end <= low || (i && maps->map[i - 1].prot & G_PROT_WRITE))
		return end - size;
	return start;
}

int64_t maps_near(struct maps *maps, uint64_t low, uint64_t high, uint64_t size, uint64_t reach)
{
	for (;;) {
		uint64_t best = 0, best_distance = UINT64_MAX;
		unsigned best_map = 0;
		long got;

		for (unsigned i = 0; i < maps->count; i++) {
			uint64_t at, distance;

			if (maps->map[i].used_up)
				continue;
			at = place(maps, i, low, high, size, reach);
			distance = at > low ? at - low : low - at;
			if (at && distance < best_distance) {
				best = at;
				best_distance = distance;
				best_map = i;
			}
		}
		if (!best)
			return -G_ENOMEM;
		/* A hint: older kernels and emulators do not know MAP_FIXED_NOREPLACE. */
		got = RAW6(mmap, best, size, G_PROT_READ | G_PROT_WRITE,
			   G_MAP_PRIVATE | G_MAP_ANONYMOUS | G_MAP_FIXED_NOREPLACE, -1, 0);
		if (got == (long)best) {
			insert(maps, best_map, best, size);
			return got;
		}
		if (!raw_failed(got))
			RAW2(munmap, got, size);
		maps->map[best_map].used_up = true;
	}
}
