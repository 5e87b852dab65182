;;! weft print %
;; Custom sections keep their places; hints go to their instructions.
(module
  (@custom "first" (before first) "one")
  (@custom "after" (after func) "\00\01\ff" "two")
  (@custom "target_features" "three")
  (@custom "game" "as long as name")
  (@custom "" (before code) "")
  (func (param i32)
    (@metadata.code.branch_hint "\00") (if (local.get 0) (then nop))
    (block local.get 0 (@metadata.code.branch_hint "\01") br_if 0))
  (func $named nop))
;;= (module
;;=   (@custom "first" (before first) "one")
;;=   (type (;0;) (func (param i32)))
;;=   (type (;1;) (func))
;;=   (@custom "after" (after func) "\00\01\fftwo")
;;=   (@custom "" (after func) "")
;;=   (func (;0;) (type 0) (param i32)
;;=     local.get 0
;;=     (@metadata.code.branch_hint "\00") if (;L1;)
;;=       nop
;;=     end
;;=     block (;L1;)
;;=       local.get 0
;;=       (@metadata.code.branch_hint "\01") br_if 0 (;L1;)
;;=     end
;;=   )
;;=   (func $named (;1;) (type 1)
;;=     nop
;;=   )
;;=   (@custom "target_features" "three")
;;=   (@custom "game" "as long as name")
;;= )
