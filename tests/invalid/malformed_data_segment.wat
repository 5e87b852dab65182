;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\0b\03\01\03\00")
;;2 malformed_data_segment.wat:4:3: malformed data segment kind: 3
;;2       "\0b\03\01\03\00")
;;2       ^
;;status 1
