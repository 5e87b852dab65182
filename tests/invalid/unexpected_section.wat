;;! weft validate
;; Functions stand before types.
(module binary
  "\00asm" "\01\00\00\00"
  "\03\02\01\00"
  "\01\04\01\60\00\00")
;;2 unexpected_section.wat:6:3: unexpected content after last section: section 1 after section 3
;;2       "\01\04\01\60\00\00")
;;2       ^
;;status 1
