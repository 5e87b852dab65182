;;! weft run -o - %
(module (func (export "_start")))
;;2 error: --keep-init and --func-rename go with --init FUNC, -o with that or --snapshot-at N
;;status 2
