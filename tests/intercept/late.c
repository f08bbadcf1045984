/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* An object of its own with a call in it, to be loaded late. */
long late_getppid(void);
long late_getppid(void)
{
	register long a0 __asm__("a0");
	register long a7 __asm__("a7") = 173;

	__asm__ volatile("ecall" : "=r"(a0) : "r"(a7) : "memory");
	return a0;
}
