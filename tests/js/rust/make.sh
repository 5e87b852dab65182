#!/bin/sh
# make.sh -- the programs here as WebAssembly, with the JavaScript around them.
#
#     make.sh has                        which compiler there is
#     make.sh fetch                      their crates, and those of Rust's own library, to build/js-rust
#     make.sh node|web PACKAGE FOLDER    builds without a network: for Node or for a page
#
# With a compiler that has the library for WebAssembly; else with the distribution's, which builds that first.
set -eu
cd "$(dirname "$0")"
out=$(cd ../../.. && pwd)/build/js-rust
theirs=${CARGO_HOME:-${HOME:-/}/.cargo}
export CARGO_HOME="$out/home" CARGO_TARGET_DIR="$out/target"
target=wasm32-unknown-unknown

library=$(rustc --print target-libdir --target $target 2>/dev/null) || library=
if [ -n "$library" ] && [ -n "$(find "$library" -name 'libstd-*.rlib' 2>/dev/null)" ]; then
    cargo=cargo
    std=
elif [ -x /usr/bin/cargo ] && [ -x /usr/bin/rustc ] && [ -d "$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library" ] &&
    command -v wasm-ld-19 >/dev/null; then
    cargo=/usr/bin/cargo
    std=-Zbuild-std=std,panic_abort
    export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19
else
    exit 1
fi
if [ "$1" = has ]; then exec "${RUSTC:-rustc}" --version; fi

# What is built is a copy, beside which there is a Cargo.lock of this machine's cargo.
copy() {
    mkdir -p "$out/src"
    cp -R Cargo.toml bindgen yew tool "$out/src"
    sed "s|^source = .*|source = \"$(cat "$out/registry")\"|" Cargo.lock.in >"$out/src/Cargo.lock"
    cd "$out/src"
}

# What cargo calls its registry, of a package that needs one thing of there.
ask_registry() {
    mkdir -p "$out/ask/src"
    printf '[package]\nname = "ask"\nversion = "0.0.0"\n[dependencies]\nitoa = "1"\n' >"$out/ask/Cargo.toml"
    echo 'fn main() {}' >"$out/ask/src/main.rs"
    (cd "$out/ask" && $cargo generate-lockfile -q)
    sed -n 's/^source = "\(.*\)"$/\1/p' "$out/ask/Cargo.lock" >"$out/registry"
}

if [ "$1" = fetch ]; then
    mkdir -p "$CARGO_HOME"
    for config in config config.toml; do [ ! -f "$theirs/$config" ] || cp "$theirs/$config" "$CARGO_HOME"; done
    ask_registry
    copy
    # Twice: for the machine here, too, as that runs what writes the JavaScript.
    $cargo fetch -q --locked
    exec $cargo fetch -q --locked $std --target $target
fi
copy
$cargo build -q --locked --offline --release $std --target $target -p "$2"
$cargo run -q --locked --offline -p tool "$1" "$CARGO_TARGET_DIR/$target/release/$2.wasm" "$3"
[ "$1" = node ] || mv "$3/$2.js" "$3/$2.mjs" # as the module that it is
