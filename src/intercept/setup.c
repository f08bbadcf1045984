/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * From a process without to one with its calls intercepted: at the start for everything that is
 * mapped, later for one mapping. Owns the state and the public functions that read it. Refuses to
 * know calls.
 */
#include "intercept/config.h"
#include "intercept/inject.h"
#include "intercept/late.h"
#include "intercept/log.h"
#include "intercept/plan.h"
#include "intercept/sweep.h"

#include "libsyscall_intercept_hook_point.h"

#include "abi/errors.h"
#include "abi/files.h"
#include "abi/mapping.h"
#include "abi/print.h"
#include "abi/signals.h"
#include "intercept/raw.h"
#include "intercept/text.h"

#define PUBLIC __attribute__((visibility("default")))

enum {
	SCRATCH_BYTES = 8 << 20, /* untouched pages of it cost nothing */
	SECTIONS_MAX = 64,
	SITES_MAX = 65536,
	LINE_BYTES = 256,
};

struct intercept intercept;

static const char *const kind_names[] = {
	[SITE_ISLAND] = "island",
	[SITE_SLOT] = "slot",
	[SITE_FILTERED] = "filtered",
	[SITE_UNREACHED] = "unreached",
};
_Static_assert(sizeof(kind_names) / sizeof(kind_names[0]) == SITE_KINDS, "kind_names");

static void dump_site(const struct map *map, const struct site *site)
{
	char line[LINE_BYTES];
	struct abi_out o;

	abi_out_init(&o, line, sizeof(line));
	abi_put_str(&o, "intercept: ");
	abi_put_str(&o, text_base(map->path));
	abi_put_char(&o, '+');
	abi_put_hex(&o, site->at - map->start + map->offset);
	abi_put_char(&o, ' ');
	abi_put_str(&o, kind_names[site->kind]);
	abi_put_str(&o, " nr ");
	if (site->number >= 0)
		abi_put_u64(&o, (uint64_t)site->number);
	else
		abi_put_char(&o, '?');
	abi_put_char(&o, '\n');
	text_write(2, line, o.len);
}

static void dump_object(const struct map *map, const struct site *sites, unsigned n)
{
	unsigned kinds[SITE_KINDS] = { 0 };
	char line[LINE_BYTES];
	struct abi_out o;

	for (unsigned i = 0; i < n; i++) {
		dump_site(map, &sites[i]);
		kinds[sites[i].kind]++;
	}
	abi_out_init(&o, line, sizeof(line));
	abi_put_str(&o, "intercept: object ");
	abi_put_str(&o, text_base(map->path));
	abi_put_str(&o, ": ");
	abi_put_u64(&o, n);
	abi_put_str(&o, " sites");
	for (unsigned k = 0; k < SITE_KINDS; k++) {
		abi_put_str(&o, k ? ", " : ": ");
		abi_put_str(&o, kind_names[k]);
		abi_put_char(&o, ' ');
		abi_put_u64(&o, kinds[k]);
	}
	abi_put_char(&o, '\n');
	text_write(2, line, o.len);
}

static void report_unreached(const struct map *map, unsigned unreached)
{
	char line[LINE_BYTES];
	struct abi_out o;

	abi_out_init(&o, line, sizeof(line));
	abi_put_str(&o, "libsyscall_intercept: ");
	abi_put_u64(&o, unreached);
	abi_put_str(&o, " system calls of ");
	abi_put_str(&o, map->path);
	abi_put_str(&o, " cannot be intercepted\n");
	text_write(2, line, o.len);
	if (intercept.config.strict)
		RAW1(exit_group, 127);
}

static void name_object(const struct map *map)
{
	struct object *object = &intercept.named[intercept.named_count];

	if (intercept.named_count == NAMED_MAX)
		return;
	object->start = map->start;
	object->end = map->end;
	object->bias = map->start - map->offset;
	text_copy(object->name, sizeof(object->name), text_base(map->path));
	intercept.named_count++;
}

/* One mapping of one file. */
static void patch_map(const struct map *map, int fd, enum site_class class, struct maps *maps,
		      struct scratch *scratch, bool late)
{
	struct code spent = { 0, 0 };
	uint8_t *before = scratch->next;
	struct code *code = scratch_take(scratch, SECTIONS_MAX * sizeof(*code));
	struct site *sites = (struct site *)scratch->next;
	uint64_t unreached = intercept.kinds[SITE_UNREACHED];
	unsigned first = intercept.island_count, n = 0, room;
	int sections;

	if (!code)
		return;
	room = (unsigned)((size_t)(scratch->end - scratch->next) / sizeof(*sites));
	sections = sweep_sections(fd, map, code, SECTIONS_MAX, &spent);
	if (late) /* not yet applied */
		spent.start = spent.end;
	for (int i = 0; i < sections; i++) {
		n += sweep_code(&code[i], sites + n, room - n);
		if (n > room) { /* said as unreached, not left out in silence */
			intercept.kinds[SITE_UNREACHED] += n - room;
			n = room;
		}
	}
	if (sections > 0) {
		intercept.objects++;
		name_object(map);
		plan_object(&intercept, maps, sites, n, class, spent);
		plan_seal(&intercept, first);
		if (plan_patch(map, sites, n) != 0) {
			for (unsigned i = 0; i < n; i++) {
				if (sites[i].kind != SITE_ISLAND)
					continue;
				sites[i].kind = SITE_UNREACHED;
				intercept.kinds[SITE_ISLAND]--;
				intercept.kinds[SITE_UNREACHED]++;
			}
		}
		if (intercept.config.dump)
			dump_object(map, sites, n);
	}
	if (intercept.kinds[SITE_UNREACHED] != unreached)
		report_unreached(map, (unsigned)(intercept.kinds[SITE_UNREACHED] - unreached));
	scratch->next = before;
}

/* Lines that are parts of one mapping, as a debugger or an earlier mprotect leaves them. */
static unsigned joined(const struct maps *maps, unsigned i, struct map *out)
{
	unsigned last = i;

	*out = maps->map[i];
	while (last + 1 < maps->count && maps->map[last + 1].start == out->end &&
	       maps->map[last + 1].prot == out->prot && text_equal(maps->map[last + 1].path, out->path) &&
	       maps->map[last + 1].offset == out->offset + (out->end - out->start))
		out->end = maps->map[++last].end;
	return last;
}

static void patch_all(struct scratch *scratch)
{
	struct maps maps, now;

	if (maps_read(&maps, scratch, 0) != 0 || maps_read(&now, scratch, ISLANDS_MAX) != 0)
		return;
	for (unsigned i = 0; i < maps.count; i++) {
		uint64_t own = (uint64_t)patch_all;
		enum site_class class;
		struct map map;
		long fd;

		i = joined(&maps, i, &map);
		if (!(map.prot & G_PROT_EXEC) || (own >= map.start && own < map.end) ||
		    !config_wants_object(&intercept.config, map.path, &class))
			continue;
		fd = RAW4(openat, G_AT_FDCWD, map.path, G_O_CLOEXEC, 0);
		if (raw_failed(fd)) {
			report_unreached(&map, 0);
			continue;
		}
		patch_map(&map, (int)fd, class, &now, scratch, false);
		RAW1(close, fd);
	}
}

void late_patch(uint64_t start, uint64_t size, int fd, uint64_t offset, uint8_t prot)
{
	static const char prefix[] = "/proc/self/fd/";
	char link[sizeof(prefix) + 20], path[PATH_BYTES];
	struct map map = { .start = start, .end = start + ((size + RAW_PAGE - 1) & -(uint64_t)RAW_PAGE),
			   .offset = offset, .path = path, .prot = prot };
	unsigned first = intercept.island_count;
	struct scratch scratch;
	enum site_class class;
	struct maps maps;
	struct abi_out o;
	long n;

	abi_out_init(&o, link, sizeof(link));
	abi_put_str(&o, prefix);
	abi_put_u64(&o, (uint64_t)fd);
	n = RAW4(readlinkat, G_AT_FDCWD, link, path, sizeof(path) - 1);
	if (n <= 0)
		return;
	path[n] = 0;
	if (!config_wants_object(&intercept.config, path, &class) ||
	    scratch_init(&scratch, SCRATCH_BYTES) != 0)
		return;
	if (maps_read(&maps, &scratch, ISLANDS_MAX) == 0) {
		patch_map(&map, fd, class, &maps, &scratch, true);
		intercept.late_objects++;
	}
	for (unsigned i = first; i < intercept.island_count && intercept.lates < LATE_MAX; i++)
		intercept.late[intercept.lates++] = (struct late){
			.start = map.start,
			.end = map.end,
			.island = intercept.islands[i].at,
		};
	scratch_free(&scratch);
}

/* Both C libraries have it; glibc sets it late but hands it to constructors, musl does not. */
extern char **environ __attribute__((weak, visibility("default")));

/* Strings that are used after the start are kept: the program may change its environment. */
static const char *kept(const char *s, char *buf, size_t size)
{
	if (!s)
		return NULL;
	text_copy(buf, size, s);
	return buf;
}

__attribute__((constructor)) static void setup(int argc, char **argv, char **envp)
{
	static char include[PATH_BYTES], exclude[PATH_BYTES];
	struct config *c = &intercept.config;
	uint64_t all = ~UINT64_C(0), mask = 0;
	struct scratch scratch;
	bool wanted;

	if (intercept.active || scratch_init(&scratch, SCRATCH_BYTES) != 0)
		return;
	wanted = config_read(&intercept, &environ && environ ? environ : envp, &scratch) &&
		 inject_read(&intercept);
	scratch_free(&scratch);
	if (!wanted)
		return;
	c->obj_include = kept(c->obj_include, include, sizeof(include));
	c->obj_exclude = kept(c->obj_exclude, exclude, sizeof(exclude));
	config_tables(&intercept);
	if (scratch_init(&scratch, SCRATCH_BYTES) != 0)
		return;
	if (intercept.config.log)
		log_open(&intercept);
	intercept.slow = intercept.injects > 0 || intercept.config.log;
	intercept.active = true;
	/* A handler would run code that is, for a moment, not executable. */
	RAW4(rt_sigprocmask, G_SIG_SETMASK, &all, &mask, sizeof(mask));
	patch_all(&scratch);
	RAW4(rt_sigprocmask, G_SIG_SETMASK, &mask, 0, sizeof(mask));
	scratch_free(&scratch);
}

PUBLIC int syscall_hook_in_process_allowed(void)
{
	return intercept.active;
}

PUBLIC int syscall_error_code(long result)
{
	return abi_is_error((uint64_t)result) ? (int)-result : 0;
}

PUBLIC int intercept_stats(struct intercept_stats *stats)
{
	const struct intercept_stats all = {
		.size = stats->size,
		.objects = intercept.objects,
		.sites = intercept.kinds[SITE_ISLAND] + intercept.kinds[SITE_SLOT] +
			 intercept.kinds[SITE_FILTERED] + intercept.kinds[SITE_UNREACHED],
		.islands = intercept.kinds[SITE_ISLAND],
		.slots = intercept.kinds[SITE_SLOT],
		.filtered = intercept.kinds[SITE_FILTERED],
		.unreached = intercept.kinds[SITE_UNREACHED],
		.mapped_bytes = intercept.mapped_bytes,
		.late_objects = intercept.late_objects,
	};

	if (stats->size < offsetof(struct intercept_stats, objects) + sizeof(uint64_t))
		return -1;
	memcpy(stats, &all, stats->size < sizeof(all) ? stats->size : sizeof(all));
	return 0;
}
