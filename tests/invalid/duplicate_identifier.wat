;;! weft validate
(component (type $t u8) (type $t u16))
;;2 duplicate_identifier.wat:2:31: duplicate identifier: "$t"; there is such a type already
;;2     (component (type $t u8) (type $t u16))
;;2                                   ^
;;status 1
