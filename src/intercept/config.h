/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What the environment asks for. Refuses to know how it is done.
 */
#ifndef TOLLGATE_INTERCEPT_CONFIG_H
#define TOLLGATE_INTERCEPT_CONFIG_H

#include "intercept/intercept.h"
#include "intercept/maps.h"

/* Reads the variables; strings stay where they are. False: this process is not to be intercepted. */
bool config_read(struct intercept *state, char **environment, struct scratch *scratch);

/* Makes both byte tables from the filters. */
void config_tables(struct intercept *state);

/* True if objects of this file name are patched, and as what. */
bool config_wants_object(const struct config *config, const char *path, enum site_class *class);

#endif
