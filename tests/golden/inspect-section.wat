;;! weft inspect --section keep.me
;; Two of the same name, one of them empty.
(module
  (@custom "keep.me" (after func) "\00\01abc\7f\80\ff0123456789")
  (@custom "keep.me" "")
  (@custom "other" "x")
  (func))
;;= custom section "keep.me": at 0x12, 18 bytes from 0x1c
;;=       0x1c  00 01 61 62 63 7f 80 ff  30 31 32 33 34 35 36 37  ..abc...01234567
;;=       0x2c  38 39                                             89
;;= custom section "keep.me": at 0x34, 0 bytes from 0x3e
