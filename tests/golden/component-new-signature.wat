;;! weft component new % -o /dev/null
;; The section says: package a:b; world w { export f: func(x: u32) -> string; }
(module
  (func (export "f") (param i64) (result i32) i32.const 0)
  (@custom "component-type:w" (after last)
    "\00asm\0d\00\01\00\00\19\16wit-component-encoding\04\00\07\1e\01A\02\01A\02\01@\01\01xy\00s\04\00\01f\01\00\04\00\05"
    "a:b/w\04\00\0b\07\01\00\01w\03\00\00"))
;;2 component-new-signature.wat: this makes no component: "f" of the module is a function of (i64 -> i32), where the world makes it one of (i32 -> i32)
;;status 1
