;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\02\07\01\01m\01f\09\00")
;;2 malformed_import_kind.wat:4:3: malformed import kind: 0x09
;;2       "\02\07\01\01m\01f\09\00")
;;2       ^
;;status 1
