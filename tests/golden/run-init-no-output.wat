;;! weft run --init init %
(module (func (export "init")))
;;2 error: --init wants -o OUT, where the module is written
;;status 2
