;;! weft validate
;; A size of 33 bits.
(module binary
  "\00asm" "\01\00\00\00"
  "\01\ff\ff\ff\ff\1f")
;;2 integer_too_large.wat:5:3: integer too large: of 32 bits
;;2       "\01\ff\ff\ff\ff\1f")
;;2       ^
;;status 1
