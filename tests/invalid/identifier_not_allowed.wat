;;! weft validate
(module (import "m" (item "a") (item "b") (func $f)))
;;2 identifier_not_allowed.wat:2:49: identifier not allowed: the type is that of several imports
;;2     (module (import "m" (item "a") (item "b") (func $f)))
;;2                                                     ^
;;status 1
