;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\01\04\01\60\00\00"
  "\03\02\01\00"
  "\0a\0a\01\08\00\1f\40\01\04\00\0b\0b")
;;2 malformed_catch.wat:6:3: func 0: malformed catch clause: 04
;;2       "\0a\0a\01\08\00\1f\40\01\04\00\0b\0b")
;;2       ^
;;status 1
