/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Everything about Linux on riscv64 at once: numbers, errors, constants and layouts. All names
 * start with G_ or g_ (guest), so that this and the host's headers can be included together. File
 * names avoid those of the C library, in case src/abi itself is ever on an include path.
 */
#ifndef TOLLGATE_ABI_ABI_H
#define TOLLGATE_ABI_ABI_H

#include "abi/base.h"
#include "abi/calls.h"
#include "abi/clocks.h"
#include "abi/elf64.h"
#include "abi/errors.h"
#include "abi/files.h"
#include "abi/mapping.h"
#include "abi/polling.h"
#include "abi/process.h"
#include "abi/signals.h"
#include "abi/sockets.h"
#include "abi/thread.h"

#endif
