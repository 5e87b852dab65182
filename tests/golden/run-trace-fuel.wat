;;! weft run --tier=opt --features=stack-switching --fuel 1000 --trace=opt --invoke f % 20
;; Where continuations may be switched, and that is paid for, all is left to the baseline.
(module (func $triple (export "f") (param i32) (result i32)
  (i32.add (i32.add (local.get 0) (local.get 0)) (local.get 0))))
;;= 60
;;2 func 0 "triple": left to the baseline: fuel is counted, and continuations may be switched
