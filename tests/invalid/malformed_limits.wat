;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\05\03\01\40\01")
;;2 malformed_limits.wat:4:3: malformed limits flags: 0x40
;;2       "\05\03\01\40\01")
;;2       ^
;;status 1
