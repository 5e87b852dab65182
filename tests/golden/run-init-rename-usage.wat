;;! weft run --func-rename resume --init init -o - %
(module
  (func (export "init"))
  (func (export "resume"))
  (func (export "other")))
;;2 error: --func-rename wants NEW=OLD
;;status 2
