;;! weft run --timeout 100ms --invoke 'spin(0)' %
;; A callee that takes too long is stopped; its caller is behind the border.
(component
  (component $A
    (core module $m (memory (export "mem") 81)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536))
      (func (export "check") (param i32 i32) (if (i32.eqz (local.get 1)) (then unreachable)))
      (func (export "spin") (param i32) (result i32) (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get 0)))
    (core instance $i (instantiate $m))
    (func (export "check") (param "s" string) (canon lift (core func $i "check") (memory $i "mem") (realloc (core func $i "realloc"))))
    (func (export "spin") (param "n" u32) (result bool) (canon lift (core func $i "spin"))))
  (instance $a (instantiate $A))
  (component $B
    (import "check" (func $check (param "s" string)))
    (import "spin" (func $spin (param "n" u32) (result bool)))
    (core module $mem (memory (export "mem") 80))
    (core instance $mem (instantiate $mem))
    (core func $check' (canon lower (func $check) (memory $mem "mem")))
    (core func $spin' (canon lower (func $spin)))
    (core module $m
      (import "a" "check" (func $check (param i32 i32))) (import "a" "spin" (func $spin (param i32) (result i32)))
      (func (export "check") (param i32) (call $check (i32.const 0) (local.get 0)))
      (func $spin' (export "spin") (param i32) (result i32) (call $spin (local.get 0)))
      (func (export "checks") (param i32) (loop $l (call $check (i32.const 0) (local.get 0)) (br $l))))
    (core instance $i (instantiate $m (with "a" (instance (export "check" (func $check')) (export "spin" (func $spin'))))))
    (func (export "check") (param "len" u32) (canon lift (core func $i "check")))
    (func (export "spin") (param "n" u32) (result bool) (canon lift (core func $i "spin")))
    (func (export "checks") (param "len" u32) (canon lift (core func $i "checks"))))
  (instance $b (instantiate $B (with "check" (func $a "check")) (with "spin" (func $a "spin"))))
  (export "check" (func $b "check")) (export "spin" (func $b "spin")) (export "checks" (func $b "checks")))
;;2 border-timeout.wat: trap: time limit exceeded
;;2     0: 0x60 spin
;;2     1: 0x28d spin
;;2     2: 0x60 spin'
;;status 124
