;;! weft step --only "stack 0 == 1" --invoke f %
(module (func (export "f") nop))
;;2 error: --only stack 0 == 1: no such word (weft help step has them) at byte 0
;;status 2
