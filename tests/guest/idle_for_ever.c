/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: setitimer rt_sigsuspend */
/* exit: 123 */
/* runs: ours */
#include "guest.h"
#include <sys/time.h>

static void handler(int sig)
{
}

/* Only a periodic timer is left: the machine stops as idle and does not skip time for ever. */
TEST(periodic_timer_alone_ends_as_idle)
{
	struct itimerval it = { { 1, 0 }, { 1, 0 } };
	unsigned long none = 0;

	guest_line("ok ", "periodic_timer_alone_ends_as_idle", NULL);
	set_handler(SIGALRM, handler, 0, 0);
	sys(__NR_setitimer, ITIMER_REAL, &it, NULL);
	for (;;)
		sys(__NR_rt_sigsuspend, &none, 8);
}
