;;! weft parse % -o /dev/null
(module (func (@metadata.code.a "1") (@metadata.code.a "2") nop))
;;2 parse-metadata-twice.wat:2:38: misplaced annotation: @metadata.code.a
;;2     (module (func (@metadata.code.a "1") (@metadata.code.a "2") nop))
;;2                                          ^
;;status 1
