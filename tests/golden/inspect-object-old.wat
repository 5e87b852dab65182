;;! weft inspect
(module
  (@custom "linking" "\01abc"))
;;= inspect-object-old.wat: text, as binary 22 bytes
;;=
;;= sections      offset        size   items
;;=   custom          0x8          14         "linking"
;;=
;;= code: 0 bytes in 0 functions, 0 more imported
;;=
;;= features needed: none beyond WebAssembly 1.0
;;=
;;= symbols: 0
;;=
;;= malformed
;;=   custom section "linking" at 0x13: malformed custom section: version 1
