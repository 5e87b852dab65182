;; world.wat -- what becomes a component with adapter.wat as `old`. The section is what `weft component embed` writes for
;;
;;     package a:b;
;;     interface log { resource place; put: func(text: string, at: borrow<place>); }
;;     interface calc { use log.{place}; record pair { a: u32, b: list<u8> } resource sum { add: func(p: pair); } where: func() -> place; }
;;     world w { import log; export calc; export all: func() -> list<string>; }
(module
  (import "a:b/log" "put" (func $put (param i32 i32 i32)))
  (import "old" "g" (func $g (param i32) (result i32)))
  (import "[export]a:b/calc" "[resource-new]sum" (func $new (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 0)
  (func (export "a:b/calc#[method]sum.add") (param i32 i32 i32 i32))
  (func (export "a:b/calc#[dtor]sum") (param i32))
  (func (export "a:b/calc#where") (result i32) (call $g (i32.const 1)))
  (func (export "all") (result i32) i32.const 16)
  (func (export "cabi_post_all") (param i32))
  (@custom "component-type:w" (after last)
    "\00asm\0d\00\01\00\00\19\16wit-component-encoding\04\00\07\d2\01\01A\02\01A\08\01B\04\04\00\05place\03\01\01h\00"
    "\01@\02\04texts\02at\01\01\00\04\00\03put\01\02\03\00\07a:b/log\05\00\01ps\01@\00\00\01\04\00\03all\01\02\02\03\00\00\05plac"
    "e\01B\0c\02\03\02\01\03\04\00\05place\03\00\00\01p}\01r\02\01ay\01b\02\04\00\04pair\03\00\03\04\00\03sum\03\01\01h\05\01@\02\04sel"
    "f\06\01p\04\01\00\04\00\0f[method]sum.add\01\07\01i\01\01@\00\00\08\04\00\05where\01\09\04\00\08a:b/calc\05\04\04\00"
    "\05a:b/w\04\00\0b\07\01\00\01w\03\00\00"))
