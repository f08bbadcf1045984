/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Calls in awkward places, and words that look like calls; and a call between two register files. */
	.option norelax
	.section .text.first, "ax", @progbits
	.globl first_in_section
first_in_section:
	ecall
	ret

	.text
	.globl adjacent
adjacent:			/* two calls, nothing between */
	li a7, 173
	ecall
	ecall
	ret

	.globl odd_place
	.balign 4
	.option rvc
	c.nop
odd_place:
	c.nop
	c.nop
	li a7, 173
	ecall			/* at 2 mod 4 or 0 mod 4; the pair covers both */
	c.nop
	ecall
	ret

	.globl straddling
	.balign 4096
	.skip 4096 - 8, 0x01
straddling:
	c.nop
	li a7, 173		/* 4 bytes */
	ecall			/* 2 bytes on either page */
	ret

	/* The word as a constant in the middle of an instruction: lui a0, 0x00730; c.nop ... */
	.globl look_alike
	.balign 4
look_alike:
	.word 0x00730537	/* lui a0, 0x730: its upper half is 0x0073 */
	.half 0x0001
	.word 0x00730537
	.word 0x00000013
	ret

	.globl literal
	.section .rodata
literal:
	.word 0x00000073

	.text
	.globl indirect_number	/* a7 from the caller: indirect_number(nr) */
indirect_number:
	mv a7, a0
	ecall
	ret

	/* void with_registers(const uint64_t in[64], uint64_t out[64], unsigned nr_and_a0...) */
	.globl with_registers
with_registers:
	addi sp, sp, -256
	sd ra, 0(sp)
	sd gp, 8(sp)
	sd tp, 16(sp)
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
	sd s\n, (24 + 8 * \n)(sp)
	fsd fs\n, (128 + 8 * \n)(sp)
	.endr
	sd a1, 224(sp)
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	fld f\n, (256 + 8 * \n)(a0)
	.endr
	ld t0, 0(a0)
	fscsr t0
	/* all but sp (2) and tp (4) */
	.irp n, 1, 3, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	ld x\n, (8 * \n)(a0)
	.endr
	ld a0, 80(a0)
	.globl the_call
the_call:
	ecall
	addi sp, sp, -16
	sd t0, 0(sp)
	ld t0, 240(sp)
	.irp n, 1, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	sd x\n, (8 * \n)(t0)
	.endr
	ld t1, 0(sp)
	sd t1, 40(t0)
	frcsr t1
	sd t1, 0(t0)
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	fsd f\n, (256 + 8 * \n)(t0)
	.endr
	addi sp, sp, 16
	ld ra, 0(sp)
	ld gp, 8(sp)
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
	ld s\n, (24 + 8 * \n)(sp)
	fld fs\n, (128 + 8 * \n)(sp)
	.endr
	addi sp, sp, 256
	ret

	.globl many		/* more sites than one table of 1024 */
many:
	li a7, 173
	.rept 1500
	ecall
	.endr
	ret

	.section .text.zlast, "ax", @progbits
	.globl last_in_section
	ret
last_in_section:
	li a7, 93
	li a0, 0
	ecall
	.section .note.GNU-stack, "", @progbits
