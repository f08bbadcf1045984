/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* covers: rt_sigreturn */
/* exit: 139 */
/* runs: ours kernel */
/* A handler that cannot be given a frame: the stack pointer points nowhere. */
#include "guest.h"

static void never(int sig)
{
	sys(__NR_exit_group, 1);
}

TEST(signal_without_room_for_its_frame_kills_with_segv)
{
	long pid = sys(__NR_getpid), tid = sys(__NR_gettid);

	set_handler(SIGUSR1, never, 0, 0);
	set_handler(SIGSEGV, never, 0, 0);
	guest_line("ok ", "signal_without_room_for_its_frame_kills_with_segv", NULL);
	register long a0 __asm__("a0") = pid;
	register long a1 __asm__("a1") = tid;
	register long a2 __asm__("a2") = SIGUSR1;
	register long a7 __asm__("a7") = __NR_tgkill;

	__asm__ volatile("li sp, 4096\n	ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
	sys(__NR_exit_group, 2);
}
