;;! weft validate
;; 2^32 of them.
(module binary
  "\00asm" "\01\00\00\00"
  "\01\04\01\60\00\00"
  "\03\02\01\00"
  "\0a\0c\01\0a\02\ff\ff\ff\ff\0f\7f\01\7f\0b")
;;2 too_many_locals.wat:7:3: func 0: too many locals: more than 2^32-1
;;2       "\0a\0c\01\0a\02\ff\ff\ff\ff\0f\7f\01\7f\0b")
;;2       ^
;;status 1
