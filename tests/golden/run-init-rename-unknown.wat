;;! weft run --func-rename _start=resumed --init init -o - %
(module
  (func (export "init"))
  (func (export "resume"))
  (func (export "other")))
;;2 error: run-init-rename-unknown.wat: --func-rename: there is no exported function "resumed" to be renamed
;;status 1
