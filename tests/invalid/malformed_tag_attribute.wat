;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\01\04\01\60\00\00"
  "\0d\03\01\01\00")
;;2 malformed_tag_attribute.wat:5:3: malformed tag attribute: 0x01
;;2       "\0d\03\01\01\00")
;;2       ^
;;status 1
