;;! weft validate
;; An empty list of types, and a byte.
(module binary
  "\00asm" "\01\00\00\00"
  "\01\02\00\00")
;;2 section_size_mismatch.wat:5:3: section size mismatch: section 1 has 1 bytes left over
;;2       "\01\02\00\00")
;;2       ^
;;status 1
