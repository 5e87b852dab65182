;;! weft validate --features=+stack-switching %
(module (type $s (struct)) (type (cont $s)))
;;2 continuation_type.wat:2:28: non-continuation type: type 1 is a continuation of no function type
;;2     (module (type $s (struct)) (type (cont $s)))
;;2                                ^
;;status 1
