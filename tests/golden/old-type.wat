;;! weft validate %
(module (table 1 anyfunc))
;;2 old-type.wat:2:18: unknown operator: "anyfunc" is no type any more; it is called "funcref" now
;;2     (module (table 1 anyfunc))
;;2                      ^
;;status 1
