;;! weft step --invoke f %
;; It ends before there is anything to be shown.
(module (start $begin) (func $begin unreachable) (func (export "f")))
;;= 0 steps: trap: unreachable, before anything was called: --whole shows that too
;;status 134
