;;! weft wast %
;; What stands for (offset ...) or (item ...) is one instruction, and its operands stand in parentheses of their own.
(module (table 2 funcref) (elem (i32.add (i32.const 0) (i32.const 1)) $f) (func $f))
(assert_malformed
  (module quote "(table 2 funcref) (elem (i32.add i32.const 0 i32.const 1) $f) (func $f)")
  "unexpected token")
(assert_malformed
  (module quote "(table 2 funcref) (elem (i32.const 0) funcref (ref.null func ref.null func drop))")
  "unexpected token")
(assert_malformed
  (module quote "(memory 1) (data (i32.const 0 nop) \"\")")
  "unexpected token")
(assert_malformed
  (module quote "(memory 1) (data (offset (i32.add (i32.const 0) (i32.const 1))) (i32.const 0))")
  "unexpected token")
;;= 5 passed, 0 failed
