;;! weft inspect
;; Producers and names that are cut: what was read before is shown.
(module binary
  "\00asm" "\01\00\00\00"
  "\00\24\09producers\02\08language\01\03C11\00\08language\ff"
  "\00\0d\04name" "\01\06\02\00\01a\01\80")
;;= R54-inspect.wat: text, as binary 61 bytes
;;=
;;= sections      offset        size   items
;;=   custom          0x8          38         "producers"
;;=   custom         0x2e          15         "name"
;;=
;;= code: 0 bytes in 0 functions, 0 more imported
;;=
;;= names: 1 functions
;;=
;;= producers
;;=   "language" "C11" ""
;;=
;;= features needed: none beyond WebAssembly 1.0
;;=
;;= malformed
;;=   custom section "producers" at 0x2e: unexpected end of section or function: more bytes are needed than there are
