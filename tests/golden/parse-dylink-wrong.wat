;;! weft parse % -o /dev/null
(module (@dylink.0 (mem-info (memory 1))))
;;2 parse-dylink-wrong.wat:2:39: malformed annotation: @dylink.0 annotation: a number was expected
;;2     (module (@dylink.0 (mem-info (memory 1))))
;;2                                           ^
;;status 1
