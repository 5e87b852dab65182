;;! weft run --func-rename go=init --init init -o - %
(module
  (func (export "init"))
  (func (export "resume"))
  (func (export "other")))
;;2 error: run-init-rename-init.wat: --func-rename: "init" is to be renamed, and goes because it has run
;;status 1
