/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Offsets that entry.S and the C files share: the frame of an intercepted call, the thunk of a site,
 * the head of an island. Plain numbers, so that the assembler can read it. Refuses to know anything else.
 */
#ifndef TOLLGATE_INTERCEPT_FRAME_H
#define TOLLGATE_INTERCEPT_FRAME_H

#define FRAME_RA     0
#define FRAME_EXIT   8 /* where to go on: THUNK_NATIVE or THUNK_DONE of the site's thunk */
#define FRAME_T2     16
#define FRAME_T3     24
#define FRAME_T4     32
#define FRAME_T5     40
#define FRAME_T6     48
#define FRAME_S0     56
#define FRAME_A0     64
#define FRAME_FCSR   128
#define FRAME_CLASS  136
#define FRAME_RESULT 144
#define FRAME_SITE   160
#define FRAME_A1     168 /* a1 as the caller had it, when the kernel gets another one */
#define FRAME_FP     176
#define FRAME_CLONE  336 /* the arguments of a clone, for the hooks in parent and child */
#define FRAME_T0     384 /* from here on: pushed by the thunk */
#define FRAME_T1     392
#define FRAME_SIZE   400
#define FRAME_OWN    384

#define THUNK_NATIVE 8
#define THUNK_ECALL  12
#define THUNK_BACK   16
#define THUNK_DONE   20
#define THUNK_LEAVE  24
#define THUNK_SITE   28
#define THUNK_SIZE   32

#define GATE_SIZE  72
#define GATE_TABLE 56 /* address of the byte table */
#define GATE_ENTRY 64 /* address of the library's entry */

#define NR_TABLE_SIZE 512

#endif
