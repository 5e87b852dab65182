;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\01\04\01\60\00\00"
  "\03\02\01\00"
  "\0a\08\01\06\01\d1\86\03\7f\0b")
;;2 limit_locals.wat:6:3: func 0: more than 50,000 locals: 50001
;;2       "\0a\08\01\06\01\d1\86\03\7f\0b")
;;2       ^
;;status 1
