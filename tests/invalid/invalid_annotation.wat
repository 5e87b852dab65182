;;! weft validate
(module (func (@metadata.code.branch_hint "\00") nop))
;;2 invalid_annotation.wat:2:50: invalid annotation: @metadata.code.branch_hint annotation: invalid target nop
;;2     (module (func (@metadata.code.branch_hint "\00") nop))
;;2                                                      ^
;;status 1
