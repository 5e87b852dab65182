;;! weft validate
;; A size in six bytes.
(module binary
  "\00asm" "\01\00\00\00"
  "\01\80\80\80\80\80\00")
;;2 integer_too_long.wat:5:3: integer representation too long: it goes on after 32 bits
;;2       "\01\80\80\80\80\80\00")
;;2       ^
;;status 1
