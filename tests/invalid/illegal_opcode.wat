;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\01\04\01\60\00\00"
  "\03\02\01\00"
  "\0a\05\01\03\00\ff\0b")
;;2 illegal_opcode.wat:6:3: func 0: illegal opcode ff
;;2       "\0a\05\01\03\00\ff\0b")
;;2       ^
;;status 1
