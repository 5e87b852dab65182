;;! weft validate
(module (data $x "") (data $x ""))
;;2 duplicate_data.wat:2:28: duplicate data: $x
;;2     (module (data $x "") (data $x ""))
;;2                                ^
;;status 1
