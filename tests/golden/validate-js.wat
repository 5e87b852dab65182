;;! weft validate --limits=js %
(module (memory i64 1 137438953472))
;;2 validate-js.wat:2:9: memory is larger than the limit: memory 0 may have 137438953472 pages, JavaScript has 137438953471 at most
;;2     (module (memory i64 1 137438953472))
;;2             ^
;;status 1
