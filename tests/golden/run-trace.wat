;;! weft run --features=+stack-switching --tier=opt --trace=opt --invoke f % 20
;; What is left to the baseline says why.
(module
  (type $f (func)) (type $c (cont $f)) (elem declare func $g)
  (func $g (type $f))
  (func $starts (resume $c (cont.new $c (ref.func $g))))
  (func (export "f") (param i32) (result i32) (call $starts) (i32.add (local.get 0) (i32.const 0))))
;;= 20
