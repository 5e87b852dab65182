;;! weft doctor %
(module
  (import "wbg" "__wbindgen_throw" (func (param i32 i32)))
  (import "env" "emscripten_notify_memory_growth" (func (param i32)))
  (import "some\1b[31m" "thing" (global (mut f32)))
  (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32)))
  (func (export "_start")))
;;= doctor-missing.wat: a WASI command, text, as binary 167 bytes
;;= needs, beyond WebAssembly 1.0:
;;=   mutable-global             at 5:3, in the import section
;;= imports: 4
;;=   1 of WASI, which weft has
;;=   wasm-bindgen
;;=     "wbg" "__wbindgen_throw" (func (param i32 i32))
;;=     it needs the JavaScript that wasm-bindgen wrote; cargo build --target wasm32-wasip1 makes a program that needs none
;;=   Emscripten's JavaScript
;;=     "env" "emscripten_notify_memory_growth" (func (param i32))
;;=     emcc -sSTANDALONE_WASM makes a program for WASI
;;=   something that weft does not know
;;=     "some\u{1b}[31m" "thing" (global (mut f32))
;;= it would not run here:
;;=   nothing defines 3 of its 4 imports
;;=     it needs the JavaScript that wasm-bindgen wrote; cargo build --target wasm32-wasip1 makes a program that needs none
;;status 1
