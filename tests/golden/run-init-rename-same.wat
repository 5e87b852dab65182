;;! weft run --func-rename a=resume --func-rename a=other --init init -o - %
(module
  (func (export "init"))
  (func (export "resume"))
  (func (export "other")))
;;2 error: run-init-rename-same.wat: --func-rename: two exports would be called "a"
;;status 1
