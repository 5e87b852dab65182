;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\01\05\01\60\01\10\00")
;;2 malformed_value_type.wat:4:3: malformed value type: 0x10
;;2       "\01\05\01\60\01\10\00")
;;2       ^
;;status 1
