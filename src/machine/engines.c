/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The list of engines, the truth first. */
#include "machine/hart.h"

const struct engine engines[] = {
	{.name = "simple", .run = simple_run},
	{0},
};
