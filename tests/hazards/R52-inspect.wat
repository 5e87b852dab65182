;;! weft inspect
;; Nothing that a name says reaches the terminal as an order: ESC, CSI as one character, a turn of direction.
(module
  (import "e\1b[31m" "\c2\9b31m" (func))
  (func (export "\e2\80\ae\"g\00\7f\n"))
  (@custom "\1b]0;title\07" "x"))
;;= R52-inspect.wat: text, as binary 70 bytes
;;=
;;= sections      offset        size   items
;;=   type            0x8           6       1
;;=   import          0xe          18       1
;;=   function       0x20           4       1
;;=   export         0x24          14       1
;;=   code           0x32           6       1
;;=   custom         0x38          14         "\u{1b}]0;title\u{7}"
;;=
;;= types: 1
;;=   0 (func)
;;=
;;= imports: 1
;;=   import "e\u{1b}[31m" "\u{9b}31m" (func)
;;=
;;= exports: 1
;;=   export "\u{202e}\"g\u{0}\u{7f}\n" (func)
;;=
;;= code: 2 bytes in 1 functions, 1 more imported
;;=         2  func 1 "\u{202e}\"g\u{0}\u{7f}\n"
;;=
;;= features needed: none beyond WebAssembly 1.0
