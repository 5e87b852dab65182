;;! weft --max-memory 320K run --invoke f %
;; The limit is one for all memories of the store.
(module
  (memory $a 1) (memory $b 2)
  (func (export "f") (result i32 i32 i32 i32)
    (memory.grow $a (i32.const 3)) (memory.grow $a (i32.const 1))
    (memory.grow $b (i32.const 1)) (memory.grow $a (i32.const 1))))
;;= -1
;;= 1
;;= 2
;;= -1
