/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The smallest C program that writes a line through the C library: what start-up costs. */
#include <stdio.h>

int main(void)
{
	return puts("hello from C") < 0;
}
