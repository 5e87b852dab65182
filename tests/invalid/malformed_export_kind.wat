;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\07\05\01\01f\09\00")
;;2 malformed_export_kind.wat:4:3: malformed export kind: 0x09
;;2       "\07\05\01\01f\09\00")
;;2       ^
;;status 1
