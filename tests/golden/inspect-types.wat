;;! weft inspect --types
(module
  (rec
    (type $any (sub (struct (field $vtable (ref $vtable)) (field $hash (mut i32)))))
    (type $vtable (sub (struct (field funcref))))
    (type $string (sub final $any (struct (field (ref $vtable)) (field (mut i32)) (field $length i8) (field $chars (ref null $chars)))))
    (type $chars (array (mut i16))))
  (type $box_vtable (sub $vtable (struct (field funcref) (field i64))))
  (type $box (sub $any (struct (field $table (ref $box_vtable)) (field (mut i32)) (field $value (mut f64)))))
  (type $plain (struct))
  (type (@name "again\u{202e}") (struct))
  (rec)
  (type $boxes (array (ref null $plain)))
  (type $make (func (param i32) (result (ref $any))))
  (type (func))
  (type $more (sub final $box_vtable (struct (field funcref) (field i64) (field v128))))
  (import "" "make" (func $imported (type $make)))
  (table 1 (ref null $make))
  (table (ref null $plain) (elem (struct.new $plain) (struct.new $plain)))
  (global $empty (ref $plain) (struct.new_default $plain))
  (tag (type $nothing_else))
  (type $nothing_else (func (param i64)))
  (func $f (type $make) (local (ref null $chars)) (local $s (ref null $any)) (local (ref null $any))
    (local.set $s (ref.null $any))
    (array.copy $chars $chars (local.get 1) (i32.const 0) (local.get 1) (i32.const 0) (i32.const 1))
    (drop (array.get_u $chars (local.get 1) (i32.const 0)))
    (struct.set $string 1 (ref.cast (ref $string) (local.get $s)) (i32.const 1))
    (if (ref.test (ref $string) (local.get $s))
      (then (drop (call_indirect (type $make) (i32.const 1) (i32.const 0)))))
    (drop (block $l (result (ref $any)) (br_on_cast $l (ref null $any) (ref $string) (local.get $s))))
    (return_call_ref $make (i32.const 2) (ref.func $f))))
;;= types: 13 in 10 recursion groups, 7 structures, 2 arrays, 3 functions, 1 the same as others
;;=   0 struct "any", open, 16 bytes, in group 0-3; types 1, locals 2, other 2
;;=     .0 at 4: (ref 1) "vtable"
;;=     .1 at 8: (mut i32) "hash"
;;=     2 struct "string", final, 24 bytes, in group 0-3; written 1, cast 3
;;=       .2 at 12: i8 "length"
;;=       .3 at 16: (ref null 3) "chars"
;;=     5 struct "box", open, 24 bytes
;;=       .0 at 4: (ref 4) "table"
;;=       .2 at 16: (mut f64) "value"
;;=   1 struct "vtable", open, 8 bytes, in group 0-3; types 2
;;=     .0 at 4: funcref
;;=     4 struct "box_vtable", open, 16 bytes; types 1
;;=       .1 at 8: i64
;;=       11 struct "more", final, 32 bytes
;;=         .2 at 16: v128
;;=   3 array "chars" (mut i16), 8 bytes + 2 each, in group 0-3; types 1, locals 1, read 2, written 1
;;=   6 struct "plain", 8 bytes; types 1, items 3, made 3
;;=   7 the same as 6 "again\u{202e}"
;;=   8 array "boxes" (ref null 6), 8 bytes + 4 each
;;=   9 func "make" (param i32) (result (ref 0)); functions 2, items 1, called 2
;;=   10 func
;;=   12 func "nothing_else" (param i64); functions 1
