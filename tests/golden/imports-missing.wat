;;! weft run %
(module
  (import "env" "memory" (memory 1))
  (import "env" "emscripten_notify_memory_growth" (func (param i32)))
  (import "env" "invoke_vi" (func (param i32 i32)))
  (import "env" "log" (func $log (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
  (import "wasi_snapshot_preview1" "fd_nowhere" (func (param i32) (result i32)))
  (import "wasi:cli/stdout@0.2.0" "get-stdout" (func (result i32)))
  (import "wbg" "__wbindgen_throw" (func (param i32 i32)))
  (import "./app_bg.js" "__wbg_log_1" (func (param i32)))
  (import "go" "runtime.wasmExit" (func (param i32)))
  (import "wasm:js-string" "length" (func (param externref) (result i32)))
  (import "odd\00\1b[31m" "\c2\9b" (func))
  (func (export "_start")))
;;2 imports-missing.wat: unknown import: nothing defines these:
;;2   WASI 0.2 and later: this is the core module of a component
;;2     "wasi:cli/stdout@0.2.0" "get-stdout" (func (result i32))
;;2     weft runs modules of WASI preview 1; most compilers make one for the target wasm32-wasip1
;;2   no function of WASI preview 1
;;2     "wasi_snapshot_preview1" "fd_nowhere" (func (param i32) (result i32))
;;2   strings of a JavaScript engine
;;2     "wasm:js-string" "length" (func (param externref) (result i32))
;;2     it needs one: a browser or Node.js; see if your compiler can make a module for WASI
;;2   wasm-bindgen
;;2     "wbg" "__wbindgen_throw" (func (param i32 i32))
;;2     "./app_bg.js" "__wbg_log_1" (func (param i32))
;;2     it needs the JavaScript that wasm-bindgen wrote; cargo build --target wasm32-wasip1 makes a program that needs none
;;2   Go for JavaScript
;;2     "go" "runtime.wasmExit" (func (param i32))
;;2     GOOS=wasip1 GOARCH=wasm go build makes a program for WASI
;;2   Emscripten's JavaScript
;;2     "env" "emscripten_notify_memory_growth" (func (param i32))
;;2     "env" "invoke_vi" (func (param i32 i32))
;;2     emcc -sSTANDALONE_WASM makes a program for WASI
;;2   a memory that the host makes
;;2     "env" "memory" (memory 1)
;;2     without --import-memory the linker gives the module its own
;;2   something that weft does not know
;;2     "env" "log" (func (param i32) (result i32))
;;2     "odd\u{0}\u{1b}[31m" "\u{9b}" (func)
;;2 --preload MODULE=FILE takes them from the exports of another module; with
;;2 --stub-imports functions may be missing that are never called
;;status 1
