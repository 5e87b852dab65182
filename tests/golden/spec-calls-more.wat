;;! weft run --features=+stack-switching --tier=spec --invoke f %
;; How many calls more are going on, where some were taken off in a suspension and put on again.
(module
  (type $f (func (param i32))) (type $c (cont $f)) (type $rest (func)) (type $k (cont $rest))
  (tag $pause)
  (elem declare func $deep)
  (func $deep (param i32)
    (if (local.get 0) (then (call $deep (i32.sub (local.get 0) (i32.const 1))))
      (else (suspend $pause) (unreachable))))
  (func (export "f")
    (block $h (result (ref $k))
      (resume $c (on $pause $h) (i32.const 60) (cont.new $c (ref.func $deep)))
      (return))
    (resume $k)))
;;2 spec-calls-more.wat: trap: unreachable
;;2     0: 0x41 deep
;;2     1: 0x3c deep
;;2     2: 0x3c deep
;;2     3: 0x3c deep
;;2     4: 0x3c deep
;;2     5: 0x3c deep
;;2     6: 0x3c deep
;;2     7: 0x3c deep
;;2     8: 0x3c deep
;;2     9: 0x3c deep
;;2    10: 0x3c deep
;;2    11: 0x3c deep
;;2    12: 0x3c deep
;;2    13: 0x3c deep
;;2    14: 0x3c deep
;;2    15: 0x3c deep
;;2    16: 0x3c deep
;;2    17: 0x3c deep
;;2    18: 0x3c deep
;;2    19: 0x3c deep
;;2    20: 0x3c deep
;;2    21: 0x3c deep
;;2    22: 0x3c deep
;;2    23: 0x3c deep
;;2    24: 0x3c deep
;;2    25: 0x3c deep
;;2    26: 0x3c deep
;;2    27: 0x3c deep
;;2    28: 0x3c deep
;;2    29: 0x3c deep
;;2    30: 0x3c deep
;;2    31: 0x3c deep
;;2    32: 0x3c deep
;;2    33: 0x3c deep
;;2    34: 0x3c deep
;;2    35: 0x3c deep
;;2    36: 0x3c deep
;;2    37: 0x3c deep
;;2    38: 0x3c deep
;;2    39: 0x3c deep
;;2    40: 0x3c deep
;;2    41: 0x3c deep
;;2    42: 0x3c deep
;;2    43: 0x3c deep
;;2    44: 0x3c deep
;;2    45: 0x3c deep
;;2    46: 0x3c deep
;;2    47: 0x3c deep
;;2    48: 0x3c deep
;;2    49: 0x3c deep
;;2     ... and 12 more
;;status 134
