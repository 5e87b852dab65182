;; adapter.wat -- an adapter with a stack, of which one function is used. See world.wat.
(module
  (import "env" "memory" (memory 0))
  (import "__main_module__" "cabi_realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
  (global $__stack_pointer (mut i32) (i32.const 0))
  (global $allocation_state (mut i32) (i32.const 0))
  (func (export "g") (param i32) (result i32)
    (i32.load (i32.sub (global.get $__stack_pointer) (i32.const 4))))
  (func (export "unused") (result i32)
    (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 1))))
