;;! weft bisect --tier=baseline --invoke f % 1
;; How deep it gets depends on what a call of $f puts on the stack.
(module
  (func $ends (param i32) (result i32) (local.get 0))
  (func $f (export "f") (param i32) (result i32) (call $f (call $ends (local.get 0)))))
;;= bisect-tier.wat:0x20: func 0 "ends" makes the difference, alone; found in 5 runs
;;= without --tier=baseline: status 134; line 52 is     ... and 262093 more
;;= with --tier=baseline: status 134; line 52 is     ... and 524232 more
