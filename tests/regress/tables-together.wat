;;! weft run --invoke grow % 1
;; What a store's tables may hold together: four as large as one may be.
(module
  (func $f)
  (table $a 10000000 (ref func) (ref.func $f))
  (table $b 10000000 funcref)
  (table $c 10000000 funcref)
  (table $d 9999999 10000000 funcref)
  (func (export "grow") (param i32) (result i32 i32)
    (table.grow $d (ref.null func) (local.get 0))
    (table.grow $d (ref.null func) (local.get 0))))
;;= 9999999
;;= -1
