;;! weft validate --limits=js %
(module (memory i64 1 262145))
;;2 validate-js.wat:2:9: memory is larger than the limit: memory 0 may have 262145 pages, JavaScript has 262144 at most
;;2     (module (memory i64 1 262145))
;;2             ^
;;status 1
