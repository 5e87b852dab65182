;;! weft opt --only data % -o -
;;| weft print -
;; Where one segment may trap, or is anywhere, the order counts, and all stay.

(module
  (import "m" "g" (global $g i32))
  (memory (export "m") 1)
  (data (i32.const 8) "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00ab")
  (data (global.get $g) "anywhere"))
;;= (module
;;=   (import "m" "g" (global $g (;0;) i32))
;;=   (memory (;0;) (export "m") 1)
;;=   (data (;0;) (i32.const 8) "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00ab")
;;=   (data (;1;) (global.get $g) "anywhere")
;;= )
