;;! weft run --snapshot-at 3000 --fuel 40000 --deterministic -o - --invoke work % 60
;;| weft snapshot -
(module
  (type $list (array (mut i32)))
  (memory 1 3) (memory 2) (table 3 9 funcref) (table 1 externref)
  (global $kept (mut (ref null $list)) (ref.null $list))
  (elem (i32.const 1) $loop $loop)
  (func $loop (param i32) (result i32) (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (i32.const 7))
  (func $in (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (call $in (i32.sub (local.get 0) (i32.const 1))))
      (else (call_indirect 0 (param i32) (result i32) (i32.const 1000) (i32.const 1)))))
  (func (export "work") (param i32) (result i32)
    (drop (memory.grow (i32.const 1)))
    (i32.store (i32.const 70000) (i32.const 9))
    (global.set $kept (array.new_default $list (i32.const 50)))
    (call $in (local.get 0))))
;;= version 3, deterministic, 5258 bytes
;;= fuel: 36998 left
;;= module 0: 190 bytes, SHA-256 8d9e2f121b9f4f2e481cb514450b2c14d0efe3f6b9bdbbbe008d20231a3c15ed
;;= instance 0 of module 0
;;=   memory 0: 2 pages of 65536 bytes
;;=   memory 1: 2 pages of 65536 bytes
;;=   table 0: 3 entries, 2 of them not null
;;=   table 1: 1 entries, 0 of them not null
;;= 1 objects, 208 bytes
;;= WASI: 54 bytes
;;= a call that was stopped (paused):
;;=     0: 0x4d of module 0, function 0 loop
;;=     1: 0x6f of module 0, function 1 in
;;=     2: 0x67 of module 0, function 1 in
;;=     3: 0x67 of module 0, function 1 in
;;=     4: 0x67 of module 0, function 1 in
;;=     5: 0x67 of module 0, function 1 in
;;=     6: 0x67 of module 0, function 1 in
;;=     7: 0x67 of module 0, function 1 in
;;=     8: 0x67 of module 0, function 1 in
;;=     9: 0x67 of module 0, function 1 in
;;=    10: 0x67 of module 0, function 1 in
;;=    11: 0x67 of module 0, function 1 in
;;=    12: 0x67 of module 0, function 1 in
;;=    13: 0x67 of module 0, function 1 in
;;=    14: 0x67 of module 0, function 1 in
;;=    15: 0x67 of module 0, function 1 in
;;=    16: 0x67 of module 0, function 1 in
;;=    17: 0x67 of module 0, function 1 in
;;=    18: 0x67 of module 0, function 1 in
;;=    19: 0x67 of module 0, function 1 in
;;=    20: 0x67 of module 0, function 1 in
;;=    21: 0x67 of module 0, function 1 in
;;=    22: 0x67 of module 0, function 1 in
;;=    23: 0x67 of module 0, function 1 in
;;=    24: 0x67 of module 0, function 1 in
;;=    25: 0x67 of module 0, function 1 in
;;=    26: 0x67 of module 0, function 1 in
;;=    27: 0x67 of module 0, function 1 in
;;=    28: 0x67 of module 0, function 1 in
;;=    29: 0x67 of module 0, function 1 in
;;=    30: 0x67 of module 0, function 1 in
;;=    31: 0x67 of module 0, function 1 in
;;=    32: 0x67 of module 0, function 1 in
;;=    33: 0x67 of module 0, function 1 in
;;=    34: 0x67 of module 0, function 1 in
;;=    35: 0x67 of module 0, function 1 in
;;=    36: 0x67 of module 0, function 1 in
;;=    37: 0x67 of module 0, function 1 in
;;=    38: 0x67 of module 0, function 1 in
;;=    39: 0x67 of module 0, function 1 in
;;=    40: 0x67 of module 0, function 1 in
;;=    41: 0x67 of module 0, function 1 in
;;=    42: 0x67 of module 0, function 1 in
;;=    43: 0x67 of module 0, function 1 in
;;=    44: 0x67 of module 0, function 1 in
;;=    45: 0x67 of module 0, function 1 in
;;=    46: 0x67 of module 0, function 1 in
;;=    47: 0x67 of module 0, function 1 in
;;=    48: 0x67 of module 0, function 1 in
;;=    49: 0x67 of module 0, function 1 in
;;=   and 13 more
