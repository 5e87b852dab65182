;;! weft print %
(module $m
  (type $f (func (param i32) (result i32)))
  (type $pair (sub (struct (field $a i8) (field $b (mut (ref null $pair))) (field f64))))
  (rec (type $x (sub final $pair (struct (field i8) (field (mut (ref null $pair))) (field f64) (field (ref $y)))))
       (type $y (array (mut i16))))
  (import "env" "log" (func $log (param $text i32) (param i32)))
  (import "env" "mem" (memory $mem i64 1 2 shared))
  (import "env" "tag" (tag $e (param i32)))
  (import "a \"b\"\n\u{202e}" "" (global $g (mut i64)))
  (memory $two 1) (memory 3 4)
  (table $t 2 10 funcref) (table i64 1 (ref func) (ref.func $main))
  (global $h (ref null $y) (ref.null $y))
  (global i32 (i32.add (i32.const 1) (i32.mul (i32.const 2) (i32.const 3))))
  (export "main" (func $main)) (export "m" (memory $two))
  (start $start)
  (elem $el (i32.const 0) func $main $log)
  (elem (table $t) (offset (i32.const 1)) funcref (ref.null func) (item (ref.func $main)))
  (elem declare func $start)
  (data $d (i64.const 16) "text \00\ff\"\\" "more") (data "")
  (data (memory $two) (i32.const 0) "a text of more than sixty-four bytes, which goes on over several lines of strings")
  (func $start)
  (func $main (type $f) (local $x i32) (local i64 i64) (local $y v128) (local (ref null $pair))
    (drop (block $out (result i32)
      (loop $again (param) 
        (br_if $again (i32.eqz (local.get 0)))
        (if (local.get $x) (then (call $log (i32.const -1) (i32.const 0x7fffffff))) (else (br 1))))
      (br_table $out $out (i32.const 7) (local.get $x))))
    (drop (f32.const 0.1)) (drop (f64.const -1e300)) (drop (f64.const 0x1.999999999999ap-4)) (drop (f32.const nan:0x1234))
    (drop (f64.const 0x0.0000000000001p-1022)) (drop (f64.const inf)) (drop (f64.const 1234567.5)) (drop (f32.const 1e-7))
    (i64.store8 $mem offset=8 (i64.const 0) (i64.const -1))
    (i32.store $two align=1 (i32.const 0) (memory.size $two))
    (memory.copy $two 2 (i32.const 0) (i32.const 0) (i32.const 0))
    (memory.init $two $d (i32.const 0) (i32.const 0) (i32.const 0))
    (v128.store32_lane $two offset=4 3 (i32.const 0) (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31
      (local.get $y) (v128.const f32x4 1 2 3 nan)))
    (drop (select (result (ref null $y)) (global.get $h) (ref.null none) (i32.const 1)))
    (drop (struct.get_s $pair $a (struct.new $pair (i32.const 1) (ref.null $pair) (f64.const 0))))
    (drop (ref.test (ref null $x) (ref.null any)))
    (try_table (catch $e 0) (catch_all 0) (throw $e (i32.const 3)))
    (drop (i32.atomic.rmw.add $two (i32.const 0) (i32.const 1)))
    (drop (call_indirect $t (type $f) (i32.const 1) (i32.const 0)))
    (return_call_indirect (type $f) (i32.const 0) (i32.const 0))))
;;= (module $m
;;=   (type $f (;0;) (func (param i32) (result i32)))
;;=   (type $pair (;1;) (sub (struct (field $a i8) (field $b (mut (ref null $pair))) (field f64))))
;;=   (rec
;;=     (type $x (;2;) (sub final $pair (struct (field i8) (field (mut (ref null $pair))) (field f64) (field (ref $y)))))
;;=     (type $y (;3;) (array (mut i16))))
;;=   (type (;4;) (func (param i32 i32)))
;;=   (type (;5;) (func (param i32)))
;;=   (type (;6;) (func))
;;=   (import "env" "log" (func $log (;0;) (type 4) (param $text i32) (param i32)))
;;=   (import "env" "mem" (memory $mem (;0;) i64 1 2 shared))
;;=   (import "env" "tag" (tag $e (;0;) (type 5)))
;;=   (import "a \"b\"\n\u{202e}" "" (global $g (;0;) (mut i64)))
;;=   (table $t (;0;) 2 10 funcref)
;;=   (table (;1;) i64 1 (ref func) (ref.func $main))
;;=   (memory $two (;1;) 1)
;;=   (memory (;2;) 3 4)
;;=   (global $h (;1;) (ref null $y) (ref.null $y))
;;=   (global (;2;) i32 (i32.add (i32.const 1) (i32.mul (i32.const 2) (i32.const 3))))
;;=   (export "main" (func $main))
;;=   (export "m" (memory $two))
;;=   (start $start)
;;=   (elem $el (;0;) (i32.const 0) func $main $log)
;;=   (elem (;1;) (i32.const 1) funcref (ref.null func) (ref.func $main))
;;=   (elem (;2;) declare func $start)
;;=   (func $start (;1;) (type 6)
;;=   )
;;=   (func $main (;2;) (type $f) (param i32) (result i32)
;;=     (local $x i32) (local i64 i64) (local $y v128) (local (ref null $pair))
;;=     block $out (result i32)
;;=       loop $again
;;=         local.get 0
;;=         i32.eqz
;;=         br_if $again
;;=         local.get $x
;;=         if (;L3;)
;;=           i32.const -1
;;=           i32.const 2147483647
;;=           call $log
;;=         else
;;=           br $again
;;=         end
;;=       end
;;=       i32.const 7
;;=       local.get $x
;;=       br_table $out $out
;;=     end
;;=     drop
;;=     f32.const 0.1
;;=     drop
;;=     f64.const -0x1.7e43c8800759cp+996 (;=1e+300;)
;;=     drop
;;=     f64.const 0.1
;;=     drop
;;=     f32.const nan:0x1234
;;=     drop
;;=     f64.const 0x0.0000000000001p-1022 (;=4.94066e-324;)
;;=     drop
;;=     f64.const inf
;;=     drop
;;=     f64.const 1234567.5
;;=     drop
;;=     f32.const 1e-7
;;=     drop
;;=     i64.const 0
;;=     i64.const -1
;;=     i64.store8 offset=8
;;=     i32.const 0
;;=     memory.size $two
;;=     i32.store $two align=1
;;=     i32.const 0
;;=     i32.const 0
;;=     i32.const 0
;;=     memory.copy $two 2
;;=     i32.const 0
;;=     i32.const 0
;;=     i32.const 0
;;=     memory.init $two $d
;;=     i32.const 0
;;=     local.get $y
;;=     v128.const i32x4 0x3f800000 0x40000000 0x40400000 0x7fc00000
;;=     i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31
;;=     v128.store32_lane $two offset=4 3
;;=     global.get $h
;;=     ref.null none
;;=     i32.const 1
;;=     select (result (ref null $y))
;;=     drop
;;=     i32.const 1
;;=     ref.null $pair
;;=     f64.const 0
;;=     struct.new $pair
;;=     struct.get_s $pair $a
;;=     drop
;;=     ref.null any
;;=     ref.test (ref null $x)
;;=     drop
;;=     try_table (;L1;) (catch $e 0) (catch_all 0)
;;=       i32.const 3
;;=       throw $e
;;=     end
;;=     i32.const 0
;;=     i32.const 1
;;=     i32.atomic.rmw.add $two
;;=     drop
;;=     i32.const 1
;;=     i32.const 0
;;=     call_indirect (type $f)
;;=     drop
;;=     i32.const 0
;;=     i32.const 0
;;=     return_call_indirect (type $f)
;;=   )
;;=   (data $d (;0;) (i64.const 16) "text \00\ff\"\\more")
;;=   (data (;1;) "")
;;=   (data (;2;) (memory $two) (i32.const 0)
;;=     "a text of more than sixty-four bytes, which goes on over several"
;;=     " lines of strings")
;;= )
