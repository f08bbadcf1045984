/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: futex */
/* exit: 123 */
/* runs: ours */
#include "guest_thread.h"

static volatile int word;

/* Nobody can ever run again: the machine says so, and does not write into the futex to go on. */
TEST(deadlock_is_reported_and_never_solved)
{
	guest_line("ok ", "deadlock_is_reported_and_never_solved", NULL);
	futex(&word, FUTEX_WAIT, 0, NULL, NULL, 0);
	guest_line("not ok ", "deadlock_is_reported_and_never_solved", ": the wait ended");
	CHECK(0);
}
