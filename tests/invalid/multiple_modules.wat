;;! weft validate
(module)
(module)
;;2 multiple_modules.wat:3:1: multiple modules: one was expected; `weft wast` runs scripts
;;2     (module)
;;2     ^
;;status 1
