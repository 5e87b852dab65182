;;! weft validate
;; A table of i32.
(module binary
  "\00asm" "\01\00\00\00"
  "\04\04\01\7f\00\01")
;;2 malformed_reference_type.wat:5:3: malformed reference type: 0x7f
;;2       "\04\04\01\7f\00\01")
;;2       ^
;;status 1
