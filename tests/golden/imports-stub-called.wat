;;! weft run --stub-imports %
(module
  (import "env" "log" (func $log (param i32) (result i32)))
  (func (export "_start") (drop (call $log (i32.const 9)))))
;;2 imports-stub-called.wat: trap: host function failed: nothing defines "env" "log", which was to be called
;;2     0: 0x37 _start
;;status 134
