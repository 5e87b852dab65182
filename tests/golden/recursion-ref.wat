;;! weft run --invoke f %
;; Hazards: R19.
(module
  (type $t (func))
  (elem declare func $f)
  (func $f (type $t) (call_ref $t (ref.func $f)) (call_ref $t (ref.func $f)))
  (func (export "f") (call $f)))
;;2 recursion-ref.wat: trap: call stack exhausted: stack_bytes of the store are used up: the limit is 8388608
;;2     0: 0x25 f
;;2     1: 0x28 f
;;2     2: 0x28 f
;;2     3: 0x28 f
;;2     4: 0x28 f
;;2     5: 0x28 f
;;2     6: 0x28 f
;;2     7: 0x28 f
;;2     8: 0x28 f
;;2     9: 0x28 f
;;2    10: 0x28 f
;;2    11: 0x28 f
;;2    12: 0x28 f
;;2    13: 0x28 f
;;2    14: 0x28 f
;;2    15: 0x28 f
;;2    16: 0x28 f
;;2    17: 0x28 f
;;2    18: 0x28 f
;;2    19: 0x28 f
;;2    20: 0x28 f
;;2    21: 0x28 f
;;2    22: 0x28 f
;;2    23: 0x28 f
;;2    24: 0x28 f
;;2    25: 0x28 f
;;2    26: 0x28 f
;;2    27: 0x28 f
;;2    28: 0x28 f
;;2    29: 0x28 f
;;2    30: 0x28 f
;;2    31: 0x28 f
;;2    32: 0x28 f
;;2    33: 0x28 f
;;2    34: 0x28 f
;;2    35: 0x28 f
;;2    36: 0x28 f
;;2    37: 0x28 f
;;2    38: 0x28 f
;;2    39: 0x28 f
;;2    40: 0x28 f
;;2    41: 0x28 f
;;2    42: 0x28 f
;;2    43: 0x28 f
;;2    44: 0x28 f
;;2    45: 0x28 f
;;2    46: 0x28 f
;;2    47: 0x28 f
;;2    48: 0x28 f
;;2    49: 0x28 f
;;2     ... and 349474 more
;;status 134
