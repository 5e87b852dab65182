;;! weft --fuel 1000000 run --invoke f %
;; A loop that goes round by throwing is stopped like any other.
(module (tag $e) (func (export "f") (loop $l (try_table (catch_all $l) (throw $e)))))
;;2 exception-endless.wat: trap: out of fuel
;;2     0: 0x23 f
;;status 134
