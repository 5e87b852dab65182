;;! weft parse % -o /dev/null
(module (func block (@metadata.code.a "1") end))
;;2 parse-metadata-end.wat:2:21: misplaced annotation: @metadata.code.a
;;2     (module (func block (@metadata.code.a "1") end))
;;2                         ^
;;status 1
