# SPDX-License-Identifier: MIT OR Apache-2.0
# The interception library for riscv64, built with a cross compiler (or, there, with the compiler).
#
#   make intercept            build/riscv64/libsyscall_intercept.so.0 and .a, header, .pc, man page
#   make install-intercept    honours DESTDIR and PREFIX
#   make check-intercept      its tests alone

RISCV_CC ?= $(if $(filter riscv64,$(shell uname -m)),cc,riscv64-linux-gnu-gcc)
RISCV_AR ?= $(if $(filter riscv64,$(shell uname -m)),ar,riscv64-linux-gnu-ar)
RISCV_LD ?= $(if $(filter riscv64,$(shell uname -m)),ld,riscv64-linux-gnu-ld)
RISCV_OBJCOPY ?= $(if $(filter riscv64,$(shell uname -m)),objcopy,riscv64-linux-gnu-objcopy)
HOST_CC ?= cc

ICPT := build/riscv64
ICPT_OBJ := $(ICPT)/obj
# Nothing of a C library: the code runs below it, and under several.
ICPT_CFLAGS := -std=gnu11 -O2 -g -ffreestanding -fPIC -fvisibility=hidden -fno-stack-protector -fno-strict-aliasing \
	-fno-tree-loop-distribute-patterns -ffunction-sections -march=rv64gc -mabi=lp64d -Wall -Wextra -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wno-unused-parameter -Isrc -Iinclude -I$(ICPT_OBJ)
ICPT_SRC := $(wildcard src/intercept/*.c) src/isa/decode.c src/isa/encode.c src/isa/table.c \
	$(addprefix src/abi/,calls.c data.c errors.c print.c signals.c text.c types.c)
ICPT_OBJS := $(patsubst src/%.c,$(ICPT_OBJ)/%.o,$(ICPT_SRC)) $(ICPT_OBJ)/intercept/entry.o
ICPT_OUT := $(ICPT)/libsyscall_intercept.so.0 $(ICPT)/libsyscall_intercept.so $(ICPT)/libsyscall_intercept.a \
	$(ICPT)/libsyscall_intercept.pc $(ICPT)/libsyscall_intercept_hook_point.h

.PHONY: intercept install-intercept check-intercept

intercept: $(ICPT_OUT)

$(ICPT_OBJ)/gen-decode: src/isa/gen-decode.c $(wildcard src/isa/*.def src/isa/*.h)
	@mkdir -p $(@D)
	@$(HOST_CC) -std=gnu11 -Isrc -o $@ $<

$(ICPT_OBJ)/decode_table.h: $(ICPT_OBJ)/gen-decode
	@$< $@

$(ICPT_OBJ)/%.o: src/%.c $(ICPT_OBJ)/decode_table.h mk/intercept.mk
	@mkdir -p $(@D)
	@$(RISCV_CC) $(ICPT_CFLAGS) -MMD -MP -c -o $@ $<

$(ICPT_OBJ)/intercept/entry.o: src/intercept/entry.S src/intercept/frame.h mk/intercept.mk
	@mkdir -p $(@D)
	@$(RISCV_CC) -march=rv64gc -mabi=lp64d -g -c -o $@ $<

# Names that are no part of the interface are local even in the archive.
$(ICPT)/libsyscall_intercept.a: $(ICPT_OBJS) src/intercept/libsyscall_intercept.map
	@rm -f $@
	@$(RISCV_LD) -r -o $(ICPT_OBJ)/whole.o $(ICPT_OBJS)
	@$(RISCV_OBJCOPY) --localize-hidden $(ICPT_OBJ)/whole.o
	@$(RISCV_AR) rcs $@ $(ICPT_OBJ)/whole.o

$(ICPT)/libsyscall_intercept.so.0: $(ICPT_OBJS) src/intercept/libsyscall_intercept.map
	@$(RISCV_CC) -shared -nostdlib -o $@ $(ICPT_OBJS) -Wl,-soname,libsyscall_intercept.so.0 -Wl,-z,now -Wl,-z,defs \
		-Wl,--gc-sections -Wl,--version-script,src/intercept/libsyscall_intercept.map
	@echo "  $@"

$(ICPT)/libsyscall_intercept.so: $(ICPT)/libsyscall_intercept.so.0
	@ln -sf libsyscall_intercept.so.0 $@

$(ICPT)/libsyscall_intercept_hook_point.h: include/libsyscall_intercept_hook_point.h
	@cp $< $@

$(ICPT)/libsyscall_intercept.pc: mk/intercept.mk
	@mkdir -p $(@D)
	@printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' 'includedir=$${prefix}/include' '' \
		'Name: libsyscall_intercept' 'Description: every system call of a riscv64 process, through a function' \
		'Version: 0.1.0' 'Libs: -L$${libdir} -lsyscall_intercept' 'Cflags: -I$${includedir}' >$@

install-intercept: intercept
	install -d '$(DESTDIR)$(PREFIX)/lib/pkgconfig' '$(DESTDIR)$(PREFIX)/include' '$(DESTDIR)$(PREFIX)/share/man/man3'
	install -m 755 $(ICPT)/libsyscall_intercept.so.0 '$(DESTDIR)$(PREFIX)/lib/'
	ln -sf libsyscall_intercept.so.0 '$(DESTDIR)$(PREFIX)/lib/libsyscall_intercept.so'
	install -m 644 $(ICPT)/libsyscall_intercept.a '$(DESTDIR)$(PREFIX)/lib/'
	install -m 644 $(ICPT)/libsyscall_intercept.pc '$(DESTDIR)$(PREFIX)/lib/pkgconfig/'
	install -m 644 include/libsyscall_intercept_hook_point.h '$(DESTDIR)$(PREFIX)/include/'
	install -m 644 docs/man/libsyscall_intercept.3 '$(DESTDIR)$(PREFIX)/share/man/man3/'

check-intercept: intercept
	@tests/suite/70-intercept

-include $(patsubst %.o,%.d,$(ICPT_OBJS))
