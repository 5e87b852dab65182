;;! weft inspect --section keep.me --raw
;; What is not valid may be looked at.
(module
  (@custom "keep.me" "bytes\n")
  (func (result i32)))
;;= bytes
;;2 inspect-section-invalid.wat:5:21: func 0: type mismatch: end expected i32 for operand 1, found nothing
;;2       (func (result i32)))
;;2                         ^
;;status 1
