;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\01\07\02\60\00\00\5e\7f\00"
  "\03\02\01\00"
  "\0a\0a\01\08\00\fb\08\01\91N\1a\0b")
;;2 limit_array_new_fixed.wat:6:3: func 0: more than 10,000 operands of array.new_fixed: 10001
;;2       "\0a\0a\01\08\00\fb\08\01\91N\1a\0b")
;;2       ^
;;status 1
