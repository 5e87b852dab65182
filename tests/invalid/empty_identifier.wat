;;! weft validate
(module (func $))
;;2 empty_identifier.wat:2:15: empty identifier: "$" must be followed by a name
;;2     (module (func $))
;;2                   ^
;;status 1
