"""wasmtime-call.py -- runs a program for WASI in Wasmtime, or calls an export of it. Objects and exceptions are on.

    wasmtime-call.py [--dir HOST::GUEST] [--invoke NAME] [--took FILE] PROGRAM ARG...

With --took FILE gets the nanoseconds from a module that is compiled to the program's end: the command of Wasmtime can begin there,
and has no Python to start.
"""
import sys, time

import wasmtime

options, words = {}, sys.argv[1:]
while words[0].startswith('--'):
    options[words[0]], words = words[1], words[2:]
config = wasmtime.Config()
for feature in 'wasm_gc', 'wasm_function_references', 'wasm_exceptions', 'wasm_tail_call':
    setattr(config, feature, True)
engine = wasmtime.Engine(config)
store, linker = wasmtime.Store(engine), wasmtime.Linker(engine)
wasi = wasmtime.WasiConfig()
wasi.inherit_stdout()
wasi.inherit_stderr()
if '--dir' in options:
    wasi.preopen_dir(*options['--dir'].split('::'))
if '--invoke' not in options:
    wasi.argv = words
store.set_wasi(wasi)
linker.define_wasi()
module = wasmtime.Module.from_file(engine, words[0])
begun, status = time.monotonic_ns(), 0
exports = linker.instantiate(store, module).exports(store)
if '--invoke' in options:
    if '_initialize' in exports:
        exports['_initialize'](store)
    result = exports[options['--invoke']](store, *map(int, words[1:]))
    if result is not None:
        print(result)
else:
    try:
        exports['_start'](store)
    except wasmtime.ExitTrap as end:
        status = end.code
if '--took' in options:
    with open(options['--took'], 'w') as file:
        file.write(str(time.monotonic_ns() - begun))
sys.exit(status)
