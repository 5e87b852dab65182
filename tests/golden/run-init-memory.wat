;;! weft run --init init -o - %
(module
  (import "env" "memory" (memory 1 1 shared))
  (func (export "init") (i32.store (i32.const 0) (i32.const 1))))
;;2 error: run-init-memory.wat: cannot be written with its state: it imports the memory "env" "memory", and what is in that is not its own
;;status 1
