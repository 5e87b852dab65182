;;! weft run --tier=spec --timeout 30ms --invoke forever
(module (func $forever (export "forever") (loop)  (loop br 0)))
;;2 run-spec-timeout.wat: trap: time limit exceeded
;;2     0: 0x27 forever
;;status 124
