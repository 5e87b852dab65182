;;! weft validate
;; The header is cut.
(module binary
  "\00asm\01\00")
;;2 unexpected_end.wat:4:3: unexpected end: more bytes are needed than there are
;;2       "\00asm\01\00")
;;2       ^
;;status 1
