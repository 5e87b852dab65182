;;! weft validate
;; A type that goes on behind its section.
(module binary
  "\00asm" "\01\00\00\00"
  "\01\02\01\60")
;;2 unexpected_end_of_section.wat:5:3: unexpected end of section or function: 1 items cannot be in 1 bytes
;;2       "\01\02\01\60")
;;2       ^
;;status 1
