;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\0c\01\02"
  "\0b\04\01\01\01a")
;;2 inconsistent_data_count.wat:5:3: data count and data section have inconsistent lengths: 2 announced, 1 found
;;2       "\0b\04\01\01\01a")
;;2       ^
;;status 1
