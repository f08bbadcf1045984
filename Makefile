# SPDX-License-Identifier: MIT OR Apache-2.0
# Verbs only; Meson builds. Everything made stands under build/.
#
#   make              build/tollgate
#   make demo         a stateless Ethereum block by stock geth on the machine, twice
#   make check        all tests that end within a quarter of an hour on two cores
#   make check-full   the rest of them as well
#   make workloads    the real programs for riscv64, into build/workloads/
#   make bench        how fast the engines are
#   make lint         compilers' warnings, man page, scripts, formats
#   make install      honours DESTDIR and PREFIX
#   make clean

PREFIX ?= /usr/local

.PHONY: all demo check check-full workloads bench lint install clean

all: build/build.ninja
	@ninja -C build
	@ln -sf src/cli/tollgate build/tollgate

build/build.ninja: | setup-build
	@rm -rf build/meson-private
	meson setup build --prefix '$(PREFIX)' -Dtests=false

.PHONY: setup-build
setup-build:
	@tools/setup build

demo:
	@tools/setup build demo
	@$(MAKE) --no-print-directory all
	@tools/demo

check:
	@tools/setup build check
	@tools/check

check-full:
	@tools/setup build check full
	@tools/check --full

workloads:
	@tools/setup guest
	@tools/workloads

bench: all
	@if [ -x tools/bench ]; then tools/setup guest && tools/bench; else echo 'make bench: tools/bench is not there' >&2; exit 1; fi

lint:
	@tools/setup build check lint
	@tools/lint

install: all
	@meson configure build --prefix '$(PREFIX)' && meson install -C build

clean:
	rm -rf build

-include mk/intercept.mk
