/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The list of engines, the truth first. */
#include "machine/hart.h"
#include "machine/threaded.h"

const struct engine engines[] = {
	{.name = "simple", .run = simple_run},
	{.name = "threaded",
	 .open = threaded_open,
	 .close = threaded_close,
	 .run = threaded_run},
	{0},
};
