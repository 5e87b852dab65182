;;! weft run --init init -o - --invoke init %
(module (func (export "init")))
;;2 error: --init FUNC and --invoke NAME each say what is called
;;status 2
