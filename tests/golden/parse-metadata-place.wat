;;! weft parse % -o /dev/null
(module (@metadata.code.a "1") (func nop))
;;2 parse-metadata-place.wat:2:9: misplaced annotation: @metadata.code.a
;;2     (module (@metadata.code.a "1") (func nop))
;;2             ^
;;status 1
