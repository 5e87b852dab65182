;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\01\03\01\10\00")
;;2 malformed_definition_type.wat:4:3: malformed definition type: 0x10
;;2       "\01\03\01\10\00")
;;2       ^
;;status 1
