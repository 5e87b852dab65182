;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\01\04\01\60\00\00"
  "\03\02\01\00"
  "\05\03\01\00\01"
  "\0a\0b\01\09\00A\00\28\80\01\00\1a\0b")
;;2 malformed_memop_flags.wat:7:3: func 0: malformed memop flags: 0x80
;;2       "\0a\0b\01\09\00A\00\28\80\01\00\1a\0b")
;;2       ^
;;status 1
