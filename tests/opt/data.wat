;;! weft opt --only data % -o -
;;| weft print -
;; Zeros go, what touches is joined, and of two on top of each other the later holds.

(module
  (memory $m (export "m") 1) (memory $n (export "n") 1)
  (data (i32.const 0) "\00\00ab\00")
  (data (i32.const 100) "12345678")
  (data (i32.const 96) "xxxx")
  (data (i32.const 102) "!!")
  (data (i32.const 200) "left\00\00\00\00\00\00\00\00\00\00\00\00right\00\00and\00")
  (data (i32.const 300) "\00\00\00")
  (data (memory $n) (i32.const 65533) "end"))
;;= (module
;;=   (memory $m (;0;) (export "m") 1)
;;=   (memory $n (;1;) (export "n") 1)
;;=   (data (;0;) (memory $n) (i32.const 65533) "end")
;;=   (data (;1;) (i32.const 2) "ab")
;;=   (data (;2;) (i32.const 96) "xxxx12!!5678")
;;=   (data (;3;) (i32.const 200) "left")
;;=   (data (;4;) (i32.const 216) "right\00\00and")
;;= )
