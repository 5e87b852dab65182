;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\01\04\01\60\00\00"
  "\03\02\01\00")
;;2 inconsistent_code_count.wat:5:3: function and code section have inconsistent lengths: 1 functions, no bodies
;;2       "\03\02\01\00")
;;2       ^
;;status 1
