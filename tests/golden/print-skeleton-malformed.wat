;;! weft print --skeleton -o /dev/stdout
(module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\06\01" "\04\01\01\fd\0b")
;; The type of its local is malformed, which is in its body.
;;= (module
;;=   (type (;0;) (func))
;;=   (func (;0;) (type 0) (;4 bytes;) unreachable)
;;= )
