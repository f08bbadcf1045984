/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A prototype for each call that has a handler: the rows of syscall.def whose support is FULL or PARTIAL. A row
 * without its handler is a link error.
 * Included by kernel.h, after call_handler.
 */
#ifndef TOLLGATE_KERNEL_HANDLERS_H
#define TOLLGATE_KERNEL_HANDLERS_H

#define HANDLER_FULL(name) call_handler sys_##name;
#define HANDLER_PARTIAL(name) call_handler sys_##name;
#define HANDLER_REFUSED(name)
#define HANDLER_UNSUPPORTED(name)
#define SYSCALL(nr, name, args, family, tier, support, oracle, note) HANDLER_##support(name)
#include "abi/syscall.def"
#undef HANDLER_FULL
#undef HANDLER_PARTIAL
#undef HANDLER_REFUSED
#undef HANDLER_UNSUPPORTED

#endif
