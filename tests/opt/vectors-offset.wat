;;! weft opt -O3 % -o -
;;| weft print -
;; Offsets of vectors are larger than those of what they are instead of, which may be as large as there are any.

(module
  (memory 1)
  (func (export "sum") (param $p i32) (param $q i32) (param $n i32) (result i32) (local $s i32)
    (loop $next
      (local.set $s (i32.add (local.get $s)
        (i32.add (i32.load offset=0xfffffff0 (local.get $p)) (i32.load8_u (local.get $q)))))
      (local.set $p (i32.add (local.get $p) (i32.const 4)))
      (local.set $q (i32.add (local.get $q) (i32.const 1)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $s))
  (data
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"))
;;= (module
;;=   (type (;0;) (func (param i32 i32 i32) (result i32)))
;;=   (memory (;0;) 1)
;;=   (func (;0;) (export "sum") (type 0) (param $p i32) (param $q i32) (param $n i32) (result i32)
;;=     (local i32 i32 i32 i32 i32)
;;=     block (;L1;)
;;=       loop (;L2;)
;;=         local.get $p
;;=         i32.load offset=4294967280
;;=         local.set 4
;;=         local.get $q
;;=         i32.load8_u
;;=         local.set 5
;;=         local.get $n
;;=         i32.const -1
;;=         i32.add
;;=         i32.eqz
;;=         br_if 1 (;L1;)
;;=         local.get $p
;;=         i32.const 4
;;=         i32.add
;;=         i32.load offset=4294967280
;;=         local.set 6
;;=         local.get $q
;;=         i32.const 1
;;=         i32.add
;;=         i32.load8_u
;;=         local.set 7
;;=         local.get 3
;;=         local.get 4
;;=         local.get 5
;;=         i32.add
;;=         i32.add
;;=         local.set 3
;;=         local.get $n
;;=         i32.const -2
;;=         i32.add
;;=         if (;L3;)
;;=           local.get $p
;;=           i32.const 8
;;=           i32.add
;;=           i32.load offset=4294967280
;;=           local.set 4
;;=           local.get $q
;;=           i32.const 2
;;=           i32.add
;;=           i32.load8_u
;;=           local.set 5
;;=           local.get 3
;;=           local.get 6
;;=           local.get 7
;;=           i32.add
;;=           i32.add
;;=           local.set 3
;;=           local.get $n
;;=           i32.const -3
;;=           i32.add
;;=           i32.eqz
;;=           br_if 2 (;L1;)
;;=           local.get $p
;;=           i32.const 12
;;=           i32.add
;;=           i32.load offset=4294967280
;;=           local.set 6
;;=           local.get $q
;;=           i32.const 3
;;=           i32.add
;;=           i32.load8_u
;;=           local.set 7
;;=           local.get 3
;;=           local.get 4
;;=           local.get 5
;;=           i32.add
;;=           i32.add
;;=           local.set 3
;;=           local.get $n
;;=           i32.const -4
;;=           i32.add
;;=           local.tee $n
;;=           if (;L4;)
;;=             local.get 3
;;=             local.get 6
;;=             local.get 7
;;=             i32.add
;;=             i32.add
;;=             local.get $q
;;=             i32.const 4
;;=             i32.add
;;=             local.get $p
;;=             i32.const 16
;;=             i32.add
;;=             local.set $p
;;=             local.set $q
;;=             local.set 3
;;=             br 2 (;L2;)
;;=           end
;;=         end
;;=       end
;;=       local.get 6
;;=       local.get 7
;;=       local.set 5
;;=       local.set 4
;;=     end
;;=     local.get 3
;;=     local.get 4
;;=     local.get 5
;;=     i32.add
;;=     i32.add
;;=   )
;;= )
