;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\7f\00")
;;2 malformed_section_id.wat:4:3: malformed section id: 127
;;2       "\7f\00")
;;2       ^
;;status 1
