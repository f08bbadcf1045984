/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The ELF parser over any bytes: it never reads outside the file, always ends, and what it accepts keeps its promises (elf.h). The input
 * is the file itself; its last byte says how reads come back short.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "abi/abi.h"
#include "kernel/exec/elf.h"
#include "kernel/exec/elf_arch.h"
#include "tollgate/machine_ops.h"

struct file {
	const uint8_t *bytes;
	uint64_t size, reads;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int condition)
{
	if (!condition)
		abort();
}

static int64_t read_file(void *ctx, uint64_t offset, void *dst, uint64_t n)
{
	struct file *f = ctx;

	need(++f->reads < 100000);
	if (offset >= f->size)
		return 0;
	if (n > f->size - offset)
		n = f->size - offset;
	memcpy(dst, f->bytes + offset, n);
	return (int64_t)n;
}

static void verify(const struct elf_image *image, uint64_t size)
{
	uint64_t end = 0;
	int entry_seen = 0;

	need(image->segment_count > 0 && image->segment_count <= LIMIT_SEGMENTS);
	need(image->align >= TG_PAGE_SIZE && !(image->align & (image->align - 1)));
	need(image->interp_len < LIMIT_PATH);
	for (uint32_t i = 0; i < image->segment_count; i++) {
		const struct elf_segment *s = &image->segments[i];

		need(s->memsz > 0 && s->filesz <= s->memsz);
		need(s->offset <= size && s->filesz <= size - s->offset);
		need(s->vaddr >= end && s->memsz <= TG_ADDRESS_END && s->vaddr <= TG_ADDRESS_END - s->memsz);
		need(s->vaddr % TG_PAGE_SIZE == s->offset % TG_PAGE_SIZE);
		need(s->vaddr >= image->low && s->vaddr + s->memsz <= image->high);
		end = s->vaddr + s->memsz;
		entry_seen |= (s->prot & G_PROT_EXEC) && image->entry >= s->vaddr && image->entry < end;
	}
	need(entry_seen && image->entry % 2 == 0);
	need(image->low % TG_PAGE_SIZE == 0 && image->high % TG_PAGE_SIZE == 0 && image->high <= TG_ADDRESS_END);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct file file = { data, size, 0 };
	/* A file that has become shorter since it was measured. */
	struct elf_source source = { read_file, &file, size && data[size - 1] % 16 == 7 ? size + data[size - 1] : size };
	struct elf_image image;
	const char *why = NULL;

	if (elf_parse(&source, &image, &why) == 0) {
		need(!why);
		verify(&image, source.size);
	} else {
		need(why && *why);
	}
	elf_check_arch((const char *)data, size);
	return 0;
}
