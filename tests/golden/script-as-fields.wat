;;! weft validate %
(assert_return (invoke "f"))
;;2 script-as-fields.wat:2:1: unexpected token: this is a script; `weft wast` runs scripts
;;2     (assert_return (invoke "f"))
;;2     ^
;;status 1
