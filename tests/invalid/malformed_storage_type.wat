;;! weft validate
;; An array.
(module binary
  "\00asm" "\01\00\00\00"
  "\01\04\01\5e\10\00")
;;2 malformed_storage_type.wat:5:3: malformed storage type: 0x10
;;2       "\01\04\01\5e\10\00")
;;2       ^
;;status 1
