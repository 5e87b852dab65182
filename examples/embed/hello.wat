;; hello.wat -- a component by hand, for components.c and `weft run --invoke`: greets by name, adds points, and counts how often it was
;; called.
;;
;;     $ weft run --invoke 'demo:hello/greeter.hello("world")' hello.wat
;;     "hello, world"
(component
  (core module $Greeter
    (memory (export "memory") 1)
    (data (i32.const 16) "hello, ")
    (global $next (mut i32) (i32.const 1024))
    (global $calls (mut i32) (i32.const 0))
    ;; Behind all that was given out, and nothing is taken back until a call is over.
    (func $realloc (export "realloc") (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1))) (i32.sub (i32.const 0) (local.get $align))))
      (global.set $next (i32.add (local.get $at) (local.get $size)))
      (loop $more
        (if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))) (then
          (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))
          (br $more))))
      (memory.copy (local.get $at) (local.get $old) (local.get $old_size))
      (local.get $at))
    (func (export "hello") (param $name i32) (param $len i32) (result i32)
      (local $at i32)
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (local.set $at (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.add (local.get $len) (i32.const 7))))
      (memory.copy (local.get $at) (i32.const 16) (i32.const 7))
      (memory.copy (i32.add (local.get $at) (i32.const 7)) (local.get $name) (local.get $len))
      (i32.store (i32.const 0) (local.get $at))
      (i32.store (i32.const 4) (i32.add (local.get $len) (i32.const 7)))
      (i32.const 0))
    (func (export "hello-end") (param i32) (global.set $next (i32.const 1024)))
    (func (export "add") (param $x i32) (param $y i32) (param $some i32) (param $by_x i32) (param $by_y i32) (result i32)
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (i32.store (i32.const 8) (i32.add (local.get $x) (select (local.get $by_x) (i32.const 1) (local.get $some))))
      (i32.store (i32.const 12) (i32.add (local.get $y) (select (local.get $by_y) (i32.const 1) (local.get $some))))
      (i32.const 8))
    (func (export "calls") (result i32) (global.get $calls))
    (func (export "fail") unreachable))
  (core instance $g (instantiate $Greeter))
  (func $hello (param "name" string) (result string)
    (canon lift (core func $g "hello") (memory (core memory $g "memory")) (realloc (core func $g "realloc")) (post-return (core func $g "hello-end"))))
  (func $calls (result u32) (canon lift (core func $g "calls")))
  (func $fail (canon lift (core func $g "fail")))
  (type $point' (tuple s32 s32))
  (func $add (param "to" $point') (param "by" (option $point')) (result $point')
    (canon lift (core func $g "add") (memory (core memory $g "memory"))))
  (instance $greeter (export "hello" (func $hello)) (export "add" (func $add)) (export "calls" (func $calls)) (export "fail" (func $fail)))
  (export "demo:hello/greeter@1.0.0" (instance $greeter))
  (export "calls" (func $calls)))
