;;! weft opt --only data % -o -
;;| weft print -
;; What was in the memory before is not known: zeros are written.

(module
  (import "m" "m" (memory 1))
  (data (i32.const 8) "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00ab"))
;;= (module
;;=   (import "m" "m" (memory (;0;) 1))
;;=   (data (;0;) (i32.const 8) "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00ab")
;;= )
