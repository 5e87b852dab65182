;;! weft run --tier=spec --invoke f
(module
  (tag $e (param i32 externref))
  (func $g (throw $e (i32.const 7) (ref.null extern)))
  (func $f (export "f") (call $g)))
;;2 run-spec-thrown.wat: trap: uncaught exception: tag 0 (7, null)
;;2     0: 0x2d g
;;2     1: 0x32 f
;;status 134
