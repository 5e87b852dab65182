;;! weft opt -O2 --trace=opt % -o -
;;| weft print -
;; What is done to functions, and what not and why.
(module
  (memory 1)
  (table 1 funcref) (elem (i32.const 0) $sure)
  (func $sure (param i32) (result i32) (i32.load offset=8 (i32.load offset=4 (i32.load offset=2 (i32.mul (local.get 0) (local.get 0))))))
  (func $unused)
  (func $twin (param i32) (result i32) (i32.popcnt (i32.load (i32.mul (local.get 0) (i32.const 12345)))))
  (func $other (param i32) (result i32) (i32.popcnt (i32.load (i32.mul (local.get 0) (i32.const 12345)))))
  (func $turns (param i32 i32) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
  (func (export "f") (param i32) (result i32)
    (call $turns (local.get 0) (i32.const 1))
    (call $turns (call $other (local.get 0)) (i32.const 2))
    (drop (call $twin (local.get 0)))
    (i32.add (i32.load (local.get 0)) (i32.add (i32.load (local.get 0))
      (call_indirect (param i32) (result i32) (local.get 0) (i32.const 0)))))
  (func $mix (param i32) (result i32) (i32.xor (i32.rotl (local.get 0) (i32.const 77777)) (i32.mul (local.get 0) (i32.const 77777))))
  (func (export "g") (param i32 i32) (result i32) (i32.sub (call $mix (local.get 0)) (call $mix (local.get 1)))))
;;= (module
;;=   (type (;0;) (func (param i32) (result i32)))
;;=   (type (;1;) (func (param i32 i32) (result i32)))
;;=   (type (;2;) (func (param i32)))
;;=   (memory (;0;) 1)
;;=   (func $turns (;0;) (type 2) (param i32)
;;=     loop (;L1;)
;;=       local.get 0
;;=       i32.const -1
;;=       i32.add
;;=       local.tee 0
;;=       br_if 0 (;L1;)
;;=     end
;;=   )
;;=   (func (;1;) (export "f") (type 0) (param i32) (result i32)
;;=     (local i32)
;;=     local.get 0
;;=     call $turns
;;=     local.get 0
;;=     i32.const 12345
;;=     i32.mul
;;=     i32.load
;;=     i32.popcnt
;;=     call $turns
;;=     local.get 0
;;=     i32.load
;;=     local.tee 1
;;=     local.get 1
;;=     local.get 0
;;=     local.get 0
;;=     i32.mul
;;=     i32.load offset=2
;;=     i32.load offset=4
;;=     i32.load offset=8
;;=     i32.add
;;=     i32.add
;;=   )
;;=   (func $mix (;2;) (type 0) (param i32) (result i32)
;;=     local.get 0
;;=     i32.const 77777
;;=     i32.rotl
;;=     local.get 0
;;=     i32.const 77777
;;=     i32.mul
;;=     i32.xor
;;=   )
;;=   (func (;3;) (export "g") (type 1) (param i32 i32) (result i32)
;;=     local.get 0
;;=     call $mix
;;=     local.get 1
;;=     call $mix
;;=     i32.sub
;;=   )
;;= )
;;2 func 1 "unused": left out: nothing refers to it
;;2 unused            2         259 -> 244 bytes
;;2 func 4 "f": the call at 0xa7 is one of function 0
;;2 directize         1         244 -> 241 bytes
;;2 func 3 "turns": 1 of its parameters are not passed any more
;;2 params            2         241 -> 247 bytes
;;2 func 1 "twin": its result is not returned any more: all calls drop it
;;2 results           1         247 -> 247 bytes
;;2 func 1 "twin": stands in the place of its calls: 1
;;2 func 2 "other": stands in the place of its calls: 1
;;2 tiny              2         247 -> 262 bytes
;;2 drops             2         262 -> 256 bytes
;;2 func 1 "twin": 14 -> 13 bytes
;;2 func 3 "turns": 14 -> 14 bytes
;;2 func 4 "f": call of function 3 not taken in: loop
;;2 func 4 "f": call of function 3 not taken in: loop
;;2 func 4 "f": call of function 0 taken in
;;2 func 4 "f": read or checked before: 2
;;2 func 4 "f": phis of one value, and what nobody needs: 2 left out
;;2 func 4 "f": 47 -> 46 bytes
;;2 func 6 "g": call of function 5 taken in
;;2 func 6 "g": call of function 5 taken in
;;2 func 6 "g": once more, since it got longer: nothing is taken in
;;2 bodies            3         256 -> 254 bytes
;;2 func 0 "sure": left out: nothing refers to it
;;2 func 1 "twin": left out: nothing refers to it
;;2 func 2 "other": left out: nothing refers to it
;;2 unused            6         254 -> 166 bytes
;;2 func 1 "f": call of function 0 not taken in: loop
;;2 func 1 "f": call of function 0 not taken in: loop
;;2 func 3 "g": call of function 2 taken in
;;2 func 3 "g": call of function 2 taken in
;;2 func 3 "g": once more, since it got longer: nothing is taken in
