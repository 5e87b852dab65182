;;! weft run --invoke f %
;; Functions of a table that nobody has called yet are told by their numbers.
(module (table 3 funcref) (elem (i32.const 0) func $a $b $f)
  (func $a) (func $b)
  (func $f (export "f") (result funcref funcref funcref)
    (table.get (i32.const 2)) (table.get (i32.const 1)) (table.get (i32.const 0))))
;;= (ref func) 2
;;= (ref func) 1
;;= (ref func) 0
