;;! weft validate
;; br_on_cast with flags 4.
(module binary
  "\00asm" "\01\00\00\00"
  "\01\04\01\60\00\00"
  "\03\02\01\00"
  "\0a\10\01\0e\00\02\40\d0n\fb\18\04\00nn\1a\0b\0b")
;;2 malformed_cast_flags.wat:7:3: func 0: malformed br_on_cast flags: 04
;;2       "\0a\10\01\0e\00\02\40\d0n\fb\18\04\00nn\1a\0b\0b")
;;2       ^
;;status 1
