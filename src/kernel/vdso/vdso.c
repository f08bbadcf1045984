/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Mapping the vdso and its data page. Programs may be told of it or not; handlers return through it either way. */
#include "kernel/vdso/vdso.h"

#include "kernel/vdso/layout.h"
#include "vdso_image.h"

_Static_assert(sizeof(vdso_image) <= VDSO_IMAGE_BYTES, "the image is one page");

uint64_t vdso_sigreturn(struct kernel *k)
{
	return k->process->vdso + VDSO_SIGRETURN;
}

/* A page of constants: written through a writable mapping, then protected. The area is not charged: it is the kernel's own. */
static int map_page(struct kernel *k, struct process *p, struct memory *mm, uint64_t at, const void *src, uint64_t n, uint32_t prot,
                    uint32_t flags)
{
	struct area area = { .start = at, .end = at + VDSO_IMAGE_BYTES, .prot = prot, .max_prot = prot, .flags = flags | AREA_DONTDUMP };
	void *ctx = k->machine_ctx;
	int result = memory_install(k, mm, &area);

	if (!result)
		result = k->machine->protect(ctx, mm->space, at, VDSO_IMAGE_BYTES, TG_PROT_READ | TG_PROT_WRITE);
	if (!result)
		result = k->machine->store(ctx, mm->space, at, src, n);
	if (!result)
		result = k->machine->protect(ctx, mm->space, at, VDSO_IMAGE_BYTES, prot);
	return result;
}

int vdso_map(struct kernel *k, struct process *p, struct memory *mm)
{
	int64_t place = memory_place(k, mm, 0, VDSO_DATA_BYTES + VDSO_IMAGE_BYTES, 0);
	uint64_t data = (uint64_t)place, epoch = k->options.clock_epoch_ns;

	if (place < 0)
		return -G_ENOMEM;
	p->vdso = data + VDSO_DATA_BYTES;
	if (map_page(k, p, mm, data, &epoch, sizeof(epoch), G_PROT_READ, AREA_VVAR) ||
	    map_page(k, p, mm, p->vdso, vdso_image, sizeof(vdso_image), G_PROT_READ | G_PROT_EXEC, AREA_VDSO))
		return -G_ENOMEM;
	return 0;
}
