/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What runs between an intercepted site and C: the model of a thunk, the gate of an island, the
 * common entry and its three exits, and the calls that are made without a hook. Owns every register
 * of the caller; refuses to know numbers, filters and logs.
 */
#include "frame.h"

	.section .rodata
	.balign 8
	.globl intercept_thunk_model
	.hidden intercept_thunk_model
	/* The three jal are filled in per site; the word at the end is site - thunk. */
intercept_thunk_model:
	.option push
	.option rvc
	c.addi16sp sp, -16
	c.sdsp t0, 0(sp)
	.word 0			/* jal t0, gate */
	c.ldsp t0, 0(sp)	/* THUNK_NATIVE */
	c.addi16sp sp, 16
	ecall
	.word 0			/* jal x0, site + 4 */
	c.ldsp t0, 0(sp)	/* THUNK_DONE */
	c.addi16sp sp, 16
	.word 0			/* jal x0, site + 4 */
	.word 0
	.option pop

	.balign 8
	.globl intercept_gate_model
	.hidden intercept_gate_model
	/* t0: THUNK_NATIVE of the site. A number that the table does not want goes straight back. */
intercept_gate_model:
	.option push
	.option norvc
	.option norelax
	sd t1, 8(sp)
	sltiu t1, a7, NR_TABLE_SIZE
	beqz t1, 2f
1:	auipc t1, 0
	ld t1, (GATE_TABLE - 12)(t1)
	add t1, t1, a7
	lbu t1, 0(t1)
	bnez t1, 2f
	ld t1, 8(sp)
	jr t0
2:	auipc t1, 0
	ld t1, (GATE_ENTRY - 40)(t1)
	jr t1
	.word 0
	.dword 0		/* GATE_TABLE */
	.dword 0		/* GATE_ENTRY */
	.option pop

	.text
	.macro save_all
	sd ra, FRAME_RA(sp)
	sd t2, FRAME_T2(sp)
	sd t3, FRAME_T3(sp)
	sd t4, FRAME_T4(sp)
	sd t5, FRAME_T5(sp)
	sd t6, FRAME_T6(sp)
	sd s0, FRAME_S0(sp)
	sd a0, FRAME_A0(sp)
	sd a1, (FRAME_A0 + 8)(sp)
	sd a2, (FRAME_A0 + 16)(sp)
	sd a3, (FRAME_A0 + 24)(sp)
	sd a4, (FRAME_A0 + 32)(sp)
	sd a5, (FRAME_A0 + 40)(sp)
	sd a6, (FRAME_A0 + 48)(sp)
	sd a7, (FRAME_A0 + 56)(sp)
	frcsr t1
	sd t1, FRAME_FCSR(sp)
	.endm

	.macro fp_registers op
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
	\op ft\n, (FRAME_FP + 8 * \n)(sp)
	.endr
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7
	\op fa\n, (FRAME_FP + 96 + 8 * \n)(sp)
	.endr
	.endm

	.macro load_all
	ld t1, FRAME_FCSR(sp)
	fscsr t1
	ld ra, FRAME_RA(sp)
	ld t2, FRAME_T2(sp)
	ld t3, FRAME_T3(sp)
	ld t4, FRAME_T4(sp)
	ld t5, FRAME_T5(sp)
	ld t6, FRAME_T6(sp)
	ld s0, FRAME_S0(sp)
	ld a0, FRAME_A0(sp)
	ld a1, (FRAME_A0 + 8)(sp)
	ld a2, (FRAME_A0 + 16)(sp)
	ld a3, (FRAME_A0 + 24)(sp)
	ld a4, (FRAME_A0 + 32)(sp)
	ld a5, (FRAME_A0 + 40)(sp)
	ld a6, (FRAME_A0 + 48)(sp)
	ld a7, (FRAME_A0 + 56)(sp)
	.endm

	/* The caller's frame is the site's: its pc is in the frame, its ra is a register like others. */
	.macro unwind_frame
	.cfi_signal_frame
	.cfi_return_column 64
	.cfi_def_cfa s0, FRAME_SIZE
	.cfi_offset 64, FRAME_SITE - FRAME_SIZE
	.cfi_offset ra, FRAME_RA - FRAME_SIZE
	.cfi_offset t0, FRAME_T0 - FRAME_SIZE
	.cfi_offset t1, FRAME_T1 - FRAME_SIZE
	.cfi_offset s0, FRAME_S0 - FRAME_SIZE
	.endm

	/* t0, 0(sp), 8(sp): as the gate left them; t1: the class of the site */
	.globl intercept_entry_loader
	.hidden intercept_entry_loader
	.type intercept_entry_loader, @function
intercept_entry_loader:
	addi sp, sp, -FRAME_OWN
	li t1, 1
	j 1f
	.globl intercept_entry
	.hidden intercept_entry
	.type intercept_entry, @function
intercept_entry:
	.cfi_startproc
	unwind_frame
	addi sp, sp, -FRAME_OWN
	li t1, 0
1:	sd t1, FRAME_CLASS(sp)
	sd t0, FRAME_EXIT(sp)
	save_all
	fp_registers fsd
	mv s0, sp
	lw t1, (THUNK_SITE - THUNK_NATIVE)(t0)
	addi t0, t0, -THUNK_NATIVE
	add t0, t0, t1
	sd t0, FRAME_SITE(sp)
	mv a0, sp
	andi sp, sp, -16
	call intercept_dispatch
	mv sp, s0
	mv t0, a0
	fp_registers fld
	bnez t0, intercept_post
	load_all
	ld t0, FRAME_EXIT(sp)
	ld t1, FRAME_T1(sp)
	addi sp, sp, FRAME_OWN
	jr t0
	/* With something to do afterwards: the call is made here, with every register but sp as it was. */
intercept_post:
	load_all
	ld t0, FRAME_T0(sp)
	ld t1, FRAME_T1(sp)
	.globl intercept_post_begin
	.hidden intercept_post_begin
intercept_post_begin:
	ecall
	.globl intercept_post_end
	.hidden intercept_post_end
intercept_post_end:
	/* In a new thread or process sp has its own copy of the frame. */
	sd a0, FRAME_RESULT(sp)
	mv s0, sp
	mv a0, sp
	andi sp, sp, -16
	call intercept_after
	mv sp, s0
	fp_registers fld
	load_all
	ld t0, FRAME_EXIT(sp)
	ld t1, FRAME_T1(sp)
	addi sp, sp, FRAME_OWN
	jr t0
	.cfi_endproc
	.size intercept_entry, . - intercept_entry

	/* struct wrapper_ret syscall_no_intercept(long nr, a0 .. a5): a0 and a1 as the kernel left them */
	.globl syscall_no_intercept
	.type syscall_no_intercept, @function
syscall_no_intercept:
	.cfi_startproc
	mv a7, a0
	mv a0, a1
	mv a1, a2
	mv a2, a3
	mv a3, a4
	mv a4, a5
	mv a5, a6
	ecall
	ret
	.cfi_endproc
	.size syscall_no_intercept, . - syscall_no_intercept

	.section .note.GNU-stack, "", @progbits
