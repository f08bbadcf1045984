/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: futex */
/* tier: basic */
/* exit: 123 */
/* runs: ours */
/* tollgate: --tier=basic */
#include "guest_thread.h"

static volatile int word;

/* Runtimes that spin on a lock while futex answers ENOSYS would never end: the machine says which call it was. */
TEST(a_call_that_is_refused_for_ever_ends_the_run)
{
	guest_line("ok ", "a_call_that_is_refused_for_ever_ends_the_run", NULL);
	while (futex(&word, FUTEX_WAIT, 0, NULL, NULL, 0) == -ENOSYS)
		;
	guest_line("not ok ", "a_call_that_is_refused_for_ever_ends_the_run", ": it was answered");
	CHECK(0);
}
