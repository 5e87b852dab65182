;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\04\05\01c\40\00\01")
;;2 malformed_heap_type.wat:4:3: malformed heap type: 0x40
;;2       "\04\05\01c\40\00\01")
;;2       ^
;;status 1
