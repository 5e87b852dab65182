;;! weft run --timeout 50ms --invoke f %
;; However much is asked for, and whether it is there or not, growing takes no time of its own.
(module
  (memory $a i64 0) (memory $b i64 0)
  (func (export "f")
    (loop
      (drop (memory.grow $a (i64.const 16384))) (drop (memory.grow $b (i64.const -1)))
      (drop (memory.grow $a (i64.const 0))) (br 0))))
;;2 timeout-grow.wat: trap: time limit exceeded
;;2     0: 0x35 f
;;status 124
