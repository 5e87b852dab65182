#!/usr/bin/env python3
"""opting.py -- how small and how soon: `weft opt -O3` and wasm-opt on modules that toolchains and packages ship.

    python3 bench/opting.py [-n ROUNDS] [-k PATTERN] [--wasm-opt PROGRAM] [--weft PROGRAM] [--modules DIR]

A row is as in docs/opt.md: bytes before and after, and seconds of the processor's time, the least of so many rounds in which both
take turns. Custom sections go first. Modules are those that tests/javascript.py installs, below --modules, and two examples. The
last line has the worst of both: what we write against what it writes, and its time against ours. What is missing is said.
"""
import argparse, os, subprocess, sys, tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = [
    ('tree-sitter-javascript', 'tree-sitter-javascript/tree-sitter-javascript.wasm'),
    ('web-tree-sitter', 'web-tree-sitter/web-tree-sitter.wasm'),
    ('resvg', '@resvg/resvg-wasm/index_bg.wasm'),
    ('sql.js', 'sql.js/dist/sql-wasm.wasm'),
    ('sql.js, debug', 'sql.js/dist/sql-wasm-debug.wasm'),
    ('QuickJS', '@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm'),
    ('QuickJS, debug', '@jitl/quickjs-wasmfile-debug-sync/dist/emscripten-module.wasm'),
    ('QuickJS, asyncify', '@jitl/quickjs-wasmfile-release-asyncify/dist/emscripten-module.wasm'),
    ('examples/jsonfmt', ROOT / 'build/examples/jsonfmt.wasm'),
    ('examples/wordfreq', ROOT / 'build/examples/wordfreq.wasm'),
]


def seconds(command):
    before = os.times()
    done = subprocess.run(command, capture_output=True)
    after = os.times()
    if done.returncode:
        raise SystemExit(f'{command}: {done.stderr.decode()}')
    return sum(after[2:4]) - sum(before[2:4])


def compare(options, path, scratch):
    plain, ours, theirs = (str(Path(scratch, name)) for name in ('in.wasm', 'weft.wasm', 'wasm-opt.wasm'))
    subprocess.run([options.weft, 'strip', '--all', path, '-o', plain], check=True)
    tools = [([options.weft, 'opt', '-O3', plain, '-o', ours], ours), ([options.wasm_opt, '-O3', '--all-features', plain, '-o', theirs], theirs)]
    taken = list(zip(*([seconds(command) for command, _ in tools] for _ in range(options.n))))
    return os.path.getsize(plain), [os.path.getsize(out) for _, out in tools], [min(times) for times in taken]


def main():
    parser = argparse.ArgumentParser(description='weft opt against wasm-opt')
    parser.add_argument('-n', metavar='ROUNDS', type=int, default=3)
    parser.add_argument('-k', metavar='PATTERN', default='')
    parser.add_argument('--wasm-opt', metavar='PROGRAM', default='wasm-opt')
    parser.add_argument('--weft', metavar='PROGRAM', default=str(ROOT / 'build/release/weft'))
    parser.add_argument('--modules', metavar='DIR', type=Path, default=ROOT / 'build/js-programs/node_modules')
    options = parser.parse_args()
    sizes, speeds = [], []
    print('| module | before | weft opt | wasm-opt | weft opt, s | wasm-opt, s |\n|---|---|---|---|---|---|')
    with tempfile.TemporaryDirectory(prefix='weft-opting-') as scratch:
        for name, file in MODULES:
            path = options.modules / file
            if options.k not in name:
                continue
            if not path.exists():
                print(f'{name}: there is no {path}', file=sys.stderr)
                continue
            before, (ours, theirs), (our_time, their_time) = compare(options, path, scratch)
            sizes.append(ours / theirs)
            speeds.append(their_time / max(our_time, 0.01))
            print(f'| {name} | {before:,} | {ours:,} | {theirs:,} | {our_time:.2f} | {their_time:.2f} |', flush=True)
    if sizes:
        print(f'{max(sizes):.3f} times as large at most; {min(speeds):.1f} times as fast at least', file=sys.stderr)


if __name__ == '__main__':
    main()
