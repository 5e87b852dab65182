;;! weft opt -O3 --only bodies,unused % -o -
;;| weft print -
;; Whom a table holds is called, or taken in; so is what nobody else calls. What is known of who is called is used.

(module
  (type $f (func (param i32) (result i32)))
  (type $g (func (param i64) (result i64)))
  (memory 1)
  (global $n (mut i32) (i32.const 0))
  (table $t 4 funcref)
  (elem (table $t) (i32.const 1) func $add $far)
  (func $add (type $f) (i32.add (local.get 0) (i32.const 5)))
  (func $far (type $g) (loop (br_if 0 (i32.load (i32.const 0)))) (i64.add (local.get 0) (i64.load (i32.const 8))))
  (func $cube (param i32) (result i32) (i32.mul (i32.mul (local.get 0) (i32.xor (local.get 0) (i32.const 123456789)))
    (i32.mul (local.get 0) (i32.xor (local.get 0) (i32.const 987654321)))))
  (func $loops (param i32 i32) (result i32)
    (loop (local.set 1 (i32.add (local.get 1) (i32.load (local.get 0))))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 4))))) (local.get 1))
  (func $counts (loop (global.set $n (i32.add (global.get $n) (i32.const 1))) (br_if 0 (global.get $n))))

  (func (export "for-nothing") (param i32)
    (drop (i32.load (i32.const 8)))
    (drop (call $cube (i32.add (call $cube (local.get 0)) (i32.add (call $cube (i32.const 3)) (call $cube (i32.const 4))))))
    (drop (call $cube (call $cube (i32.add (call $cube (local.get 0)) (i32.const 123456789))))))
  (func (export "or-traps") (param i32 i32) (result i32)
    (call_indirect $t (type $f) (local.get 0) (local.get 1)))
  (func (export "by-a-local") (param i64) (result i64) (local i32)
    (local.set 1 (i32.const 2))
    (call_indirect $t (type $g) (local.get 0) (local.get 1)))
  (func (export "by-a-reference") (param i32) (result i32) (local (ref null $f))
    (local.set 1 (ref.func $add))
    (call_ref $f (local.get 0) (local.get 1)))
  (func (export "once") (param i32) (result i32)
    (i32.add (i32.const 1) (call $loops (local.get 0) (i32.const 0))))
  (func (export "beside-memory") (param i32) (result i32)
    (i32.store (local.get 0) (i32.const 7))
    (call $counts) (call $counts)
    (i32.add (i32.load (local.get 0)) (global.get $n))))
;;= (module
;;=   (type $f (;0;) (func (param i32) (result i32)))
;;=   (type $g (;1;) (func (param i64) (result i64)))
;;=   (type (;2;) (func (param i32 i32) (result i32)))
;;=   (type (;3;) (func))
;;=   (type (;4;) (func (param i32)))
;;=   (table $t (;0;) 4 funcref)
;;=   (memory (;0;) 1)
;;=   (global $n (;0;) (mut i32) (i32.const 0))
;;=   (elem (;0;) (i32.const 1) func $add $far)
;;=   (func $add (;0;) (type $f) (param i32) (result i32)
;;=     local.get 0
;;=     i32.const 5
;;=     i32.add
;;=   )
;;=   (func $far (;1;) (type $g) (param i64) (result i64)
;;=     loop (;L1;)
;;=       i32.const 0
;;=       i32.load
;;=       br_if 0 (;L1;)
;;=     end
;;=     local.get 0
;;=     i32.const 8
;;=     i64.load
;;=     i64.add
;;=   )
;;=   (func $counts (;2;) (type 3)
;;=     loop (;L1;)
;;=       global.get $n
;;=       i32.const 1
;;=       i32.add
;;=       global.set $n
;;=       global.get $n
;;=       br_if 0 (;L1;)
;;=     end
;;=   )
;;=   (func (;3;) (export "for-nothing") (type 4) (param i32)
;;=     i32.const 8
;;=     i32.load
;;=     drop
;;=   )
;;=   (func (;4;) (export "or-traps") (type 2) (param i32 i32) (result i32)
;;=     local.get 1
;;=     i32.const 1
;;=     i32.eq
;;=     if (;L1;)
;;=       local.get 0
;;=       i32.const 5
;;=       i32.add
;;=       return
;;=     end
;;=     local.get 0
;;=     local.get 1
;;=     call_indirect (type $f)
;;=     drop
;;=     unreachable
;;=   )
;;=   (func (;5;) (export "by-a-local") (type $g) (param i64) (result i64)
;;=     local.get 0
;;=     call $far
;;=   )
;;=   (func (;6;) (export "by-a-reference") (type $f) (param i32) (result i32)
;;=     local.get 0
;;=     i32.const 5
;;=     i32.add
;;=   )
;;=   (func (;7;) (export "once") (type $f) (param i32) (result i32)
;;=     (local i32)
;;=     loop (;L1;)
;;=       local.get 1
;;=       local.get 0
;;=       i32.load
;;=       i32.add
;;=       local.set 1
;;=       local.get 0
;;=       i32.const -4
;;=       i32.add
;;=       local.tee 0
;;=       br_if 0 (;L1;)
;;=     end
;;=     local.get 1
;;=     i32.const 1
;;=     i32.add
;;=   )
;;=   (func (;8;) (export "beside-memory") (type $f) (param i32) (result i32)
;;=     local.get 0
;;=     i32.const 7
;;=     i32.store
;;=     call $counts
;;=     call $counts
;;=     global.get $n
;;=     i32.const 7
;;=     i32.add
;;=   )
;;= )
