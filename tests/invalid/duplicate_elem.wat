;;! weft validate
(module (elem $x func) (elem $x func))
;;2 duplicate_elem.wat:2:30: duplicate elem: $x
;;2     (module (elem $x func) (elem $x func))
;;2                                  ^
;;status 1
