;;! weft opt -O2 % -o -
;;| weft print -
;; What is said of a branch goes with it through the graph: also where its condition is turned round, and where the function
;; is taken in by another; what is said of one that is decided goes.

(module
  (memory 1)
  (func $small (param i32) (result i32)
    (@metadata.code.branch_hint "\00")
    (if (i32.eqz (local.get 0)) (then (return (i32.const 7))))
    (i32.load (local.get 0)))
  (func (export "calls") (param i32) (result i32) (i32.add (call $small (local.get 0)) (i32.add (i32.const 1) (i32.const 2))))
  (func (export "turned") (param i32) (result i32)
    (block
      (@metadata.code.branch_hint "\01")
      (br_if 0 (i32.eqz (i32.eqz (local.get 0))))
      (i32.store (i32.const 0) (i32.add (i32.const 1) (i32.const 1))))
    (i32.const 0))
  (func (export "loop") (param i32)
    (loop
      (i32.store (local.get 0) (i32.add (i32.const 1) (i32.const 1)))
      (@metadata.code.branch_hint "\01")
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 4))))))
  (func (export "decided") (result i32)
    (@metadata.code.branch_hint "\00")
    (if (result i32) (i32.const 1) (then (i32.const 2)) (else (i32.const 3)))))
;;= (module
;;=   (type (;0;) (func (param i32) (result i32)))
;;=   (type (;1;) (func (param i32)))
;;=   (type (;2;) (func (result i32)))
;;=   (memory (;0;) 1)
;;=   (func $small (;0;) (type 0) (param i32) (result i32)
;;=     local.get 0
;;=     (@metadata.code.branch_hint "\01") if (;L1;)
;;=       local.get 0
;;=       i32.load
;;=       return
;;=     end
;;=     i32.const 7
;;=   )
;;=   (func (;1;) (export "calls") (type 0) (param i32) (result i32)
;;=     local.get 0
;;=     call $small
;;=     i32.const 3
;;=     i32.add
;;=   )
;;=   (func (;2;) (export "turned") (type 0) (param i32) (result i32)
;;=     local.get 0
;;=     i32.eqz
;;=     (@metadata.code.branch_hint "\00") if (;L1;)
;;=       i32.const 0
;;=       i32.const 2
;;=       i32.store
;;=     end
;;=     i32.const 0
;;=   )
;;=   (func (;3;) (export "loop") (type 1) (param i32)
;;=     loop (;L1;)
;;=       local.get 0
;;=       i32.const 2
;;=       i32.store
;;=       local.get 0
;;=       i32.const -4
;;=       i32.add
;;=       local.tee 0
;;=       (@metadata.code.branch_hint "\01") br_if 0 (;L1;)
;;=     end
;;=   )
;;=   (func (;4;) (export "decided") (type 2) (result i32)
;;=     i32.const 2
;;=   )
;;= )
