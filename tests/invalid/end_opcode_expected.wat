;;! weft validate
;; An else outside of an if.
(module binary
  "\00asm" "\01\00\00\00"
  "\01\04\01\60\00\00"
  "\03\02\01\00"
  "\0a\05\01\03\00\05\0b")
;;2 end_opcode_expected.wat:7:3: func 0: END opcode expected: else is not in an if
;;2       "\0a\05\01\03\00\05\0b")
;;2       ^
;;status 1
