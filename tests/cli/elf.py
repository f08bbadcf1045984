# SPDX-License-Identifier: MIT OR Apache-2.0
"""Builds small ELF files, good ones and ones with a single thing wrong. It knows the format, not who reads it."""
import struct

EXIT_0 = struct.pack("<3I", 0x00000513, 0x05D00893, 0x00000073)  # li a0,0; li a7,93; ecall
BASE = 0x10000
RX, RW = 5, 6
PT_LOAD, PT_INTERP, PT_ATTRIBUTES = 1, 3, 0x70000003


def header(phnum, entry, machine=243, kind=2, elf_class=2, data=1, flags=5, phoff=64, phentsize=56, magic=b"\x7fELF",
           version=1):
    ident = magic + bytes([elf_class, data, 1, 0]) + bytes(8)
    end = ">" if data == 2 else "<"
    if elf_class == 1:
        return ident + struct.pack(end + "HHIIIIIHHHHHH", kind, machine, version, entry & 0xffffffff, 52, 0, flags, 52, 32,
                                   phnum, 40, 0, 0)
    return ident + struct.pack(end + "HHIQQQIHHHHHH", kind, machine, version, entry, phoff, 0, flags, 64, phentsize, phnum,
                               64, 0, 0)


def segment(kind=PT_LOAD, flags=RX, offset=0, vaddr=BASE, filesz=0, memsz=None, align=4096):
    return struct.pack("<IIQQQQQQ", kind, flags, offset, vaddr, vaddr, filesz, filesz if memsz is None else memsz, align)


def program(code=EXIT_0, segments=(), entry=None, tail=b"", **head):
    """One executable segment that is the whole file; `segments` are added to its headers, and `tail` to its end."""
    count = 1 + len(segments)
    start = 64 + 56 * count
    size = start + len(code) + len(tail)
    first = segment(filesz=size)
    return header(count, BASE + start if entry is None else entry, **head) + first + b"".join(segments) + code + tail


def attributes(arch):
    """A RISC-V attributes section with Tag_RISCV_arch."""
    text = arch.encode() + b"\0"
    body = b"\x05" + text
    sub = b"\x01" + struct.pack("<I", 5 + len(body)) + body
    return b"A" + struct.pack("<I", 4 + 6 + len(sub)) + b"riscv\0" + sub


def with_attributes(arch, **head):
    blob = attributes(arch)
    start = 64 + 56 * 2 + len(EXIT_0)
    return program(segments=[segment(kind=PT_ATTRIBUTES, flags=4, offset=start, vaddr=0, filesz=len(blob), memsz=0, align=1)],
                   tail=blob, **head)


def with_interpreter(path):
    blob = path.encode() + b"\0"
    start = 64 + 56 * 2 + len(EXIT_0)
    return program(segments=[segment(kind=PT_INTERP, flags=4, offset=start, vaddr=BASE + start, filesz=len(blob), align=1)],
                   tail=blob)


def li(register, value):
    """lui and addi for a 32-bit value that fits."""
    high = (value + 0x800) >> 12
    low = value - (high << 12)
    return struct.pack("<2I", (high & 0xfffff) << 12 | register << 7 | 0x37,
                       (low & 0xfff) << 20 | register << 15 | register << 7 | 0x1b)
