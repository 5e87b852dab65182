;;! weft validate
;; A section of 16 bytes, of which one is there.
(module binary
  "\00asm" "\01\00\00\00"
  "\01\10\00")
;;2 length_out_of_bounds.wat:5:3: length out of bounds: a section of 16 bytes
;;2       "\01\10\00")
;;2       ^
;;status 1
