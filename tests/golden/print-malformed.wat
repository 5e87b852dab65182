;;! weft print %
(module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\03\02\00\00" "\0a\08\02" "\02\00\0b" "\03\00\f1\0b")
;;= (module
;;=   (type (;0;) (func))
;;=   (func (;0;) (type 0)
;;=   )
;;=   (func (;1;) (type 0)
;;2 print-malformed.wat:0x1b: func 1: illegal opcode: 0xf1
;;status 1
