;;! weft inspect --types
;; What cannot be read is left out, and what names nothing counts nowhere.
(module binary
  "\00asm\01\00\00\00" "\01\0c\02" "\5f\02\7f\00\77\01" "\60\01\63\00\00"
  "\03\02\01\01" "\0a\18\01\16" "\02\03\63\00\01\63\70"
  "\fb\01\00" "\fb\01\09" "\fb\02\00\05" "\d0\00" "\1a" "\ff" "\0b")
;;= types: 2 in 2 recursion groups, 1 structures, 1 functions
;;=   0 struct, 16 bytes; types 1, locals 3, made 1, read 1, other 1
;;=     .0 at 4: i32
;;=     .1 at 8: (mut i16)
;;=   1 func (param (ref null 0)); functions 1
