;;! weft run --init init -o - %
(module (memory (export "init") 1) (func (export "initialize")))
;;2 error: run-init-no-export.wat has no exported function "init" for --init
;;status 1
