;;! weft validate
(module (func (nop (@name "a"))))
;;2 misplaced_annotation.wat:2:20: misplaced annotation: @name
;;2     (module (func (nop (@name "a"))))
;;2                        ^
;;status 1
