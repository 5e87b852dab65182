;;! weft run --tier=spec --fuel 100 --invoke forever
;; Each turn of the loop is two steps.
(module (func $forever (export "forever") (loop br 0)))
;;2 run-spec-fuel.wat: trap: out of fuel
;;2     0: 0x24 forever
;;status 134
