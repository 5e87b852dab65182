;;! weft run --timeout 50ms --invoke f %
;; Hazards: R25.
(module (func (export "f") (loop (br 0))))
;;2 timeout-loop.wat: trap: time limit exceeded
;;2     0: 0x1e f
;;status 124
