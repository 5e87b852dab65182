;;! weft validate
;; A custom section whose name is no UTF-8.
(module binary
  "\00asm" "\01\00\00\00"
  "\00\03\02\c3\28")
;;2 malformed_utf8.wat:5:3: malformed UTF-8 encoding: in a name
;;2       "\00\03\02\c3\28")
;;2       ^
;;status 1
