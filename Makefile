# Weft's build. `make help` lists the targets.
#
# Objects, libraries and test programs live in build/KIND; a change of compiler or flags rebuilds them.
KIND ?= release
# Besides release, asan and tsan there are other compilers and machines: gcc, a64, arm; micro, micro-a64, micro-arm,
# which are the core alone, small; and pic, which is what the libraries are made of that `make install` installs.
CC_gcc := gcc
CC_micro := gcc
CC_a64 := clang-19 --target=aarch64-linux-gnu
CC_arm := arm-linux-gnueabihf-gcc
MACHINE := $(patsubst micro-%,%,$(KIND))
ifeq ($(KIND),rules) # whose lines gcov counts
override CC := gcc
else ifeq ($(origin CC),default)
CC := $(or $(CC_$(MACHINE)),$(shell command -v clang-19 || command -v gcc || echo clang-19))
endif
B := build/$(KIND)

# Position independent, so that the package for Node can be made of the same objects: the linker has all where it is.
FLAGS_release := -O2 -g1 -fPIC
FLAGS_count := $(FLAGS_release) -DWEFT_COUNT
# What only tests run needs no more of debug information than lines, or none.
FLAGS_gcc := -O2
FLAGS_pic := -O2 -fPIC
FLAGS_a64 := -O2
# Small, so that the suites also meet the code that is chosen where size counts.
FLAGS_arm := -Os
# Where size is all: without stack protectors, which take 3 % and lean on a system's entropy; without rows of features, whose
# hooks nobody calls then.
FLAGS_micro := -Oz -flto=1 -Wno-unused-function -DWEFT_MICRO -DNDEBUG -fno-stack-protector -fno-pie -fno-plt -fno-jump-tables -ffunction-sections -fdata-sections \
               -fno-asynchronous-unwind-tables
FLAGS_micro-a64 := $(filter-out -flto=1,$(FLAGS_micro)) # clang
FLAGS_micro-arm := $(FLAGS_micro) -mthumb -fjump-tables
# For the command: nothing to look up or to load when it starts; yet it is at another address each time.
COMMAND_LDFLAGS_release := -static-pie -Wl,-z,pack-relative-relocs
LDFLAGS_micro := -Oz -flto=1 -flto-partition=one -no-pie -Wl,--gc-sections,-z,noseparate-code,-z,norelro,--build-id=none -s
LDFLAGS_micro-a64 := $(filter-out -flto%,$(LDFLAGS_micro))
LDFLAGS_micro-arm := $(LDFLAGS_micro)
# Dozens of programs are linked; this one takes half the time.
LDFLAGS_asan := $(and $(findstring clang,$(CC)),$(shell command -v ld.lld-19),-fuse-ld=lld)
LDFLAGS_tsan := $(LDFLAGS_asan)
LDFLAGS_rules := --coverage
# An emulator needs no folder of libraries then.
LDFLAGS_a64 := -static
LDFLAGS_arm := -static
# What is null, or behind an object, the first finds without the second's checks. In functions with thousands of accesses
# a check is a call: those take half the time to compile then.
# Position independent, so that it is tested within programs that load what it is linked to (tests/hosting.py).
# What is instrumented looks at itself, and writes files in the end: without a second wall (plat/sandbox.h).
INSTRUMENTED := -DWEFT_INSTRUMENTED
FLAGS_asan := $(INSTRUMENTED) -O1 -g1 -fPIC -fsanitize=address,undefined -fno-sanitize=null,object-size -fno-sanitize-recover=all -fno-omit-frame-pointer \
              $(if $(findstring clang,$(CC)),-mllvm -asan-instrumentation-with-call-threshold=500)
# Threads that count at once lose none: what is not reached is found by subtraction.
FLAGS_cover := $(INSTRUMENTED) -O1 -g1 -fprofile-instr-generate -fprofile-update=atomic -fcoverage-mapping -fcoverage-mcdc
FLAGS_rules := $(INSTRUMENTED) -O0 --coverage
FLAGS_tsan := $(INSTRUMENTED) -O1 -g1 -fsanitize=thread
FLAGS_fuzz := $(FLAGS_asan) -fsanitize=fuzzer-no-link
CPPFLAGS += -Isrc -Iinclude -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
CFLAGS += -std=gnu11 -Wall -Wextra -Wshadow -Wno-unused-parameter -ffp-contract=off -fno-math-errno -fvisibility=hidden \
          -fno-strict-aliasing -fstack-protector-strong $(FLAGS_$(KIND))
LDFLAGS += $(filter -fsanitize% -fprofile%,$(FLAGS_$(KIND))) $(LDFLAGS_$(KIND))
LDLIBS += -lpthread
COMMA := ,
# What one command of the README builds uses all of the machine.
ALL_CORES := $(MAKE) --no-print-directory -j$(shell nproc 2>/dev/null || echo 1)
COMPILE = $(CC) $(CPPFLAGS) $(CFLAGS)
ALL_FLAGS = $(COMPILE) $(LDFLAGS) $(COMMAND_LDFLAGS_$(KIND))

ALL_OBJ := $(patsubst %,$B/%.o,$(basename $(shell find src -name '*.[cS]' | LC_ALL=C sort)))
# A program of its own, where the libraries are that it is linked with.
WHERE_OBJ := $(filter $B/src/debug/where/%,$(ALL_OBJ))
OBJ := $(filter-out $(WHERE_OBJ),$(ALL_OBJ))
# Of KIND=rules only what has comments about rules of typing; the rest is the release build's.
TAGGED = $(patsubst %.c,$B/%.o,$(shell grep -rlE --include='*.c' '// rules?: [A-Z]' src))
ifeq ($(KIND),rules)
OBJ := $(TAGGED) $(patsubst $B/%,build/release/%,$(filter-out $(TAGGED),$(OBJ)))
endif
WHERE := $(and $(wildcard /usr/include/elfutils/libdw.h),$(wildcard /usr/include/libiberty/demangle.h),$(wildcard /usr/include/jansson.h), \
         $(filter release asan tsan gcc cover,$(KIND)),$B/weft-where)
FUZZ := $(patsubst %.c,$B/%,$(wildcard fuzz/*.c))
MICRO_OBJ := $(filter $(patsubst %,$B/src/%/%,base op module binary valid run interp) $B/src/engine/engine.o $B/src/engine/load.o \
             $B/src/plat/linux/pages.o $B/src/plat/linux/thread.o,$(OBJ)) $B/micro/main.o
UNIT := $(patsubst %.c,$B/%,$(wildcard tests/unit/*_test.c))

all: $B/weft $(WHERE) $(if $(filter release,$(KIND)),weft $(notdir $(WHERE)))
weft weft-where: %: $B/%
	@cp -f $< $@
$B/weft: $(OBJ)
	@echo "  link  $@"; $(CC) $(LDFLAGS) $(COMMAND_LDFLAGS_$(KIND)) -o $@ $^ $(LDLIBS)
$B/weft-where: $(WHERE_OBJ)
	@echo "  link  $@"; $(CC) $(LDFLAGS) -o $@ $^ -ldw -lelf -ljansson -liberty
$B/libweft.a: $(filter-out $B/src/cli/%,$(OBJ))
	@rm -f $@
	@ar rcs $@ $^
# What is installed: each exports what the headers declare and nothing else.
FORMAL_OBJ := $(filter $B/src/formal/%,$(OBJ))
LIB_OBJ := $(filter-out $(patsubst %,$B/src/%/%,cli script formal debug reduce bake),$(OBJ))
VERSION := $(shell awk '/define WEFT_VERSION_/ { v = v sep $$3; sep = "." } END { print v }' include/weft.h)
SONAME := libweft.so.$(basename $(VERSION))
OBJCOPY ?= objcopy
$B/install/libweft.a: $(LIB_OBJ)
	@mkdir -p $(@D); rm -f $@
	@echo "  link  $@"; $(LD) -r -o $(@D)/weft.o $^ && $(OBJCOPY) --localize-hidden $(@D)/weft.o && ar rcs $@ $(@D)/weft.o
$B/install/libweft.so: $(LIB_OBJ)
	@mkdir -p $(@D)
	@echo "  link  $@"; $(CC) $(LDFLAGS) -shared -Wl,-soname,$(SONAME),-z,defs,-z,nodelete,-z,pack-relative-relocs -o $@ $^ $(LDLIBS)
libs: $B/install/libweft.a $B/install/libweft.so
# The package for Python, which has the library in it. Under the sanitizers it is a Python that has the module built in: a
# library of such code would have to be loaded before all others.
PYTHON_INCLUDE ?= $(shell python3 -c 'import sysconfig; print(sysconfig.get_paths()["include"])' 2>/dev/null)
PYTHON_OBJ := $(patsubst %.c,$B/%.o,$(wildcard python/src/*.c))
$B/python/%.o: python/%.c $B/flags
	@mkdir -p $(@D)
	@echo "  cc    $@"; $(COMPILE) -isystem $(PYTHON_INCLUDE) -MMD -MP -c -o $@ $<
$B/python/_weft.abi3.so: $(PYTHON_OBJ) $B/install/libweft.a
	@echo "  link  $@"; $(CC) $(LDFLAGS) -shared -s -Wl,--exclude-libs,ALL -o $@ $^ -lm $(LDLIBS)
$B/python/python: $(PYTHON_OBJ) $B/python/tests/sanitized.o $B/install/libweft.a
	@echo "  link  $@"; $(CC) $(LDFLAGS) -o $@ $^ -lm $(LDLIBS) $$(/usr/bin/python3-config --embed --ldflags)
python-extension:
	@$(MAKE) --no-print-directory KIND=pic build/pic/python/_weft.abi3.so
	@mkdir -p build/python/weft; cp -f build/pic/python/_weft.abi3.so build/python/weft
# The package for Node, which has the library in it too. The headers are where Node's installation, or the distribution's
# package of them, has them.
NODE_INCLUDE ?= $(firstword $(dir $(wildcard $(shell node -p 'process.execPath.replace(/[^\/]*\/[^\/]*$$/, "include/node/node_api.h")' 2>/dev/null) \
                /usr/include/node/node_api.h)))
JS_OBJ := $(patsubst %.c,$B/%.o,$(wildcard js/src/*.c))
JS_LIB := $(wildcard js/*.js js/*.mjs js/*.ts js/*.json js/*.md) LICENSE
# From which its install.js builds where the binary does not fit.
JS_SOURCES := $(shell find include js/src $(filter-out $(patsubst %,src/%,cli script formal debug reduce bake DEPS),$(wildcard src/*)) -name '*.[chS]' -o -name '*.def')
$B/js/%.o: js/%.c js/src/primitive.def $B/flags
	@mkdir -p $(@D)
	@echo "  cc    $@"; $(COMPILE) -isystem $(NODE_INCLUDE) -MMD -MP -c -o $@ $<
$B/js/weft.node: $(JS_OBJ) $B/install/libweft.a
	@echo "  link  $@"; $(CC) $(LDFLAGS) -shared $(if $(filter asan,$(KIND)),,-s) -Wl,--exclude-libs,ALL,-z,nodelete -o $@ $^ -lm $(LDLIBS)
js-addon:
	@mkdir -p build/js
	@$(MAKE) --no-print-directory KIND=release build/release/js/weft.node
	@cp -f build/release/js/weft.node $(JS_LIB) build/js
	@rm -rf build/js/sources; mkdir build/js/sources; cp -f --parents $(JS_SOURCES) build/js/sources
	@$(MAKE) --no-print-directory -s KIND=pic js-flags
js-flags:
	@echo '$(filter-out -W%,$(CPPFLAGS) $(CFLAGS))' >build/js/sources/flags
$B/weft-micro: $(MICRO_OBJ)
	@echo "  link  $@"; $(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$B/%.o: %.c $B/flags
	@mkdir -p $(@D)
	@echo "  cc    $@"; $(COMPILE) -MMD -MP -c -o $@ $<
$B/%.o: %.S $B/flags
	@mkdir -p $(@D)
	@echo "  as    $@"; $(CC) $(CPPFLAGS) $(filter-out -fsanitize% -fprofile% -fcoverage% -flto%,$(CFLAGS)) -MMD -MP -c -o $@ $<
# Code that was made before is run where the same sources make it.
MAKERS := $(shell find src/jit src/run src/op src/valid src/module -name '*.[chS]' -o -name '*.def' | LC_ALL=C sort)
$B/src/engine/maker.o: src/engine/maker.c $(MAKERS) $B/flags
	@mkdir -p $(@D)
	@echo "  cc    $@"; $(COMPILE) -DMAKERS_SUM=$$(cat $(MAKERS) | cksum | cut -d' ' -f1)u -MMD -MP -c -o $@ $<
# It has the page in it.
$B/src/cli/step/page.o: src/cli/step/page.html
$B/tests/unit/%_test: tests/unit/%_test.c $B/libweft.a $B/flags
	@mkdir -p $(@D)
	@echo "  cc    $@"; $(COMPILE) -Itests/unit -MMD -MP $(LDFLAGS) -o $@ $< $B/libweft.a $(LDLIBS)
# The shim stands between our objects, so it catches what they ask of libc, and one folder asks of plat/. Commands run in
# the test's process, their main under another name.
$B/tests/fault/main.o: src/cli/main.c $B/flags
	@mkdir -p $(@D)
	@$(COMPILE) -Dmain=weft_main -MMD -MP -c -o $@ $<
$B/tests/fault/fault: $(wildcard tests/fault/*.[ch] tests/fault/*.def) $B/tests/fault/main.o $(filter-out %/main.o,$(OBJ)) $(WHERE) $B/flags
	@mkdir -p $(@D)
	@$(if $(WHERE),cp -f $(WHERE) $(@D))
	@echo "  cc    $@"; $(COMPILE) -Itests/unit -Itests/fault $(LDFLAGS) \
	    $$($(COMPILE) -E -P tests/fault/names.h | sed 's/^/-Wl,--wrap=/') -o $@ $(filter %.c %.o,$^) $(LDLIBS)
GEN_OBJ := $(patsubst %.c,$B/%.o,$(wildcard tests/gen/*.c))
$B/tests/gen/gen: $(GEN_OBJ) $(FORMAL_OBJ) $B/libweft.a
	@echo "  link  $@"; $(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)
# Reads machine code as others do, where those are: Zydis and LLVM.
DIFFER := $(and $(wildcard /usr/include/Zydis/Zydis.h),$(wildcard /usr/lib/llvm-19/include/llvm-c/Disassembler.h), \
          $(filter release asan gcc cover,$(KIND)),$B/tests/check/differ)
$B/tests/check/differ: tests/check/differ.c $B/libweft.a $B/flags
	@mkdir -p $(@D)
	@echo "  cc    $@"; $(COMPILE) -isystem /usr/lib/llvm-19/include -MMD -MP $(LDFLAGS) -o $@ $< $B/libweft.a -lZydis \
	    -L/usr/lib/llvm-19/lib -lLLVM $(LDLIBS)
$B/flags: FORCE
	@mkdir -p $(@D); echo '$(ALL_FLAGS)' | cmp -s - $@ || echo '$(ALL_FLAGS)' >$@
programs: $(UNIT)
$B/tests/check/verdict: tests/check/verdict.c $B/libweft.a $B/flags
	@mkdir -p $(@D)
	@echo "  cc    $@"; $(COMPILE) -MMD -MP $(LDFLAGS) -o $@ $< $B/libweft.a $(LDLIBS)
# Without debug information, which others read: valgrind does not know this compiler's. Not linked statically, as it knows
# libc by its library.
UNDER := $(if $(filter release,$(KIND)),$(if $(shell command -v valgrind),$B/tests/under/weft))
$B/tests/under/weft: $(OBJ)
	@mkdir -p $(@D)
	@echo "  link  $@"; $(CC) $(LDFLAGS) -Wl,--strip-debug -o $@ $^ $(LDLIBS)
checkers: $B/tests/check/verdict $(DIFFER)
unit: programs besides
besides: $B/tests/fault/fault $B/tests/gen/gen checkers $(UNDER)
# Fuzz targets; they may look at all but main. KIND=fuzz is told what runs in all of it, and finds its way from there; with
# KIND=asan, which is built anyway, only in the targets themselves: enough for known inputs, and for some more.
$(FUZZ): $B/fuzz/%: fuzz/%.c $(filter-out %/main.o,$(OBJ) $(GEN_OBJ)) $B/flags
	@mkdir -p $(@D)
	@echo "  cc    $@"; $(COMPILE) -MMD -MP -fsanitize=fuzzer -o $@ $(filter %.c %.o,$^) $(LDLIBS)
fuzzers: $(FUZZ)
# From the suites and our tests, by the release build; make test is content with a share of them.
corpus:
	@$(PY) fuzz/seeds.py build/release/weft $(SEEDS)
# What may race: the command, and the unit tests that have threads (KIND=tsan).
WITH_THREADS := $(patsubst %.c,$B/%,$(shell grep -lE 'thread_start|pthread_create|->threads|ahead_start|escapes.h' tests/unit/*_test.c))
threads: $B/weft $(if $(DUE),$(filter $(call due,tsan),$(WITH_THREADS)),$(WITH_THREADS))
can = echo 'int $2(void) { return 0; }' | $(CC) -fsanitize=$1 -x c -o /dev/null - >/dev/null 2>&1
can_tsan = $(call can,thread,main)
can_fuzz = $(call can,fuzzer,LLVMFuzzerTestOneInput)

# The other kinds that can be built here.
HAVE = $(if $(shell command -v $1),$2)
CROSS = $(call HAVE,gcc,gcc) $(and $(call HAVE,clang-19,1),$(wildcard /usr/aarch64-linux-gnu/lib/libc.a),a64) \
        $(call HAVE,arm-linux-gnueabihf-gcc,arm)
# Of which some take turns in `make test`.
TURNS_DUE = $(if $(FULL)$(K),$(CROSS) tsan,$(foreach kind,$(CROSS) tsan,$(shell $(PY) tests/run.py --kinds $(kind))))
MICRO = $(call HAVE,gcc,micro) $(call HAVE,arm-linux-gnueabihf-gcc,micro-arm)

# Kinds beside each other: while the one long file of a kind is compiled, others use the rest of the machine.
WHAT_asan = all $(call due,asan) $(patsubst %,build/asan/tests/%,fault/fault gen/gen) checkers $(shell $(can_fuzz) && echo $(if $(DUE),$(addprefix build/asan/fuzz/,$(shell $(PY) tests/run.py --targets)),fuzzers))
# Of its unit tests `make test` runs a share each time (DUE), and builds no others.
due = $(if $(DUE),$(addprefix build/$1/tests/unit/,$(shell $(PY) tests/run.py --units $1)),programs)
WHAT_release = all $(call due,release) besides
WHAT_gcc = all $(call due,gcc)
WHAT_a64 = all $(call due,a64)
WHAT_arm = all $(call due,arm) build/arm/tests/fault/fault
WHAT_tsan := threads
WHAT_fuzz := fuzzers
WHAT_micro := build/micro/weft-micro
WHAT_micro-arm := build/micro-arm/weft-micro
NEEDS_tsan = $(can_tsan)
NEEDS_fuzz = $(can_fuzz)
kind-%:
	@if $(or $(NEEDS_$*),true); then $(MAKE) --no-print-directory KIND=$* $(or $(WHAT_$*),all unit); fi

# Only clang tells, for each machine and what is built for it.
NARROW := native arm micro-arm
NARROW_native := -O2
NARROW_arm := --target=arm-linux-gnueabihf -Os
NARROW_micro-arm := $(NARROW_arm) -DWEFT_MICRO
NARROW_HAVE_native = $(shell command -v clang-19)
NARROW_HAVE_arm = $(and $(NARROW_HAVE_native),$(wildcard /usr/arm-linux-gnueabihf/include/stdlib.h))
NARROW_HAVE_micro-arm = $(NARROW_HAVE_arm)

# ---- running and testing -------------------------------------------------------------------------
WASM_CC := clang-19 --target=wasm32-wasi --sysroot=/usr -O2
PY := python3
due: $(call due,$(KIND))
EXAMPLES := $(patsubst %.c,build/%.wasm,$(wildcard examples/*.c))

run:         ## a program over a real file; or: make run FILE=prog.wasm ARGS='...'
ifdef FILE
run: all
	./weft run --dir . $(FILE) $(ARGS)
else
run: setup
	@$(ALL_CORES) all build/examples/wordfreq.wasm
	./weft run --dir /usr/share/common-licenses build/examples/wordfreq.wasm /usr/share/common-licenses/GPL-3 20
endif
examples: $(EXAMPLES) ## the programs of examples/, as wasm
build/examples/%.wasm: examples/%.c
	@mkdir -p $(@D)
	$(WASM_CC) -o $@ $<

# ROOT has what tools/setup.sh unpacked. The tests say otherwise: another place, compiler, library.
HOSTS := sqlite nginx plugins
HOST_OUT ?= build/hosts
HOST_LIB ?= build/pic/install/libweft.a
HOST_FLAGS ?=
HOST_ROOT := $(CURDIR)/build/hosts/root/usr
hosts:       ## programs that WebAssembly runs in: a module of nginx, an extension of SQLite, a host of plug-ins; to build/hosts
	@tools/setup.sh wasm hosts
	@$(ALL_CORES) KIND=pic libs
	@$(MAKE) -s --no-print-directory $(HOSTS:%=host-%)
host-%:
	@mkdir -p $(HOST_OUT)/$*
	@$(MAKE) --no-print-directory -C examples/$* OUT=$(abspath $(HOST_OUT)/$*) WEFT_CFLAGS='-I$(CURDIR)/include $(HOST_FLAGS)' \
	    WEFT_LIBS='$(abspath $(HOST_LIB)) -lpthread $(HOST_FLAGS)' $(HOST_WAY_$*)
HOST_WAY_nginx = $(if $(wildcard $(HOST_ROOT)/share/nginx/src),NGINX_SRC=$(HOST_ROOT)/share/nginx/src CC_OPT=-I$(HOST_ROOT)/include \
    LD_OPT='$(patsubst %,-L%,$(wildcard $(HOST_ROOT)/lib/*-linux-gnu*))')

setup:       ## install what is missing to build Weft and wasm programs (apt)
	@tools/setup.sh build wasm
# What needs nothing but a compiler is built while the rest is fetched.
test:        ## everything CI runs: all tests, in release and under sanitizers
	@tools/setup.sh build
	@mkdir -p build; date +%s >build/started
	@(tools/setup.sh wasm test hosts real peers js cross $(if $(FULL),bench rust page) || \
	  echo "setup: going on without; the tests concerned are skipped") & $(ALL_CORES) $(if $(FULL)$(K),,DUE=1) all due; built=$$?; wait; exit $$built
	@$(MAKE) --no-print-directory deps
	@$(ALL_CORES) $(if $(FULL)$(K),,DUE=1) $(patsubst %,kind-%,release asan $(if $(FULL),fuzz) $(TURNS_DUE) $(MICRO))
	@if $(can_fuzz); then $(MAKE) --no-print-directory corpus $(if $(FULL),,CORPUS=--share); fi
	@$(PY) tests/run.py $(FULL) --built-in $$(($$(date +%s) - $$(cat build/started))) $(if $(K),-k '$(K)')
full:        ## the same, and what takes longer: each bomb under the sanitizers, what grows
	@$(MAKE) --no-print-directory test FULL=--full
t:           ## the fast tests, by name: make t K=leb
	@$(ALL_CORES) all unit
	@$(PY) tests/run.py --fast $(if $(K),-k '$(K)')
mistakes:    ## put mistakes into a copy, one at a time, and see whether the tests find them: make mistakes K=decoder
	@$(ALL_CORES) all unit
	@$(PY) tests/mistakes.py $(K)
fuzz:        ## look for input that does harm: make fuzz T=decoder SECONDS=60; without T all in turn
	@$(can_fuzz) || { echo "fuzz: $(CC) has no libFuzzer"; exit 1; }
	@$(ALL_CORES) KIND=release all
	@$(ALL_CORES) KIND=fuzz fuzzers
	@$(MAKE) --no-print-directory corpus
	@for t in $(or $(T),$(notdir $(FUZZ))); do mkdir -p build/fuzz/found/$$t; echo "== $$t"; \
	    build/fuzz/fuzz/$$t -max_total_time=$(or $(SECONDS),60) -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
	    -print_final_stats=1 -artifact_prefix=build/fuzz/$$t- build/fuzz/found/$$t build/fuzz/corpus/$$t || exit 1; done
soak:        ## random modules beside other work, for so long: make soak T=30 (minutes); adds to docs/ledger.md
	@$(MAKE) --no-print-directory all build/release/tests/gen/gen
	@$(PY) tests/soak.py $(or $(T),10)
bless:       ## accept the new output of golden tests: make bless K=native; then read the diff
	@$(ALL_CORES) all
	@$(PY) tests/run.py --bless $(if $(K),-k '$(K)')
coverage:    ## what the tests reach, by folder: lines, branches, MC/DC; and what they do not, against tests/coverage.txt
	@tools/setup.sh cover
	@$(ALL_CORES) KIND=cover all unit
	@$(PY) tools/coverage.py $(if $(REPORT),--report)
cross:       ## build with gcc, for other machines, where the compilers are; tests run them under qemu
	@$(ALL_CORES) $(CROSS:%=kind-%)
narrow: $(NARROW:%=narrow-%) ## does anything cut 64 bits to 32 unsaid, here or where a size has 32
narrow-%:
	@$(if $(NARROW_HAVE_$*),,echo 'skipped $*: no clang-19, or no headers' && exit 0;) \
	    clang-19 $(NARROW_$*) -std=gnu11 $(CPPFLAGS) -fsyntax-only -Wshorten-64-to-32 -Werror \
	        $(wildcard $(patsubst $B/%.o,%.c,$(if $(filter micro-%,$*),$(MICRO_OBJ),$(OBJ))))
micro:       ## the core and the interpreter alone, small: its size, and an example with what it takes (docs/micro.md)
	@$(ALL_CORES) $(MICRO:%=kind-%)
	@for kind in $(MICRO); do wc -c build/$$kind/weft-micro; done
	@build/micro/weft-micro
bench: all $B/libweft.a ## ratios to native code and to every peer found; OUT=docs/bench.md writes them there
	@tools/setup.sh wasm bench || true
	@$(PY) bench/run.py $(if $(K),-k '$(K)') $(if $(OUT),-o '$(OUT)')

# ---- installing ----------------------------------------------------------------------------------
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
DESTDIR ?=
COMMANDS := $(shell sed -n 's|^COMMAND.\([a-z0-9]*\), .*|\1|p' src/cli/cli.def)
BIN := $(DESTDIR)$(PREFIX)/bin
LIB := $(DESTDIR)$(LIBDIR)
INC := $(DESTDIR)$(PREFIX)/include
MAN := $(DESTDIR)$(PREFIX)/share/man/man1
BASH := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSH := $(DESTDIR)$(PREFIX)/share/zsh/site-functions
HEADERS := $(notdir $(wildcard include/*.h include/*.hh))
INSTALLED = $(BIN)/weft $(BIN)/weft-where $(HEADERS:%=$(INC)/%) $(LIB)/libweft.a $(addprefix $(LIB)/,libweft.so.$(VERSION) $(SONAME) libweft.so) \
    $(LIB)/pkgconfig/weft.pc $(MAN)/weft.1 $(COMMANDS:%=$(MAN)/weft-%.1) $(BASH)/weft $(ZSH)/_weft

install: all ## command, headers, libraries, manual pages and completions, under PREFIX (default /usr/local)
	@$(ALL_CORES) KIND=pic libs
	install -D -m 755 -s weft $(BIN)/weft
	$(if $(WHERE),install -D -m 755 -s weft-where $(BIN)/weft-where)
	for h in $(HEADERS); do install -D -m 644 include/$$h $(INC)/$$h || exit 1; done
	install -D -m 644 build/pic/install/libweft.a $(LIB)/libweft.a
	install -D -m 755 -s build/pic/install/libweft.so $(LIB)/libweft.so.$(VERSION)
	ln -sf libweft.so.$(VERSION) $(LIB)/$(SONAME)
	ln -sf $(SONAME) $(LIB)/libweft.so
	install -d $(LIB)/pkgconfig $(MAN) $(BASH) $(ZSH)
	printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$(LIBDIR)' 'includedir=$${prefix}/include' '' 'Name: weft' \
	    'Description: WebAssembly engine' 'Version: $(VERSION)' 'Cflags: -I$${includedir}' \
	    'Libs: -L$${libdir} -lweft' 'Libs.private: $(LDLIBS)' >$(LIB)/pkgconfig/weft.pc
	./weft help --man >$(MAN)/weft.1
	for c in $(COMMANDS); do ./weft help --man $$c >$(MAN)/weft-$$c.1; done
	./weft help --completion=bash >$(BASH)/weft
	./weft help --completion=zsh >$(ZSH)/_weft
python:      ## a wheel of the Python package in build/python; `pip install .` builds it too
	@$(ALL_CORES) python-extension
	@$(PY) python/backend.py build/python
js:          ## a package for Node in build/js, which `npm install build/js` takes
	@$(if $(NODE_INCLUDE),,echo "js: no headers of Node-API (tools/setup.sh js)" && exit 1)
	@$(ALL_CORES) js-addon
uninstall:   ## what install put there, for the same PREFIX
	rm -f $(INSTALLED)

# ---- looking -------------------------------------------------------------------------------------
rules:       ## the specification's rules: where each is, and which test exercises it; of some: make rules K=br_table
	@$(ALL_CORES) all
	@$(if $(and $(call HAVE,gcc,1),$(call HAVE,gcov,1)),$(if $K,,$(ALL_CORES) KIND=rules build/rules/weft))
	@$(PY) tools/rules.py $(or $K,--reach)
deps:        ## does every folder include only what src/DEPS allows it, and does code look as it should
	@$(PY) tools/deps.py
	@$(PY) tools/style.py
where:       ## the places of an instruction: make where OP=i32.add; without OP those that compiled code does in C
	@$(PY) tools/where.py '$(OP)'
stat:        ## lines, long files, long functions, #if
	@$(PY) tools/stat.py
help:
	@echo "make         build ./weft, incremental; CC=gcc-12 and KIND=asan (build/asan/weft) as you like"
	@sed -n 's/^\([a-z]*\):[^#]*## */make \1|/p' Makefile | awk -F'|' '{ printf "%-12s %s\n", $$1, $$2 }'
clean:       ## remove what was built, and keep what was downloaded
	rm -rf weft weft-where $(HOSTS:%=build/hosts/%) build/release build/asan build/fuzz build/mistakes build/examples build/bench build/tests build/tsan build/gcc build/a64 build/arm build/pic build/python build/js build/js-rust/target build/cover build/rules build/micro*
.PHONY: all due besides hosts js js-addon js-flags unit programs checkers mistakes threads libs python python-extension install uninstall fuzz fuzzers corpus narrow run examples setup test full t bless bench rules deps where stat help clean cross micro soak coverage FORCE
-include $(ALL_OBJ:.o=.d) $B/tests/fault/main.d $(GEN_OBJ:.o=.d) $(DIFFER:=.d) $B/tests/check/verdict.d $B/micro/main.d $(UNIT:=.d) $(FUZZ:=.d) $(PYTHON_OBJ:.o=.d) $(JS_OBJ:.o=.d) $B/python/tests/sanitized.d
