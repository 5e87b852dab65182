;;! weft print %
;; What is at no instruction, or in another order than the assembler's, stays bytes; so does a dylink.0 that is not first.
(module
  (@custom "first" (before first) "")
  (@custom "dylink.0" (before first) "\01\04\00\00\00\00")
  (@custom "metadata.code.a" (before code) "\01\00\01\03\01x")
  (func nop nop))
;;= (module
;;=   (@custom "first" (before first) "")
;;=   (@custom "dylink.0" (before first) "\01\04\00\00\00\00")
;;=   (type (;0;) (func))
;;=   (@custom "metadata.code.a" (after func) "\01\00\01\03\01x")
;;=   (func (;0;) (type 0)
;;=     nop
;;=     nop
;;=   )
;;= )
