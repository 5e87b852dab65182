;;! weft validate %
(module (global $calls (mut i32) (i32.const 0))
  (func (set_global $calls (i32.const 1))))
;;2 old-names.wat:3:10: unknown operator: "set_global" is no instruction any more; it is called "global.set" now
;;2       (func (set_global $calls (i32.const 1))))
;;2              ^
;;status 1
