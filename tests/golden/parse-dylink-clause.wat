;;! weft parse % -o /dev/null
(module (@dylink.0 (needs "x")))
;;2 parse-dylink-clause.wat:2:21: malformed annotation: @dylink.0 annotation: no clause of this name
;;2     (module (@dylink.0 (needs "x")))
;;2                         ^
;;status 1
