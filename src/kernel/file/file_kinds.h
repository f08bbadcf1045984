/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Inside the file room: the operations of files in the tree, one set a source file. The others are
 * in stream.h. */
#ifndef TOLLGATE_KERNEL_FILE_KINDS_H
#define TOLLGATE_KERNEL_FILE_KINDS_H

#include "kernel/file/file.h"

extern const struct file_operations regular_operations, directory_operations, path_operations,
	generated_operations, device_operations;

/* device.c: which device a number is; -G_ENXIO when there is none behind it. */
int device_minor(uint32_t major, uint32_t minor, uint32_t *out);
/* regular.c: seek as every file with a size does it, SEEK_DATA and SEEK_HOLE included. */
int64_t seek_in(struct kernel *k, struct file *f, int64_t offset, uint32_t whence, uint64_t size,
		uint32_t object);
/* directory_calls.c: the names of one entry after the other; see there. */
int64_t directory_read(struct kernel *k, struct file *f, uint64_t addr, uint64_t bytes);

#endif
