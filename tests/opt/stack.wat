;;! weft opt -O2 --only bodies,unused % -o -
;;| weft print -
;; A function that puts the stack pointer back leaves it alone: who calls it knows it still. Not one that does so on one way only, or by
;; a number of its own; nor does who calls one that may throw, in a try.

(module
  (memory 1)
  (tag $e)
  (global $sp (mut i32) (i32.const 1024))
  (func $leaf (param i32) (local i32)
    (global.set $sp (local.tee 1 (i32.sub (global.get $sp) (i32.const 16))))
    (loop (i32.store offset=4 (local.get 1) (local.get 0))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.load offset=8 (local.get 1))))))
    (global.set $sp (i32.add (local.get 1) (i32.const 16))))
  (func $middle (param i32) (local i32)
    (global.set $sp (local.tee 1 (i32.sub (global.get $sp) (i32.const 32))))
    (loop (call $leaf (local.get 0)) (call $leaf (i32.const 7)) (br_if 0 (i32.load (local.get 1))))
    (global.set $sp (i32.add (local.get 1) (i32.const 32))))
  (func $leaks (param i32) (local i32)
    (global.set $sp (local.tee 1 (i32.sub (global.get $sp) (i32.const 16))))
    (loop (if (i32.load (local.get 0)) (then (return))) (br_if 0 (i32.load (local.get 1))))
    (global.set $sp (i32.add (local.get 1) (i32.const 16))))
  (func $resets (param i32) (loop (br_if 0 (i32.load (local.get 0)))) (global.set $sp (i32.const 1024)))
  (func $throws (param i32) (local i32)
    (global.set $sp (local.tee 1 (i32.sub (global.get $sp) (i32.const 16))))
    (loop (if (i32.load (local.get 0)) (then (throw $e))) (br_if 0 (i32.load (local.get 1))))
    (global.set $sp (i32.add (local.get 1) (i32.const 16))))

  (func (export "calls") (param i32) (result i32)
    (local $a i32) (local $b i32)
    (local.set $a (global.get $sp))
    (call $middle (local.get 0)) (call $middle (i32.const 1))
    (i32.sub (global.get $sp) (local.get $a)))
  (func (export "leaks") (param i32) (result i32) (local i32)
    (local.set 1 (global.get $sp))
    (call $leaks (local.get 0)) (call $leaks (i32.const 1))
    (i32.sub (local.get 1) (global.get $sp)))
  (func (export "resets") (param i32) (result i32) (local i32)
    (local.set 1 (global.get $sp))
    (call $resets (local.get 0)) (call $resets (i32.const 1))
    (i32.sub (local.get 1) (global.get $sp)))
  (func (export "catches") (param i32) (result i32) (local i32)
    (local.set 1 (global.get $sp))
    (block (try_table (catch_all 0) (call $throws (local.get 0)) (call $throws (i32.const 1))))
    (i32.sub (local.get 1) (global.get $sp))))
;;= (module
;;=   (type (;0;) (func))
;;=   (type (;1;) (func (param i32)))
;;=   (type (;2;) (func (param i32) (result i32)))
;;=   (memory (;0;) 1)
;;=   (tag $e (;0;) (type 0))
;;=   (global $sp (;0;) (mut i32) (i32.const 1024))
;;=   (func $leaf (;0;) (type 1) (param i32)
;;=     (local i32 i32)
;;=     global.get $sp
;;=     local.tee 1
;;=     i32.const -16
;;=     i32.add
;;=     local.tee 2
;;=     global.set $sp
;;=     loop (;L1;)
;;=       local.get 2
;;=       local.get 0
;;=       i32.store offset=4
;;=       local.get 0
;;=       local.get 2
;;=       i32.load offset=8
;;=       i32.sub
;;=       local.tee 0
;;=       br_if 0 (;L1;)
;;=     end
;;=     local.get 1
;;=     global.set $sp
;;=   )
;;=   (func $middle (;1;) (type 1) (param i32)
;;=     (local i32 i32)
;;=     global.get $sp
;;=     local.tee 1
;;=     i32.const -32
;;=     i32.add
;;=     local.tee 2
;;=     global.set $sp
;;=     loop (;L1;)
;;=       local.get 0
;;=       call $leaf
;;=       i32.const 7
;;=       call $leaf
;;=       local.get 2
;;=       i32.load
;;=       br_if 0 (;L1;)
;;=     end
;;=     local.get 1
;;=     global.set $sp
;;=   )
;;=   (func $leaks (;2;) (type 1) (param i32)
;;=     (local i32 i32)
;;=     global.get $sp
;;=     local.tee 1
;;=     i32.const -16
;;=     i32.add
;;=     local.tee 2
;;=     global.set $sp
;;=     loop (;L1;)
;;=       local.get 0
;;=       i32.load
;;=       br_if 1
;;=       local.get 2
;;=       i32.load
;;=       br_if 0 (;L1;)
;;=     end
;;=     local.get 1
;;=     global.set $sp
;;=   )
;;=   (func $resets (;3;) (type 1) (param i32)
;;=     loop (;L1;)
;;=       local.get 0
;;=       i32.load
;;=       br_if 0 (;L1;)
;;=     end
;;=     i32.const 1024
;;=     global.set $sp
;;=   )
;;=   (func $throws (;4;) (type 1) (param i32)
;;=     (local i32 i32)
;;=     global.get $sp
;;=     local.tee 1
;;=     i32.const -16
;;=     i32.add
;;=     local.tee 2
;;=     global.set $sp
;;=     loop (;L1;)
;;=       local.get 0
;;=       i32.load
;;=       if (;L2;)
;;=         throw $e
;;=       end
;;=       local.get 2
;;=       i32.load
;;=       br_if 0 (;L1;)
;;=     end
;;=     local.get 1
;;=     global.set $sp
;;=   )
;;=   (func (;5;) (export "calls") (type 2) (param i32) (result i32)
;;=     local.get 0
;;=     call $middle
;;=     i32.const 1
;;=     call $middle
;;=     i32.const 0
;;=   )
;;=   (func (;6;) (export "leaks") (type 2) (param i32) (result i32)
;;=     (local i32)
;;=     global.get $sp
;;=     local.set 1
;;=     local.get 0
;;=     call $leaks
;;=     i32.const 1
;;=     call $leaks
;;=     local.get 1
;;=     global.get $sp
;;=     i32.sub
;;=   )
;;=   (func (;7;) (export "resets") (type 2) (param i32) (result i32)
;;=     (local i32)
;;=     global.get $sp
;;=     local.set 1
;;=     local.get 0
;;=     call $resets
;;=     i32.const 1
;;=     call $resets
;;=     local.get 1
;;=     global.get $sp
;;=     i32.sub
;;=   )
;;=   (func (;8;) (export "catches") (type 2) (param i32) (result i32)
;;=     (local i32)
;;=     global.get $sp
;;=     local.set 1
;;=     block (;L1;)
;;=       try_table (;L2;) (catch_all 0 (;L1;))
;;=         local.get 0
;;=         call $throws
;;=         i32.const 1
;;=         call $throws
;;=       end
;;=     end
;;=     local.get 1
;;=     global.get $sp
;;=     i32.sub
;;=   )
;;= )
