;; Branch hints: well-formed ones are read; what stands in vain, or is none, is refused when it was written as one.
(module
  (func (param i32) (block (@metadata.code.branch_hint "\01") (br_if 0 (local.get 0)))
    (@metadata.code.branch_hint "\00") (if (local.get 0) (then))))
(assert_malformed_custom (module quote "(func (@metadata.code.branch_hint \"\\02\") (if (i32.const 0) (then)))") "")
(assert_invalid_custom (module quote "(func (@metadata.code.branch_hint \"\\00\") (nop))") "")
