;;! weft validate
;; A table with an initial value begins with 40 00.
(module binary
  "\00asm" "\01\00\00\00"
  "\04\09\01\40\01p\00\01\d0p\0b")
;;2 zero_byte_expected.wat:5:3: zero byte expected: 01
;;2       "\04\09\01\40\01p\00\01\d0p\0b")
;;2       ^
;;status 1
