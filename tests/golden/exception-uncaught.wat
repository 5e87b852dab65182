;;! weft run --invoke f %
(module
  (tag $other) (tag $e (param i32 f64 externref))
  (func $g (param i32) (throw $e (local.get 0) (f64.const -2.5) (ref.null extern)))
  (func (export "f") (try_table (catch $other 0) (call $g (i32.const 7)))))
;;2 exception-uncaught.wat: trap: uncaught exception: tag 1 (7, -2.5, null)
;;2     0: 0x3d g
;;2     1: 0x4a f
;;status 134
