;;! weft validate
;; A code in two bytes.
(module binary
  "\00asm" "\01\00\00\00"
  "\01\04\01\60\00\00"
  "\03\02\01\00"
  "\0a\08\01\06\00\02\ff\7f\0b\0b")
;;2 malformed_block_type.wat:7:3: func 0: malformed block type: ff
;;2       "\0a\08\01\06\00\02\ff\7f\0b\0b")
;;2       ^
;;status 1
