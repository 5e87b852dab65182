;;! weft run --invoke f %
;; Hazards: R19.
(module
  (table funcref (elem $f))
  (type $t (func (param i64) (result i64)))
  (func $f (type $t) (i64.add (local.get 0) (call_indirect (type $t) (local.get 0) (i32.const 0))))
  (func (export "f") (drop (call $f (i64.const 1)))))
;;2 recursion-indirect.wat: trap: call stack exhausted: stack_bytes of the store are used up: the limit is 8388608
;;2     0: 0x33 f
;;2     1: 0x3a f
;;2     2: 0x3a f
;;2     3: 0x3a f
;;2     4: 0x3a f
;;2     5: 0x3a f
;;2     6: 0x3a f
;;2     7: 0x3a f
;;2     8: 0x3a f
;;2     9: 0x3a f
;;2    10: 0x3a f
;;2    11: 0x3a f
;;2    12: 0x3a f
;;2    13: 0x3a f
;;2    14: 0x3a f
;;2    15: 0x3a f
;;2    16: 0x3a f
;;2    17: 0x3a f
;;2    18: 0x3a f
;;2    19: 0x3a f
;;2    20: 0x3a f
;;2    21: 0x3a f
;;2    22: 0x3a f
;;2    23: 0x3a f
;;2    24: 0x3a f
;;2    25: 0x3a f
;;2    26: 0x3a f
;;2    27: 0x3a f
;;2    28: 0x3a f
;;2    29: 0x3a f
;;2    30: 0x3a f
;;2    31: 0x3a f
;;2    32: 0x3a f
;;2    33: 0x3a f
;;2    34: 0x3a f
;;2    35: 0x3a f
;;2    36: 0x3a f
;;2    37: 0x3a f
;;2    38: 0x3a f
;;2    39: 0x3a f
;;2    40: 0x3a f
;;2    41: 0x3a f
;;2    42: 0x3a f
;;2    43: 0x3a f
;;2    44: 0x3a f
;;2    45: 0x3a f
;;2    46: 0x3a f
;;2    47: 0x3a f
;;2    48: 0x3a f
;;2    49: 0x3a f
;;2     ... and 209665 more
;;status 134
