;;! weft run --func-rename a=resume --func-rename b=resume --init init -o - %
(module
  (func (export "init"))
  (func (export "resume"))
  (func (export "other")))
;;2 error: run-init-rename-twice.wat: --func-rename: "resume" is to be renamed twice
;;status 1
