;;! weft run %
(module (func $main unreachable) (start $main))
;;2 run-start-traps.wat: trap: unreachable
;;2     0: 0x1a main
;;status 134
