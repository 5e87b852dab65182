;;! weft inspect --section=keep.me --raw
(module
  (@custom "keep.me" (after func) "some ")
  (@custom "other" "x")
  (@custom "keep.me" "bytes")
  (func))
;;= some bytes
