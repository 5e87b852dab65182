;;! weft validate
(module binary
  "\00asm" "\01\00\00\00"
  "\06\06\01\7f\02A\00\0b")
;;2 malformed_mutability.wat:4:3: malformed mutability: 0x02
;;2       "\06\06\01\7f\02A\00\0b")
;;2       ^
;;status 1
