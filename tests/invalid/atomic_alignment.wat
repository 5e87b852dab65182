;;! weft validate
(module (memory 1 1 shared) (func (drop (i32.atomic.load align=2 (i32.const 0)))))
;;2 atomic_alignment.wat:2:42: func 0: atomic alignment must be natural: 2^1, must be 4
;;2     (module (memory 1 1 shared) (func (drop (i32.atomic.load align=2 (i32.const 0)))))
;;2                                              ^
;;status 1
