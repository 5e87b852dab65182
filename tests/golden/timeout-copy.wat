;;! weft run --timeout 50ms --invoke f %
;; Hazards: R25.
(module (memory 65536) (func (export "f")
  (loop (memory.copy (i32.const 0) (i32.const 1) (i32.const 0xffffffff)) (br 0))))
;;2 timeout-copy.wat: trap: time limit exceeded
;;2     0: 0x2d f
;;status 124
