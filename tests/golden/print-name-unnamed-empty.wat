;;! weft print --name-unnamed
(module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\09\01\07\00\02\40\0c\00\0b\0b"
  "\00\12\04name" "\01\04\01\00\01f" "\03\05\01\00\01\00\00")
;; The label's name is empty, which no identifier is.
;;= (module
;;=   (type $type0 (;0;) (func))
;;=   (func $f (;0;) (type $type0)
;;=     block $label0
;;=       br $label0
;;=     end
;;=   )
;;= )
