"""wasmtime-call.py -- calls an export of a program for WASI in Wasmtime: --invoke NAME FILE NUMBER... Objects and exceptions are on."""
import sys

import wasmtime

config = wasmtime.Config()
for feature in 'wasm_gc', 'wasm_function_references', 'wasm_exceptions', 'wasm_tail_call':
    setattr(config, feature, True)
engine = wasmtime.Engine(config)
store, linker = wasmtime.Store(engine), wasmtime.Linker(engine)
wasi = wasmtime.WasiConfig()
wasi.inherit_stdout()
wasi.inherit_stderr()
store.set_wasi(wasi)
linker.define_wasi()
exports = linker.instantiate(store, wasmtime.Module.from_file(engine, sys.argv[3])).exports(store)
if '_initialize' in exports:
    exports['_initialize'](store)
result = exports[sys.argv[2]](store, *map(int, sys.argv[4:]))
if result is not None:
    print(result)
