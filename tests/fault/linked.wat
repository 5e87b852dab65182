;; linked.wat -- a library that is linked with library.wat. The section is what `weft component embed` writes for
;;
;;     package a:b;
;;     world linked { import put: func(x: string); export run: func() -> string; }
(module
  (@dylink.0
    (mem-info (memory 4 2))
    (needed "library"))
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i64)))
  (type (;2;) (func (param i32 i32)))
  (type (;3;) (func))
  (import "env" "memory" (memory (;0;) 1))
  (import "env" "__memory_base" (global (;0;) i32))
  (import "env" "__stack_pointer" (global (;1;) (mut i32)))
  (import "GOT.mem" "data" (global (;2;) (mut i32)))
  (import "GOT.func" "other" (global (;3;) (mut i32)))
  (import "env" "other" (func (;0;) (type 0) (result i32)))
  (import "env" "none" (func (;1;) (type 1) (param i64)))
  (import "$root" "put" (func (;2;) (type 2) (param i32 i32)))
  (func (;3;) (export "mine") (type 3)
  )
  (func (;4;) (export "run") (type 0) (result i32)
    i32.const 0
  )
  (func (;5;) (export "__wasm_call_ctors") (type 3)
  )
  (@custom "component-type:linked"
    "\00asm\0d\00\01\00\00\19\16wit-component-encoding\04\00\072\01A\02\01A\04\01@\01\01xs\01\00\03\00\03put\01\00\01@\00\00s"
    "\04\00\03run\01\01\04\00\0aa:b/linked\04\00\0b\0c\01\00\06linked\03\00\00")
)
