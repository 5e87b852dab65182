;;! weft run --init init -o - %
(module (memory 1) (func $f unreachable) (func (export "init") (call $f)))
;;2 run-init-trap.wat: trap: unreachable
;;2     0: 0x27 f
;;2     1: 0x2b init
;;status 134
