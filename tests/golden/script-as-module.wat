;;! weft parse % -o -
(module (func (export "f")))
(assert_return (invoke "f"))
;;2 script-as-module.wat:3:1: unexpected token: this is a script; `weft wast` runs scripts
;;2     (assert_return (invoke "f"))
;;2     ^
;;status 1
