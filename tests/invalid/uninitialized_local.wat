;;! weft validate
(module (func (local $x (ref func)) (drop (local.get $x))))
;;2 uninitialized_local.wat:2:44: func 0: uninitialized local 0
;;2     (module (func (local $x (ref func)) (drop (local.get $x))))
;;2                                                ^
;;status 1
