;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\09\04\01\08\00\00")
;;2 malformed_element_segment.wat:4:3: malformed elements segment kind: 8
;;2       "\09\04\01\08\00\00")
;;2       ^
;;status 1
