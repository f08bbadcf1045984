/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Names and default actions of signals.
 */
#include "abi/signals.h"

#include <stddef.h>

static const struct {
	const char *name;
	uint8_t action;
} signals[G_SIGRTMIN] = {
#define SIGNAL(nr, name, action) [nr] = { #name, G_SIG_##action },
#include "abi/signal.def"
#undef SIGNAL
};

const char *abi_signal_name(unsigned sig)
{
	return sig < G_SIGRTMIN ? signals[sig].name : NULL;
}

enum g_sig_default abi_signal_default(unsigned sig)
{
	return sig < G_SIGRTMIN ? (enum g_sig_default)signals[sig].action : G_SIG_TERM;
}
