;;! weft run -o - %
(module (func (export "_start")))
;;2 error: -o, --keep-init and --func-rename go with --init FUNC, which writes a module
;;status 2
