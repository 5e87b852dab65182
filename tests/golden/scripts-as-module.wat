;;! weft validate %
(module) (module)
;;2 scripts-as-module.wat:2:10: multiple modules: one was expected; `weft wast` runs scripts
;;2     (module) (module)
;;2              ^
;;status 1
