;;! weft run --invoke f %
;; A shared memory is made for whoever imports one, also where nobody asks for threads.
(module
  (import "env" "memory" (memory $a 1 4 shared))
  (import "env" "memory" (memory $b 1 4 shared))
  (import "env" "other" (memory $c 1 4 shared))
  (func (export "f") (result i32 i32 i32)
    (i32.store $a (i32.const 8) (i32.const 7))
    (drop (memory.grow $b (i32.const 2)))
    (i32.load $b (i32.const 8)) (memory.size $a) (memory.size $c)))
;;= 7
;;= 3
;;= 1
