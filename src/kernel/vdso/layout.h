/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the vdso's code and the kernel that maps it agree on: one data page, then the image. */
#ifndef TOLLGATE_KERNEL_VDSO_LAYOUT_H
#define TOLLGATE_KERNEL_VDSO_LAYOUT_H

#define VDSO_DATA_BYTES 4096
#define VDSO_IMAGE_BYTES 4096
#define VDSO_DATA_EPOCH 0 /* u64: CLOCK_REALTIME in ns when CSR time is 0 */

#endif
