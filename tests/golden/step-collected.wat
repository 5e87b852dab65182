;;! weft step --max-heap 1K --only "rule Step/struct.*" --from 120 --invoke f % 12
;; What is made in the place of what is gone is new.
(module
  (type $s (struct (field (mut i32)) (field (mut i32)) (field (mut i32)) (field (mut i32))))
  (func (export "f") (param $n i32) (local $s (ref null $s))
    (loop $again
      (local.set $s (struct.new $s (local.get $n) (i32.const 2) (i32.const 3) (i32.const 4)))
      (struct.set $s 0 (local.get $s) (local.get $n))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
;;= 121 "f" 0x36: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 3) (i32.const 2) (i32.const 3) (i32.const 4) >>(struct.new 0)<< (local.set 1) (local.get 1) (local.get 0) ...)) ...  ~> Step/struct.new  -- a is new in STRUCTS: (ref.struct 4)  STRUCTS[4].FIELDS[0 : 4] -> (i32.const 3) (i32.const 2) (i32.const 3) (i32.const 4)
;;= 125 "f" 0x3f: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (ref.struct 4) (i32.const 3) >>(struct.set 0 0)<< (local.get 0) (i32.const 1) i32.sub ...)) ...  ~> Step/struct.set-struct  -- STRUCTS[a] is of MODULE.TYPES[x]: a = 4, x = 0  STRUCTS[4].FIELDS[0] (i32.const 3) -> (i32.const 3)
;;= 134 "f" 0x36: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 2) (i32.const 2) (i32.const 3) (i32.const 4) >>(struct.new 0)<< (local.set 1) (local.get 1) (local.get 0) ...)) ...  ~> Step/struct.new  -- a is new in STRUCTS: (ref.struct 3)  STRUCTS[3].FIELDS[0 : 4] -> (i32.const 2) (i32.const 2) (i32.const 3) (i32.const 4)
;;= 138 "f" 0x3f: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (ref.struct 3) (i32.const 2) >>(struct.set 0 0)<< (local.get 0) (i32.const 1) i32.sub ...)) ...  ~> Step/struct.set-struct  -- STRUCTS[a] is of MODULE.TYPES[x]: a = 3, x = 0  STRUCTS[3].FIELDS[0] (i32.const 2) -> (i32.const 2)
;;= 147 "f" 0x36: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) >>(struct.new 0)<< (local.set 1) (local.get 1) (local.get 0) ...)) ...  ~> Step/struct.new  -- a is new in STRUCTS: (ref.struct 2)  STRUCTS[2].FIELDS[0 : 4] -> (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4)
;;= 151 "f" 0x3f: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (ref.struct 2) (i32.const 1) >>(struct.set 0 0)<< (local.get 0) (i32.const 1) i32.sub ...)) ...  ~> Step/struct.set-struct  -- STRUCTS[a] is of MODULE.TYPES[x]: a = 2, x = 0  STRUCTS[2].FIELDS[0] (i32.const 1) -> (i32.const 1)
;;= 159 steps: returned
